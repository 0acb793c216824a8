#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What takes too long for test.sh: the chain from the analysis to the live update, on kernels
# that check themselves or that are built with other options. Installs what is missing,
# builds, is safe to repeat.
#
#   nightly.sh [KERNEL...]    KERNEL: VERSION-VARIANT as in prepare.sh (default: debug of 6.12,
#                             kasan, least, most and signed of 6.1, preempt and nohz of both)
#
# Whatever kernels are named, 6.12 is also analysed without shortcuts and without the cache. Each
# variant has the tests that its options matter for: see test/kernels/real/CMakeLists.txt. Each
# kernel takes some minutes to build, once. test/soak.sh is another test for nights.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case "${1-}" in
-h | --help) sed -n '3,12s/^# \{0,1\}//p' "$0"; exit 0 ;;
-*) echo "nightly.sh: unknown argument $1 (see --help)" >&2; exit 2 ;;
esac
kernels=("$@")
[ ${#kernels[@]} -gt 0 ] || kernels=(6.12-debug 6.1-kasan 6.12-preempt 6.1-preempt 6.12-nohz 6.1-nohz 6.1-least 6.1-most 6.1-signed)

# shellcheck source=test/lib/packages.sh
. test/lib/packages.sh
packages_install "${PACKAGES_BUILD[@]}" "${PACKAGES_GUEST[@]}" "${PACKAGES_TEST[@]}"
mkdir -p build
if ! { cmake -S . -B build/nightly -DPLUGSCHED_WERROR=ON "-DPLUGSCHED_VARIANTS=$(IFS=';'; echo "${kernels[*]}")" &&
	cmake --build build/nightly -j"$(nproc)"; } >build/nightly.log 2>&1; then
	tail -n 40 build/nightly.log >&2
	echo "nightly.sh: the build failed: build/nightly.log" >&2
	exit 1
fi
for version in 6.1 6.12; do # the tests of the analysis that test.sh has no time for
	test/lib/kernel/prepare.sh "$version" >/dev/null
done
for kernel in "${kernels[@]}"; do
	test/lib/kernel/prepare.sh "${kernel%%-*}" "${kernel#*-}" >/dev/null
done
ctest --test-dir build/nightly --output-on-failure -L nightly -j2
