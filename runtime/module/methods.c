// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scheduler's functions that the core calls: see core/tables.h. This file is compiled as the
 * scheduler's own units are.
 */
/* sched.h needs these, but does not include them */
#include <linux/mmu_context.h>
#include <linux/sched/cputime.h>

#include "../sched.h"

extern const struct plugsched_methods plugsched_methods;
const struct plugsched_methods plugsched_methods = {
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
