#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Builds the fuzz targets and runs each of them for a limited time. The seeds are in the
# tree, except those of facts and reports, whose formats change with the tool: they are made
# from the fixture kernel.
#
#   run.sh [SECONDS] [TARGET...]    default: 20 seconds for each of all targets, fuzz_TARGET.c
#
# New inputs that libFuzzer finds are kept in build/fuzz/corpus for the next run. An input that
# fails goes to build/fuzz/failed, and the command that repeats it is printed; once the bug is
# fixed, add its smallest input to seeds/. Exit status 1 if an input failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

seconds=${1-20}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || { echo "usage: run.sh [SECONDS] [TARGET...]" >&2; exit 2; }
shift $(($# ? 1 : 0))
targets=("$@")
if [ $# = 0 ]; then
	for file in test/fuzz/fuzz_*.c; do
		file=${file##*/fuzz_}
		targets+=("${file%.c}")
	done
fi

mkdir -p build/fuzz
if ! { cmake -S . -B build/fuzz -DCMAKE_C_COMPILER=clang-19 -DCMAKE_BUILD_TYPE=RelWithDebInfo -DPLUGSCHED_FUZZ=ON \
	-DPLUGSCHED_PAGE=OFF -DPLUGSCHED_WERROR=ON &&
	cmake --build build/fuzz -j"$(nproc)" -t plugsched plugsched-facts plugsched-analyze plugsched-graph plugsched-extract \
		plugsched-compare plugsched-lint plugsched-lsp "${targets[@]/#/fuzz_}"; } >build/fuzz.log 2>&1; then
	tail -n 40 build/fuzz.log >&2
	echo "run.sh: the build failed: build/fuzz.log" >&2
	exit 1
fi

# GLib's own allocator would hide faults from AddressSanitizer.
export G_SLICE=always-malloc G_DEBUG=gc-friendly
# the same as in test/CMakeLists.txt
export ASAN_OPTIONS=use_sigaltstack=0 LSAN_OPTIONS=suppressions=$PWD/test/lib/lsan.supp:print_suppressions=0

# A small part of the fixture kernel's report, with everything that it refers to.
make_seeds_of_report() {
	local file seeds=build/fuzz/seeds/report
	mkdir -p "$seeds"
	test/commands/fixtures/prepare.sh build/fuzz/kernel
	build/fuzz/bin/plugsched-analyze -k build/fuzz/kernel --no-cache -q -o build/fuzz/report.json
	for file in kernel/sched/wait.c kernel/sched/swait.c kernel/sched/clock.c; do
		jq -c --arg file "$file" '
			(.functions + .variables + .members | map(select(.file == $file) | .id)) as $some
			| (([.edges, .references | .[] | select(.from as $f | .to as $t | $some | index($f) or index($t)) | .from, .to]
				+ $some) - [null] | unique) as $ids
			| def known: . as $id | $ids | index($id);
			(.functions, .variables, .members) |= map(select(.id | known)
				| if (.via // "") | known then . else del(.via) end | del(.inlined_into))
			| (.edges, .references) |= map(select((.from == null or (.from | known)) and (.to | known))
				| del(.handed_to, .kept_in))
			| (.members | map(.record)) as $records | .records |= map(select(.name as $n | $records | index($n)))
			| if .sites then .sites = [{from: .functions[0].id, file: "a.c", line: 1, signature: "void (void)",
				layer: "member", through: [(.members + .variables)[:2][].id], targets: [.functions[1:3][].id]}]
				else . end' build/fuzz/report.json >"$seeds/$(basename "$file" .c)"
	done
}

# The facts of the fixture kernel in the current format, without the hash at the beginning.
make_seeds_of_facts() {
	local kernel=test/commands/fixtures/kernel unit seeds=build/fuzz/seeds/facts
	mkdir -p "$seeds"
	for unit in lib/x kernel/fork kernel/peek kernel/bounds kernel/sched/{core,wait,swait}; do
		build/fuzz/bin/plugsched-facts -k "$kernel" --directory "$kernel" -o build/fuzz/seed.facts -- \
			gcc -nostdinc -I./include -D__KERNEL__ -ffreestanding -c -o "$unit.o" "$unit.c"
		tail -c +9 build/fuzz/seed.facts >"$seeds/${unit//\//-}"
	done
}

# fuzz TARGET
fuzz() {
	local name=$1 program=build/fuzz/test/fuzz/fuzz_$1 corpus=build/fuzz/corpus/$1 failed=build/fuzz/failed/$1
	local options=(-max_total_time="$seconds" -timeout=60 -rss_limit_mb=1024 -print_final_stats=1
		-artifact_prefix="$PWD/$failed/")
	local folder of=$name seeds=()
	[ "$name" != link ] || of=facts
	[ "$name" != query ] || of=report
	mkdir -p "$corpus" "$failed"
	for folder in {test,build}/fuzz/seeds/"$of"; do
		[ ! -d "$folder" ] || seeds+=("$PWD/$folder")
	done
	[ ! -e "test/fuzz/$of.dict" ] || options+=(-dict="$PWD/test/fuzz/$of.dict")
	if "$program" "${options[@]}" "$PWD/$corpus" "${seeds[@]}" >"build/fuzz/$name.log" 2>&1; then
		printf 'fuzz %s: %s inputs, %s clean\n' "$name" \
			"$(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$name.log")" \
			"$(grep -oE 'cov: [0-9]+ ft: [0-9]+' "build/fuzz/$name.log" | tail -n 1)"
		return 0
	fi
	grep -E '^(==[0-9]+==|SUMMARY|.*runtime error|\*\*|.*ERROR)' "build/fuzz/$name.log" >&2 || tail -n 20 "build/fuzz/$name.log" >&2
	echo "fuzz $name: failed; build/fuzz/$name.log tells where; repeat with" >&2
	sed -nE "s,^.*Test unit written to (.*),  $program \\1,p" "build/fuzz/$name.log" >&2
	return 1
}

make_seeds_of_facts
make_seeds_of_report
status=0
for target in "${targets[@]}"; do
	fuzz "$target" || status=1
done
exit $status
