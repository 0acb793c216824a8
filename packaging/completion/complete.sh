#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What may stand at the end of a command line, for all shells: each has a small file that asks this and shows the answer.
#
#   complete.sh [-p] PROGRAM WORD... CURRENT
#
# PROGRAM as it was typed; the words after it and the one that is being typed, without the shell's quotes. Prints lines of fields that
# tabs part:
#
#   prefix  TEXT                 what of CURRENT stays before all that follows: "--output=". First, if at all
#   word    TEXT  DESCRIPTION    a word; one that ends in "=" wants its value
#   file    PATTERN              a file that matches, or a folder on the way to one
#   folder                       a folder
#
# With -p only words that begin with CURRENT, after its prefix. The options come from the file "table" beside this, which table.sh wrote;
# names of functions and data from the report on the line, if there is one.
set -uo pipefail

only=
if [ "${1-}" = -p ]; then only=1; shift; fi
[ $# -ge 2 ] || { echo "usage: complete.sh [-p] PROGRAM WORD... CURRENT" >&2; exit 2; }
typed=$1 current=${!#} words=("${@:2:$#-2}")
program=${typed##*/}
table=$(dirname "${BASH_SOURCE[0]}")/table

declare -A value_of      # an option's name: what its value is, "-" if it has none
declare -A given         # an option's name: its value on this line
declare -A arguments_of  # a subcommand or question: its arguments
places=()                # what the program's arguments are
arguments=()             # those on this line
wanted=                  # what CURRENT is the value of

# --- the table

read_table() {
	local context what names value name
	while IFS=$'\t' read -r _ context what names value _; do
		case $what in
		option) for name in $names; do value_of[$name]=$value; done ;;
		word) arguments_of[$names]=${value#-} ;;
		argument) [ "$value" = - ] || read -ra places <<<"$value" ;;
		esac
	done < <(grep -- "^$program"$'\t' "$table")
}

is_word() {
	[ -n "${1-}" ] && [ -n "${arguments_of[$1]+1}" ]
}

# --- the line

# Takes the options and their values out of the words; what is left are arguments.
read_words() {
	local word name='' rest=
	for word in "${words[@]}"; do
		if [ -n "$name" ]; then
			given[$name]=$word name=
		elif [ -n "$rest" ] || [[ $word != -?* ]]; then
			arguments+=("$word")
		elif [ "$word" = -- ]; then
			rest=1
			[ "${places[0]-}" != -- ] || places=("${places[@]:1}")
		elif [[ $word == --*=* ]]; then
			given[${word%%=*}]=${word#*=}
		elif [[ ${value_of[$word]--} != - ]]; then
			name=$word
		fi
	done
	wanted=${name:+${value_of[$name]}} option=$name is_rest=$rest
}

# Where the report and the question stand: a question may stand before its report.
sort_places() {
	if [[ ${places[*]} == "REPORT QUESTION"* ]] && is_word "${arguments[0]-}" && ! is_word "${arguments[1]-}"; then
		places[0]=QUESTION places[1]=REPORT
	fi
}

# at PLACE: the argument that stands in this place of the line
at() {
	local i
	for i in "${!places[@]}"; do
		[ "${places[i]}" != "$1" ] || printf %s "${arguments[i]-}"
	done
}

# What the next argument is, "" for nothing: by the program's places, then by those of the subcommand or question.
next_argument() {
	local n=${#arguments[@]} own word
	word=$(at SUBCOMMAND)$(at QUESTION)
	own=("${places[@]}")
	if [ "${places[*]: -1}" = WORD... ]; then
		own=("${places[@]::${#places[@]}-1}")
		# shellcheck disable=SC2206 # a list of words
		is_word "$word" && own+=(${arguments_of[$word]})
	fi
	[ ${#own[@]} -gt 0 ] || return 0
	[ "$n" -lt ${#own[@]} ] || { [[ ${own[*]: -1} == *... ]] && n=$((${#own[@]} - 1)); } || return 0
	printf %s "${own[n]%...}"
}

# --- what there is

# The path that a user means by it: "~" was kept by the shell's quotes.
expand() {
	case $1 in
	[~]/*) printf %s "$HOME${1#?}" ;;
	*) printf %s "$1" ;;
	esac
}

report() {
	local report
	report=$(at REPORT)
	expand "${report:-${given[--report]:-${given[--boundary]:-boundary.json}}}"
}

# All entries of the report: the scheduler's and those of other code.
entries() {
	local graph=plugsched-graph
	[ "$program" != plugsched-graph ] || graph=$(expand "$typed")
	"$graph" "$(report)" list --file '*' 2>/dev/null
}

# A struct is named by its members.
names() {
	entries | awk -v OFS='\t' '
		{ print "word", $1, $2 ", " $3 }
		$2 == "member" { sub(/\..*/, "", $1); if (!seen[$1]++) print "word", $1, "struct" }'
}

files_of_report() {
	entries | awk -v OFS='\t' '{ sub(/:[0-9]+$/, "", $NF); if (!seen[$NF]++) print "word", $NF, "" }'
}

offer() {
	printf 'word\t%s\t\n' "$@"
}

# Subcommands or questions.
offer_words() {
	awk -F '\t' -v OFS='\t' -v program="$program" '$1 == program && $3 == "word" { print "word", $4, $6 }' "$table"
}

# The options of the context: all of the program's where there is no subcommand or question yet.
offer_options() {
	local context
	context=$(at SUBCOMMAND)$(at QUESTION)
	is_word "$context" || context=-
	awk -F '\t' -v OFS='\t' -v program="$program" -v context="$context" '
		$1 == program && $2 == context && $3 == "option" {
			n = split($4, name, " ")
			for (i = 1; i <= n; i++)
				print "word", name[i] (name[i] ~ /^--/ && $5 != "-" ? "=" : ""), $6
		}' "$table"
}

# complete_value VALUE OPTION: VALUE is as --help and the manual call it
complete_value() {
	case $2:$1 in
	--boundary:* | --report:* | -r:* | *:REPORT | *:*.json) printf 'file\t*.json\n' ;;
	--config:* | -c:*) printf 'file\t*.yaml\n' ;;
	*:DIR | *:FOLDER | *:KERNEL | *:BUILD) printf 'folder\n' ;;
	*:*.ko) printf 'file\t*.ko\n' ;;
	*:NAME | *:FROM | *:TO) names ;;
	*:PATTERN) files_of_report ;;
	*:CLASS) offer internal interface external ;;
	*:KIND) offer function variable member ;;
	*:QUESTION | *:SUBCOMMAND) offer_words ;;
	*: | *:- | *:N | *:HEX) ;;
	*) printf 'file\t*\n' ;;
	esac
}

complete_argument() {
	local place
	place=$(next_argument)
	complete_value "$place" ''
	[ "$place${#arguments[@]}" != REPORT0 ] || offer_words # a question may come first
}

candidates() {
	if [ -n "$wanted" ]; then
		complete_value "$wanted" "$option"
	elif [ -n "$is_rest" ]; then
		complete_argument
	elif [[ $current == --*=* ]]; then
		printf 'prefix\t%s\n' "${current%%=*}="
		complete_value "${value_of[${current%%=*}]-}" "${current%%=*}"
	elif [[ $current == -* ]]; then
		offer_options
	else
		complete_argument
	fi
}

# What begins with the current word, but for its prefix.
that_fit() {
	local begin=$current
	[ -n "$wanted$is_rest" ] || [[ $current != --*=* ]] || begin=${current#*=}
	begin=$begin awk -F '\t' '$1 != "word" || index($2, ENVIRON["begin"]) == 1'
}

read_table
read_words
sort_places
if [ -n "$only" ]; then candidates | that_fit; else candidates; fi
