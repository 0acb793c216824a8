# SPDX-License-Identifier: GPL-2.0-only
# In the guest: everything that can come in between. At every border between two steps of a transition a CPU goes, another order comes,
# or the loader is killed; the module is removed while it is ordered to enable; load and unload meet; a task never leaves the scheduler.
# After each of it either scheduler is at work as a whole, and the next order succeeds.
# shellcheck shell=dash
# shellcheck source=test/kernels/live/lib.sh
. /lib.sh
CPU=/sys/devices/system/cpu/cpu3/online

plugsched check --resolved /tmp/resolved.ko /tests.ko >/dev/null || wrong 'check'
storm 100000 600 >/tmp/storm 2>&1 &
storm=$!
sleep 1
holds 'the module loads' insmod /tmp/resolved.ko
borders=$(grep -o 'pause-[a-z]*' /sys/kernel/plugsched/fault)
names() { case $1 in 1) echo enabled ;; 0) echo disabled ;; esac; }

# DIRECTION BORDER: an order that pauses there, until it is let go; $order is who gave it
order() {
	echo "$2" >/sys/kernel/plugsched/fault
	(exec sh -c "echo $1 2>/dev/null >/sys/kernel/plugsched/enable") &
	order=$!
	await "the order $1 pauses at $2" grep -q "($2)" /sys/kernel/plugsched/fault && ok "$2 was reached"
}
go() { echo go >/sys/kernel/plugsched/fault; }
is_paused() { grep -q "($1)" /sys/kernel/plugsched/fault; }
# PROCESS FUNCTION: it waits right in there; what takes locks and sleeps is not in the file
waits_in() { head -n 1 "/proc/$1/stack" | grep -qE "$2"; }
# who takes a CPU away, or a worker of the kernel's on his behalf, stands at the lock of hotplug
cpu_waits() { head -n 1 /proc/[0-9]*/stack 2>/dev/null | grep -qE '_cpu_down|cpus_write_lock'; }

# BORDER: the CPU goes while the order pauses there; where hotplug is held off, as soon as the order is over
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
		echo $direction 2>/dev/null >/sys/kernel/plugsched/enable && wrong "$border: two orders at once"
		echo $((1 - direction)) 2>/dev/null >/sys/kernel/plugsched/enable && wrong "$border: two orders at once"
		kill -9 $order
		holds "$border, $direction: the order still pauses" is_paused "$border"
		go
		wait $order 2>/dev/null
		[ "$(value state)" != changing ] || wrong "$border: killed, and still changing"
		echo "killed at $border, $direction: $(value state)"
		[ "$(value state)" = "$(names $direction)" ] || echo $direction >/sys/kernel/plugsched/enable || wrong "after $border"
	done
done

# removed while it is ordered to enable: before it holds itself in the kernel, and after
order 1 pause-ordered
rmmod scheduler &
remover=$!
await 'the module is on its way out' grep -q '^scheduler .* Unloading ' /proc/modules
go
holds 'the module goes while an order begins' wait $remover
wait $order && wrong 'an order to a module that is gone succeeded'
holds 'nothing is left' [ ! -e /sys/kernel/plugsched ]
holds 'the module loads again' insmod /tmp/resolved.ko
order 1 pause-watched
rmmod scheduler 2>/dev/null && wrong 'the module went while it took over'
go
wait $order || wrong "enable: $(value error)"
echo 0 >/sys/kernel/plugsched/enable || wrong "disable: $(value error)"
holds 'and goes' rmmod scheduler

# whatever is there, until nothing is
settle() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ -e /sys/kernel/plugsched ] || grep -q ^scheduler /proc/modules || return 0
		plugsched unload >/dev/null 2>&1 || sleep 0.3
	done
	wrong "$1: $(plugsched status) does not go: $(plugsched unload 2>&1)"
}

