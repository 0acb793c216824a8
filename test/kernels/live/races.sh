# SPDX-License-Identifier: GPL-2.0-only
# In the guest: everything that can interfere. Between every two steps of a transition a CPU goes
# offline, another order arrives, or the loader is killed; the module is removed while it is ordered
# to enable; load and unload compete; a task never leaves the scheduler. After each of these one
# scheduler is active as a whole, and the next order succeeds.
#
#   races.sh [STEP]   the loader is killed, or meets an unload, after each STEP sixteenths of the time
#                     that it needs (default: 1)
#
# shellcheck shell=dash
# shellcheck source=test/kernels/live/lib.sh
. /lib.sh
CPU=/sys/devices/system/cpu/cpu3/online
step=${1:-1}

needs_tests_core
storm 100000 600 >/tmp/storm 2>&1 &
storm=$!
sleep 1
holds 'the module loads' insmod /stripped.ko
borders=$(grep -o 'pause-[a-z]*' /sys/kernel/plugsched/fault)
names() { case $1 in 1) echo enabled ;; 0) echo disabled ;; esac; }

# DIRECTION BORDER: starts an order that pauses there until it is released; $order is its process
order() {
	echo "$2" >/sys/kernel/plugsched/fault
	(exec sh -c "echo $(name_of "$1") 2>/dev/null >/sys/kernel/plugsched/scheduler") &
	order=$!
	await "the order $1 pauses at $2" grep -q "($2)" /sys/kernel/plugsched/fault && ok "$2 was reached"
}
go() { echo go >/sys/kernel/plugsched/fault; }
is_paused() { grep -q "($1)" /sys/kernel/plugsched/fault; }
# PROCESS FUNCTION: true if the process waits directly in it; /proc/PID/stack does not show
# functions that take locks and sleep
waits_in() { head -n 1 "/proc/$1/stack" | grep -qE "$2"; }
# a task that takes a CPU offline, or a kernel worker on its behalf, waits for the hotplug lock
cpu_waits() { head -n 1 /proc/[0-9]*/stack 2>/dev/null | grep -qE '_cpu_down|cpus_write_lock'; }

# BORDER: the CPU goes offline while the order pauses there; if hotplug is blocked, as
# soon as the order is over
take_cpu() {
	if [ "$1" = pause-held ]; then
		(echo 0 >$CPU) &
		taker=$!
		await "$1: the CPU is held" cpu_waits
		holds "$1: the order still pauses" is_paused "$1"
		go
		wait $taker || wrong "$1: the CPU does not go"
	else
		echo 0 >$CPU || wrong "$1: the CPU does not go"
		holds "$1: the order still pauses" is_paused "$1"
		go
	fi
}

for border in $borders; do
	for direction in 1 0; do
		order $direction "$border"
		take_cpu "$border"
		holds "$border, $direction: the CPU went" grep -q 0 $CPU
		wait $order || wrong "$border: enable $direction failed: $(value error)"
		same "$border" "$(names $direction)" "$(value state)"
		echo 1 >$CPU || wrong "$border: the CPU does not come"
	done
done

for border in $borders; do
	for direction in 1 0; do
		order $direction "$border"
		name_of $direction 2>/dev/null >/sys/kernel/plugsched/scheduler && wrong "$border: two orders at once"
		name_of $((1 - direction)) 2>/dev/null >/sys/kernel/plugsched/scheduler && wrong "$border: two orders at once"
		kill -9 $order
		holds "$border, $direction: the order still pauses" is_paused "$border"
		go
		wait $order 2>/dev/null
		[ "$(value state)" != changing ] || wrong "$border: killed, and still changing"
		echo "killed at $border, $direction: $(value state)"
		[ "$(value state)" = "$(names $direction)" ] || name_of $direction >/sys/kernel/plugsched/scheduler || wrong "after $border"
	done
done

# vmlinux's pages are writable during an attempt only
is_writable() { grep -q '\[plugsched\].* vmap' /proc/vmallocinfo; }
for direction in 1 0; do
	order $direction pause-mapped
	holds 'an attempt has mapped the pages' is_writable
	go
	wait $order || wrong "enable $direction: $(value error)"
	order $((1 - direction)) pause-left
	if is_writable; then wrong 'after it they are still mapped'; else ok 'after it they are not mapped'; fi
	go
	wait $order || wrong "enable $((1 - direction)): $(value error)"
	name_of $direction >/sys/kernel/plugsched/scheduler || wrong "enable $direction: $(value error)"
done

