#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Too many threads are refused. Too little memory ends in a message and exit status 2, and leaves an
# earlier report alone.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

for jobs in 1025 100000 2147483647; do
	refuses --kernel "$kernel" -j "$jobs"
	says '-j takes a number from 1 to 1024'
done
run 2 "$(dirname "$tool")/plugsched-extract" -j 100000 --kernel "$kernel"
says '-j takes a number from 1 to 1024'
run 2 "$(dirname "$tool")/plugsched-lint" -j 100000 "$kernel"
says '-j takes a number from 1 to 1024'
# more threads than there are units
analyze 0 --kernel "$kernel" -j 1 -o plain.json
analyze 0 --kernel "$kernel" -j 1000 -o report.json
same plain.json report.json

# a sanitizer takes more room than any limit here leaves
! grep -q 'PLUGSCHED_SANITIZE:BOOL=ON' "$(dirname "$tool")/../CMakeCache.txt" || exit 0

# The least address space, in KiB, in which the program starts, and the greatest in which it cannot
# analyse. Between them lie all ways of running out of memory.
can() { (ulimit -c 0 -v "$1" && exec "$tool" "${@:2}") >stdout 2>stderr; }
starts=50000
until can "$starts" --version; do
	starts=$((starts + 10000))
done
put_earlier
met=0
for ((room = starts; room < starts + 400000; room += 20000)); do
	status=0
	rm -rf "$TMPDIR" && mkdir -m 1777 "$TMPDIR"
	can "$room" --no-cache -q -j 4 --kernel "$kernel" -o reports/boundary.json || status=$?
	# of a thread's stack or of a header that could not be read, the unit's message tells
	[ "$status" != 0 ] || break
	[ "$status" -le 2 ] || fail "exit status $status with $room KiB"
	[ -s stderr ] || fail "no message with $room KiB"
	if [ "$status" = 2 ]; then
		met=$((met + 1))
		grep -q '^plugsched-analyze: ' stderr || fail "no message of its own with $room KiB"
		earlier_is_intact
	else
		put_earlier
	fi
done
[ "$status" = 0 ] || fail 'it never succeeds'
[ "$met" -gt 0 ] || fail 'it never fails'
