#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What kernel.sh counts as a complaint, line by line: the kinds that Linux 6.1 and 6.12
# print, and lines that are none. live/complaint tests that a kernel really prints them
# and that a run then fails.
set -euo pipefail
# shellcheck source=test/lib/guest/kernel.sh
. "$(dirname "$0")/kernel.sh"
failed=0

while IFS= read -r line; do
	grep -qE "$COMPLAINT" <<<"$line" || { echo "not seen: $line" >&2; failed=1; }
done <<'END'
------------[ cut here ]------------
------------[ ftrace bug ]------------
WARNING: CPU: 1 PID: 77 at kernel/sched/core.c:9999 some_function+0x10/0x20
rq->balance_callback && rq->balance_callback != &balance_push_callback: WARNING: CPU: 0 PID: 1 at kernel/sched/sched.h:1
kernel BUG at kernel/sched/core.c:1234!
Kernel BUG at some_function+0x10/0x20 [verbose debug info unavailable]
invalid opcode: 0000 [#1] SMP PTI
Oops: invalid opcode: 0000 [#1] PREEMPT SMP NOPTI
BUG: kernel NULL pointer dereference, address: 0000000000000000
BUG: unable to handle page fault for address: ffff888000000000
Unable to handle kernel paging request, unable to handle it
Oops: 0002 [#1] SMP
general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#2] SMP
divide error: 0000 [#1] SMP
RIP: 0010:some_function+0x10/0x20
sysfs: cannot create duplicate filename '/kernel/plugsched'
hackbench invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
Kernel panic - not syncing: Fatal exception
---[ end Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000009 ]---
PANIC: double fault, error_code: 0x0
BUG: IRQ stack guard page was hit at 0000000000000000 (stack is 0..0)
Thread overran stack, or stack corrupted
Fixing recursive fault but reboot is needed!
note: insmod[77] exited with preempt_count 1
note: insmod[77] exited with irqs disabled
huh, entered softirq 7 SCHED 0000000000000000 with preempt_count 00000100, exited with 00000101?
rcu: INFO: rcu_sched self-detected stall on CPU
rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:
rcu: INFO: rcu_sched detected expedited stalls on CPUs/tasks: { 1-.... } 22 jiffies s: 77 root: 0x2/.
INFO: rcu_tasks detected stalls on tasks:
rcu: rcu_sched kthread starved for 5252 jiffies! g77 f0x0 RCU_GP_WAIT_FQS(5) ->state=0x0 ->cpu=1
rcu: rcu_preempt kthread timer wakeup didn't happen for 5252 jiffies! g77 f0x0 RCU_GP_WAIT_FQS(5) ->state=0x402
INFO: task kworker/0:1:77 blocked for more than 120 seconds.
watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [sh:77]
NMI watchdog: Watchdog detected hard LOCKUP on cpu 1
BUG: workqueue lockup - pool cpus=1 node=0 flags=0x0 nice=0 stuck for 33s!
bad: scheduling from the idle thread!
BUG: scheduling while atomic: sh/77/0x00000002
BUG: scheduling in a non-blocking section: sh/77/1
BUG: sleeping function called from invalid context at kernel/locking/mutex.c:999
BUG: using smp_processor_id() in preemptible [00000000] code: sh/77
BUG: spinlock recursion on CPU#1, sh/77
BUG: Bad page state in process sh  pfn:12345
BUG: Bad rss-counter state mm:0000000000000000 type:MM_ANONPAGES val:1
BUG kmalloc-64 (Tainted: G    B     ): Poison overwritten
Voluntary context switch within RCU read-side critical section!
WARNING: suspicious RCU usage
WARNING: possible circular locking dependency detected
WARNING: possible recursive locking detected
WARNING: inconsistent lock state
inconsistent {HARDIRQ-ON-W} -> {IN-HARDIRQ-W} usage.
[ BUG: Invalid wait context ]
WARNING: bad unlock balance detected!
BUG: MAX_LOCKDEP_CHAINS too low!
turning off the locking correctness validator.
INFO: trying to register non-static key.
ODEBUG: free active (active state 0) object type: timer_list hint: some_function+0x0/0x10
list_add corruption. next->prev should be prev (ffff888000000000), but was ffff888000000000. (next=ffff888000000000).
list_del corruption, ffff888000000000->next is LIST_POISON1 (dead000000000100)
UBSAN: array-index-out-of-bounds in kernel/sched/fair.c:99:9
BUG: KASAN: use-after-free in some_function+0x10/0x20
psi: inconsistent task state! task=77:sh cpu=1 psi_flags=4 clear=0 set=4
sched: DL de-boosted task PID 77: REPLENISH flag missing
sched_ext: BPF scheduler "count" disabled (runnable task stall)
sched_ext: BPF scheduler "count" disabled (runtime error)
hackbench[77]: segfault at 0 ip 0000000000400000 sp 00007ffc00000000 error 4 in hackbench[400000+1000]
traps: sh[77] trap invalid opcode ip:400000 sp:7ffc00000000 error:0 in busybox[400000+1000]
END

while IFS= read -r line; do
	! grep -qE "$COMPLAINT" <<<"$line" || { echo "taken for a complaint: $line" >&2; failed=1; }
done <<'END'
Linux version 6.1.192 (plugsched@test) (gcc (Debian) 12, GNU ld) #1 SMP
plugsched: the module's scheduler is at work
plugsched: sh:77 in some_function+0x10/0x20 stood in the way at each of 6 attempts
scheduler: loading out-of-tree module taints kernel.
smpboot: CPU 3 is now offline
smpboot: Booting Node 0 Processor 3 APIC 0x3
sched: RT throttling activated
sched_ext: BPF scheduler "count" disabled (unregistered from user space)
clocksource: timekeeping watchdog on CPU1: hpet wd-wd read-back delay of 99999ns
rcu: RCU event tracing is enabled.
rcu: Hierarchical SRCU implementation.
Dynamic Preempt: voluntary
livepatch: 'patch': patching complete
process 77 (sh) no longer affine to cpu3
END
[ $failed = 0 ]
echo 'guest/lines: each kind is seen' >&2
