/* SPDX-License-Identifier: GPL-2.0-only */
/* Preemption within the kernel while a transition looks for its moment, and its waits. */
#ifndef PLUGSCHED_PREEMPT_H
#define PLUGSCHED_PREEMPT_H

#include <linux/types.h>

struct plugsched_busy;
struct task_struct;

/*
 * Switch off preemption within the kernel, if this kernel can do that (PREEMPT_DYNAMIC). Returns
 * what plugsched_preempt_restore() needs to undo it; negative if nothing was changed. May sleep.
 */
int plugsched_preempt_calm(void);

/*
 * Undo that, unless somebody else has chosen another mode meanwhile. `before` may be negative: then
 * there is nothing to undo. May sleep.
 */
void plugsched_preempt_restore(int before);

/*
 * plugsched_preempt_prepare() comes before the probes on the scheduler's trace points; these probes
 * then call the other two. Where the kernel can be preempted anywhere, they keep a wakeup from
 * preempting the waker within the scheduler.
 */
void plugsched_preempt_prepare(void);
void plugsched_preempt_on_wakeup(const struct task_struct *woken);
void plugsched_preempt_on_switch(void);

/*
 * Wait until all code that was in a section without preemption has left it: each CPU switches to
 * its stopper once. This serves the purpose of a grace period of RCU, but does not wait for
 * preempted readers. Sleeps, and takes the lock of CPU hotplug for reading.
 */
void plugsched_preempt_wait_for_sections(void);

/*
 * Wait after attempt number `tries`, which held off others for `held_ns` nanoseconds, was in vain.
 * The wait is longer if `busy` is a task that has not got a CPU since; the list of active tasks must
 * still hold a reference to it. Returns 0, or -EINTR on a signal unless it
 * is forced; leaves no sentence.
 */
int plugsched_preempt_pause(unsigned int tries, u64 held_ns, const struct plugsched_busy *busy,
			    bool is_forced);

#endif
