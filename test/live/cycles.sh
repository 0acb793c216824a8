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

storm 100000 120 throttled/within/cgroup.procs throttled/within/cgroup.procs weighted/cgroup.procs >/tmp/storm 2>&1 &
storm=$!
(while :; do setsid hackbench -g 1 -l 100 >/dev/null 2>&1 || echo "WRONG: hackbench failed"; done) &
hackbench=$!
stress-ng --quiet --switch 1 --yield 1 --fork 1 --affinity 1 --schedpolicy 1 --timeout 0 >/tmp/stress 2>&1 &
stress=$!
(exec cyclictest -q -p 70 -i 10000 -t 1 >/tmp/cyclictest 2>&1) &
cyclictest=$!
(while :; do for online in 0 1; do echo $online >/sys/devices/system/cpu/cpu3/online; sleep 0.7; done; done) &
hotplug=$!

renice -n -20 $$ >/dev/null # a cycle is to take seconds, not minutes
# A task that stands in the way for long is a reason to refuse, after which all is as it was: the next order then succeeds.
refusals=0
order() {
	plugsched "$@" && return
	refusals=$((refusals + 1))
	plugsched "$@"
}

# what the kernel decodes each return of a module with as it loads it: traced, that alone holds an emulated CPU for many seconds
echo 'insn_get_* inat_*' >/sys/kernel/tracing/set_ftrace_notrace
i=0
while [ $i -lt "$cycles" ]; do
	i=$((i + 1))
	case $i in
	10 | 20 | 30) echo function >/sys/kernel/tracing/current_tracer ;;
	15 | 25 | 35) echo function_graph >/sys/kernel/tracing/current_tracer ;;
	12 | 17 | 22 | 27 | 32 | 37) echo nop >/sys/kernel/tracing/current_tracer ;;
	esac
	order load /scheduler.ko || wrong "cycle $i: load"
	sleep 0.1
	order unload || wrong "cycle $i: unload"
	kill -0 $storm || { wrong "cycle $i: the storm is over"; break; }
done
echo nop >/sys/kernel/tracing/current_tracer
kill $hotplug $hackbench
kill -INT $cyclictest $stress
echo 1 >/sys/devices/system/cpu/cpu3/online
if kill $storm && wait $storm; then ok "no worker is lost"; else wrong "storm: $?"; fi
cat /tmp/storm
echo "cyclictest: $(tail -n 1 /tmp/cyclictest)"
holds 'cyclictest went on to the end' grep -q 'Max:' /tmp/cyclictest
holds 'stress-ng has nothing to say' [ ! -s /tmp/stress ]
same 'cycles done' "$cycles" $i
holds "$refusals orders refused for somebody in the way, at most one in twenty" [ $((refusals * 10)) -le "$cycles" ]
holds 'the throttled cgroup was throttled' [ "$(sed -n 's/^nr_throttled //p' throttled/cpu.stat)" -gt 0 ]

# books that must balance once nothing runs: a task counted wrongly on its way from one scheduler to the other would stay
killall -9 hackbench storm 2>/dev/null
sleep 3
sum() { sed -n "s/^ *\\.$1 *: //p" /sys/kernel/debug/sched/debug | awk '{ all += $1 } END { print all + 0 }'; }
same 'uninterruptible tasks of all CPUs' 0 "$(sum nr_uninterruptible)"
holds "runnable tasks of all CPUs: $(sum nr_running)" [ "$(sum nr_running)" -lt 20 ]
holds "load average $(cat /proc/loadavg)" sh -c 'cut -d " " -f 1 /proc/loadavg | grep -qE "^[0-9]{1,2}\.[0-9]{2}$"'

# a quota is kept across changes: half a CPU for as long as it takes
echo "25000 50000" >weighted/cpu.max
(echo 0 >weighted/cgroup.procs; while :; do :; done) &
spinner=$!
sleep 1
used() { sed -n 's/^usage_usec //p' weighted/cpu.stat; }
clock() { sed 's/\([0-9]*\)\.\([0-9]*\) .*/\1\20000/' /proc/uptime; }
from=$(used) since=$(clock)
for _ in 1 2 3 4; do
	plugsched load /scheduler.ko >/dev/null || wrong 'load'
	sleep 1
	plugsched unload >/dev/null || wrong 'unload'
	sleep 1
done
share=$((($(used) - from) * 100 / ($(clock) - since)))
kill $spinner
holds "a cgroup with half a CPU got $share %" [ $share -ge 40 ] && [ $share -le 60 ]
finish
