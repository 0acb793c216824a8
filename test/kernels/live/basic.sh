# SPDX-License-Identifier: GPL-2.0-only
# In the guest: while the module is loaded, the new code runs and the old code does not; before and
# after, it is the other way round. Settings are kept (tunables.sh). The new code serves the
# kernel's files. The module cannot be removed while it is in use.
# shellcheck shell=dash
# shellcheck source=test/kernels/live/lib.sh
. /lib.sh

# tasks that switch and wake up, ticks, and files of proc, debugfs and sysctl
work() {
	hackbench -g 1 -l 20 >/dev/null && usleep 200000
	cat /proc/1/sched /sys/kernel/debug/sched/features /proc/sys/kernel/sched_rr_timeslice_ms >/dev/null
}

# Counts how often each place in vmlinux (old) or in the module (new) is passed during some work: it
# must be none or some.
count_places() { # WHAT PREFIX COLUMN WANTED(none|some)
	places=$(while read -r name old new; do
		if [ "$3" = old ]; then echo "$2$name+$old"; else echo "$2$new"; fi
	done </places | tr '\n' , | sed 's/,$//')
	insmod /probe.ko places="$places" || { wrong "$1: no probes"; return; }
	work
	while read -r name count; do
		if [ "$4" = none ]; then
			if [ "$count" = 0 ]; then ok "$1: $name is not passed"; else wrong "$1: $name is passed $count times"; fi
		elif [ "$count" -gt 0 ]; then
			ok "$1: $name is passed $count times"
		else
			wrong "$1: $name is never passed"
		fi
	done </sys/module/probe/parameters/counts
	rmmod probe
}

mount -t cgroup2 cgroup /sys/fs/cgroup
echo +cpu >/sys/fs/cgroup/cgroup.subtree_control
mkdir /sys/fs/cgroup/a
echo "30000 90000" >/sys/fs/cgroup/a/cpu.max

count_places 'before' '' old some
holds 'load' plugsched load --verbose /scheduler.ko
holds 'no step of a module for use can be made to fail' [ ! -e /sys/kernel/plugsched/fault ]
same 'state' enabled "$(value state)"
count_places 'loaded' '' old none
count_places 'loaded' scheduler: new some

# by its name a function is vmlinux's, which calls from outside enter first; the module's has a name
# of its own
TRACING=/sys/kernel/tracing
mount -t tracefs tracing $TRACING 2>/dev/null
holds 'a probe by name' sh -c "echo p:by_name wake_up_process >$TRACING/kprobe_events"
holds "a probe in the module" sh -c "echo p:in_module wake_up_process.plugsched >>$TRACING/kprobe_events"
echo 1 >$TRACING/events/kprobes/enable
work
for event in by_name in_module; do
	hits=$(grep -c " $event: " $TRACING/trace)
	holds "$event: $hits hits" [ "$hits" -gt 0 ]
done
holds 'by name it is vmlinux'"'"'s' sh -c "! grep 'by_name: .*\[scheduler\]' $TRACING/trace"
echo 0 >$TRACING/events/kprobes/enable
echo >$TRACING/kprobe_events
refused 'already loaded' plugsched load /scheduler.ko
rmmod scheduler 2>/dev/null && wrong 'rmmod took the module away'
same 'after rmmod' enabled "$(value state)"
echo scheduler 2>/dev/null >/sys/kernel/plugsched/scheduler && wrong 'enabled twice'
same 'after a second order' enabled "$(value state)"
same 'figures are numbers' '' "$(cat /sys/kernel/plugsched/*_ns /sys/kernel/plugsched/tasks* /sys/kernel/plugsched/retries | grep -v '^[0-9]*$')"
holds 'the stop is counted' [ "$(value stop_ns)" -gt 0 ]
holds 'tasks were walked' [ "$(value tasks)" -gt 10 ]

holds 'files are served' sh -c 'cat /proc/schedstat /proc/1/sched /proc/loadavg /proc/pressure/cpu /sys/kernel/debug/sched/debug >/dev/null'

# switchable preemption: switched through the module, for the whole kernel
dynamic=/sys/kernel/debug/sched/preempt
for mode in $([ ! -e $dynamic ] || tr -d '()' <$dynamic); do
	echo "$mode" >$dynamic
	holds "preemption: $(cat $dynamic)" grep -q "($mode)" $dynamic
	holds 'and work goes on' sh -c 'hackbench -g 1 -l 20 >/dev/null'
done
[ ! -e $dynamic ] || echo voluntary >$dynamic
preempted=$(preemption)

# a process is throttled by the module's code, and its time is counted
(echo 0 >/sys/fs/cgroup/a/cgroup.procs; while :; do :; done) &
spinner=$!
exceeds() { [ "$(sed -n "s/^$1 //p" /sys/fs/cgroup/a/cpu.stat)" -gt "$2" ]; } # FIGURE NUMBER
await 'a cgroup is throttled' exceeds nr_throttled 0 && ok 'a cgroup is throttled'

# trace events of a transition
echo 1 >/sys/kernel/tracing/events/plugsched/enable
holds 'unload' plugsched unload
holds 'the module is gone' none_is_loaded
count_places 'unloaded' '' old some
used=$(sed -n 's/^usage_usec //p' /sys/fs/cgroup/a/cpu.stat)
await 'the cgroup goes on' exceeds usage_usec "$used" && ok 'the cgroup goes on'
kill $spinner

holds 'load again' plugsched load /scheduler.ko
echo 1 >/sys/kernel/tracing/events/plugsched/enable
echo vmlinux >/sys/kernel/plugsched/scheduler
for phase in walked stopped checked cleared redirected rebuilt 'to vmlinux: error 0'; do
	holds "trace event: $phase" grep -q "plugsched.*$phase" /sys/kernel/tracing/trace
done
echo 0 >/sys/kernel/tracing/events/plugsched/enable
same 'disabled by hand' disabled "$(value state)"
refused 'plugsched unload' plugsched load /scheduler.ko
echo scheduler >/sys/kernel/plugsched/scheduler
same 'and enabled' enabled "$(value state)"
holds 'unload' plugsched unload
refused 'no replaced scheduler' plugsched unload

# a CPU goes offline and online, before the load, while it is loaded, and after
holds 'load' plugsched load /scheduler.ko
for online in 0 1; do holds "CPU 2 online: $online" sh -c "echo $online >/sys/devices/system/cpu/cpu2/online"; done
echo 0 >/sys/devices/system/cpu/cpu3/online
holds 'unload with a CPU offline' plugsched unload
holds 'CPU 3 comes back' sh -c 'echo 1 >/sys/devices/system/cpu/cpu3/online'
holds 'and runs' taskset 8 true
# shellcheck source=test/kernels/live/tunables.sh
. /tunables.sh
finish
