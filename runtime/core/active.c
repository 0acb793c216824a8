// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tasks that a stop has to look at.
 *
 * Method: probes on three trace points note each task that stops running, is woken, or is new. From
 * then on, a task that was not noted has neither run nor become runnable. So what a walk of its
 * stack has found stays true, and the stop does not have to look at that task: the time that the
 * machine stands still grows with the number of tasks that run, not with the number of all tasks.
 *
 * The list holds a reference to each noted task, so that it can be read without a lock. The hash
 * only keeps a task from being noted twice. Any CPU adds entries at any time, and none is removed
 * before the end.
 *
 * is_overflown is set with WRITE_ONCE() by any CPU, in append() and for tests in stop.c and
 * transition.c, and not cleared while the list exists. The reader that decides is judge() in
 * stop.c, at a meeting, which orders it after all writers. The READ_ONCE() in this file may read an
 * old value: that only means an attempt in vain.
 */
#include "active.h"

#include "fault.h"
#include "outcome.h"
#include "preempt.h"
#include "stack.h"

#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/tracepoint.h>
#include <trace/events/sched.h>

/*
 * The list has room for twice as many tasks as there are at the beginning, and for so many besides,
 * as new tasks come while a transition goes on.
 */
#define ROOM_FOR_NEW 4096

unsigned int plugsched_active_count(const struct plugsched_active *active)
{
	return min_t(unsigned int, atomic_read(&active->used), active->room);
}

/* Add an entry for the task, without looking at the hash. Returns its index, or -1 without room. */
static int append(struct plugsched_active *active, struct task_struct *task)
{
	int index = atomic_inc_return(&active->used) - 1;

	if (index >= active->room) {
		WRITE_ONCE(active->is_overflown, true);
		return -1;
	}
	get_task_struct(task);
	active->filed[index] = active->taken[index] = -2;
	/*
	 * Pairs with the READ_ONCE() in plugsched_active_add(), which takes the index from the hash
	 * and so reads the task, and with the one in plugsched_active_look(), which counts indices
	 * and may read NULL still.
	 */
	WRITE_ONCE(active->tasks[index], task);
	return index;
}

int plugsched_active_add(struct plugsched_active *active, struct task_struct *task)
{
	unsigned int slot = hash_ptr(task, 32) & active->slot_mask;
	int index = -1, other;

	if (READ_ONCE(active->is_overflown))
		return -1;
	for (;; slot = (slot + 1) & active->slot_mask) {
		other = atomic_read(&active->slots[slot]);
		if (!other) {
			if (index < 0 && (index = append(active, task)) < 0)
				return -1;
			/*
			 * A full barrier if it succeeds: it orders the entry, which append() has
			 * written, before the index in the hash. Pairs with the address dependency
			 * on another CPU, from the slot's value to the READ_ONCE() of the entry.
			 */
			other = atomic_cmpxchg(&active->slots[slot], 0, index + 1);
			if (!other)
				return index;
		}
		if (READ_ONCE(active->tasks[other - 1]) == task)
			break;
	}
	if (index >= 0) { /* another CPU was faster: drop the second entry */
		/*
		 * Pairs with the READ_ONCE() in plugsched_active_look(). A CPU that has read the
		 * task there may use it: the other CPU's entry holds a reference, too.
		 */
		WRITE_ONCE(active->tasks[index], NULL);
		put_task_struct(task);
	}
	return other - 1;
}

/* --- probes: the first argument is the data that they were registered with */

static void on_switch(void *active, bool preempt, struct task_struct *prev,
		      struct task_struct *next, unsigned int prev_state)
{
	if (prev_state != TASK_DEAD)
		plugsched_active_add(active, prev);
	plugsched_preempt_on_switch();
}

static void on_wakeup(void *active, struct task_struct *task)
{
	plugsched_active_add(active, task);
	plugsched_preempt_on_wakeup(task);
}

static int watch(struct plugsched_active *active)
{
	int error = plugsched_fault(PLUGSCHED_FAULT_PROBE_SWITCH)
			    ? -ENOMEM
			    : register_trace_sched_switch(on_switch, active);

	if (error)
		return error;
	error = plugsched_fault(PLUGSCHED_FAULT_PROBE_WAKEUP)
			? -ENOMEM
			: register_trace_sched_wakeup(on_wakeup, active);
	if (error)
		goto no_wakeup;
	error = plugsched_fault(PLUGSCHED_FAULT_PROBE_NEW)
			? -ENOMEM
			: register_trace_sched_wakeup_new(on_wakeup, active);
	if (!error) {
		/*
		 * a CPU that passed a trace point before the probe was there has by then finished
		 * the switch or wakeup that the trace point belongs to
		 */
		plugsched_preempt_wait_for_sections();
		return 0;
	}
	unregister_trace_sched_wakeup(on_wakeup, active);
no_wakeup:
	unregister_trace_sched_switch(on_switch, active);
	plugsched_preempt_wait_for_sections();
	return error;
}

static void unwatch(struct plugsched_active *active)
{
	unregister_trace_sched_wakeup_new(on_wakeup, active);
	unregister_trace_sched_wakeup(on_wakeup, active);
	unregister_trace_sched_switch(on_switch, active);
	plugsched_preempt_wait_for_sections(); /* no CPU is in a probe any more */
}

/* --- begin and end */

static unsigned int count_tasks(void)
{
	struct task_struct *process, *task;
	unsigned int count = 0;

	rcu_read_lock();
	for_each_process_thread(process, task)
		count++;
	rcu_read_unlock();
	return count;
}

static void release(struct plugsched_active *active)
{
	kvfree(active->tasks);
	kvfree(active->filed);
	kvfree(active->taken);
	kvfree(active->slots);
	active->tasks = NULL;
}

