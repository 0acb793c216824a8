/* SPDX-License-Identifier: GPL-2.0-only */
/* Does a task that does not run stand in the scheduler that leaves? */
#ifndef PLUGSCHED_STACK_H
#define PLUGSCHED_STACK_H

#include <linux/types.h>

struct plugsched_change;
struct plugsched_scheduler;
struct plugsched_text;
struct task_struct;

/* A task that stands in the way of a transition. */
struct plugsched_busy {
	struct task_struct *task; /* no reference of its own; NULL: ordered by a test */
	unsigned long address;    /* where it stands; if !is_sure: where it may stand, or 0 if
				   * nothing is known */
	u64 ran;                  /* how long it had run by then, in ns */
	bool is_sure;             /* the unwinder found `address` on the stack; if not, the fields
				   * below say why the unwinder cannot walk this stack reliably: */
	bool has_probe;           /* because a return probe waits for a function of the task */
	unsigned long probed;     /* the function that this probe is on; 0: not known */
	unsigned long last;       /* the unwinder knows that `beyond` called `last`, but not what */
	unsigned long beyond;     /* called `beyond`; each is 0 if it is not known */
};

/*
 * Call this when a scheduler joins: look up what the other functions need in its table of replaced
 * code. Returns -EINVAL if that table has no __schedule().
 */
int plugsched_stack_prepare(struct plugsched_scheduler *scheduler);

/*
 * The piece of vmlinux's code that the scheduler replaces and that contains the address, or NULL.
 * The result is part of the scheduler's tables.
 */
const struct plugsched_text *plugsched_text_at(const struct plugsched_scheduler *scheduler,
					       unsigned long address);

/*
 * Returns 0, or -EBUSY with `busy` filled if the task stands in the scheduler that leaves, or may
 * stand there. The task must neither run nor be woken meanwhile, so this is for use within the
 * stop. Leaves no sentence.
 *
 * The task that has ordered the change (`is_owner`) may stand in the module that leaves: its wait is
 * a wait of the scheduler's. The module stays until the order is over.
 */
int plugsched_stack_check(struct task_struct *task, const struct plugsched_change *change,
			  bool is_owner, struct plugsched_busy *busy);

/*
 * The same outside of a stop, for any task that the caller holds a reference to. Takes locks of the
 * scheduler. Returns -EAGAIN if the task is on a CPU now.
 */
int plugsched_stack_check_pinned(struct task_struct *task, const struct plugsched_change *change,
				 struct plugsched_busy *busy);

/* Write to `plugsched_why.in_the_way` who `busy` is and where it stands. Not within the stop. */
void plugsched_busy_describe(const struct plugsched_busy *busy);

#endif
