#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Computes the candidates for the end of a command line, for all shells. A small file for each shell
# calls this and shows the result.
#
#   complete.sh [-p] PROGRAM WORD... CURRENT
#
# PROGRAM is as it was typed. The words behind it and the one that is being typed are without the
# shell's quotes. Prints lines whose fields are separated by tabs:
#
#   prefix  TEXT                 the part of CURRENT that precedes all candidates, such as
#                                "--output="; first, if present
#   word    TEXT  DESCRIPTION    a word; one that ends in "=" needs a value
#   file    PATTERN              a file that matches, or a folder that may contain one
#   folder                       a folder
#
# With -p, prints only words that begin with CURRENT without its prefix. The options come from the
# file "table" beside this script, which table.sh writes; names of functions and data come from the
# report on the command line, if there is one; names of schedulers from the kernel.
set -uo pipefail

only=
if [ "${1-}" = -p ]; then only=1; shift; fi
[ $# -ge 2 ] || { echo "usage: complete.sh [-p] PROGRAM WORD... CURRENT" >&2; exit 2; }
typed=$1 current=${!#} words=("${@:2:$#-2}")
program=${typed##*/}
table=$(dirname "${BASH_SOURCE[0]}")/table

declare -A value_of      # by option: what its value is, "-" if it has none
declare -A given         # by option: its value on this line
declare -A arguments_of  # by subcommand or question: its arguments
places=()                # the kinds of the program's arguments
arguments=()             # the arguments on this line
wanted=                  # the option whose value CURRENT is

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

# Separates the options and their values from the words; the rest are arguments.
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

# Decides where the report and the question are: a question may precede its report.
sort_places() {
	if [[ ${places[*]} == "REPORT QUESTION"* ]] && is_word "${arguments[0]-}" && ! is_word "${arguments[1]-}"; then
		places[0]=QUESTION places[1]=REPORT
	fi
}

# at PLACE: the argument at this place of the line
at() {
	local i
	for i in "${!places[@]}"; do
		[ "${places[i]}" != "$1" ] || printf %s "${arguments[i]-}"
	done
}

# The kind of the next argument, or "" for none: from the program's arguments, then from those of
# the subcommand or question.
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

# --- candidates

# The path that the user means: the shell's quotes have kept "~".
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

# A struct is included through its members.
names() {
	entries | awk -v OFS='\t' '
		{ print "word", $1, $2 ", " $3 }
		$2 == "member" { sub(/\..*/, "", $1); if (!seen[$1]++) print "word", $1, "struct" }'
}

files_of_report() {
	entries | awk -v OFS='\t' '{ sub(/:[0-9]+$/, "", $NF); if (!seen[$NF]++) print "word", $NF, "" }'
}

# Schedulers whose modules are in the kernel ($PLUGSCHED_ROOT is for tests).
schedulers() {
	local folder
	for folder in "${PLUGSCHED_ROOT-}"/sys/kernel/plugsched/schedulers/*/; do
		[ ! -d "$folder" ] || offer "$(basename "$folder")"
	done
}

offer() {
	printf 'word\t%s\t\n' "$@"
}

# Subcommands or questions.
offer_words() {
	awk -F '\t' -v OFS='\t' -v program="$program" '$1 == program && $3 == "word" { print "word", $4, $6 }' "$table"
}

# The options for the context: all of the program's if there is no subcommand or question yet.
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

# complete_value VALUE OPTION: VALUE is its name in --help and the manual
complete_value() {
	case $program:$2:$1 in
	plugsched:--name:*) return ;;
	plugsched:*:'NAME|FILE') schedulers && printf 'file\t*.ko*\n' && return ;;
	esac
	case $2:$1 in
	--boundary:* | --report:* | -r:* | *:REPORT | *:*.json) printf 'file\t*.json\n' ;;
	--config:* | -c:*) printf 'file\t*.yaml\n' ;;
	*:DIR | *:FOLDER | *:KERNEL | *:BUILD) printf 'folder\n' ;;
	*:*.ko) printf 'file\t*.ko*\n' ;;
	*:*.o) printf 'file\t*.o\n' ;;
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

# The candidates that begin with the current word without its prefix.
that_fit() {
	local begin=$current
	[ -n "$wanted$is_rest" ] || [[ $current != --*=* ]] || begin=${current#*=}
	begin=$begin awk -F '\t' '$1 != "word" || index($2, ENVIRON["begin"]) == 1'
}

read_table
read_words
sort_places
if [ -n "$only" ]; then candidates | that_fit; else candidates; fi
