# SPDX-License-Identifier: GPL-2.0-only
# In the guest: guest.sh MODULE.ko ROUNDS SHARE CPU CPU
#
# In each round, runs every load with vmlinux's scheduler and with the module's; which of them goes
# first alternates. A warm-up round before them does not count. The module is loaded once and then
# told which scheduler to use, so its effect on memory is the same for both. SHARE is how much of
# each load is done, in percent. A line "row" has a figure in ns.
# shellcheck shell=dash

module=$1 rounds=$2 share=$3 one=$4 other=$5

fail() { echo "WRONG $*"; exit 1; }
part() { echo $(($1 * share / 100)); }

# Average latency of a realtime thread that a timer wakes, without the longest twentieth: those
# coincided with other work, and a few of them change an average by half. With -N the histogram's
# columns are in ns.
latency() {
	cyclictest -q -N -t 1 -p 80 -a "$other" -i 1000 -l "$(part 400)" -h 20000 | awk '
		$1 ~ /^[0-9]+$/ && $2 > 0 { at[++n] = $1; count[n] = $2; all += $2 }
		END { left = most = int(all * 0.95)
			for (i = 1; i <= n && left > 0; i++) { part = count[i] < left ? count[i] : left; sum += part * at[i]; left -= part }
			print int(sum / most) }'
}

row() { # SIDE LOAD COMMAND...
	side=$1 load=$2
	shift 2
	figure=$("$@")
	[ "${figure:-0}" -gt 0 ] || fail "$load gave '$figure'"
	echo "row $round $side $load $figure"
}

# Waits until deferred work of a load or unload is done, and uses the memory that it freed once.
settle() {
	sleep 1
	loads time "$one" batch hackbench -p -g 1 -l 2 >/dev/null
	sleep 1
}

measure() { # SIDE
	settle
	row "$1" hackbench loads time "$one" batch hackbench -p -g 1 -l "$(part 200)"
	row "$1" hackbench-fifo loads time "$one" fifo hackbench -p -g 1 -l "$(part 200)"
	row "$1" pingpong loads pingpong "$one" "$one" "$(part 4000)"
	row "$1" pingpong-across loads pingpong "$one" "$other" "$(part 3000)"
	row "$1" fork-exit loads fork "$one" "$(part 800)"
	row "$1" cyclictest latency
}

at_work() { [ "$(cat /sys/kernel/plugsched/scheduler)" = "$1" ]; }
work_on() { # SCHEDULER, SIDE
	at_work "$1" || echo "$1" >/sys/kernel/plugsched/scheduler || fail "the scheduler cannot be changed: $(cat /sys/kernel/plugsched/error)"
	measure "$2"
	at_work "$1" || fail 'the other scheduler was at work'
}
on_vmlinux() { work_on vmlinux builtin; }
on_module() { work_on scheduler module; }

plugsched load "$module" >/dev/null || fail 'the module cannot be loaded'
mkdir -p /dev/shm # cyclictest needs it
round=0
while [ "$round" -le "$rounds" ]; do
	if [ $((round % 2)) = 0 ]; then on_vmlinux; on_module; else on_module; on_vmlinux; fi
	round=$((round + 1))
done
plugsched unload >/dev/null || fail 'the module cannot be unloaded'
echo complete
