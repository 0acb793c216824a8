#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Builds the scheduler module of a kernel that can run systemd: prepares the kernel, analyses it,
# extracts, builds. A module that exists and is newer than the programs is kept.
#
#   module.sh ANALYZER EXTRACTOR OUT    leaves OUT/scheduler/scheduler.ko
set -euo pipefail
[ $# = 3 ] || { echo "usage: module.sh ANALYZER EXTRACTOR OUT" >&2; exit 2; }
analyzer=$1 extractor=$2 out=$3
here=$(dirname "${BASH_SOURCE[0]}")
kernel=$("$here/../../lib/kernel/prepare.sh" 6.1 systemd)
module=$out/scheduler/scheduler.ko
if [ "$module" -nt "$analyzer" ] && [ "$module" -nt "$extractor" ] && [ "$module" -nt "$kernel/vmlinux" ]; then
	echo "kept $module"
	exit 0
fi
rm -rf "$out"
mkdir -p "$out"
"$analyzer" -q --kernel "$kernel" -o "$out/boundary.json"
"$extractor" -q --kernel "$kernel" --boundary "$out/boundary.json" -o "$out/scheduler"
make -C "$out/scheduler" >"$out/make.log" 2>&1 || { tail -n 30 "$out/make.log" >&2; exit 1; }
echo "made $module"
