// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the core needs of the scheduler besides its classes: see core/tables.h. This file is compiled
 * as the scheduler's own units are.
 */
/* sched.h needs these, but does not include them */
#include <linux/mmu_context.h>
#include <linux/sched/cputime.h>

#include "../sched.h"

#include "../core/locked.h"

extern const struct plugsched_methods plugsched_methods;
const struct plugsched_methods plugsched_methods = {
	.take = DEQUEUE_SAVE | DEQUEUE_MOVE | DEQUEUE_NOCLOCK,
	.put = ENQUEUE_RESTORE | ENQUEUE_MOVE | ENQUEUE_NOCLOCK,
	.pin = pin,
	.with_lock = with_lock,
	.update_rq_clock = update_rq_clock,
	.resched_curr = resched_curr,
#ifdef CONFIG_SCHED_CORE
	.core_enqueue = sched_core_enqueue,
	.core_dequeue = sched_core_dequeue,
#endif
#ifdef CONFIG_CFS_BANDWIDTH
	.unthrottle = unthrottle_cfs_rq,
#endif
};
