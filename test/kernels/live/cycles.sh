# SPDX-License-Identifier: GPL-2.0-only
# In the guest: loads and unloads the module while everything that exercises a scheduler
# runs, and checks that nothing is lost. Ends at the first complaint of the kernel, and
# prints the results so far.
# shellcheck shell=dash
#
#   cycles.sh CYCLES
cycles=$1
# shellcheck source=test/kernels/live/lib.sh
. /lib.sh
# shellcheck source=test/kernels/live/everything.sh
. /everything.sh

complained() { [ -s /tmp/complained ]; }
begin_everything

# The function tracer and the function_graph tracer are each on in one cycle of each hundred: an
# emulator takes minutes for such a cycle.
tracer_of() { # CYCLE
	case $(($1 % 100)) in
	10) echo function ;;
	15) echo function_graph ;;
	11 | 16) echo nop ;;
	esac
}

# The first ten cycles, and then one of ten, are by the command. For those between, the module is
# inserted once, and the kernel is given the same orders.
cycle() { # NUMBER
	if [ "$1" -le 10 ] || [ $(($1 % 10)) = 0 ]; then
		leave && order load /stripped.ko && sleep 0.1 && order unload
	else
		{ is_inserted || insmod /stripped.ko; } && direct_order 1 && sleep 0.1 && direct_order 0
	fi
}
is_inserted() { ! none_is_loaded; }
leave() { ! is_inserted || rmmod scheduler; }

needs_core
i=0
while [ $i -lt "$cycles" ] && ! complained; do
	i=$((i + 1))
	tracer=$(tracer_of $i)
	[ -z "$tracer" ] || trace_with "$tracer"
	cycle $i || { wrong "cycle $i: $(tail -n 1 /tmp/order)"; break; }
	kill -0 $storm || { wrong "cycle $i: the storm is over"; break; }
	[ $((i % 10)) != 0 ] || echo "$i cycles in $(cut -d ' ' -f 1 /proc/uptime) s, $refusals refusals, $retries retries, at most $most of one order; $(told)"
done
leave || wrong 'the module does not go'
end_everything
same 'cycles done' "$cycles" $i
holds "$refusals orders refused for somebody in the way, at most one in twenty" [ $((refusals * 10)) -le "$cycles" ]
echo "cycles $i, refusals $refusals, retries $retries, most $most; $(told)"
holds "an order takes $(median /tmp/attempts) attempts, at most 2" [ "$(median /tmp/attempts)" -le 2 ]
holds "the worst took $(longest /tmp/attempts), at most 20" [ "$(longest /tmp/attempts)" -le 20 ]
balance_books

# What a group has left of its quota, or owes, on each CPU and in its pool, must not be changed by
# an order. It is counted and not timed, because an emulator on a busy machine skips periods, whose
# share is lost. One group has used some of its quota and sleeps, so that what it has left stays as
# it is. Another one runs and is throttled nearly always, because it has one millisecond of each
# second and is charged only once per tick.
left() { echo "$1" >/sys/module/quota/parameters/pid && tr '\n' ' ' </sys/module/quota/parameters/left; } # PID: "pool NS CPU NS ..."
settle() { # PID: waits until it sleeps and its figures do not change any more
	last=
	until [ "$(left "$1")" = "$last" ]; do last=$(left "$1") && sleep 0.2; done
}
# WHAT IS LEFT
has_local() { echo "$1" | awk '{ for (i = 4; i <= NF; i += 2) some += $i > 1 } END { exit !some }'; }
# PID: microseconds
sum_of_left() { left "$1" | awk '{ for (i = 2; i <= NF; i += 2) all += $i } END { printf "%d", all / 1000 }'; }
stat_of() { sed -n "s/^$2 //p" "$1/cpu.stat"; } # GROUP NAME

holds 'quotas can be seen' insmod /quota.ko
mkdir saved owing
echo "20000 50000" >saved/cpu.max
echo "1000 1000000" >owing/cpu.max
(echo 0 >owing/cgroup.procs; while :; do :; done) &
spinner=$!
until [ "$(stat_of owing nr_throttled)" -gt 0 ]; do sleep 0.1; done
# A group that was throttled while it came up has only what it was given to pay its debt: one
# nanosecond. On a busy machine that happens; then another task of the group tries.
for _ in 1 2 3 4 5 6 7 8 9 10; do
	(echo 0 >saved/cgroup.procs; exec sleep 100000) &
	sleeper=$!
	settle $sleeper
	saved=$last
	! has_local "$saved" || break
	kill $sleeper
done
holds "the group that sleeps has something left on a CPU: $saved" has_local "$saved"
# read in this order, so that what is granted or used between two readings does no harm
periods=$(stat_of owing nr_periods) left=$(sum_of_left $spinner) used=$(stat_of owing usage_usec)
for _ in 1 2 3 4; do
	plugsched load /stripped.ko >/dev/null || wrong 'load'
	same 'loaded: the group that sleeps has' "$saved" "$(left "$sleeper")"
	plugsched unload >/dev/null || wrong 'unload'
	same 'unloaded: the group that sleeps has' "$saved" "$(left "$sleeper")"
done
used=$(($(stat_of owing usage_usec) - used)) left=$(($(sum_of_left $spinner) - left)) granted=$((($(stat_of owing nr_periods) - periods) * 1000))
holds "the group that owes used $used us and has $left us more than before, of $granted us granted" [ $((used + left)) -le $((granted + 10)) ]
used=$(stat_of owing usage_usec)
echo "20000 50000" >owing/cpu.max
while [ "$(stat_of owing usage_usec)" = "$used" ]; do sleep 0.1; done
ok 'and it goes on'
kill $spinner "$sleeper"
finish
