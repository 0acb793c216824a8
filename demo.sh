#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# From nothing to a running kernel with another scheduler. Installs what is missing, builds the
# tools, prepares a Linux 6.1 kernel (about five minutes, once), analyses it, prints the
# summary and two answers, extracts the scheduler, builds it and compares its code. Then
# changes it (examples/wakeup-count), boots the kernel in QEMU, replaces the scheduler under
# load, and restores the old one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# shellcheck source=test/lib/packages.sh
. test/lib/packages.sh
packages_install "${PACKAGES_BUILD[@]}" "${PACKAGES_GUEST[@]}"
mkdir -p build
echo "building the tools" >&2
if ! { cmake -S . -B build/plain && cmake --build build/plain -j"$(nproc)"; } >build/demo.log 2>&1; then
	tail -n 40 build/demo.log >&2
	echo "demo.sh: the build failed: build/demo.log" >&2
	exit 1
fi
kernel=$(test/lib/kernel/prepare.sh 6.1)
echo "analysing $kernel" >&2
build/plain/bin/plugsched-analyze --kernel "$kernel" -o build/boundary.json
ask() {
	echo
	echo "$ plugsched-graph build/boundary.json $*"
	build/plain/bin/plugsched-graph build/boundary.json "$@"
}
ask why finish_task
ask callees do_balance_callbacks
build/plain/bin/plugsched-graph build/boundary.json --html -o build/boundary.html
if [ -e build/scheduler ] && ! git -C build/scheduler diff --quiet extracted; then
	echo "build/scheduler has changes of yours: it is left alone" >&2
else
	rm -rf build/scheduler
	echo >&2
	build/plain/bin/plugsched-extract --kernel "$kernel" --boundary build/boundary.json -o build/scheduler
fi
echo >&2
echo "building build/scheduler/scheduler.ko" >&2
if ! make -C build/scheduler -j"$(nproc)" PLUGSCHED="$PWD/build/plain/bin/plugsched" >build/module.log 2>&1; then
	tail -n 40 build/module.log >&2
	echo "demo.sh: the module's build failed: build/module.log" >&2
	exit 1
fi
build/plain/bin/plugsched-compare --boundary build/boundary.json "$kernel/vmlinux" build/scheduler/scheduler.o
echo >&2
echo "changing the scheduler: examples/wakeup-count" >&2
rm -rf build/changed
git clone -q --branch extracted build/scheduler build/changed
patch -s -p1 -d build/changed <examples/wakeup-count/wakeup-count.patch
build/plain/bin/plugsched build build/changed

echo >&2
echo "booting Linux $(cat "$kernel/include/config/kernel.release") in QEMU, 4 CPUs" >&2
test/lib/guest/root.sh build/demo.cpio.gz hackbench build/plain/bin/plugsched=bin/plugsched build/changed/scheduler.ko build/changed/plugsched.ko \
	test/lib/guest/demo.sh=run
test/lib/guest/boot.sh "$kernel" build/demo.cpio.gz | grep -av 'guest-status\|SeaBIOS\|Booting from'

echo >&2
echo "the module's source is in build/scheduler, the edits in build/scheduler/EXTRACTED.md, the changed one in build/changed" >&2
echo "build/boundary.html shows the boundary in a browser; in an editor: docs/editors.md" >&2
echo "the report is in build/boundary.json; build/plain/bin/plugsched-graph --help tells what else to ask" >&2
echo "docs/live-update.md is the whole way on one page" >&2
