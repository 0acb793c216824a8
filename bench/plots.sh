#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Draws what bench/downtime/run.py and bench/overhead/run.py measured.
#
#   plots.sh [DIR]
#
#   DIR   contains downtime.csv and overhead.csv, written with their -o; the pictures are put
#         there too (default: docs/bench)
#
# The kernels of a file are shown side by side. The background is white, so that the pictures are
# readable on a page in dark mode.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
die() { echo "plots.sh: $*" >&2; exit 2; }

case ${1-} in
-h | --help) sed -n '3,11s/^# \{0,1\}//p' "$0"; exit 0 ;;
-*) die "unknown option $1 (see --help)" ;;
esac
folder=${1:-$top/docs/bench}
for name in downtime overhead; do
	[ -r "$folder/$name.csv" ] || die "$folder/$name.csv is not there: bench/$name/run.py -o writes it"
done
# shellcheck source=test/lib/packages.sh
. "$top/test/lib/packages.sh"
packages_install "${PACKAGES_BENCH[@]}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

kernels() { tail -n +2 "$folder/$1.csv" | cut -d , -f 1 | uniq; }

# columns FILE NAME...: those columns, found by their names and separated by tabs
columns() {
	local file=$1
	shift
	awk -F , -v wanted="$*" 'NR == 1 { n = split(wanted, name, " "); for (i = 1; i <= NF; i++) at[$i] = i
			for (i = 1; i <= n; i++) if (!(name[i] in at)) { print "no column " name[i] >"/dev/stderr"; exit 1 } next }
		{ for (i = 1; i <= n; i++) printf "%s%s", $at[name[i]], i < n ? "\t" : "\n" }' "$file"
}

# draw NAME WIDTH HEIGHT: draws with the script on standard input
draw() {
	{
		echo "set terminal svg size $2,$3 dynamic font 'sans-serif,13' background '#ffffff'"
		echo "set output '$work/$1.svg'"
		cat
	} >"$work/$1.gp"
	gnuplot "$work/$1.gp" || die "gnuplot could not draw $1"
	mv "$work/$1.svg" "$folder/$1.svg.aside"
	mv "$folder/$1.svg.aside" "$folder/$1.svg"
	echo "$folder/$1.svg"
}

# The stops of the three ways by the number of sleeping threads.
downtime() {
	columns "$folder/downtime.csv" kernel way order sleeping at_once_ns | sort -k 4,4n >"$work/stops"
	local kernel way order
	for kernel in $(kernels downtime); do
		for way in serial parallel noted; do
			for order in load unload; do
				awk -v k="$kernel" -v w="$way" -v o="$order" '$1 == k && $2 == w && $3 == o { print $4, $5 / 1000 }' \
					"$work/stops" >"$work/$kernel-$way-$order"
			done
		done
	done
	{
		cat <<-'EOF'
			set multiplot layout 1,2
			set logscale xy
			set xlabel 'sleeping threads'
			set ylabel "the machine stands still, µs (thousands of instructions)"
			set yrange [20:200000]
			set xrange [70:15000]
			set format x '%.0f'
			set format y '%.0f'
			set key top left reverse Left samplen 2
			set grid ytics lc rgb '#dddddd'
			set border 3
			set tics nomirror
			set style line 1 lc rgb '#b34700' lw 2 pt 5
			set style line 2 lc rgb '#0060a0' lw 2 pt 9
			set style line 3 lc rgb '#00734f' lw 2 pt 7
		EOF
		for kernel in $(kernels downtime); do
			echo "set title 'Linux $kernel'"
			local number=0 comma=plot
			for way in serial parallel noted; do
				number=$((number + 1))
				printf "%s '%s' with linespoints ls %d title '%s'" "$comma" "$work/$kernel-$way-load" $number "$way"
				printf ", '%s' with linespoints ls %d dt 2 notitle" "$work/$kernel-$way-unload" $number
				comma=,
			done
			echo
		done
		echo 'unset multiplot'
	} | draw downtime 960 420
}

# The phases of this project's stop.
phases() {
	columns "$folder/downtime.csv" kernel way order sleeping check_longest_ns clear_longest_ns redirect_ns rebuild_longest_ns at_once_ns |
		sort -s -k 4,4n | awk '$2 == "noted"' >"$work/phases"
	{
		cat <<-'EOF'
			set multiplot layout 1,2
			set style data histograms
			set style histogram rowstacked
			set style fill solid 1 border lc rgb '#ffffff'
			set boxwidth 0.7
			set yrange [0:*]
			set ylabel 'µs'
			set xlabel 'sleeping threads, and the order' offset 0,-1
			set bmargin 5
			set key outside above horizontal samplen 2
			set grid ytics lc rgb '#dddddd'
			set border 3
			set tics nomirror
		EOF
		for kernel in $(kernels downtime); do
			awk -v k="$kernel" '$1 == k { print $4 "\\n" $3, $5 / 1e3, $6 / 1e3, $7 / 1e3, $8 / 1e3, ($9 - $5 - $6 - $7 - $8) / 1e3 }' \
				"$work/phases" >"$work/$kernel-phases"
			echo "set title 'Linux $kernel, noted'"
			echo "f = '$work/$kernel-phases'"
			cat <<-'EOF'
				plot f using 2:xtic(1) lc rgb '#0060a0' title 'check', f using 3 lc rgb '#56b4e9' title 'clear', \
					f using 4 lc rgb '#b34700' title 'redirect', f using 5 lc rgb '#00734f' title 'rebuild', \
					f using 6 lc rgb '#999999' title 'meetings'
			EOF
		done
		echo 'unset multiplot'
	} | draw phases 960 420
}

# The ratio of the module to the built-in scheduler, with the spread of the module's figures.
overhead() {
	columns "$folder/overhead.csv" kernel load builtin_median_ns module_median_ns module_least_ns module_most_ns >"$work/overhead"
	local kernel number=0 comma=plot
	{
		cat <<-'EOF'
			set ylabel "module to built in, %"
			set yrange [-9:9]
			set xrange [-0.5:5.5]
			set key outside below horizontal
			set grid ytics lc rgb '#dddddd'
			set border 3
			set tics nomirror
			set style rect fc rgb '#e3eee9' fs solid noborder
			set object 1 rect from graph 0, first -1 to graph 1, first 1 behind
			set xzeroaxis lc rgb '#444444'
			set style line 1 lc rgb '#0060a0' lw 2 pt 7 ps 0.9
			set style line 2 lc rgb '#b34700' lw 2 pt 5 ps 0.9
		EOF
		for kernel in $(kernels overhead); do
			number=$((number + 1))
			awk -v k="$kernel" -v shift="$(awk -v n=$number 'BEGIN { print (n - 1.5) / 8 }')" '$1 == k {
				print n++ + shift, 100 * ($4 / $3 - 1), 100 * ($5 / $3 - 1), 100 * ($6 / $3 - 1), $2 }' "$work/overhead" >"$work/$kernel-overhead"
			printf "%s '%s' using 1:2:3:4%s with yerrorbars ls %d title 'Linux %s'" "$comma" "$work/$kernel-overhead" \
				"$([ $number != 1 ] || echo ':xtic(5)')" $number "$kernel"
			comma=,
		done
		echo
	} | draw overhead 720 380
}

downtime
phases
overhead
