# SPDX-License-Identifier: GPL-2.0-only
# In the guest: loads and unloads the module under everything that makes a scheduler work, and sees that nothing is lost.
# Ends at the first complaint of the kernel; what is printed then is what there was.
# shellcheck shell=dash
#
#   cycles.sh CYCLES
cycles=$1
# shellcheck source=test/live/lib.sh
. /lib.sh
# shellcheck source=test/live/everything.sh
. /everything.sh

complained() { [ -s /tmp/complained ]; }
begin_everything

# in every ten of the first forty, and then of each hundred, cycles with the function tracer and with that of calls and returns
tracer_of() { # CYCLE
	case $(($1 % 100)) in
	10 | 20 | 30) echo function ;;
	15 | 25 | 35) echo function_graph ;;
	12 | 17 | 22 | 27 | 32 | 37) echo nop ;;
	esac
}

i=0
while [ $i -lt "$cycles" ] && ! complained; do
	i=$((i + 1))
	tracer=$(tracer_of $i)
	[ -z "$tracer" ] || trace_with "$tracer"
	order load /stripped.ko || { wrong "cycle $i: load"; break; }
	sleep 0.1
	order unload || { wrong "cycle $i: unload"; break; }
	kill -0 $storm || { wrong "cycle $i: the storm is over"; break; }
	[ $((i % 10)) != 0 ] || echo "$i cycles in $(cut -d ' ' -f 1 /proc/uptime) s, $refusals refusals, $retries retries, at most $most of one order; $(told)"
done
end_everything
same 'cycles done' "$cycles" $i
holds "$refusals orders refused for somebody in the way, at most one in twenty" [ $((refusals * 10)) -le "$cycles" ]
echo "cycles $i, refusals $refusals, retries $retries, most $most; $(told)"
holds "an order takes $(median /tmp/attempts) attempts, at most 2" [ "$(median /tmp/attempts)" -le 2 ]
holds "the worst took $(longest /tmp/attempts), at most 20" [ "$(longest /tmp/attempts)" -le 20 ]
balance_books

# a quota is kept across changes: half a CPU for as long as it takes
echo "25000 50000" >weighted/cpu.max
(echo 0 >weighted/cgroup.procs; while :; do :; done) &
spinner=$!
sleep 1
used() { sed -n 's/^usage_usec //p' weighted/cpu.stat; }
clock() { sed 's/\([0-9]*\)\.\([0-9]*\) .*/\1\20000/' /proc/uptime; }
from=$(used) since=$(clock)
for _ in 1 2 3 4; do
	plugsched load /stripped.ko >/dev/null || wrong 'load'
	sleep 1
	plugsched unload >/dev/null || wrong 'unload'
	sleep 1
done
share=$((($(used) - from) * 100 / ($(clock) - since)))
kill $spinner
holds "a cgroup with half a CPU got $share %" [ $share -ge 40 ] && [ $share -le 60 ]
finish
