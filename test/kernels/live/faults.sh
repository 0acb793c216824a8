# SPDX-License-Identifier: GPL-2.0-only
# In the guest: every step that can fail is made to fail, from vmlinux's scheduler to a module's, from
# that to another module's, and back. The scheduler at work continues, and the next order succeeds.
# shellcheck shell=dash
# shellcheck source=test/kernels/live/lib.sh
. /lib.sh

AT_LOAD='sites classes mismatch'
# another attempt within the same transition succeeds
AGAIN='busy unknown crowded overflow late-overflow unlooked'
# a CPU that leaves a meeting late, and what another CPU finds meanwhile
TOGETHER='slow clear-overflow'

insmod /tests-core.ko fault=sysfs 2>/dev/null && wrong 'sysfs: the core came'
holds 'sysfs: nothing is left' sh -c '[ ! -e /sys/kernel/plugsched ] && ! grep -q ^plugsched /proc/modules'
needs_tests_core
storm 100000 600 >/tmp/storm 2>&1 &
storm=$!
sleep 1

for fault in $AT_LOAD; do
	echo "$fault" >/sys/kernel/plugsched/fault
	# not by insmod, which tries again
	plugsched load /stripped.ko 2>/tmp/said && wrong "$fault: loaded"
	holds "$fault: nothing is left" none_is_loaded
	holds "$fault: no module is left" sh -c '! grep -q ^scheduler /proc/modules'
	holds "$fault: $(cat /tmp/said)" grep -qF "$(value error)" /tmp/said
	holds "$fault: it was reached" sh -c '! grep -q "\[" /sys/kernel/plugsched/fault'
done
holds 'the module loads' insmod /stripped.ko
holds 'it says that it is for tests' sh -c 'plugsched status | grep -q "built for tests"'
known=$(tr -d '[]' </sys/kernel/plugsched/fault)
echo no-such-fault 2>/dev/null >/sys/kernel/plugsched/fault && wrong 'an unknown fault is taken'
echo 5 >/sys/module/plugsched/parameters/retries

# As long as vmlinux's scheduler is at work, none of the module's functions runs: not when the
# runqueues are cleared, and not when they are filled again.
echo 0 >/proc/sys/debug/kprobes-optimization
insmod /probe.ko places="$(cat /early)" || wrong 'no probe'
echo 0 >/sys/module/plugsched/parameters/retries
echo unknown >/sys/kernel/plugsched/fault
while grep -q '\[' /sys/kernel/plugsched/fault; do # another task may be in the way before
	echo scheduler 2>/dev/null >/sys/kernel/plugsched/scheduler && wrong 'an order with a fault succeeded'
done
same "how often the module's update_rq_clock ran" 0 "$(cut -d ' ' -f 2 /sys/module/probe/parameters/counts)"
rmmod probe
echo 1 >/proc/sys/debug/kprobes-optimization
echo 5 >/sys/module/plugsched/parameters/retries

# NAME BEFORE: every fault in an order to the scheduler NAME while BEFORE is at work
all_faults() {
	for fault in $known; do
		case " sysfs $AT_LOAD $AGAIN $TOGETHER " in *" $fault "*) continue ;; esac
		# they make nothing fail; races.sh and missing-cpu.sh use them
		case $fault in pause-* | stuck) continue ;; esac
		echo "$fault" >/sys/kernel/plugsched/fault
		echo "$1" 2>/dev/null >/sys/kernel/plugsched/scheduler && wrong "$fault: the order to $1 succeeded"
		same "$fault" "$2" "$(value scheduler)"
		holds "$fault: $(value error)" [ -n "$(value error)" ]
		holds "$fault: it was reached" sh -c '! grep -q "\[" /sys/kernel/plugsched/fault'
	done
	echo 100 >/sys/module/plugsched/parameters/retries
	# each at the first attempt that reaches it
	for fault in $AGAIN; do echo "$fault" >/sys/kernel/plugsched/fault; done
	echo "$1" >/sys/kernel/plugsched/scheduler || wrong "to $1: $(value error)"
	same 'at work' "$1" "$(value scheduler)"
	holds "$(value retries) retries" [ "$(value retries)" -ge 1 ]
	holds "$(value attempts) attempts" [ "$(value attempts)" -ge 3 ]
	holds "all attempts are counted: $(value standstill_ns) ns" [ "$(value standstill_ns)" -gt "$(value stop_ns)" ]
	holds 'all were reached' sh -c '! grep -q "\[" /sys/kernel/plugsched/fault'
	echo 5 >/sys/module/plugsched/parameters/retries
}

all_faults scheduler vmlinux
same 'state' enabled "$(value state)"
holds 'another module loads' insmod /second.ko
all_faults second scheduler
holds 'the first goes' rmmod scheduler
holds 'and comes again' insmod /stripped.ko
all_faults vmlinux second
same 'state' disabled "$(value state)"
holds 'the other module goes' rmmod second

# a CPU that finds a fault behind a meeting may not leave while another CPU has not left the meeting
echo 100 >/sys/module/plugsched/parameters/retries
for direction in 1 0; do
	for fault in $TOGETHER; do echo "$fault" >/sys/kernel/plugsched/fault; done
	name_of $direction >/sys/kernel/plugsched/scheduler || wrong "enable $direction: $(value error)"
	holds 'both were reached' sh -c '! grep -q "\[" /sys/kernel/plugsched/fault'
	holds "$(value attempts) attempts" [ "$(value attempts)" -ge 2 ]
done

# waiting for a busy task can be interrupted
echo 100000 >/sys/module/plugsched/parameters/retries
echo always-busy >/sys/kernel/plugsched/fault
(exec sh -c 'echo scheduler 2>/dev/null >/sys/kernel/plugsched/scheduler') &
order=$!
await 'the order is tried again and again' state_is changing
echo scheduler 2>/dev/null >/sys/kernel/plugsched/scheduler && wrong 'two orders at once'
kill -TERM $order
wait $order
same 'after a signal' disabled "$(value state)"
holds "error: $(value error)" grep -q interrupted /sys/kernel/plugsched/error
holds "in the way: $(value in_the_way)" [ -n "$(value in_the_way)" ]

# an order that fails for long turns kernel preemption off, where possible; finish()
# checks that it is restored
echo 25 >/sys/module/plugsched/parameters/retries
echo always-busy >/sys/kernel/plugsched/fault
echo scheduler 2>/dev/null >/sys/kernel/plugsched/scheduler && wrong 'an order that is always in vain succeeded'
same 'after 26 tries' disabled "$(value state)"
holds "each that stopped the machine is counted: $(value attempts)" [ "$(value attempts)" -le 26 ]
holds 'and some did' [ "$(value attempts)" -ge 1 ]
[ -z "$preempted" ] || holds 'preemption was given up meanwhile' sh -c 'dmesg | grep -q "Dynamic Preempt: voluntary"'

echo 200 >/sys/module/plugsched/parameters/retries
holds 'the module goes' rmmod scheduler
holds 'load' plugsched load /scheduler.ko
holds 'unload' plugsched unload
if kill $storm && wait $storm; then ok 'no worker is lost'; else wrong 'storm'; cat /tmp/storm; fi
finish
