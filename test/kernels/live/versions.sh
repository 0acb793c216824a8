# SPDX-License-Identifier: GPL-2.0-only
# In the guest: from one module's scheduler to another's and back, without vmlinux's in between, while
# everything that exercises a scheduler runs. The code of the one at work runs, and no other; nothing
# is lost. Prints the results so far when the kernel complains.
# shellcheck shell=dash
#
#   versions.sh CYCLES
cycles=$1
# shellcheck source=test/kernels/live/lib.sh
. /lib.sh
# shellcheck source=test/kernels/live/everything.sh
. /everything.sh

at_work() { value scheduler; }
# Ticks that the second scheduler has counted; nothing while another one is at work.
counted() { sed -n '1,3s/^ticks counted: //p' /sys/kernel/debug/sched/debug; }
counts_on() { [ "$(counted)" -gt "$1" ]; } # NUMBER

needs_core
insmod /stripped.ko || wrong 'the first scheduler does not come'
insmod /second.ko || wrong 'the second scheduler does not come'
same 'at work' vmlinux "$(at_work)"
same 'state' disabled "$(value state)"
same 'schedulers' 'scheduler second' "$(cd /sys/kernel/plugsched/schedulers && echo *)"
echo none-such 2>/dev/null >/sys/kernel/plugsched/scheduler && wrong 'an unknown scheduler is at work'
holds "refused: $(value error)" grep -q 'none-such' /sys/kernel/plugsched/error
echo vmlinux 2>/dev/null >/sys/kernel/plugsched/scheduler && wrong 'at work twice'

# each of the six ways, without load
for name in scheduler second vmlinux second scheduler vmlinux; do
	echo $name >/sys/kernel/plugsched/scheduler || wrong "to $name: $(value error)"
	same 'at work' $name "$(at_work)"
	hackbench -g 1 -l 20 >/dev/null || wrong 'hackbench'
	if [ $name = second ]; then
		await 'ticks are counted' counts_on 0 && ok 'the second scheduler counts ticks'
	else
		same "$name counts none" '' "$(counted)"
	fi
	same 'files of those at work' $name "$(grep -l 1 /sys/kernel/plugsched/schedulers/*/at_work | cut -d / -f 6 | grep . || echo vmlinux)"
	[ $name = vmlinux ] || { rmmod $name 2>/dev/null && wrong "$name went while it was at work"; }
done

begin_everything
step() { # NAME
	if echo "$1" 2>/dev/null >/sys/kernel/plugsched/scheduler; then
		echo "done: the machine stood still for $(($(value standstill_ns) / 1000)) us in $(value attempts) attempt, $(value retries) retries"
	else
		value error
		return 1
	fi
}
complained() { [ -s /tmp/complained ]; }
try_thrice step scheduler || wrong 'the first order'
i=0
while [ $i -lt "$cycles" ] && ! complained; do
	i=$((i + 1))
	for name in second scheduler; do
		try_thrice step $name || { wrong "cycle $i, to $name: $(value error)"; break 2; }
		[ $name = scheduler ] || { sleep 0.05; ticks=$(counted); }
	done
	kill -0 $storm || { wrong "cycle $i: the storm is over"; break; }
	[ $((i % 10)) != 0 ] || echo "$i cycles in $(cut -d ' ' -f 1 /proc/uptime) s, $ticks ticks counted, $refusals refusals, $retries retries, at most $most of one order; $(told)"
done
try_thrice step vmlinux || wrong 'back to vmlinux'
end_everything
same 'cycles done' "$cycles" $i
holds "$refusals orders refused for somebody in the way, at most one in twenty" [ $((refusals * 10)) -le "$cycles" ]
echo "cycles $i, refusals $refusals, retries $retries, most $most; $(told)"
holds "an order takes $(median /tmp/attempts) attempts, at most 2" [ "$(median /tmp/attempts)" -le 2 ]
holds "the worst took $(longest /tmp/attempts), at most 20" [ "$(longest /tmp/attempts)" -le 20 ]
balance_books
rmmod second || wrong 'the second scheduler does not go'
rmmod scheduler || wrong 'the first scheduler does not go'
same 'state' none "$(value state)"
orders=$((8 + 2 * cycles + refusals)) # six without load, the first and the last under load
same 'orders kept' $((orders < 32 ? orders : 32)) "$(wc -l </sys/kernel/plugsched/history)"
rmmod plugsched || wrong 'the core does not go'
finish
