#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs every test: unit tests and command-line tests (plain and with sanitizers), the fuzz
# targets for a short time, then the tests on the real kernels. Installs what is missing,
# builds, is safe to repeat.
#
#   ./test.sh           everything
#   ./test.sh --quick   without the real kernels
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

quick=
case "${1-}" in
'') ;;
--quick) quick=1 ;;
-h | --help) sed -n '3,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
*) echo "test.sh: unknown argument $1 (see --help)" >&2; exit 2 ;;
esac

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

mkdir -p build
echo "== building" >&2
build build/plain
build build/sanitize -DPLUGSCHED_SANITIZE=ON -DCMAKE_BUILD_TYPE=Debug
echo "== shell scripts" >&2
find . -path ./build -prune -o -name '*.sh' -print0 | xargs -0 shellcheck -x .ci/run
echo "== unit and command-line tests" >&2
ctest --test-dir build/plain --output-on-failure -LE real
echo "== the same with AddressSanitizer and UndefinedBehaviorSanitizer" >&2
ctest --test-dir build/sanitize --output-on-failure -LE real
echo "== fuzzing, 20 seconds each" >&2
test/fuzz/run.sh 20
if [ -z "$quick" ]; then
	for version in 6.1 6.12; do
		test/lib/kernel/prepare.sh "$version" >/dev/null
	done
	test/lib/kernel/prepare.sh 6.1 systemd >/dev/null
	echo "== tests on the real kernels" >&2
	ctest --test-dir build/plain --output-on-failure -L real -j2
fi
