#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What an extraction costs once the report exists, compared with the compiler's
# parsing of the same units.
#
#   extract.sh [-n RUNS] [VERSION...]
#
#   VERSION   test kernels (default: 6.1 6.12); prepared if needed
#   -n RUNS   number of extractions of each; the median is shown (default: 5)
#
# All in one run, with the build in build/plain. "clang" is clang-19 -fsyntax-only over the same
# units, as many at once as the extraction parses; the last column is the ratio of wall times.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
die() { echo "extract.sh: $*" >&2; exit 2; }

runs=5 versions=()
while [ $# -gt 0 ]; do
	case $1 in
	-h | --help) sed -n '3,12s/^# \{0,1\}//p' "$0"; exit 0 ;;
	-n) [ $# -gt 1 ] || die "-n needs a number"; runs=$2; shift ;;
	-*) die "unknown option $1 (see --help)" ;;
	*) versions+=("$1") ;;
	esac
	shift
done
[ ${#versions[@]} -gt 0 ] || versions=(6.1 6.12)
tools=$top/build/plain
[ -x "$tools/bin/plugsched-extract" ] || die "build first: ./demo.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# cost COMMAND...: wall seconds, CPU seconds, peak MiB
cost() {
	"$top/bench/measure.py" "$work/cost" "$@" >"$work/out" 2>&1 || { cat "$work/out" >&2; die "$1 failed"; }
	awk '{ printf "%.2f %.2f %.0f\n", $1, $2, $3 / 1024 }' "$work/cost"
}

median() { sort -n | awk '{ row[NR] = $0 } END { print row[int((NR + 1) / 2)] }'; }

printf '%-8s %-10s %8s %8s %9s %9s\n' kernel what 'wall s' 'CPU s' 'peak MiB' 'to clang'
for version in "${versions[@]}"; do
	kernel=$("$top/test/lib/kernel/prepare.sh" "$version")
	"$tools/bin/plugsched-analyze" -q -k "$kernel" -o "$work/boundary.json"
	for ((i = 0; i < runs; i++)); do
		rm -rf "$work/scheduler"
		cost "$tools/bin/plugsched-extract" -q -k "$kernel" --boundary "$work/boundary.json" -o "$work/scheduler"
	done | median >"$work/extract"
	sed -n 's|^PLUGSCHED_EACH_UNIT(\(.*\))$|kernel/sched/\1.c|p' "$work/scheduler/units.h" >"$work/units"
	"$top/bench/syntax_only.py" "$kernel" "$(nproc)" "$work/units" |
		awk '{ printf "%.2f %.2f %.0f\n", $3, $4, $5 / 1024 }' >"$work/clang"
	read -r reference _ <"$work/clang"
	for what in extract clang; do
		read -r wall cpu peak <"$work/$what"
		printf '%-8s %-10s %8s %8s %9s %9s\n' "$version" "$what" "$wall" "$cpu" "$peak" \
			"$(awk -v a="$wall" -v b="$reference" 'BEGIN { printf "%.2f", a / b }')"
	done
done
