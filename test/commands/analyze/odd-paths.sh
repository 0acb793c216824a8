#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Blanks, quotes, backslashes and non-ASCII letters in every path. The report
# must not depend on them.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

odd="$work/a b'c\"d\\e \$f (g) #h;ü-雪"
mkdir "$odd"
copy_kernel "$odd/tree"
analyze 0 --kernel "$kernel" -o plain.json

run 0 "$tool" --kernel "$odd/tree" --cache "$odd/my cache" -o "$odd/my report.json"
same plain.json "$odd/my report.json"
[ -n "$(ls -A "$odd/my cache")" ] || fail 'nothing in the cache'
run 0 "$tool" --kernel "$odd/tree" --cache "$odd/my cache" -o "$odd/my report.json"
says ' 0 parsed'
same plain.json "$odd/my report.json"
cd "$odd"
LC_ALL=C analyze 0 --kernel tree -o "ü.json"
same "$work/plain.json" "ü.json"
analyze 0 --kernel ./tree/../tree/ -o ./-x.json
same "$work/plain.json" ./-x.json
cd "$work"
ln -s "$odd/tree" link
analyze 0 --kernel link -o report.json
same plain.json report.json

# a configuration file there
echo 'function: {external: [wake_up_new_task]}' >"$odd/my config.yaml"
analyze 0 --kernel "$odd/tree" --config "$odd/my config.yaml" -o report.json
ask report.json '.functions[] | select(.name == "wake_up_new_task") | .reason == "forced-external"'

# messages name such paths
refuses --kernel "$odd/nowhere"
says "$odd/nowhere"

# built out of tree: below the source, and elsewhere, where all flags contain the odd path
cp -r "$fixtures/kernel" source
"$fixtures/build.sh" source source/out
analyze 0 --kernel source --build source/out -o below.json
cp -a source "$odd/source"
analyze 0 --kernel "$odd/source" --build "$odd/source/out" -o report.json
same below.json report.json
"$fixtures/build.sh" "$odd/source" "$odd/out"
analyze 0 --kernel "$odd/source" --build "$odd/out" -o report.json
# another build directory has another build-id; everything else must be the same
diff <(jq 'del(.kernel.build_id)' below.json) <(jq 'del(.kernel.build_id)' report.json) >&2 ||
	fail 'the report depends on the build directory'
