// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kernel that is preempted anywhere, made quieter for the time of an order.
 *
 * Where the kernel can be preempted, every wakeup may leave the waker in the middle of the scheduler, and under load some task
 * always stands there. A kernel with PREEMPT_DYNAMIC can give that up for a while, as an administrator does with
 * /sys/kernel/debug/sched/preempt: whoever stands in the way runs on and leaves, and nobody new gets there. The kernel logs each change.
 */
#include "runtime.h"

#ifdef CONFIG_PREEMPT_DYNAMIC
/* kernel/sched/sched.h; the functions are vmlinux's own, the plain names are the module's */
extern int preempt_dynamic_mode;
int __vmlinux_sched_dynamic_mode(const char *name);
void __vmlinux_sched_dynamic_update(int mode);

int plugsched_preempt_calm(void)
{
	int before = READ_ONCE(preempt_dynamic_mode), calm = __vmlinux_sched_dynamic_mode("voluntary");

	if (calm < 0 || before == calm || before == __vmlinux_sched_dynamic_mode("none"))
		return -1;
	__vmlinux_sched_dynamic_update(calm);
	return before;
}

void plugsched_preempt_restore(int before)
{
	/* else somebody has chosen otherwise meanwhile */
	if (before >= 0 && READ_ONCE(preempt_dynamic_mode) == __vmlinux_sched_dynamic_mode("voluntary"))
		__vmlinux_sched_dynamic_update(before);
}
#else
int plugsched_preempt_calm(void)
{
	return -1;
}

void plugsched_preempt_restore(int before)
{
}
#endif
