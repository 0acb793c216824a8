/* SPDX-License-Identifier: GPL-2.0-only */
/* The state of the runqueues: how it goes from one scheduler to the other. */
#ifndef PLUGSCHED_STATE_H
#define PLUGSCHED_STATE_H

struct plugsched_active;
struct plugsched_busy;
struct plugsched_change;
struct plugsched_methods;
struct task_struct;

/* Of vmlinux's scheduler. */
extern const struct plugsched_methods plugsched_vmlinux_methods;

/* --- outside of a stop */

/*
 * Check before each stop, while all who change text are held off, that the scheduler is in a state
 * that can be rebuilt. Returns -EBUSY if a BPF scheduler (sched_ext) is at work.
 */
int plugsched_state_check(void);

/* Empty the lists of all runqueues. Before each stop. */
void plugsched_state_reset(struct plugsched_active *active);

/* How many tasks the last stop has dequeued, on all CPUs. After the stop. */
unsigned int plugsched_state_moved(void);

/* --- within the stop */

/*
 * If the task with this index is queued, add it to the list of its CPU. On any CPU, before the
 * meeting that precedes plugsched_state_clear().
 */
void plugsched_state_file(struct plugsched_active *active, int index);

/*
 * Dequeue all tasks of this CPU's runqueue and take the runqueue offline. Returns -EAGAIN if a
 * queued task is not in `active`, and -EBUSY with `busy` filled if a task that was found only here
 * stands in the way; the caller must then have all CPUs rebuild. Leaves no sentence.
 */
int plugsched_state_clear(struct plugsched_active *active, const struct plugsched_change *change,
			  struct plugsched_busy *busy);

/*
 * Take this CPU's runqueue online and enqueue the tasks again that plugsched_state_clear() has
 * dequeued, by the methods that are in the scheduling classes now. The other methods of the same
 * scheduler are `methods`.
 */
void plugsched_state_rebuild(struct plugsched_active *active,
			     const struct plugsched_methods *methods);

#endif
