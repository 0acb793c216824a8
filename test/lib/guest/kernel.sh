# SPDX-License-Identifier: GPL-2.0-only
# Checks whether the kernel has complained. root.sh installs this as /kernel.sh in every guest, and
# init calls it when /run has ended.
# shellcheck shell=sh

# A pattern for grep -E of what a kernel prints when something is wrong; 6.1 and 6.12 print the
# same. lines.sh has an example of each.
COMPLAINT='WARNING:|------\[ |BUG: |BUG at |BUG [a-z]|Oops|\[#[0-9]+\]|RIP: 0010|Kernel panic|PANIC:|general protection|segfault at|traps: '
COMPLAINT="$COMPLAINT|unable to handle|UBSAN:|KASAN:|ODEBUG|list_(add|del) corruption|stack corrupted|recursive fault|trapping instruction"
COMPLAINT="$COMPLAINT|exited with (irqs|preempt_count)|detected (expedited )?stalls|self-detected stall|kthread (starved|timer wakeup)"
COMPLAINT="$COMPLAINT|blocked for more|soft lockup|LOCKUP|lockup - pool|bad: scheduling|scheduling (while atomic|in a non-blocking)"
COMPLAINT="$COMPLAINT|Voluntary context switch|sleeping function called|huh, entered softirq|possible (recursive|circular|irq lock|deadlock)"
COMPLAINT="$COMPLAINT|inconsistent (lock|\{)|Invalid wait context|still in active state|non-static key|suspicious RCU|locking correctness validator"
COMPLAINT="$COMPLAINT|cannot create duplicate|kobject_add_internal failed|invoked oom-killer|psi: inconsistent|DL de-boosted task|disabled \((runtime error|scx_bpf_error|runnable task stall)"

# What the kernel records about it, whatever was printed: bits of /proc/sys/kernel/tainted for a
# machine check, a bad page, an oops, a warning, a soft lockup.
TAINTS=$((1 << 4 | 1 << 5 | 1 << 7 | 1 << 9 | 1 << 14))

# The log without the lines that repeat the command line.
kernel_log() { dmesg | grep -v 'ommand line'; }

# Prints the first complaint with the lines around it. False if there is none.
kernel_complaint() {
	first=$(kernel_log | grep -m 1 -n -E "$COMPLAINT") || return 1
	from=$((${first%%:*} - 5))
	kernel_log | sed -n "$((from > 0 ? from : 1)),$((from + 65))p"
}

# Waits for the first complaint and prints it at once, so that it is seen even if the guest hangs.
# Each message of /proc/kmsg goes to one reader only, so nobody else may read that file.
kernel_watch() {
	grep -m 1 -E "$COMPLAINT" /proc/kmsg >/tmp/complained || { echo 'WRONG the kernel cannot be watched'; return; }
	echo "WRONG the kernel complains: $(cat /tmp/complained)"
	sleep 2 # until it is complete
	kernel_complaint
}

# True if the kernel has not complained since it booted, and its log is still complete. Prints what
# is wrong otherwise.
kernel_is_silent() {
	silent=1
	if kernel_complaint; then silent=; fi
	if [ $(($(cat /proc/sys/kernel/tainted) & TAINTS)) != 0 ]; then
		echo "the kernel is tainted: $(cat /proc/sys/kernel/tainted), bits of $TAINTS are complaints"
		silent=
	fi
	if ! dmesg | head -n 1 | grep -q 'Linux version'; then
		echo "the begin of the kernel's log is lost: $(dmesg | head -n 1)"
		silent=
	fi
	[ "$silent" ]
}
