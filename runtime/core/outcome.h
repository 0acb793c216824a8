/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The outcome of the last transition: why it was refused, which task was in the way, what it cost.
 *
 * Unless its comment says otherwise, a function of the runtime returns 0 or -errno, and before it
 * returns an error it leaves a sentence for the user with plugsched_refuse(). -EAGAIN is different:
 * it means "try again", and leaves no sentence.
 *
 * transition.c defines both objects and the function. The objects are written while the core is
 * inserted and then only under the registry's lock. The files in /sys/kernel/plugsched read them
 * without this lock.
 */
#ifndef PLUGSCHED_OUTCOME_H
#define PLUGSCHED_OUTCOME_H

#include <linux/types.h>

struct plugsched_why {
	char error[384];      /* a sentence; "" if there was no error */
	char in_the_way[256]; /* "COMM:PID in FUNCTION": the last task that was in the way, even if
			       * a later attempt succeeded; "" if there was none */
};
extern struct plugsched_why plugsched_why;

/* What the last transition cost. Times are in nanoseconds. */
struct plugsched_figures {
	u64 total_ns;      /* the whole transition */
	u64 prewalk_ns;    /* walking all stacks before the first attempt */
	u64 standstill_ns; /* the machine was stopped, or CPUs waited for others to stop; sum over
			    * all attempts */
	u64 stop_ns;       /* the same for the last attempt; the sum of these: */
	u64 gather_ns;     /* from the order to stop until all CPUs stood */
	u64 check_ns, clear_ns, redirect_ns, rebuild_ns;
	unsigned int attempts;     /* how often the machine was stopped */
	unsigned int retries;      /* how often a task was in the way, before a stop or within it */
	unsigned int tasks;        /* tasks whose stacks were walked outside of any stop */
	unsigned int tasks_active; /* noted tasks, which the last attempt looked at */
	unsigned int tasks_queued; /* tasks moved from the old scheduler to the new one */
};
extern struct plugsched_figures plugsched_figures;

/*
 * Write the formatted sentence to `plugsched_why.error` and to the kernel's log, and return `error`
 * (-errno). Must not be called while the machine is stopped.
 */
__printf(2, 3) int plugsched_refuse(int error, const char *format, ...);

#endif
