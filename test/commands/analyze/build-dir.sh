#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Built out of tree: the report equals that of a build in the source tree, except for the build-id.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

cp -r "$fixtures/kernel" source
analyze 0 --kernel "$kernel" -o plain.json
jq 'del(.kernel.build_id)' plain.json >plain.txt
for build in source/out elsewhere; do
	FIXTURE_CMD=cmd_ "$fixtures/build.sh" source "$build"
	analyze 0 --kernel source --build "$build" -o report.json
	jq 'del(.kernel.build_id)' report.json | diff plain.txt - >&2 || fail "another report for $build"
	run 0 env -C "$build" "$tool" --no-cache --kernel "$work/source" --build . -q -o "$work/report2.json"
	same report.json report2.json
done
[ ! -e source/vmlinux ] || fail 'the source tree was built'

# without --build, the source tree contains no build
mv source/out .
refuses --kernel source
says "$work/source: nothing of kernel/ was built here"
