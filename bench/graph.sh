#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# How the graph grows from the scheduler alone to the whole kernel: what it costs to
# make it and to query it.
#
#   graph.sh [--tools DIR] [VERSION]
#
#   VERSION       a test kernel (default: 6.1); prepared if needed
#   --tools DIR   the build tree that contains the tools (default: build/plain)
#
# First the facts of all units are made with ninja, as on several machines (docs/distributed.md).
# Then graphs are linked from the facts of more and more folders, with --whole, which keeps
# everything that those units do. "link" is that step. "ask" is plugsched-graph loading the report
# and answering one question. Both are shown with their peak memory, including the mapped facts or
# the report. The last line is the default analysis for comparison: it keeps what concerns the
# scheduler, from the relevant units. "x" is the ratio of its wall time to the smallest graph's.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() { sed -n '3,16s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
die() { echo "graph.sh: $*" >&2; exit 2; }

tools=$top/build/plain version=6.1
while [ $# -gt 0 ]; do
	case $1 in
	-h | --help) usage; exit 0 ;;
	--tools) [ $# -gt 1 ] || die "--tools needs a folder"; tools=$2; shift ;;
	-*) die "unknown option $1 (see --help)" ;;
	*) version=$1 ;;
	esac
	shift
done
analyze=$tools/bin/plugsched-analyze graph=$tools/bin/plugsched-graph
if [ ! -x "$analyze" ] || [ ! -x "$graph" ]; then
	die "$tools holds no tools: run ./demo.sh first, or name it with --tools"
fi

# shellcheck source=test/lib/packages.sh
. "$top/test/lib/packages.sh"
packages_install ninja-build jq
"$top/test/lib/kernel/prepare.sh" "$version" >/dev/null
kernel=$("$top/test/lib/kernel/prepare.sh" --path "$version")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# measured NAME STATUS COMMAND...: runs it and sets wall and peak; STATUS is the
# highest accepted exit status
measured() {
	local name=$1 worst=$2 status
	shift 2
	"$top/bench/measure.py" "$work/cost" "$@" >"$work/$name.out" 2>"$work/$name.err" || true
	read -r wall _ peak status <"$work/cost"
	[ "$status" -le "$worst" ] || { cat "$work/$name.err" >&2; die "$name ended with exit status $status"; }
}

# row NAME TEXT UNITS: queries the report of that name and prints its line; link_wall
# and link_peak must be set
row() {
	local counts
	counts=$("$graph" --json "$work/$1.json" info | jq -r '.rows[] | select(.role == "size").values |
		[.functions + .variables + .members, .uses] | @tsv')
	measured ask 1 "$graph" "$work/$1.json" callers wake_up_process
	first=${first:-$link_wall}
	awk -v what="$2" -v units="$3" -v counts="$counts" -v link="$link_wall" -v link_peak="$link_peak" -v ask="$wall" \
		-v ask_peak="$peak" -v bytes="$(stat -c %s "$work/$1.json")" -v first="$first" 'BEGIN {
			split(counts, n, "\t")
			printf "%-34s %6d %8d %9d %7.2f %6.0f %7.1f %7.2f %6.0f %6.1f\n", what, units, n[1], n[2], link,
				link_peak / 1024, bytes / 1e6, ask, ask_peak / 1024, link / first
		}'
}

echo "making the facts of all units (ninja) ..." >&2
"$analyze" --kernel "$kernel" --ninja="$work/build.ninja" -o "$work/all.json" -q 2>"$work/ninja.log" || {
	cat "$work/ninja.log" >&2
	die "no build.ninja"
}
ninja -C "$work" units >"$work/ninja.log" 2>&1 || { tail -n 5 "$work/ninja.log" >&2; die "ninja failed"; }

printf '%-34s %6s %8s %9s %7s %6s %7s %7s %6s %6s\n' graph units nodes uses 'link s' MiB 'MB json' 'ask s' MiB x
folders=()
for folder in kernel/sched kernel mm fs arch drivers .; do
	case $folder in
	kernel) folders=(kernel) ;;
	.) folders=(.) ;;
	*) folders+=("$folder") ;;
	esac
	facts=() units=0
	for f in "${folders[@]}"; do
		facts+=(--facts "$work/facts/$f")
		units=$((units + $(find "$work/facts/$f" -name '*.facts' | wc -l)))
	done
	measured link 1 "$analyze" --kernel "$kernel" --whole "${facts[@]}" -q -o "$work/graph.json"
	link_wall=$wall link_peak=$peak
	row graph "${folders[*]}" "$units"
done
"$analyze" --kernel "$kernel" -q -o "$work/default.json"
measured default 0 "$analyze" --kernel "$kernel" -o "$work/default.json"
link_wall=$wall link_peak=$peak
row default "default analysis, cache warm" "$(sed -nE 's/^([0-9]+) of [0-9]+ units matter.*/\1/p' "$work/default.err")"
