/* SPDX-License-Identifier: GPL-2.0-only */
/* What happens while the machine is stopped. */
#ifndef PLUGSCHED_STOP_H
#define PLUGSCHED_STOP_H

#include "stack.h"

#include <linux/atomic.h>
#include <linux/types.h>

struct plugsched_active;
struct plugsched_redirection;
struct task_struct;

enum plugsched_verdict {
	PLUGSCHED_GO_ON,
	PLUGSCHED_BUSY,       /* a task stands in the way: `busy` */
	PLUGSCHED_OVERFLOWN,  /* the list of active tasks was too small */
	PLUGSCHED_INCOMPLETE, /* a runqueue has a task that is not in the list of active tasks */
};

/*
 * One stop of the machine, shared by all CPUs. The caller sets the fields that are marked with (c)
 * and leaves all others 0; it reads the rest when the machine runs again.
 *
 * The CPUs take each step together and then meet: meet() in stop.c. A meeting orders all accesses
 * before it, on any CPU, before all accesses after it, on any CPU.
 */
struct plugsched_stop {
	const struct plugsched_redirection *redirection; /* (c) */
	struct plugsched_active *active; /* (c) the caller's; the stop may note more tasks */
	struct task_struct *owner;       /* (c) the task that ordered the transition */
	unsigned int cpus;               /* (c) how many CPUs are online */
	atomic_t arrived;                /* arrivals of CPUs at meetings, in all meetings */
	unsigned int opened;             /* how many meetings are over */
	atomic_t ranks;                  /* how many CPUs have begun; gives each its number */
	atomic_t is_busy;                /* `busy` is taken; (c) if a test orders a failure */
	atomic_t is_incomplete;          /* some runqueue has a task that is not in `active` */
	atomic_t is_given_up;            /* a CPU has waited for too long and reports it */
	/*
	 * Written by the last CPU that comes to a meeting, before the meeting is over: so all CPUs
	 * read the same. Once it is not PLUGSCHED_GO_ON, it does not change any more.
	 */
	enum plugsched_verdict verdict;
	bool is_unlooked;           /* (c) ordered by a test: look at no noted task */
	struct plugsched_busy busy; /* the first task that was found in the way */
	u64 ordered;                /* (c) when the machine was told to stop */
	/* when each phase ended, in ns of the same monotonic clock; 0: it did not take place */
	u64 begin, checked, cleared, redirected, rebuilt;
};

/*
 * The function for stop_machine(), to be run on every online CPU with its struct plugsched_stop.
 * Always returns 0; `verdict` says how it ended.
 */
int plugsched_stop_each(void *stop);

#endif
