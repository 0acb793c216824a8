# SPDX-License-Identifier: GPL-2.0-only
# In the guest: makes the kernel complain in every possible way. Each time both checks must notice
# it: the watcher at once, and the check at the end. The last way is a panic, so this guest does not
# reach its end; complaint.py expects that.
# shellcheck shell=dash
# shellcheck source=test/kernels/live/lib.sh
. /lib.sh
watch=$!

limits=/sys/module/rcupdate/parameters
said() { kernel_log | grep -qE "$1"; }
seen() { kernel_log | grep -E "$1" | grep -qE "$COMPLAINT"; }
tainted() { [ $(($(cat /proc/sys/kernel/tainted) & 1 << $1)) != 0 ]; }
fails() { # the check at the end: by the log, or by what the kernel remembers
	(complaints && [ -z "$failed" ]) >/tmp/said
	grep -qE "$1" /tmp/said && grep -q '^WRONG the kernel complains' /tmp/said
}

# Clears the log and starts a new watcher.
anew() {
	dmesg -c >/dev/null
	echo "<6>complaint.sh: before $1" >/dev/kmsg
	grep -m 1 "complaint.sh: before $1" /proc/kmsg >/dev/null
	rm -f /tmp/complained
	kernel_watch &
	watch=$!
}

# KIND TEXT [TAINT]: TEXT is what the kernel prints for it
kind() {
	holds "$1: silence before" sh -c '[ ! -s /tmp/complained ]'
	holds "$1: it is given a reason" insmod /complain.ko kind="$1"
	await "$1: the kernel complains" said "$2"
	holds "$1: the words are known" seen "$2"
	holds "$1: it is found in the log" kernel_complaint >/tmp/said
	holds "$1: the check in the end fails" fails "$2"
	await "$1: the watcher sees it" [ -s /tmp/complained ]
	[ -z "$3" ] || holds "$1: the kernel remembers it" tainted "$3"
	rmmod complain || wrong "$1: the module does not go"
	wait $watch
	kinds="$kinds $1"
}

holds 'all is well before' kernel_is_silent
kind warn 'WARNING: CPU.*warn' 9
anew stall
holds 'what the log has lost the kernel remembers' fails 'the kernel is tainted'
holds 'and that it is lost is seen' fails 'log is lost'
echo 3 >$limits/rcu_cpu_stall_timeout
kind stall 'INFO: rcu_[a-z]* (self-detected stall|detected stalls) on CPU'
echo 60 >$limits/rcu_cpu_stall_timeout
anew expedited
echo 1000 >$limits/rcu_exp_cpu_stall_timeout
kind expedited 'detected expedited stalls on CPU'
echo 60000 >$limits/rcu_exp_cpu_stall_timeout
anew lockup
echo 2 >/proc/sys/kernel/watchdog_thresh
kind lockup 'soft lockup - CPU' 14
echo 30 >/proc/sys/kernel/watchdog_thresh
anew hung
echo 2 >/proc/sys/kernel/hung_task_timeout_secs
kind hung 'INFO: task complain-hung.*blocked for more than'
echo 120 >/proc/sys/kernel/hung_task_timeout_secs
anew oops # after an oops the kernel does not report hung tasks any more
kind oops 'BUG: kernel NULL pointer' 7
anew bug
kind bug 'kernel BUG at' 7

[ -n "$failed" ] || echo "ok seen:$kinds"
insmod /complain.ko kind=panic
