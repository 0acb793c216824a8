/* SPDX-License-Identifier: GPL-2.0-only */
/* The list of the tasks that a stop has to look at ("noted" or "active" tasks). */
#ifndef PLUGSCHED_ACTIVE_H
#define PLUGSCHED_ACTIVE_H

#include <linux/atomic.h>
#include <linux/types.h>

struct plugsched_busy;
struct plugsched_change;
struct task_struct;

/* Indices count from 0 to plugsched_active_count() - 1. */
struct plugsched_active {
	struct task_struct **tasks; /* each task once, with a reference; an entry may be NULL */
	int *filed, *taken;         /* for state.c: links between the entries of a runqueue's lists,
				     * by index; -1 ends a list, -2: the task is in no list */
	atomic_t *slots;            /* the hash: index + 1, or 0 for a free slot */
	unsigned int room;          /* entries of `tasks`, `filed` and `taken` */
	unsigned int slot_mask;     /* slots, a power of two, minus 1 */
	atomic_t used;              /* entries of `tasks` that were given out; can exceed `room` */
	bool is_overflown;          /* there was no room for a task, so the list is incomplete */
};

/*
 * Start to note every task that runs or becomes runnable. Allocates the list and waits for other
 * CPUs: sleeps. If it succeeds, plugsched_active_end() has to follow.
 */
int plugsched_active_begin(struct plugsched_active *active);

/*
 * Stop noting tasks, drop their references and free the list. Sleeps. Does nothing if there is no
 * list, as after a plugsched_active_renew() that could not begin anew.
 */
void plugsched_active_end(struct plugsched_active *active);

/*
 * Walk the stacks of all tasks, and note those that run, that are runnable, or that stand in the
 * way. Sleeps. Returns -ENOMEM without memory for a list of all tasks.
 */
int plugsched_active_walk(struct plugsched_active *active, const struct plugsched_change *change);

/*
 * If so many tasks have run that the list is more than half full, begin and walk anew: most of the
 * noted tasks have ended long ago. Sleeps. Returns -EAGAIN if the list is full even then. Whatever
 * it returns, plugsched_active_end() still has to follow.
 */
int plugsched_active_renew(struct plugsched_active *active, const struct plugsched_change *change);

/*
 * Walk the stacks of the noted tasks that do not run now. Returns -EBUSY with `busy` filled if one
 * stands in the way: a stop would then be in vain. A task without a finding may run on, so that the
 * stop has to look again. Sleeps. `busy->task` stays valid as long as the list does.
 */
int plugsched_active_look(struct plugsched_active *active, const struct plugsched_change *change,
			  struct plugsched_busy *busy);

/*
 * Return the index of the task, and note the task if that has not been done yet. Returns a negative
 * number if there is no room. Takes no lock and does not sleep: the probes call it, on any CPU.
 */
int plugsched_active_add(struct plugsched_active *active, struct task_struct *task);

/* The number of entries. More may be added meanwhile, except within the stop's check. */
unsigned int plugsched_active_count(const struct plugsched_active *active);

#endif
