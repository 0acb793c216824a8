#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Equal input gives equal bytes with any number of threads, and the default analysis finds what the
# exhaustive one does.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

analyze 0 --kernel "$kernel" -j 1 -o one.json
for run in 1 2 3; do
	analyze 0 --kernel "$kernel" -j 4 -o "four$run.json"
	same one.json "four$run.json"
done
analyze 0 --kernel "$kernel" -j 64 -o many.json
same one.json many.json
analyze 0 --kernel "$kernel" --exhaustive -o exhaustive.json
diff one.json exhaustive.json >&2 || fail '--exhaustive finds something else'
LC_ALL=C.UTF-8 TZ=Asia/Tokyo analyze 0 --kernel "$kernel" -o locale.json
same one.json locale.json
ask one.json '.complete and .problems == [] and .kernel.release == "6.0.0-fixture"'
! grep -qF -e "$kernel" -e "$work" one.json || fail 'the report names an absolute path'
! grep -qF '(anonymous at' one.json || fail 'the report names something by its place in a file'