# the loader killed after any part of the time that it takes
hundredths() { tr -d . </proc/uptime | cut -d ' ' -f 1; }
since=$(hundredths)
holds 'load' plugsched load /stripped.ko
whole=$(($(hundredths) - since))
settle 'a load'
part() { printf '%d.%02d' $((whole * $1 / 1600)) $((whole * $1 / 16 % 100)); } # SIXTEENTHS: in seconds
ends=
for sixteenths in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 18 20 40 80 160 320 640; do
	plugsched load /stripped.ko >/dev/null 2>&1 &
	loader=$!
	sleep "$(part $sixteenths)"
	kill -9 $loader 2>/dev/null
	wait $loader 2>/dev/null
	ends="$ends $(plugsched status --json | sed -n 's/.*"state": *"\([a-z]*\)".*/\1/p')"
	settle "killed after $(part $sixteenths) s"
	[ $sixteenths -lt 20 ] || ! echo "$ends" | grep -q enabled || break # longer only if that is not long enough today
done
echo "killed after a part of $(part 16) s:$(echo "$ends" | tr ' ' '\n' | sort | uniq -c | tr '\n' ' ')"
holds 'the last was killed after its order' sh -c "echo '$ends' | grep -q enabled"

# several loaders, and load against unload
three() ( # COMMAND...: by three at once; how many succeeded. What the others say goes to /tmp/said.NUMBER
	for number in 1 2 3; do ("$@" >/dev/null 2>/tmp/said.$number && echo $number) & done >/tmp/winners
	wait
	wc -l </tmp/winners
)
# without a place for its lock, as here, a load can meet a module that another one has yet to enable
losers() { grep -hc 'already loaded\|a disabled scheduler module is there' /tmp/said.1 /tmp/said.2 /tmp/said.3 | grep -c '^1$'; }
for _ in 1 2 3; do
	same 'of three loaders succeeded' 1 "$(three plugsched load /stripped.ko)"
	same 'state' enabled "$(value state)"
	same 'loaders that are told what is there' 2 "$(losers)"
	holds 'of three unloaders at least one succeeded' [ "$(three plugsched unload)" -ge 1 ]
	settle 'unloaders'
done
for sixteenths in 0 4 6 8 10 12 14 16; do
	plugsched load /stripped.ko >/dev/null 2>&1 &
	sleep "$(part $sixteenths)"
	plugsched unload >/dev/null 2>&1
	wait $!
	settle "load against unload after $(part $sixteenths) s"
done
ok 'load against unload'

# against an order and a module by hand: one that a task stands in the way of until it is called off
holds 'the module loads by hand' insmod /tmp/resolved.ko
refused 'a disabled scheduler module is there' plugsched load /stripped.ko
echo 1000000 >/sys/module/scheduler/parameters/retries
echo always-busy >/sys/kernel/plugsched/fault
(exec sh -c 'echo 1 2>/dev/null >/sys/kernel/plugsched/enable') &
order=$!
until [ "$(value state)" = changing ]; do usleep 20000; done
refused 'order to /sys/kernel/plugsched/enable is being carried out' plugsched load --wait=0 /stripped.ko
refused 'order to /sys/kernel/plugsched/enable is being carried out' plugsched unload --wait=0
plugsched unload >/dev/null 2>/tmp/said &
unloader=$!
until grep -q "waiting: somebody's order" /tmp/said; do usleep 20000; done
same 'meanwhile' changing "$(value state)"
kill -TERM $order
holds 'unload waits for the end of the order' wait $unloader
holds 'nothing is left' [ ! -e /sys/kernel/plugsched ]

# a task that never leaves a function of the scheduler is named, on the way in and out; then it leaves
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
	for _ in 1 2 3 4 5; do # others may be in the way, too, and be found first
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

# A task that nobody has noted is found on its runqueue, and stands in the way there too: one that was held as above, may run on, and does
# not come to it, as a realtime task has its CPU.
settle 'before the unlooked'
plugsched check --resolved /tmp/resolved.ko /tests.ko >/dev/null || wrong 'check'
insmod /tmp/resolved.ko || wrong 'the module does not load'
echo 0 >/sys/module/scheduler/parameters/retries
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
for _ in 1 2 3 4 5 6 7 8 9 10; do # others may be in the way, too
	echo unlooked >/sys/kernel/plugsched/fault
	if echo 1 2>/dev/null >/sys/kernel/plugsched/enable; then
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
