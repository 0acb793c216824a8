// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of a runqueue, moved from one scheduler to the other. This file is compiled as parts of
 * vmlinux are (prelude.h).
 *
 * Each CPU dequeues every task of its runqueue by the methods of the scheduling classes, and takes
 * the runqueue offline. Once the classes have their new contents, it takes the runqueue online and
 * enqueues the tasks again. Only methods are called, so that the work is done by the scheduler
 * whose methods are in the classes at that moment. (core.c changes the class of a task in the same
 * way, for sched_setscheduler().)
 *
 * Realtime tasks of one priority rely on their order, so they are taken in the order of their
 * queues. A task that is exiting can be runnable and yet on no list of tasks. If it is of the fair
 * class, it is found on the runqueue's own list; for other classes, the count of runnable tasks
 * tells that one is missing. The stack of a task that is found only in this way is checked here.
 */
/* sched.h needs these, but does not include them */
#include <linux/mmu_context.h>
#include <linux/sched/cputime.h>

#include "sched.h" /* the kernel's */

#include "state.h"

#include "active.h"
#include "fault.h"
#include "locked.h"
#include "outcome.h"
#include "scheduler.h"
#include "sites.h"
#include "stack.h"
#include "tunables.h"

/*
 * vmlinux's functions are called directly. Nobody takes their addresses in vmlinux, so the kernel may
 * have made them unfit to be called through a pointer (IBT).
 */
static void vmlinux_update_rq_clock(struct rq *rq)
{
	update_rq_clock(rq);
}

static void vmlinux_resched_curr(struct rq *rq)
{
	resched_curr(rq);
}

#ifdef CONFIG_SCHED_CORE
static void vmlinux_core_enqueue(struct rq *rq, struct task_struct *task)
{
	sched_core_enqueue(rq, task);
}

static void vmlinux_core_dequeue(struct rq *rq, struct task_struct *task, int flags)
{
	sched_core_dequeue(rq, task, flags);
}
#endif

#ifdef CONFIG_CFS_BANDWIDTH
static void vmlinux_unthrottle(struct cfs_rq *cfs_rq)
{
	unthrottle_cfs_rq(cfs_rq);
}
#endif

const struct plugsched_methods plugsched_vmlinux_methods = {
	.take = DEQUEUE_SAVE | DEQUEUE_MOVE | DEQUEUE_NOCLOCK,
	.put = ENQUEUE_RESTORE | ENQUEUE_MOVE | ENQUEUE_NOCLOCK,
	.pin = pin,
	.with_lock = with_lock,
	.update_rq_clock = vmlinux_update_rq_clock,
	.resched_curr = vmlinux_resched_curr,
#ifdef CONFIG_SCHED_CORE
	.core_enqueue = vmlinux_core_enqueue,
	.core_dequeue = vmlinux_core_dequeue,
#endif
#ifdef CONFIG_CFS_BANDWIDTH
	.unthrottle = vmlinux_unthrottle,
#endif
};

const unsigned int plugsched_class_size = sizeof(struct sched_class);

/*
 * What the runtime knows of a CPU's runqueue. The lists consist of indices into the active tasks;
 * -1 is an empty list.
 */
struct runqueue {
	atomic_t filed;     /* linked by `filed`: queued tasks of this CPU, added by any CPU */
	int first, last;    /* linked by `taken`: in the order of dequeueing and enqueueing */
	unsigned int moved; /* how many tasks were dequeued */
	bool was_online;    /* before it was taken offline */
};

static DEFINE_PER_CPU(struct runqueue, own_runqueue);

void plugsched_state_reset(struct plugsched_active *active)
{
	unsigned int i;
	int cpu;

	for_each_possible_cpu(cpu)
		per_cpu(own_runqueue, cpu) = (struct runqueue){
			.filed = ATOMIC_INIT(-1),
			.first = -1,
			.last = -1,
		};
	for (i = 0; i < plugsched_active_count(active); i++)
		active->filed[i] = active->taken[i] = -2;
}

unsigned int plugsched_state_moved(void)
{
	unsigned int moved = 0;
	int cpu;

	for_each_online_cpu(cpu)
		moved += per_cpu(own_runqueue, cpu).moved;
	return moved;
}

void plugsched_state_file(struct plugsched_active *active, int index)
{
	struct task_struct *task = active->tasks[index];

	/* an idle task counts as queued but is in no queue; PF_IDLE is set only once it has run */
	if (task_on_rq_queued(task) && !task->on_cpu && task != task_rq(task)->idle)
		/*
		 * only the atomicity is needed: the meeting before plugsched_state_clear() orders
		 * this and the link before the atomic_read() in take_in_all()
		 */
		active->filed[index] =
			atomic_xchg(&per_cpu(own_runqueue, task_cpu(task)).filed, index);
}

/* --- the list of queued tasks, in the right order */

