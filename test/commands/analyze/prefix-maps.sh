#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Prefix maps (-ffile-prefix-map) change the names in vmlinux's debug information. The report does
# not depend on them.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

analyze 0 --kernel "$kernel" -o plain.json
# another build has another build-id; everything else must be the same
jq 'del(.kernel.build_id)' plain.json >plain.txt

# with_maps BUILD FLAG...: builds there with these flags, and compares the reports
with_maps() {
	local build=$1
	shift
	rm -rf source elsewhere
	cp -r "$fixtures/kernel" source
	FIXTURE_CFLAGS=$* "$fixtures/build.sh" source "$build"
	run 0 "$tool" --no-cache --kernel source --build "$build" -o report.json
	jq 'del(.kernel.build_id)' report.json | diff plain.txt - >&2 || fail "another report with $*"
}

# as kbuild has it for O=, and as distributions add it
with_maps elsewhere "-ffile-prefix-map=$work/source/="
with_maps source/out "-ffile-prefix-map=$work/source/="
with_maps source/out "-ffile-prefix-map=../="
with_maps elsewhere "-ffile-prefix-map=$work/source=/usr/src/linux" "-fdebug-prefix-map=$work/elsewhere=."
with_maps source/out "-fdebug-prefix-map=$work=" -fdebug-prefix-map=..=/src
with_maps source "-ffile-prefix-map=$work/source=/usr/src/linux"
