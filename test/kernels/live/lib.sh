# SPDX-License-Identifier: GPL-2.0-only
# What the guest's scripts share; sourced. Each check prints "ok" or "WRONG" and a sentence.
# shellcheck shell=dash

# shellcheck source=test/lib/guest/kernel.sh
. /kernel.sh
kernel_watch &

failed=
ok() { echo "ok $*"; }
wrong() { echo "WRONG $*"; failed=1; }
same() { if [ "$2" = "$3" ]; then ok "$1: $2"; else wrong "$1: '$3' instead of '$2'"; fi; } # WHAT WANTED FOUND
holds() { # WHAT COMMAND...
	what=$1
	shift
	if "$@"; then ok "$what"; else wrong "$what"; fi
}

# WHAT COMMAND...: waits for an event, that is until the command succeeds. No test depends on how long that takes: the limit, of five
# minutes at least, is for what hangs.
await() {
	awaited=$1 tenths=0
	shift
	until "$@"; do
		tenths=$((tenths + 1))
		[ $tenths -lt 3000 ] || { wrong "waited in vain: $awaited"; return 1; }
		sleep 0.1
	done
}
value() { cat /sys/kernel/plugsched/"$1"; }
state_is() { [ "$(value state)" = "$1" ]; }
is_gone() { [ ! -e "$1" ]; } # FILE

# Linux 6.12 stops a CPU's fair server as the CPU goes, and when its file is written, and does not ask whether it runs; if not, the kernel warns
# ("dl_rq->running_bw > old"), with no module of ours too. So its files are written while it has somebody to serve, and a CPU that tests
# take away has none.
SERVERS=/sys/kernel/debug/sched/fair_server
while_serving() { # CPU COMMAND...
	rm -f /tmp/served
	taskset "$(printf '%x' $((1 << $1)))" sh -c 'echo >/tmp/served; while :; do :; done' &
	served=$!
	shift
	await 'a task runs where the server is' [ -e /tmp/served ]
	"$@"
	result=$?
	kill $served
	wait $served 2>/dev/null
	return $result
}
serve_none() { # CPU
	[ ! -e $SERVERS ] || while_serving "$1" sh -c "echo 0 >$SERVERS/cpu$1/runtime" || wrong "the fair server of CPU $1 goes on"
}
for cpu in 2 3; do serve_none $cpu; done

# REASON COMMAND...: it fails with 1 and says so
refused() {
	reason=$1
	shift
	"$@" >/tmp/said 2>&1
	status=$?
	if [ $status = 1 ] && grep -q "$reason" /tmp/said; then
		ok "refused: $(tail -n 1 /tmp/said)"
	else
		wrong "$*: ended with $status, without '$reason': $(cat /tmp/said)"
	fi
}

# The kernel has complained of nothing.
complaints() {
	if kernel_is_silent; then ok 'the kernel does not complain'; else wrong 'the kernel complains'; fi
}

# How the kernel is preempted: an order may change that for its own time. Nothing where it cannot be chosen.
preemption() { cat /sys/kernel/debug/sched/preempt 2>/dev/null; }
preempted=$(preemption)

finish() {
	[ -z "$preempted" ] || same 'preemption' "$preempted" "$(preemption)"
	complaints
	[ -z "$failed" ]
}
