# SPDX-License-Identifier: GPL-2.0-only
# In the guest: stacks that the unwinder cannot walk because of kretprobes, BPF's fexit or
# function_graph on functions that sleep. Orders succeed as without them, the kernel does not
# complain, and a task that really is inside the scheduler is found, even if only a shadow stack has
# its return address.
# shellcheck shell=dash
# shellcheck source=test/kernels/live/lib.sh
. /lib.sh
TRACING=/sys/kernel/tracing
BPF=/sys/fs/bpf

mount -t bpf bpf $BPF || wrong 'no file system of BPF'
mount -t cgroup2 cgroup /sys/fs/cgroup
echo +cpu >/sys/fs/cgroup/cgroup.subtree_control
mkdir /sys/fs/cgroup/held
echo 1 >/proc/sys/kernel/panic_on_warn

# tasks that sleep forever, in a read and in a sleep, and tasks that do so all the time
begin_work() {
	mkfifo /tmp/pipe
	sleep 100000 >/tmp/pipe &
	workers=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		cat /tmp/pipe >/dev/null &
		workers="$workers $!"
		sleep 100000 &
		workers="$workers $!"
	done
	hackbench -g 1 -l 1000000 >/dev/null 2>&1 &
	workers="$workers $!"
}

probe() { # FUNCTION...: a kretprobe on each, for as many simultaneous calls as there may be
	for function; do
		echo "r500:on_$function $function" >>$TRACING/kprobe_events || wrong "no kretprobe on $function"
		echo 1 >$TRACING/events/kprobes/on_"$function"/enable
	done
}
unprobe() {
	echo 0 >$TRACING/events/kprobes/enable
	echo >$TRACING/kprobe_events
}
begin_fexit() {
	bpftool prog loadall /fexit.bpf.o $BPF/fexit >/tmp/attached 2>&1 || wrong "fexit: $(cat /tmp/attached)"
	attach $BPF/fexit/* >/tmp/attached 2>&1 &
	attached=$!
	while [ ! -s /tmp/attached ]; do sleep 0.1; done
	grep -q '^attached' /tmp/attached || wrong "fexit: $(cat /tmp/attached)"
}
end_fexit() {
	kill $attached
	wait $attached 2>/dev/null
	rm -r $BPF/fexit
}
trace_graph() { # FUNCTIONS: not all of them, because that makes an emulated CPU too slow
	echo "$1" >$TRACING/set_ftrace_filter
	echo function_graph >$TRACING/current_tracer
}
untrace() {
	echo nop >$TRACING/current_tracer
	echo >$TRACING/set_ftrace_filter
}

# WHAT COMMAND...: the command succeeds in few attempts
in_few() {
	what=$1
	shift
	if "$@" >/tmp/said 2>&1; then
		tries=$(sed -n 's/.* \([0-9]*\) retries.*/\1/p' /tmp/said)
		holds "$what: $2, $tries retries$(sed -n 's/.*retries\( (.*\)/\1/p' /tmp/said)" [ "$tries" -le 20 ]
	else
		wrong "$what: $2: $(cat /tmp/said)"
	fi
}
both_ways() { # WHAT
	in_few "$1" plugsched load /stripped.ko
	in_few "$1" plugsched unload
}

begin_work
chrt -f -p 60 $$ # an order should take a second or two, not a minute
sleep 1
both_ways 'nothing'
probe schedule
sleep 1
both_ways 'a kretprobe on schedule'
probe vfs_read schedule_timeout hrtimer_nanosleep do_wait pipe_read
sleep 1
both_ways 'six kretprobes'
begin_fexit
sleep 1
both_ways 'kretprobes and fexit'
unprobe
both_ways 'fexit'
trace_graph 'schedule* vfs_* pipe_* hrtimer_nanosleep do_nanosleep do_wait try_to_wake_up'
both_ways 'fexit and function_graph'
end_fexit
both_ways 'function_graph'
untrace

# A task that sleeps in a function of the scheduler: it writes cpu.max and waits for a mutex.
needs_core
# the return addresses of the writer in both of the scheduler's functions are on the shadow stack only
insmod /stripped.ko || wrong 'the module does not load'
probe mutex_lock tg_set_cfs_bandwidth
echo 5 >/sys/module/plugsched/parameters/retries
mutex=0x$(sed -n 's/ [a-zA-Z] cfs_constraints_mutex$//p' /proc/kallsyms)
# WHAT PATTERN: the task is named, as PATTERN says, in either direction
found() {
	for direction in 1 0; do
		insmod /hold.ko mutex="$mutex" || wrong 'the mutex is not held'
		sh -c 'echo "50000 100000" >/sys/fs/cgroup/held/cpu.max' &
		writer=$!
		# it waits for the mutex, or has ended
		until grep -q 'State:.[DZ]' /proc/$writer/status; do sleep 0.1; done
		named=
		for _ in 1 2 3 4 5; do # other tasks may be in the way too, and be found first
			name_of $direction 2>/dev/null >/sys/kernel/plugsched/scheduler && wrong "$1: enable $direction over a task that stands in the scheduler"
			! grep -q "sh:$writer$2" /sys/kernel/plugsched/error || { named=1; break; }
		done
		holds "$1, $direction: $(value error)" [ "$named" ]
		rmmod hold
		wait $writer || wrong 'the writer failed'
		echo 50 >/sys/module/plugsched/parameters/retries
		name_of $direction >/sys/kernel/plugsched/scheduler || wrong "$1: enable $direction: $(value error)"
		echo 5 >/sys/module/plugsched/parameters/retries
	done
}

found 'kretprobes, walked' ' in '
begin_fexit
found 'kretprobes and fexit' ', .*reliably past .*bpf_trampoline.*, maybe in '
unprobe
found 'fexit' ', .*reliably past .*bpf_trampoline.*, maybe in '
trace_graph 'mutex_lock tg_set_cfs_bandwidth'
found 'function_graph and fexit' ', .*reliably past .*bpf_trampoline.*, maybe in '
end_fexit
found 'function_graph, walked' ' in '
untrace
found 'nothing' ' in '
holds 'the module goes' rmmod scheduler

# shellcheck disable=SC2086
kill $workers
finish
