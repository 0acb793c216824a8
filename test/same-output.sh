#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Do two builds of the programs write the same bytes? For changes that move code without changing
# what it does. Compares, for each kernel, the report, every file of the extracted folder but the
# sources of the runtime, and plugsched-graph's answers.
#
#   same-output.sh [--exhaustive] OLD NEW [KERNEL...]
#
#   OLD, NEW       folders that contain the programs at any depth
#   KERNEL         VERSION or VERSION-VARIANT as in prepare.sh (default: 6.1 6.12)
#   --exhaustive   also parse every unit
#
# Prints the differences; exits with 1 if there are any.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
die() { echo "same-output.sh: $*" >&2; exit 2; }

modes=('')
case "${1-}" in
-h | --help) sed -n '3,13s/^# \{0,1\}//p' "$0"; exit 0 ;;
--exhaustive) modes+=(--exhaustive); shift ;;
esac
[ $# -ge 2 ] || die "which two builds? (see --help)"
old=$(realpath "$1") new=$(realpath "$2")
shift 2
kernels=("$@")
[ ${#kernels[@]} -gt 0 ] || kernels=(6.1 6.12)

program() { # BUILD NAME
	local found
	found=$(find "$1" -type f -name "$2" -perm -100 | head -n 1)
	[ -n "$found" ] || die "no $2 below $1; build first"
	echo "$found"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

questions() { # REPORT: one a line
	local names
	names=$(python3 -c '
import json, sys
report = json.load(open(sys.argv[1]))
print(*sorted({f["name"] for f in report["functions"] if f.get("scheduler", True)})[::25])' "$1")
	printf '%s\n' info list 'list --class interface --json' 'list --kind member' 'what-if -e try_to_wake_up' 'what-if -i schedule --json'
	for name in $names; do
		printf '%s\n' "why $name" "callers $name -d 2" "callees $name --json" "uses $name --dot" "why $name --graphml"
	done
}

write_all() { # BUILD MODE TREE FOLDER
	local build=$1 mode=$2 tree=$3 out=$4 n=0 question
	mkdir -p "$out"
	# shellcheck disable=SC2086
	"$(program "$build" plugsched-analyze)" $mode -q -k "$tree" -o "$out/boundary.json"
	[ -z "$mode" ] || return 0
	"$(program "$build" plugsched-extract)" -q -k "$tree" --boundary "$out/boundary.json" -o "$out/scheduler"
	graph=$(program "$build" plugsched-graph)
	questions "$out/boundary.json" >"$work/questions"
	while read -r question; do
		n=$((n + 1))
		# shellcheck disable=SC2086
		"$graph" "$out/boundary.json" $question >"$out/answer-$n" 2>&1 || echo "exit status $?" >>"$out/answer-$n"
		sed -i "s#$out#OUT#g" "$out/answer-$n"
	done <"$work/questions"
}

for kernel in "${kernels[@]}"; do
	IFS=- read -ra words <<<"$kernel"
	tree=$("$here/lib/kernel/prepare.sh" "${words[@]}")
	for mode in "${modes[@]}"; do
		rm -rf "$work/old" "$work/new"
		write_all "$old" "$mode" "$tree" "$work/old"
		write_all "$new" "$mode" "$tree" "$work/new"
		if diff -r -x .git -x runtime "$work/old" "$work/new" >"$work/difference"; then
			echo "$kernel${mode:+ $mode}: $(find "$work/new" -type f -not -path '*/.git/*' -not -path '*/runtime/*' | wc -l) files, all the same"
		else
			echo "$kernel${mode:+ $mode}: DIFFERENT"
			head -n 40 "$work/difference"
			status=1
		fi
	done
done
exit $status
