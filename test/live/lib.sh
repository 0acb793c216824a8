# SPDX-License-Identifier: GPL-2.0-only
# What the guest's scripts share; sourced. Each check prints "ok" or "WRONG" and a sentence.
# shellcheck shell=dash

# shellcheck source=test/guest/kernel.sh
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
