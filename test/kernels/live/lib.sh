# SPDX-License-Identifier: GPL-2.0-only
# What the guest's scripts share; they source it. Each check prints "ok" or "WRONG" and a sentence.
# shellcheck shell=dash

# shellcheck source=test/lib/guest/kernel.sh
. /kernel.sh
kernel_watch &

failed=
ok() { echo "ok $*"; }
wrong() { echo "WRONG $*"; failed=1; }
# WHAT WANTED FOUND
same() { if [ "$2" = "$3" ]; then ok "$1: $2"; else wrong "$1: '$3' instead of '$2'"; fi; }
holds() { # WHAT COMMAND...
	what=$1
	shift
	if "$@"; then ok "$what"; else wrong "$what"; fi
}

# WHAT COMMAND...: waits until the command succeeds. No test depends on how long that takes: the
# limit of at least five minutes only guards against hangs.
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
none_is_loaded() { [ ! -e /sys/kernel/plugsched ] || state_is none; } # the core may be there
name_of() { if [ "$1" = 1 ]; then echo scheduler; else echo vmlinux; fi; } # whose order is 1 or 0
is_gone() { [ ! -e "$1" ]; } # FILE

# Linux 6.12 stops a CPU's fair server when the CPU goes offline and when the server's file is
# written, without checking that it runs. If it does not run, the kernel warns ("dl_rq->running_bw >
# old"), also without our module. So the files are written only while the server has a task to
# serve, and CPUs that tests take offline have no server.
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

# REASON COMMAND...: the command must fail with 1 and print the reason
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

# Checks that the kernel has not complained.
complaints() {
	if kernel_is_silent; then ok 'the kernel does not complain'; else wrong 'the kernel complains'; fi
}

# Inserts the core, which a scheduler inserted by hand needs; needs_tests_core, one with steps that
# can be made to fail.
needs_core() { grep -q '^plugsched ' /proc/modules || insmod /plugsched.ko || wrong 'the core does not come'; }
needs_tests_core() { insmod /tests-core.ko || wrong 'the core for tests does not come'; }

# The kernel's preemption mode, which an order may change while it runs. Prints nothing if the mode
# cannot be chosen.
preemption() { cat /sys/kernel/debug/sched/preempt 2>/dev/null; }
preempted=$(preemption)

finish() {
	[ -z "$preempted" ] || same 'preemption' "$preempted" "$(preemption)"
	complaints
	[ -z "$failed" ]
}
