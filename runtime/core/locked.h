/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Work under a scheduler's locks: the methods `pin` and `with_lock` (tables.h), for the core, which
 * has vmlinux's, and for each scheduler's module. Everything that they call or lay out is that
 * scheduler's own: it may change how it locks. Include "sched.h" before.
 */
#ifndef PLUGSCHED_LOCKED_H
#define PLUGSCHED_LOCKED_H

/*
 * True if the task sleeps and is on no runqueue. Under its pi_lock. A wakeup puts the task on a
 * runqueue first and then sets its state to TASK_RUNNING; so the state is read first.
 */
static bool is_asleep(struct task_struct *task)
{
	/* pairs with the WRITE_ONCE() in wakeups and set_current_state() */
	unsigned int state = READ_ONCE(task->__state);

	/*
	 * Orders the load of __state before that of on_rq. Pairs with the lock of the runqueue and
	 * smp_mb__after_spinlock() in __schedule(), between the store of on_rq at a wakeup and the
	 * task's next store of __state: see the same smp_rmb() in try_to_wake_up().
	 */
	smp_rmb();
	return state != TASK_RUNNING && state != TASK_WAKING && !task->on_rq;
}

static int pin(struct task_struct *task, int (*work)(struct task_struct *task, void *data),
	       void *data)
{
	struct rq_flags flags;
	struct rq *rq;
	int result;

	raw_spin_lock_irqsave(&task->pi_lock, flags.flags); /* now the task cannot be woken */
	if (is_asleep(task)) {
		result = work(task, data);
	} else {
		rq = __task_rq_lock(task, &flags); /* now it cannot get a CPU either */
		result = work(task, data);
		rq_unlock(rq, &flags);
		/*
		 * for sparse, which takes the annotation of __task_rq_lock() for the lock, but the
		 * body of rq_unlock() for the unlock
		 */
		__release(rq);
	}
	raw_spin_unlock_irqrestore(&task->pi_lock, flags.flags);
	return result;
}

static int with_lock(struct rq *rq, int (*work)(struct rq *rq, void *data), void *data)
{
	struct rq_flags flags;
	int result;

	rq_lock(rq, &flags);
	result = work(rq, data);
	rq_unlock(rq, &flags);
	return result;
}

#endif
