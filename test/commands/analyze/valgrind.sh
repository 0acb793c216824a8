#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A whole run under memcheck, with an empty and with a filled cache, and one
# that fails in the middle.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

checked() {
	local wanted=$1
	shift
	run "$wanted" valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect,possible \
		--errors-for-leak-kinds=definite,indirect,possible \
		--suppressions="$here/valgrind.supp" "$tool" "$@"
}

checked 0 --kernel "$kernel" -j 2 --cache "$work/cache" -o "$work/report.json"
checked 0 --kernel "$kernel" -j 2 --cache "$work/cache" -o "$work/report.json"
checked 2 --kernel "$kernel" --cache "$work/cache" -o "$work/nowhere/report.json"
