# SPDX-License-Identifier: GPL-2.0-only
# What the guest's scripts share; sourced. Each check prints "ok" or "WRONG" and a sentence.
# shellcheck shell=dash

failed=
ok() { echo "ok $*"; }
wrong() { echo "WRONG $*"; failed=1; }
same() { if [ "$2" = "$3" ]; then ok "$1: $2"; else wrong "$1: '$3' instead of '$2'"; fi; } # WHAT WANTED FOUND
holds() { # WHAT COMMAND...
	what=$1
	shift
	if "$@"; then ok "$what"; else wrong "$what"; fi
}
value() { cat /sys/kernel/plugsched/"$1"; }

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

# What a kernel says that is not well; its debugging options' words too.
COMPLAINT='WARNING:|BUG:|BUG |Oops|RIP: 0010|stalls? on|self-detected stall|blocked for more|bad: scheduling|possible (recursive|circular)|soft lockup|ODEBUG|KASAN|list_(add|del) corruption|Invalid wait context|still in active state|suspicious RCU|sleeping function called|inconsistent lock'

# The kernel has complained of nothing.
complaints() {
	dmesg | grep -v 'ommand line:' | grep -E "$COMPLAINT" >/tmp/complaints
	if [ -s /tmp/complaints ]; then
		wrong "the kernel complains"
		dmesg | grep -A 30 -m 1 -F "$(head -n 1 /tmp/complaints)"
	else
		ok 'the kernel does not complain'
	fi
}

# How the kernel is preempted: an order may change that for its own time. Nothing where it cannot be chosen.
preemption() { cat /sys/kernel/debug/sched/preempt 2>/dev/null; }
preempted=$(preemption)

finish() {
	[ -z "$preempted" ] || same 'preemption' "$preempted" "$(preemption)"
	complaints
	[ -z "$failed" ]
}
