# SPDX-License-Identifier: GPL-2.0-only
# Everything that exercises a scheduler, at once. Sourced by the guest's scripts; needs lib.sh.
# shellcheck shell=dash

# [STRESS-NG OPTION...]: starts everything. Sets $storm, the process that counts; stays in the
# cgroups' folder.
begin_everything() {
	mount -t cgroup2 cgroup /sys/fs/cgroup
	cd /sys/fs/cgroup || exit 1
	echo +cpu >cgroup.subtree_control
	mkdir throttled throttled/within weighted
	echo +cpu >throttled/cgroup.subtree_control
	echo "5000 50000" >throttled/cpu.max
	echo 300 >weighted/cpu.weight
	echo 1 >/proc/sys/kernel/sched_autogroup_enabled 2>/dev/null

	storm 1000000 600 throttled/within/cgroup.procs throttled/within/cgroup.procs weighted/cgroup.procs >/tmp/storm 2>&1 &
	storm=$!
	(while :; do setsid hackbench -g 1 -l 100 >/dev/null 2>&1 || echo "WRONG: hackbench failed"; done) &
	hackbench=$!
	stress-ng --quiet --switch 1 --yield 1 --fork 1 --affinity 1 --schedpolicy 1 --timeout 0 >/tmp/stress 2>&1 &
	stress=$!
	(exec cyclictest -q -p 70 -i 10000 -t 1 >/tmp/cyclictest 2>&1) &
	cyclictest=$!
	(while :; do for online in 0 1; do echo $online >/sys/devices/system/cpu/cpu3/online; sleep 0.7; done; done) &
	hotplug=$!
	# when a module is loaded, the kernel decodes all its returns with these functions; tracing
	# them occupies an emulated CPU for many seconds
	echo 'insn_get_* inat_*' >/sys/kernel/tracing/set_ftrace_notrace
	# an order should take a second or two, not a minute; but it is the order of an ordinary process,
	# and others get their turn
	renice -20 -p $$
}

trace_with() { echo "$1" >/sys/kernel/tracing/current_tracer; } # TRACER

# Ends everything, and checks that nothing was lost.
end_everything() {
	renice 0 -p $$
	trace_with nop
	kill "$hotplug" "$hackbench"
	kill -INT "$cyclictest" "$stress"
	echo 1 >/sys/devices/system/cpu/cpu3/online
	if kill "$storm" && wait "$storm"; then ok "no worker is lost"; else wrong "storm: $?"; fi
	cat /tmp/storm
	echo "cyclictest: $(tail -n 1 /tmp/cyclictest)"
	holds 'cyclictest went on to the end' grep -q 'Max:' /tmp/cyclictest
	holds "stress-ng has nothing to say $(cat /tmp/stress)" [ ! -s /tmp/stress ]
	holds 'the throttled cgroup was throttled' [ "$(sed -n 's/^nr_throttled //p' throttled/cpu.stat)" -gt 0 ]
	await 'all have ended' have_ended hackbench storm stress-ng || list_left hackbench storm stress-ng
}
# NAME...: kills them again each time, because killall misses a process that one of them starts while
# it looks for them. What a scheduler has lost does not end all the same.
have_ended() { killall -9 "$@" 2>/dev/null; ! pidof "$@" >/dev/null; }
list_left() { # NAME...
	for process in $(pidof "$@"); do
		grep -E '^(Name|State|PPid|SigPnd|ShdPnd):' "/proc/$process/status"
		cat "/proc/$process/stack"
	done
}

# Counters that must balance once nothing runs: a task counted wrongly in the change between
# schedulers would stay visible.
balance_books() {
	await 'no task of any CPU is uninterruptible' is_sum nr_uninterruptible 0
	same 'uninterruptible tasks of all CPUs' 0 "$(sum_of nr_uninterruptible)"
	await 'hardly any task of any CPU is runnable' are_less nr_running 20 && ok "runnable tasks of all CPUs: $(sum_of nr_running)"
	holds "load average $(cat /proc/loadavg)" sh -c 'cut -d " " -f 1 /proc/loadavg | grep -qE "^[0-9]{1,2}\.[0-9]{2}$"'
}
is_sum() { [ "$(sum_of "$1")" = "$2" ]; } # WHAT NUMBER
are_less() { [ "$(sum_of "$1")" -lt "$2" ]; } # WHAT NUMBER
sum_of() { sed -n "s/^ *\\.$1 *: //p" /sys/kernel/debug/sched/debug | awk '{ all += $1 } END { print all + 0 }'; }

# Records the figures of one order for the summary.
note_order() { # FILE: what plugsched printed
	stop=$(sed -n 's/.* stood still for \([0-9]*\) us in .*/\1/p' "$1")
	stops=$(sed -n 's/.* us in \([0-9]*\) attempt.*/\1/p' "$1")
	tries=$(sed -n 's/.* \([0-9]*\) retries.*/\1/p' "$1")
	retries=$((${retries:-0} + ${tries:-0}))
	[ "${tries:-0}" -le "${most:-0}" ] || most=$tries
	echo "${stop:-0}" >>/tmp/standstills
	echo "${stops:-0}" >>/tmp/attempts
}
median() { sort -n "$1" | awk '{ row[NR] = $0 } END { print row[int((NR + 1) / 2)] }'; }
longest() { sort -n "$1" | tail -n 1; }
# The machine stands still in each attempt, also in vain ones: it is stopped only when no task seems
# to be in the way.
told() {
	echo "attempts: median $(median /tmp/attempts), at most $(longest /tmp/attempts); standstill of all attempts of an order: median $(median /tmp/standstills) us, worst $(longest /tmp/standstills) us"
}

# If a task is in the way for long, the order is refused and changes nothing; the
# next order then succeeds.
refusals=0
try_thrice() { # COMMAND...: /tmp/order says what came of it
	for _ in 1 2 3; do
		if "$@" >/tmp/order 2>&1; then
			note_order /tmp/order
			return 0
		fi
		refusals=$((refusals + 1))
		echo "refused: $(tail -n 1 /tmp/order)"
	done
	return 1
}
order() { try_thrice plugsched "$@"; } # COMMAND...

# The same without the command, for a module that is inserted.
write_order() { # 1 or 0; says it as the command does
	if name_of "$1" 2>/dev/null >/sys/kernel/plugsched/scheduler; then
		echo "done: the machine stood still for $(($(value standstill_ns) / 1000)) us in $(value attempts) attempt, $(value retries) retries"
	else
		value error
		return 1
	fi
}
direct_order() { try_thrice write_order "$1"; } # 1 or 0
