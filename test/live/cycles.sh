# SPDX-License-Identifier: GPL-2.0-only
# In the guest: loads and unloads the module under everything that makes a scheduler work, and sees that nothing is lost.
# shellcheck shell=dash
#
#   cycles.sh CYCLES
cycles=$1
# shellcheck source=test/live/lib.sh
. /lib.sh

mount -t cgroup2 cgroup /sys/fs/cgroup
cd /sys/fs/cgroup || exit 1
echo +cpu >cgroup.subtree_control
mkdir throttled throttled/within weighted
echo +cpu >throttled/cgroup.subtree_control
echo "5000 50000" >throttled/cpu.max
echo 300 >weighted/cpu.weight
echo 1 >/proc/sys/kernel/sched_autogroup_enabled 2>/dev/null

storm 100000 60 throttled/within/cgroup.procs throttled/within/cgroup.procs weighted/cgroup.procs >/tmp/storm 2>&1 &
storm=$!
(while :; do setsid hackbench -g 1 -l 100 >/dev/null 2>&1 || echo "WRONG: hackbench failed"; done) &
hackbench=$!
(while :; do for online in 0 1; do echo $online >/sys/devices/system/cpu/cpu3/online; sleep 0.7; done; done) &
hotplug=$!

renice -n -20 $$ >/dev/null # a cycle is to take seconds, not minutes
i=0
while [ $i -lt "$cycles" ]; do
	i=$((i + 1))
	case $i in
	10 | 20 | 30) echo function >/sys/kernel/tracing/current_tracer ;;
	15 | 25 | 35) echo function_graph >/sys/kernel/tracing/current_tracer ;;
	12 | 17 | 22 | 27 | 32 | 37) echo nop >/sys/kernel/tracing/current_tracer ;;
	esac
	plugsched load /scheduler.ko || wrong "cycle $i: load"
	sleep 0.1
	plugsched unload || wrong "cycle $i: unload"
	kill -0 $storm || { wrong "cycle $i: the storm is over"; break; }
done
echo nop >/sys/kernel/tracing/current_tracer
kill $hotplug $hackbench
echo 1 >/sys/devices/system/cpu/cpu3/online
if kill $storm && wait $storm; then ok "no worker is lost"; else wrong "storm: $?"; fi
cat /tmp/storm
echo "load average $(cat /proc/loadavg)"
same 'cycles done' "$cycles" $i
holds 'the throttled cgroup was throttled' [ "$(sed -n 's/^nr_throttled //p' throttled/cpu.stat)" -gt 0 ]
finish