# Whoever adds a kprobe copies the code, and arms the probe later; an order does not come in between.
# insmod wants the mutex, too, so it ends when the mutex is let go.
insmod /hold.ko mutex="0x$(sed -n 's/ [a-zA-Z] kprobe_mutex$//p' /proc/kallsyms)" &
holder=$!
await 'the mutex of the kprobes is held' grep -q '^hold .* Live ' /proc/modules
(exec sh -c 'echo scheduler 2>/dev/null >/sys/kernel/plugsched/scheduler') &
order=$!
sleeps() { [ "$(cut -d ' ' -f 3 "/proc/$order/stat")" = D ]; }
sleeps_or_is_done() { sleeps || state_is enabled; }
await 'the order waits or is done' sleeps_or_is_done
sleep 1
holds 'an order waits for who adds a kprobe' sleeps
same 'meanwhile' changing "$(value state)"
echo 1 >/sys/module/hold/parameters/release
wait $holder || wrong 'the mutex is not let go'
wait $order || wrong "enable: $(value error)"
rmmod hold
echo vmlinux >/sys/kernel/plugsched/scheduler || wrong "disable: $(value error)"

# removed while it is ordered to enable: before and after it takes a reference to itself
order 1 pause-ordered
rmmod scheduler &
remover=$!
await 'the module is on its way out' grep -q '^scheduler .* Unloading ' /proc/modules
go
holds 'the module goes while an order begins' wait $remover
wait $order && wrong 'an order to a module that is gone succeeded'
holds 'nothing is left' none_is_loaded
holds 'the module loads again' insmod /stripped.ko
order 1 pause-watched
rmmod scheduler 2>/dev/null && wrong 'the module went while it took over'
go
wait $order || wrong "enable: $(value error)"
echo vmlinux >/sys/kernel/plugsched/scheduler || wrong "disable: $(value error)"
holds 'and goes' rmmod scheduler

# removes what is loaded, until nothing is
settle() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		! none_is_loaded || grep -q ^scheduler /proc/modules || return 0
		plugsched unload >/dev/null 2>&1 || sleep 0.3
	done
	wrong "$1: $(plugsched status) does not go: $(plugsched unload 2>&1)"
}

# the loader is killed after every part of the time that it needs
hundredths() { tr -d . </proc/uptime | cut -d ' ' -f 1; }
since=$(hundredths)
holds 'load' plugsched load /stripped.ko
whole=$(($(hundredths) - since))
settle 'a load'
# SIXTEENTHS: the result is in seconds
part() { printf '%d.%02d' $((whole * $1 / 1600)) $((whole * $1 / 16 % 100)); }
ends=
for sixteenths in $(seq 0 "$step" 16) 20 40 80 160 320 640; do
	plugsched load /stripped.ko >/dev/null 2>&1 &
	loader=$!
	sleep "$(part "$sixteenths")"
	kill -9 $loader 2>/dev/null
	wait $loader 2>/dev/null
	ends="$ends $(plugsched status --json | sed -n 's/.*"state": *"\([a-z]*\)".*/\1/p')"
	settle "killed after $(part "$sixteenths") s"
	# continue only if that was too short
	[ "$sixteenths" -lt 20 ] || ! echo "$ends" | grep -q enabled || break
done
echo "killed after a part of $(part 16) s:$(echo "$ends" | tr ' ' '\n' | sort | uniq -c | tr '\n' ' ')"
holds 'the last was killed after its order' sh -c "echo '$ends' | grep -q enabled"

# several loaders, and load against unload
# COMMAND...: runs it three times at once; prints how many succeeded. What the others print goes to
# /tmp/said.NUMBER
three() (
	for number in 1 2 3; do ("$@" >/dev/null 2>/tmp/said.$number && echo $number) & done >/tmp/winners
	wait
	wc -l </tmp/winners
)
# without a place for its lock, as here, a load can find a module that
# another one has not enabled yet
losers() { grep -hc 'already loaded\|a disabled scheduler module is there' /tmp/said.1 /tmp/said.2 /tmp/said.3 | grep -c '^1$'; }
for _ in $(seq 1 "$step" 4); do
	same 'of three loaders succeeded' 1 "$(three plugsched load /stripped.ko)"
	same 'state' enabled "$(value state)"
	same 'loaders that are told what is there' 2 "$(losers)"
	holds 'of three unloaders at least one succeeded' [ "$(three plugsched unload)" -ge 1 ]
	settle 'unloaders'
done
for sixteenths in $(seq 0 "$step" 16); do
	plugsched load /stripped.ko >/dev/null 2>&1 &
	sleep "$(part "$sixteenths")"
	plugsched unload >/dev/null 2>&1
	wait $!
	settle "load against unload after $(part "$sixteenths") s"
