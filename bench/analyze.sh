#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What an analysis costs, compared with the kernel's own build and with clang's
# parsing of the same units.
#
#   analyze.sh [--exhaustive] [--tool FILE] [-j N] [VERSION...]
#
#   VERSION        test kernels (default: 6.1); prepared if needed
#   --exhaustive   also measure a run that parses every unit
#   --tool FILE    the built plugsched-analyze (default: build/plain/bin/plugsched-analyze)
#   -j N           units at once, for the analyser and for clang (default: 2)
#
# A cold run starts with an empty cache of facts, a warm one with the cache that the cold run
# filled. The source files are read once before, so no run waits for the disk. "clang" is clang-19
# -fsyntax-only over the units that the cold run parsed. "build" is what prepare.sh measured when it
# built the kernel, with all cores of that time; the rest is measured now, one after the other.
# Other work on the machine affects wall time more than CPU time. The last column is the ratio of
# wall time to the cold run's.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() { sed -n '3,18s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
die() { echo "analyze.sh: $*" >&2; exit 2; }

tool=$top/build/plain/bin/plugsched-analyze jobs=2 exhaustive='' versions=()
while [ $# -gt 0 ]; do
	case $1 in
	-h | --help) usage; exit 0 ;;
	--exhaustive) exhaustive=1 ;;
	--tool) [ $# -gt 1 ] || die "--tool needs a file"; tool=$2; shift ;;
	-j) [ $# -gt 1 ] || die "-j needs a number"; jobs=$2; shift ;;
	-*) die "unknown option $1 (see --help)" ;;
	*) versions+=("$1") ;;
	esac
	shift
done
[ ${#versions[@]} -gt 0 ] || versions=(6.1)
[ -x "$tool" ] || die "$tool is not there: run ./demo.sh first, or name it with --tool"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# row WHAT UNITS WALL CPU PEAK-KIB COLD-WALL
row() {
	awk -v what="$1" -v units="$2" -v wall="$3" -v cpu="$4" -v peak="$5" -v cold="$6" 'BEGIN {
		printf "%-12s %6s %9s %9s %9s %8s\n", what, units, sprintf("%.1f", wall),
			cpu == "-" ? "-" : sprintf("%.1f", cpu), peak == "-" ? "-" : sprintf("%.0f", peak / 1024),
			sprintf("%.2f", wall / cold)
	}'
}

# analyze NAME KERNEL [OPTION...]: sets wall, cpu, peak and units
analyze() {
	local name=$1 kernel=$2 status
	shift 2
	"$top/bench/measure.py" "$work/cost" "$tool" --kernel "$kernel" -o "$work/$name.json" --jobs "$jobs" "$@" \
		2>"$work/summary" || { cat "$work/summary" >&2; die "the $name run failed"; }
	read -r wall cpu peak status <"$work/cost"
	[ "$status" = 0 ] || die "the $name run ended with exit status $status"
	units=$(sed -nE 's/^([0-9]+) of [0-9]+ units matter.*/\1/p' "$work/summary")
}

# The sources of the units whose facts a run left in the cache: in each file, the
# second string after the hash.
cached_units() {
	python3 -c 'import sys
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        print(file.read(4096)[8:].split(b"\0")[1].decode())' "$1"/*.facts | sort -u
}

bench() {
	local version=$1 kernel cold refused
	kernel=$("$top/test/lib/kernel/prepare.sh" "$version")
	cat "$kernel"/vmlinux >/dev/null
	(cd "$kernel" && find . -name '*.[choS]' -exec cat {} + >/dev/null)
	echo "Linux $version, $jobs jobs, $(nproc) cores, load $(cut -d ' ' -f 1 /proc/loadavg)"
	printf '%-12s %6s %9s %9s %9s %8s\n' '' units 'wall s' 'CPU s' 'peak MiB' 'to cold'
	analyze cold "$kernel" --cache "$work/cache"
	cold=$wall
	row cold "$units" "$wall" "$cpu" "$peak" "$cold"
	analyze warm "$kernel" --cache "$work/cache"
	row warm "$units" "$wall" "$cpu" "$peak" "$cold"
	cmp "$work/cold.json" "$work/warm.json"
	if [ -n "$exhaustive" ]; then
		analyze exhaustive "$kernel" --cache "$work/cache-all" --exhaustive
		row exhaustive "$units" "$wall" "$cpu" "$peak" "$cold"
		cmp "$work/cold.json" "$work/exhaustive.json"
	fi
	cached_units "$work/cache" >"$work/units"
	read -r units refused wall cpu peak < <("$top/bench/syntax_only.py" "$kernel" "$jobs" "$work/units")
	row clang "$units" "$wall" "$cpu" "$peak" "$cold"
	[ "$refused" = 0 ] || echo "(clang refused $refused of them)"
	row build - "$(cat "$kernel/.build-seconds")" - - "$cold"
	rm -rf "$work/cache" "$work/cache-all"
}

for version in "${versions[@]}"; do
	bench "$version"
done
