#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A progress bar on a terminal, and none elsewhere.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

analyze 0 --kernel "$kernel" -o report.json
! grep -q $'[\r\033]' stderr || fail 'a progress bar without a terminal'

# on_terminal OPTION...: writes what a terminal shows to the file screen
on_terminal() {
	local command
	printf -v command '%q ' "$tool" --no-cache --kernel "$kernel" -o report.json "$@"
	script -qec "$command" /dev/null >screen </dev/null || fail 'it fails on a terminal'
}
on_terminal
grep -q $'\r' screen || fail 'no progress bar on a terminal'
grep -qE '\[#+\] ([0-9]+) of \1 units, 0 s left' screen || fail 'the bar does not end with all units done'
grep -q 'peak memory' screen || fail 'no summary on a terminal'
on_terminal -q
[ ! -s screen ] || fail 'not quiet on a terminal'
