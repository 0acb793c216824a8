#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Loads and unloads a kernel's own scheduler as a module a thousand times in QEMU, while everything
# that exercises a scheduler runs (test/kernels/live/everything.sh). Prints the progress: cycles
# done, refusals, retries, the longest stop. Ends at the first complaint of the kernel. The guest's
# console is kept.
#
#   soak.sh [-n CYCLES] [-o LOG] VERSION [VARIANT]
#
#   VERSION, VARIANT   a kernel as in prepare.sh, built if needed
#   -n CYCLES          default: 1000; some seconds each while nothing else runs
#   -o LOG             the guest's console (default: soak-VERSION.log)
#
# Exits with 0 if all cycles were done and nothing was lost.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
die() { echo "soak.sh: $*" >&2; exit 2; }

cycles=1000 log='' kernel=()
while [ $# -gt 0 ]; do
	case $1 in
	-h | --help) sed -n '3,14s/^# \{0,1\}//p' "$0"; exit 0 ;;
	-n) [ $# -gt 1 ] || die "-n needs a number"; cycles=$2; shift ;;
	-o) [ $# -gt 1 ] || die "-o needs a file"; log=$2; shift ;;
	-*) die "unknown option $1 (see --help)" ;;
	*) kernel+=("$1") ;;
	esac
	shift
done
[ ${#kernel[@]} = 1 ] || [ ${#kernel[@]} = 2 ] || die "which kernel? (see --help)"
[[ $cycles =~ ^[1-9][0-9]*$ ]] || die "not a number of cycles: $cycles"
log=${log:-soak-$(IFS=-; echo "${kernel[*]}").log}
tools=$top/build/plain
[ -x "$tools/bin/plugsched" ] || die "build first: ./demo.sh"

# shellcheck source=test/lib/packages.sh
. "$top/test/lib/packages.sh"
packages_install "${PACKAGES_GUEST[@]}"
tree=$("$top/test/lib/kernel/prepare.sh" "${kernel[@]}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$tools/bin/plugsched-analyze" -q -k "$tree" -o "$work/boundary.json"
"$tools/bin/plugsched-extract" -q -k "$tree" --boundary "$work/boundary.json" -o "$work/scheduler"
make -s -C "$work/scheduler" -j"$(nproc)" >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; die "the module does not build"; }
status=0
python3 -B "$top/test/kernels/live/run.py" --tree "$tree" --out "$work/scheduler" --command "$tools/bin/plugsched" \
	--script cycles.sh --arguments "$cycles" --seconds $((600 + 20 * cycles)) 2>&1 | tee "$log" || status=1
echo "soak.sh: the console is in $log" >&2
exit $status
