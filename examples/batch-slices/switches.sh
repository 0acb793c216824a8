#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# How often does batch work lose its CPU? Runs four spinning SCHED_BATCH processes on one CPU for some seconds and prints how many
# involuntary switches a second they had in all.
#
#   switches.sh [SECONDS]
seconds=${1:-4}
processes=
for _ in 1 2 3 4; do
	# shellcheck disable=SC2016
	taskset 2 chrt -b 0 sh -c 'while :; do :; done' &
	processes="$processes $!"
done
count() {
	for process in $processes; do
		sed -n 's/^nonvoluntary_ctxt_switches:[[:space:]]*//p' "/proc/$process/status"
	done | { sum=0; while read -r n; do sum=$((sum + n)); done; echo $sum; }
}
sleep 1
before=$(count)
sleep "$seconds"
after=$(count)
# shellcheck disable=SC2086
kill $processes
echo $(((after - before) / seconds))