done
ok 'load against unload'

# load against a manual order and a manually loaded module: a task is in the way of the order until
# that is cancelled
holds 'the module loads by hand' insmod /stripped.ko
refused 'a disabled scheduler module is there' plugsched load /stripped.ko
echo 1000000 >/sys/module/plugsched/parameters/retries
echo always-busy >/sys/kernel/plugsched/fault
(exec sh -c 'echo scheduler 2>/dev/null >/sys/kernel/plugsched/scheduler') &
order=$!
until [ "$(value state)" = changing ]; do usleep 20000; done
refused 'order to /sys/kernel/plugsched/scheduler is being carried out' plugsched load --wait=0 /stripped.ko
refused 'order to /sys/kernel/plugsched/scheduler is being carried out' plugsched unload --wait=0
plugsched unload >/dev/null 2>/tmp/said &
unloader=$!
until grep -q "waiting: somebody's order" /tmp/said; do usleep 20000; done
same 'meanwhile' changing "$(value state)"
kill -TERM $order
holds 'unload waits for the end of the order' wait $unloader
echo 200 >/sys/module/plugsched/parameters/retries
holds 'nothing is left' none_is_loaded

# a task that never leaves a function of the scheduler is named, in both directions; then it leaves
mount -t cgroup2 cgroup /sys/fs/cgroup 2>/dev/null
echo +cpu >/sys/fs/cgroup/cgroup.subtree_control
mkdir -p /sys/fs/cgroup/held
mutex=0x$(sed -n 's/ [a-zA-Z] cfs_constraints_mutex$//p' /proc/kallsyms)
# COMMAND...: refused as long as the mutex is held
stuck() {
	holds 'the mutex is held' insmod /hold.ko mutex="$mutex"
	sh -c 'echo "50000 100000" >/sys/fs/cgroup/held/cpu.max' &
	writer=$!
	await 'the writer waits in the scheduler' waits_in $writer 'tg_set_cfs_bandwidth|cpu_max_write'
	named=
	for _ in 1 2 3 4 5; do # other tasks may be in the way too, and be found first
		refused 'stood in the way at each of' "$@"
		if grep -q "sh:$writer in " /tmp/said; then
			named=1
			break
		fi
	done
	holds 'the task that never leaves is named' [ "$named" ]
	rmmod hold
	wait $writer || wrong 'the writer failed'
	"$@" >/dev/null || wrong "$*"
}
stuck plugsched load /stripped.ko
stuck plugsched unload

# A task that was not noted is found on its runqueue, and is in the way there too: one that was
# blocked as above and may now run, but does not get its CPU, because a realtime task occupies it.
settle 'before the unlooked'
insmod /stripped.ko || wrong 'the module does not load'
echo 0 >/sys/module/plugsched/parameters/retries
limit=$(cat /proc/sys/kernel/sched_rt_runtime_us)
echo -1 >/proc/sys/kernel/sched_rt_runtime_us
holds 'the mutex is held' insmod /hold.ko mutex="$mutex"
taskset 8 sh -c 'echo "40000 100000" >/sys/fs/cgroup/held/cpu.max' &
writer=$!
while [ "$(cut -d ' ' -f 3 /proc/$writer/stat)" != D ]; do sleep 0.1; done
(exec taskset 8 chrt -f 10 sh -c 'while :; do :; done') &
hog=$!
until grep -q '^policy.* 1$' /proc/$hog/sched 2>/dev/null; do sleep 0.1; done
rmmod hold
same 'the writer may run' R "$(cut -d ' ' -f 3 /proc/$writer/stat)"
named=
for _ in 1 2 3 4 5 6 7 8 9 10; do # other tasks may be in the way too
	echo unlooked >/sys/kernel/plugsched/fault
	if echo scheduler 2>/dev/null >/sys/kernel/plugsched/scheduler; then
		wrong 'a task that stands in the scheduler was moved'
		break
	fi
	case $(value in_the_way) in "sh:$writer in "*) named=1; break ;; esac
	echo "in the way: $(value in_the_way)"
done
holds "who is found on a runqueue alone is named: $(value in_the_way)" [ "$named" ]
kill -9 $hog
wait $writer || wrong 'the writer failed'
echo "$limit" >/proc/sys/kernel/sched_rt_runtime_us
rmmod scheduler || wrong 'the module does not go'

if kill $storm && wait $storm; then ok 'no worker is lost'; else wrong 'storm'; cat /tmp/storm; fi
finish
