#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The disk is full, or the report is larger than allowed: an earlier report is kept,
# and no partial one is left.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

status=0
"$tool" --no-cache --kernel "$kernel" -q -o - >/dev/full 2>stderr || status=$?
[ "$status" = 2 ] || fail "exit status $status on /dev/full"
says stdout 'No space left on device'

put_earlier
# shellcheck disable=SC2016
TMPDIR=$work/none run 2 bash -c 'ulimit -f 16; exec "$@"' limit "$tool" --no-cache --kernel "$kernel" -o reports/boundary.json
says reports/boundary.json 'File too large'
earlier_is_intact

mkdir small
if mount -t tmpfs -o size=16k tmpfs small 2>/dev/null; then
	cleanup+=("umount '$work/small'")
	mkdir small/reports
	cd small
	put_earlier
	analyze 2 --kernel "$kernel" -o reports/boundary.json
	says reports/boundary.json 'No space left on device' 'another place with -o'
	earlier_is_intact
	# the cache is not required
	run 0 "$tool" --kernel "$kernel" --cache "$work/small/cache" -o "$work/report.json"
	says 'the cache is not used' 'No space left on device'
	cd "$work"
	# nor is space for temporary files
	analyze 0 --kernel "$kernel" -o plain.json
	head -c 1M /dev/zero >small/filler 2>stderr || :
	TMPDIR=$work/small/tmp
	mkdir small/tmp
	analyze 0 --kernel "$kernel" -o report.json
	same plain.json report.json
else
	echo 'no mount allowed: the full file system is not tried' >&2
fi