/* What the functions that search for queued tasks have in common. */
struct search {
	struct plugsched_active *active;
	struct runqueue *own;
	const struct plugsched_change *change;
	struct plugsched_busy *busy;
};

/*
 * If the task was not noted as queued when the others were, nobody has looked at its stack yet: do
 * that now. Returns -EBUSY with `busy` filled if it stands in the way.
 */
static int look_at_unfiled(const struct search *search, struct task_struct *task, int index)
{
	return search->active->filed[index] == -2
		       ? plugsched_stack_check(task, search->change, false, search->busy)
		       : 0;
}

/*
 * Append a queued task to the list of this CPU, unless the list has it already. Returns -EAGAIN if
 * there is no room to note the task, and -EBUSY if it stands in the way.
 */
static int take_in(const struct search *search, struct task_struct *task)
{
	struct plugsched_active *active = search->active;
	struct runqueue *own = search->own;
	int index = plugsched_active_add(active, task), error;

	if (index < 0)
		return -EAGAIN;
	if (task->on_cpu || active->taken[index] != -2)
		return 0;
	error = look_at_unfiled(search, task, index);
	if (error)
		return error;
	active->taken[index] = -1;
	if (own->last < 0)
		own->first = index;
	else
		active->taken[own->last] = index;
	own->last = index;
	return 0;
}

static int take_in_realtime(const struct search *search, struct rt_rq *rt_rq)
{
	struct sched_rt_entity *entity;
	int priority, error;

	for_each_set_bit(priority, rt_rq->active.bitmap, MAX_RT_PRIO)
	{
		list_for_each_entry(entity, &rt_rq->active.queue[priority], run_list) {
#ifdef CONFIG_RT_GROUP_SCHED
			if (entity->my_q) {
				/*
				 * recursion is fine: groups nest no deeper than cgroups do, and few
				 * of them have realtime tasks
				 */
				error = take_in_realtime(search, entity->my_q);
				if (error)
					return error;
				continue;
			}
#endif
			error = take_in(search, container_of(entity, struct task_struct, rt));
			if (error)
				return error;
		}
	}
	return 0;
}

static int take_in_all(const struct search *search, struct rq *rq)
{
	struct plugsched_active *active = search->active;
	struct task_struct *task;
	int index, error = take_in_realtime(search, &rq->rt);

	/* pairs with the atomic_xchg() in plugsched_state_file(), with a meeting in between */
	for (index = atomic_read(&search->own->filed); !error && index >= 0;
	     index = active->filed[index])
		error = take_in(search, active->tasks[index]);
	if (error)
		return error;
	list_for_each_entry(task, &rq->cfs_tasks, se.group_node) {
		error = take_in(search, task);
		if (error)
			return error;
	}
	return 0;
}

/* --- tasks with a cookie of core scheduling: core.c has them in a tree, besides their class */

#ifdef CONFIG_SCHED_CORE
static void core_dequeue(struct rq *rq, struct task_struct *task,
			 const struct plugsched_methods *methods)
{
	if (sched_core_enabled(rq))
		methods->core_dequeue(rq, task, methods->take);
}

static void core_enqueue(struct rq *rq, struct task_struct *task,
			 const struct plugsched_methods *methods)
{
	if (sched_core_enabled(rq))
		methods->core_enqueue(rq, task);
}
#else
static void core_dequeue(struct rq *rq, struct task_struct *task,
			 const struct plugsched_methods *methods)
{
}

static void core_enqueue(struct rq *rq, struct task_struct *task,
			 const struct plugsched_methods *methods)
{
}
#endif

/* --- groups with a quota */

#ifdef CONFIG_CFS_BANDWIDTH
/*
 * When a runqueue goes offline, the fair class ends throttling, which has to happen here too, but
 * it also replaces what each group has left or owes on this CPU (cfs_rq->runtime_remaining) by one
 * nanosecond. It passes over groups whose quota is not enabled on this CPU. So switch the quotas
 * off and end throttling here first: then each group keeps its balance. When the runqueue goes
 * online, the class switches the quotas on, and enqueueing its tasks throttles a group that has
 * nothing left. The runqueue's clock is up to date and does not move meanwhile.
 */
static void suspend_quotas(struct rq *rq, const struct plugsched_methods *methods)
{
	struct task_group *group;

	rq->clock_update_flags |= RQCF_ACT_SKIP;
	rcu_read_lock();
	list_for_each_entry_rcu(group, &task_groups, list)
	{
		struct cfs_rq *cfs_rq = group->cfs_rq[rq->cpu];

		if (!cfs_rq->runtime_enabled)
			continue;
		cfs_rq->runtime_enabled = 0;
		if (cfs_rq->throttled)
			methods->unthrottle(cfs_rq);
	}
	rcu_read_unlock();
	rq->clock_update_flags &= ~RQCF_ACT_SKIP;
}
#else
static void suspend_quotas(struct rq *rq, const struct plugsched_methods *methods)
{
}
#endif

