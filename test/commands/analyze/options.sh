#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Options and exit status.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

run 0 "$tool" --help
[ ! -s stderr ] || fail '--help writes to stderr'
for option in --kernel --build --config --output --jobs --cache --no-cache --exhaustive --ninja --facts --quiet --version --help \
	-k -b -c -o -j -q -h; do
	grep -qE -- "(^|[ ,])$option\b" stdout || fail "--help does not name $option"
done
grep -q 'Exit status: 0' stdout || fail '--help does not tell the exit status'

run 0 "$tool" --version
grep -qxE 'plugsched-analyze [0-9]+\.[0-9]+\.[0-9]+' stdout || fail 'odd version'

# misused OPTION...: exit status 2, a message that refers to --help, no report
misused() {
	run 2 "$tool" "$@"
	[ ! -s stdout ] || fail 'something on stdout'
	[ "$(wc -l <stderr)" = 1 ] || fail "not one line: $*"
	says 'plugsched-analyze: ' '--help'
	[ ! -e boundary.json ] || fail "a report was written: $*"
}
misused
says '--kernel'
misused --nonsense
says '--nonsense'
misused --kernel
misused --kernel "$kernel" more
misused --kernel "$kernel" -j x
misused --kernel "$kernel" -j -1
misused --kernel "$kernel" -j 0
misused --kernel "$kernel" -j 99999999999999999999
misused --kernel "$kernel" --cache a --no-cache

# empty names
run 2 "$tool" --kernel ''
says 'plugsched-analyze: '
run 2 "$tool" --kernel "$kernel" -o ''
says 'plugsched-analyze: '
[ -z "$(find . -maxdepth 1 -name '.?*')" ] || fail 'left something behind'

# --quiet is silent if nothing is wrong
analyze 0 --kernel "$kernel" -q -o report.json
[ ! -s stdout ] || fail 'not silent'
[ ! -s stderr ] || fail 'not silent'

# the summary goes to stderr, the report to the given place
analyze 0 --kernel "$kernel" -o report.json
[ ! -s stdout ] || fail 'something on stdout'
says 'interface' 'Interface functions with most callers outside' 'stay in vmlinux' 'peak memory' ' s of CPU'
analyze 0 --kernel "$kernel" -o -
same stdout report.json
says 'peak memory'
analyze 0 --kernel "$kernel"
same boundary.json report.json
analyze 0 "--kernel=$kernel" --output=again.json --jobs=2
same again.json report.json
analyze 0 --kernel "$kernel" -o again.json -j2

# the reader goes away
status=0
"$tool" --no-cache --kernel "$kernel" -q -o - 2>stderr | head -c 10 >stdout || status=${PIPESTATUS[0]}
[ "$status" = 2 ] || fail "exit status $status when nobody reads"
says 'Broken pipe'