static int allocate(struct plugsched_active *active)
{
	*active = (struct plugsched_active){ .room = 2 * count_tasks() + ROOM_FOR_NEW };
	active->slot_mask = roundup_pow_of_two(2 * active->room) - 1;
	active->tasks = kvcalloc(active->room, sizeof(*active->tasks), GFP_KERNEL);
	active->filed = kvcalloc(active->room, sizeof(*active->filed), GFP_KERNEL);
	active->taken = kvcalloc(active->room, sizeof(*active->taken), GFP_KERNEL);
	active->slots = kvcalloc(active->slot_mask + 1, sizeof(*active->slots), GFP_KERNEL);
	if (active->tasks && active->filed && active->taken && active->slots &&
	    !plugsched_fault(PLUGSCHED_FAULT_ACTIVE))
		return 0;
	release(active);
	return plugsched_refuse(-ENOMEM, "no memory for a list of %u tasks", active->room);
}

int plugsched_active_begin(struct plugsched_active *active)
{
	int error = allocate(active);

	if (error)
		return error;
	plugsched_preempt_prepare();
	error = watch(active);
	if (!error)
		return 0;
	release(active);
	return plugsched_refuse(error, "the scheduler's trace points cannot be probed (error %d)",
				error);
}

static void forget_all(struct plugsched_active *active)
{
	unsigned int count = plugsched_active_count(active);

	while (count--) {
		if (active->tasks[count])
			put_task_struct(active->tasks[count]);
		cond_resched();
	}
}

void plugsched_active_end(struct plugsched_active *active)
{
	if (!active->tasks)
		return; /* the last plugsched_active_renew() could not begin anew */
	unwatch(active);
	forget_all(active);
	release(active);
}

/* --- the walk */

/* All tasks at one moment, each with a reference. */
struct task_list {
	struct task_struct **tasks;
	unsigned int count, room;
};

/* Returns -EAGAIN if there are more tasks than there is room for. */
static int take_all(struct task_list *list)
{
	struct task_struct *process, *task;
	int error = 0;

	rcu_read_lock();
	for_each_process_thread(process, task) {
		if (list->count == list->room) {
			error = -EAGAIN;
			goto out;
		}
		get_task_struct(task);
		list->tasks[list->count++] = task;
	}
out:
	rcu_read_unlock();
	return error;
}

static void give_back(struct task_list *list)
{
	while (list->count) {
		put_task_struct(list->tasks[--list->count]);
		cond_resched();
	}
	kvfree(list->tasks);
}

static int list_all(struct task_list *list)
{
	int error = -EAGAIN;

	while (error == -EAGAIN) {
		*list = (struct task_list){ .room = count_tasks() + 256 };
		list->tasks = plugsched_fault(PLUGSCHED_FAULT_WALK)
				      ? NULL
				      : kvcalloc(list->room, sizeof(*list->tasks), GFP_KERNEL);
		if (!list->tasks)
			return plugsched_refuse(-ENOMEM, "no memory for a list of %u tasks",
						list->room);
		error = take_all(list);
		if (error)
			give_back(list);
	}
	return error;
}

/*
 * True if the task is on a CPU, will soon be, or stands in the way: then the stop decides about it.
 * READ_ONCE() pairs with the writes of the scheduler, under the runqueue's lock. An old value does
 * not harm: if the task has run or become runnable since the probes are in place, they note it.
 */
static bool needs_look(struct task_struct *task, const struct plugsched_change *change)
{
	struct plugsched_busy busy;

	return READ_ONCE(task->on_cpu) || READ_ONCE(task->on_rq) ||
	       plugsched_stack_check_pinned(task, change, &busy);
}

int plugsched_active_walk(struct plugsched_active *active, const struct plugsched_change *change)
{
	struct task_list list;
	unsigned int i;
	int error = list_all(&list), cpu;

	if (error)
		return error;
	for (i = 0; i < list.count; i++) {
		if (needs_look(list.tasks[i], change))
			plugsched_active_add(active, list.tasks[i]);
		cond_resched();
	}
	for_each_online_cpu(cpu) /* idle tasks are not among those of for_each_process_thread() */
		plugsched_active_add(active, idle_task(cpu));
	plugsched_figures.tasks = list.count;
	give_back(&list);
	return 0;
}

int plugsched_active_look(struct plugsched_active *active, const struct plugsched_change *change,
			  struct plugsched_busy *busy)
{
	unsigned int count = plugsched_active_count(active), i;

	for (i = 0; i < count; i++) {
		/* pairs with the WRITE_ONCE() in append() and plugsched_active_add() */
		struct task_struct *task = READ_ONCE(active->tasks[i]);

		if (task && plugsched_stack_check_pinned(task, change, busy) == -EBUSY)
			return -EBUSY;
		cond_resched();
	}
	return 0;
}

static bool is_crowded(const struct plugsched_active *active)
{
	return READ_ONCE(active->is_overflown) || plugsched_active_count(active) > active->room / 2;
}

int plugsched_active_renew(struct plugsched_active *active, const struct plugsched_change *change)
{
	int error;

	if (!is_crowded(active) && !plugsched_fault(PLUGSCHED_FAULT_CROWDED))
		return 0;
	plugsched_active_end(active);
	error = plugsched_active_begin(active);
	if (!error)
		error = plugsched_active_walk(active, change);
	if (error ||
	    !(READ_ONCE(active->is_overflown) || plugsched_fault(PLUGSCHED_FAULT_OVERFLOW)))
		return error;
	strscpy(plugsched_why.in_the_way, "a storm of new tasks", sizeof(plugsched_why.in_the_way));
	return -EAGAIN;
}