/* --- offline and online */

static void go_offline(struct rq *rq, struct runqueue *own, const struct plugsched_methods *methods)
{
	const struct sched_class *class;

	own->was_online = rq->online;
	if (!rq->online)
		return;
	suspend_quotas(rq, methods);
	for_each_class(class) if (class->rq_offline) class->rq_offline(rq);
	plugsched_tunables_put_back();
	cpumask_clear_cpu(rq->cpu, rq->rd->online);
	rq->online = 0;
}

static void go_online(struct rq *rq, const struct runqueue *own)
{
	const struct sched_class *class;

	if (!own->was_online)
		return;
	cpumask_set_cpu(rq->cpu, rq->rd->online);
	rq->online = 1;
	for_each_class(class) if (class->rq_online) class->rq_online(rq);
	plugsched_tunables_put_back();
}

/*
 * Drop the balance callbacks that a method has queued to push or pull tasks. They would run before
 * this CPU's next __schedule(), which comes right after the stop and queues them again where they
 * are needed.
 */
static void drop_balance_callbacks(struct rq *rq)
{
	typeof(rq->balance_callback) head = rq->balance_callback, next;

	if (!head || head == &balance_push_callback)
		return;
	rq->balance_callback = NULL;
	for (; head; head = next) {
		next = (typeof(next))head->next;
		head->next = NULL;
	}
}

/*
 * On kernels on which sleeping groups stay queued until they are picked (EEVDF's delayed dequeue),
 * pick a task so that these groups are dequeued. The runqueue has to be offline: then no group is
 * throttled, and the pick comes to all groups that are left. Returns true if there was no task to
 * pick.
 */
static bool take_delayed_groups(struct rq *rq)
{
	return !fair_sched_class.pick_task(rq);
}

int plugsched_state_check(void)
{
#ifdef scx_enabled
	if (scx_enabled())
		return plugsched_refuse(-EBUSY, "a BPF scheduler is at work (its name is in "
						"/sys/kernel/sched_ext/root/ops): end it first");
#endif
	return 0;
}

/* Dequeue the tasks in the list and take the runqueue offline. True if it is empty then. */
static bool take_off(struct plugsched_active *active, struct runqueue *own, struct rq *rq,
		     const struct plugsched_methods *methods)
{
	bool is_empty;
	int index;

	for (index = own->first; index >= 0; index = active->taken[index]) {
		struct task_struct *task = active->tasks[index];

		core_dequeue(rq, task, methods);
		task->sched_class->dequeue_task(rq, task, methods->take);
		own->moved++;
	}
	go_offline(rq, own, methods);
	is_empty = take_delayed_groups(rq);
	drop_balance_callbacks(rq);
	return is_empty && rq->nr_running == current->on_rq; /* current is this CPU's stopper */
}

/* --- both ways */

/* What the work on this CPU's runqueue needs. */
struct work {
	const struct plugsched_methods *methods;
	struct plugsched_active *active;
	const struct search *search; /* for clear() */
};

static int clear(struct rq *rq, void *data)
{
	const struct work *work = data;
	struct runqueue *own = work->search->own;
	int error;

	work->methods->update_rq_clock(rq);
	error = take_in_all(work->search, rq);
	if (error)
		own->first = -1; /* the runqueue was not changed: there is nothing to put back */
	else if (!take_off(work->active, own, rq, work->methods) ||
		 plugsched_fault(PLUGSCHED_FAULT_UNKNOWN))
		error = -EAGAIN;
	return error;
}

int plugsched_state_clear(struct plugsched_active *active, const struct plugsched_change *change,
			  struct plugsched_busy *busy)
{
	struct search search = { active, this_cpu_ptr(&own_runqueue), change, busy };
	struct work work = { change->from->methods, active, &search };

	return work.methods->with_lock(this_rq(), clear, &work);
}

static int rebuild(struct rq *rq, void *data)
{
	const struct work *work = data;
	const struct plugsched_methods *methods = work->methods;
	struct runqueue *own = this_cpu_ptr(&own_runqueue);
	int index;

	methods->update_rq_clock(rq);
	go_online(rq, own);
	for (index = own->first; index >= 0; index = work->active->taken[index]) {
		struct task_struct *task = work->active->tasks[index];

		task->sched_class->enqueue_task(rq, task, methods->put);
		core_enqueue(rq, task, methods);
	}
	drop_balance_callbacks(rq);
	methods->resched_curr(rq);
	return 0;
}

void plugsched_state_rebuild(struct plugsched_active *active,
			     const struct plugsched_methods *methods)
{
	struct work work = { methods, active };

	methods->with_lock(this_rq(), rebuild, &work);
}
