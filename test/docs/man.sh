#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Holds a manual page against its program: each has every option of the other.
#
#   man.sh TOOL    TOOL: a built program; its page is docs/NAME.1
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# = 1 ] || { echo "usage: man.sh TOOL" >&2; exit 2; }
tool=$1
page=$here/../../docs/$(basename "$tool").1

# Options at the beginning of a line of --help: "-k, --kernel=DIR", one a line, sorted.
options_of_help() {
	LC_ALL=C "$tool" --help | grep -oE '^ +(-[a-z], )?--[a-z-]+(=[A-Z]+)?' | sed 's/^ *//' | sort
}

# The same from the tags of the section OPTIONS, roff undone.
options_of_page() {
	sed -n '/^\.SH OPTIONS/,/^\.SH [^O]/p' "$page" | grep -A1 '^\.TP' | grep '^\.B' |
		sed -e 's/^\.BR\{0,1\} //' -e 's/\\f.//g' -e 's/\\//g' -e 's/ ", " /, /' -e 's/ =/=/' | sort
}

# Options that the synopsis names, in long or short form; each stands in OPTIONS too.
options_of_synopsis() {
	sed -n '/^\.SH SYNOPSIS/,/^\.SH DESCRIPTION/p' "$page" | sed 's/\\-/-/g' |
		grep -oE -- '(^|[^a-z-])--?[a-z]+(-[a-z]+)*' | grep -oE -- '-.*' | sort -u
}

status=0
if ! diff <(options_of_help) <(options_of_page); then
	echo "man.sh: < only in --help, > only in $page, section OPTIONS" >&2
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

# Numbered messages count up without a gap.
numbers=$(sed -n '/^\.SH DIAGNOSTICS/,/^\.SH SEE/p' "$page" | grep -oE '^\.B[RI]? "[0-9]+\.' | grep -oE '[0-9]+')
[ "$numbers" = "$(seq "$(wc -l <<<"$numbers")")" ] ||
	{ echo "man.sh: the numbers in DIAGNOSTICS have a gap" >&2; status=1; }

# A formatter with an opinion, where there is one.
if command -v mandoc >/dev/null; then
	mandoc -Tlint -Wstyle "$page" || { echo "man.sh: mandoc complains" >&2; status=1; }
fi
exit "$status"
