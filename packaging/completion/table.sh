#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Writes what can be completed behind each program's name, as read from its --help and from that of
# its subcommands or questions.
#
#   table.sh OUT PROGRAM...    PROGRAM: the path of a built program
#
# A row has six fields, separated by tabs; an empty one is "-":
#
#   program  context  "option"    its names  its value      description
#   program  "-"      "word"      the word   its arguments  description   (subcommand or question)
#   program  "-"      "argument"  "-"        the arguments  "-"
#
# The context is the subcommand or question behind which the option is allowed;
# "-" before there is one.
set -euo pipefail
[ $# -gt 1 ] || { echo "usage: table.sh OUT PROGRAM..." >&2; exit 2; }

# options PROGRAM CONTEXT: rows from a help text. If a program has subcommands, an option described
# for one of them, or several, is no option before it.
options() {
	awk -v program="$1" -v context="$2" -v OFS='\t' '
		/^  plugsched [a-z]/ { is_of_one[$2 ":"] = is_of_one[$2 ","] = 1 }
		match($0, /^ +(-[a-z], )?--[a-z-]+(=[A-Z]+)*  +/) {
			description = substr($0, RLENGTH + 1)
			names = substr($0, 1, RLENGTH)
			gsub(/[ ,]+/, " ", names)
			gsub(/^ | $/, "", names)
			value = match(names, /=/) ? substr(names, RSTART + 1) : "-"
			sub(/=.*/, "", names)
			split(description, first, " ")
			if (!(first[1] in is_of_one))
				print program, context, "option", names, value, description
		}'
}

# Lines "NAME<TAB>ARGUMENTS": the subcommands in the usage, or the questions. Two blanks separate a
# question from its description.
words() {
	awk -v OFS='\t' '
		/^  plugsched [a-z]/ {
			name = $2
			gsub(/\[-[^]]*\]| --[a-z-]+=[A-Z]+/, "")
			gsub(/[][]/, "")
			print name, $3
		}
		/^Questions:/ { is_question = 1; next }
		/^$/ { is_question = 0 }
		is_question {
			sub(/^ +/, "")
			sub(/  .*/, "")
			name = $1
			sub(/^[^ ]+ ?/, "")
			print name, $0
		}'
}

# The arguments in a usage line, without the program, the options and the program's purpose.
arguments() {
	awk '/^Usage:/ { sub(/^Usage: */, ""); if (!/[^ ]/) getline
			sub(/ - .*/, ""); gsub(/\[OPTION[^]]*\]/, ""); gsub(/[][]/, "")
			$1 = ""; sub(/^ +/, ""); sub(/ +$/, ""); gsub(/ +/, " "); print; exit }'
}

# The purpose of the program or word according to a help text.
summary() {
	sed -n -e 's/^Answers: \(.*\)\.$/\1/p' -e '/^Usage:$/,/^Help Options/{/^[A-Z].*\.$/p}' | head -n 1
}

row() {
	printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$@"
}

rows_of() {
	local program help arguments more word values
	program=$(basename "$1")
	help=$("$1" --help)
	arguments=$(arguments <<<"$help")
	options "$program" - <<<"$help"
	while IFS=$'\t' read -r word values; do
		more=$("$1" "$word" --help)
		row "$program" - word "$word" "${values:--}" "$(summary <<<"$more")"
		options "$program" "$word" <<<"$more"
		[[ $arguments == *QUESTION* ]] || arguments='SUBCOMMAND WORD...'
	done < <(words <<<"$help")
	row "$program" - argument - "${arguments:--}" -
}

export LC_ALL=C.UTF-8
out=$1
shift
for path; do
	rows_of "$path"
done >"$out.aside"
mv "$out.aside" "$out"
