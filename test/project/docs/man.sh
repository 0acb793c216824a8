#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Compares a manual page with its program: each must have every option of the other, and every
# question or subcommand with its own options.
#
#   man.sh TOOL    TOOL: a built program, whose page is docs/NAME.1
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# = 1 ] || { echo "usage: man.sh TOOL" >&2; exit 2; }
tool=$1
name=$(basename "$tool")
page=$here/../../../docs/$name.1

# The options at the start of lines of --help, such as "-k, --kernel=DIR": one per line, sorted.
options_of_help() {
	LC_ALL=C "$tool" --help | grep -oE '^ +(-[a-z], )?--[a-z-]+(=[A-Z]+)*' | sed 's/^ *//' | sort
}

# The tags of a section, without roff's escapes.
tags_of_page() {
	sed -n "/^\.SH $1\$/,/^\.SH/p" "$page" | grep -A1 '^\.TP' | grep '^\.B' |
		sed -e 's/^\.B[IR]\{0,1\} *//' -e 's/\\f.//g' -e 's/\\~/ /g' -e 's/\\//g' -e 's/ ", " /, /' -e 's/ =/=/'
}

options_of_page() {
	tags_of_page OPTIONS | sort
}

# The options in the synopsis, in long or short form. Each must also be in OPTIONS.
options_of_synopsis() {
	sed -n '/^\.SH SYNOPSIS/,/^\.SH DESCRIPTION/p' "$page" | grep -v '^\.B plugsched' | sed 's/\\-/-/g' |
		grep -oE -- '(^|[^a-z-])--?[a-z]+(-[a-z]+)*' | grep -oE -- '-.*' | sort -u
}

# The questions: the lines of --help between "Questions:" and the next empty line.
questions_of_help() {
	"$tool" --help | sed -n '/^Questions:/,/^$/s/^  \([a-z-]*\) .*/\1/p' | sort
}

# The subcommands: the lines "  plugsched NAME ..." in the usage of --help.
subcommands_of_help() {
	"$tool" --help | sed -n "s/^  $name \([a-z][a-z-]*\).*/\1/p" | sort
}

# The options in a subcommand's own --help.
options_of_subcommand() {
	LC_ALL=C "$tool" "$1" --help | grep -oE '^ +(-[a-z], )?--[a-z-]+' | grep -oE -- '--.*' | grep -vx -- --help | sort
}

# The options of which the page says "SUBCOMMAND: ...".
options_said_of() {
	sed -n '/^\.SH OPTIONS$/,/^\.SH/p' "$page" | sed 's/\\-/-/g' | awk -v said="$1" '
		/^\.TP/ { is_tag = 1; next }
		is_tag { is_tag = 0; match($0, /--[a-z-]+/); option = substr($0, RSTART, RLENGTH) }
		$1 == ".BR" && $2 == said && $3 == ":" { print option }' | sort
}

status=0
if ! diff <(options_of_help) <(options_of_page); then
	echo "man.sh: < only in --help, > only in docs/$name.1, section OPTIONS" >&2
	status=1
fi
[ -n "$(options_of_help)" ] || { echo "man.sh: --help lists no option" >&2; status=1; }
while IFS= read -r option; do
	options_of_page | grep -qE -- "(^|, )$option(=|,|\$)" ||
		{ echo "man.sh: the synopsis has $option, OPTIONS has not" >&2; status=1; }
done < <(options_of_synopsis)
count=$(options_of_synopsis | wc -l)
[ "$count" = "$(options_of_help | wc -l)" ] ||
	{ echo "man.sh: the synopsis has $count options, --help another number" >&2; status=1; }
if ! diff <(questions_of_help) <(tags_of_page QUESTIONS | sed 's/ .*//' | sort); then
	echo "man.sh: < only in --help, > only in docs/$name.1, section QUESTIONS" >&2
	status=1
fi
if ! diff <(subcommands_of_help) <(tags_of_page SUBCOMMANDS | sed -e 's/^"//' -e 's/ .*//' | sort); then
	echo "man.sh: < only in --help, > only in docs/$name.1, section SUBCOMMANDS" >&2
	status=1
fi
for subcommand in $(subcommands_of_help); do
	if ! diff <(options_of_subcommand "$subcommand") <(options_said_of "$subcommand"); then
		echo "man.sh: < only in $name $subcommand --help, > only said of it in docs/$name.1, section OPTIONS" >&2
		status=1
	fi
done

# The numbers of messages increase without a gap.
numbers=$(sed -n '/^\.SH DIAGNOSTICS/,/^\.SH SEE/p' "$page" | grep -oE '^\.B[RI]? "[0-9]+\.' | grep -oE '[0-9]+')
[ "$numbers" = "$(seq "$(wc -l <<<"$numbers")")" ] ||
	{ echo "man.sh: the numbers in DIAGNOSTICS have a gap" >&2; status=1; }

# mandoc's style check, if mandoc is installed.
if command -v mandoc >/dev/null; then
	mandoc -Tlint -Wstyle "$page" || { echo "man.sh: mandoc complains" >&2; status=1; }
fi
exit "$status"
