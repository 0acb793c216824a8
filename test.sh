#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs the tests: style, unit tests and command-line tests (plain and with sanitizers), the fuzz
# targets for a short time, then the tests on the real kernels. Installs what is missing, builds,
# is safe to repeat.
#
#   ./test.sh            all of that
#   ./test.sh --quick    without the real kernels
#   ./test.sh --real     on the real kernels only
#   ./test.sh --nightly  what all of that has no time for: test/nightly.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

parts='quick real'
case "${1-}" in
'') ;;
--quick) parts=quick ;;
--real) parts=real ;;
--nightly) exec test/nightly.sh ;;
-h | --help) sed -n '3,10s/^# \{0,1\}//p' "$0"; exit 0 ;;
*) echo "test.sh: unknown argument $1 (see --help)" >&2; exit 2 ;;
esac
wanted() { [[ " $parts " == *" $1 "* ]]; }

# shellcheck source=test/lib/packages.sh
. test/lib/packages.sh
packages_install "${PACKAGES_BUILD[@]}" "${PACKAGES_GUEST[@]}" "${PACKAGES_TEST[@]}"

# build DIRECTORY [CMAKE-ARGUMENT...]
build() {
	local directory=$1
	shift
	if ! { cmake -S . -B "$directory" -DPLUGSCHED_WERROR=ON "$@" &&
		cmake --build "$directory" -j"$(nproc)"; } >"$directory.log" 2>&1; then
		tail -n 40 "$directory.log" >&2
		echo "test.sh: the build failed: $directory.log" >&2
		exit 1
	fi
}

# Builds the test kernels, or waits until they are built.
prepare_kernels() {
	local version
	for version in 6.1 6.12; do
		test/lib/kernel/prepare.sh "$version" >/dev/null
	done
	test/lib/kernel/prepare.sh 6.12 preempt >/dev/null
}
export -f prepare_kernels

mkdir -p build
if wanted quick && wanted real; then # the tests without the kernels leave a core idle
	setsid nice -n 5 bash -ec prepare_kernels >build/kernels.log 2>&1 &
	trap 'kill -- -$! 2>/dev/null || true' EXIT
fi
echo "== building" >&2
build build/plain
if wanted quick; then
	build build/sanitize -DPLUGSCHED_SANITIZE=ON -DCMAKE_BUILD_TYPE=Debug
	echo "== style" >&2
	test/project/style.sh build/plain
	echo "== unit and command-line tests" >&2
	ctest --test-dir build/plain --output-on-failure -LE 'real|nightly'
	echo "== the same with AddressSanitizer and UndefinedBehaviorSanitizer" >&2
	ctest --test-dir build/sanitize --output-on-failure -LE 'real|nightly'
	echo "== fuzzing, 20 seconds each" >&2
	test/fuzz/run.sh 20
fi
if wanted real; then
	prepare_kernels
	echo "== tests on the real kernels" >&2
	ctest --test-dir build/plain --output-on-failure -L real -j2
fi
