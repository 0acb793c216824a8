// SPDX-License-Identifier: GPL-2.0-only
/*
 * One transition, from the order to its end. It puts one scheduler in the place of another, as a
 * whole or not at all. Whichever two these are, the steps are the same:
 *
 * 1. Note which tasks run from now on (active.c).
 * 2. Outside of any stop, walk the stacks of all tasks (stack.c).
 * 3. Map what is to be written (redirect.c, alias.c), for this attempt.
 * 4. Hold off all who change text, and CPU hotplug (this file).
 * 5. Look at the noted tasks once more; go on only if none of them stands in the way.
 * 6. Stop the machine (stop.c). Within the stop:
 *    - look at the tasks that ran meanwhile, and only at those;
 *    - dequeue all runnable tasks, with the scheduler that leaves (state.c);
 *    - write the jumps and the scheduling classes (redirect.c, alias.c);
 *    - enqueue the tasks again, with the scheduler that comes.
 *
 * Until the jumps are written, everything can be undone. What needs memory or can sleep is done
 * before the machine is stopped. It is not uncommon that a task stands in the scheduler that
 * leaves: then steps 3 to 6 are tried again after a while, a bounded number of times, and the user
 * learns the name of the task.
 */
#include "transition.h"

#include "active.h"
#include "alias.h"
#include "fault.h"
#include "outcome.h"
#include "preempt.h"
#include "redirect.h"
#include "scheduler.h"
#include "state.h"
#include "stop.h"
#include "trace.h"

#include <linux/cpu.h>
#include <linux/ftrace.h>
#include <linux/jump_label.h>
#include <linux/memory.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/stop_machine.h>
#include <linux/timekeeping.h>

struct plugsched_why plugsched_why;
struct plugsched_figures plugsched_figures;

static unsigned int retries = 200;
module_param(retries, uint, 0644);
MODULE_PARM_DESC(retries, "how often an order is tried again while a task stands in the way");

int plugsched_refuse(int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vscnprintf(plugsched_why.error, sizeof(plugsched_why.error), format, arguments);
	va_end(arguments);
	pr_err("%s\n", plugsched_why.error);
	return error;
}

/* --- all who change text: livepatch, ftrace, kprobes, jump labels, static calls */

#ifdef CONFIG_LIVEPATCH
extern struct mutex klp_mutex; /* kernel/livepatch/core.h */
#endif
#ifdef CONFIG_KPROBES
extern struct mutex kprobe_mutex; /* kernel/kprobes.c */
#endif
#ifdef CONFIG_DYNAMIC_FTRACE
extern struct mutex ftrace_lock; /* kernel/trace/ftrace.c */
#endif

/*
 * Take their locks, in the order in which the kernel takes them. CPU hotplug waits, too. kprobes
 * copies the code below a probe first and arms the probe later. It holds only its own lock from the
 * one to the other.
 */
static void hold_off_others(void)
{
#ifdef CONFIG_LIVEPATCH
	mutex_lock(&klp_mutex);
#endif
#ifdef CONFIG_KPROBES
	mutex_lock(&kprobe_mutex);
#endif
#ifdef CONFIG_DYNAMIC_FTRACE
	mutex_lock(&ftrace_lock);
#endif
	cpus_read_lock();
	jump_label_lock();
	mutex_lock(&text_mutex);
}

static void let_others_go(void)
{
	mutex_unlock(&text_mutex);
	jump_label_unlock();
	cpus_read_unlock();
#ifdef CONFIG_DYNAMIC_FTRACE
	mutex_unlock(&ftrace_lock);
#endif
#ifdef CONFIG_KPROBES
	mutex_unlock(&kprobe_mutex);
#endif
#ifdef CONFIG_LIVEPATCH
	mutex_unlock(&klp_mutex);
#endif
}

/* --- the stop */

static void note_times(const struct plugsched_stop *stop)
{
	struct plugsched_figures *f = &plugsched_figures;

	f->gather_ns = stop->begin - stop->ordered;
	f->check_ns = stop->checked - stop->begin;
	f->clear_ns = stop->cleared ? stop->cleared - stop->checked : 0;
	f->redirect_ns = stop->redirected ? stop->redirected - stop->cleared : 0;
	f->rebuild_ns = stop->rebuilt ? stop->rebuilt - stop->redirected : 0;
	f->stop_ns = f->gather_ns + f->check_ns + f->clear_ns + f->redirect_ns + f->rebuild_ns;
	f->standstill_ns += f->stop_ns;
	f->attempts++;
	f->tasks_active = plugsched_active_count(stop->active);
	f->tasks_queued = plugsched_state_moved();
}

/*
 * What the verdict means: 0, or -EAGAIN to try again, with plugsched_why.in_the_way filled. The
 * machine runs again, so the verdict does not change any more.
 */
static int judge(const struct plugsched_stop *stop)
{
	switch (stop->verdict) {
	case PLUGSCHED_GO_ON:
		return 0;
	case PLUGSCHED_BUSY:
		plugsched_busy_describe(&stop->busy);
		break;
	case PLUGSCHED_OVERFLOWN:
		strscpy(plugsched_why.in_the_way, "a storm of new tasks",
			sizeof(plugsched_why.in_the_way));
		break;
	case PLUGSCHED_INCOMPLETE:
		strscpy(plugsched_why.in_the_way, "a task that is exiting",
			sizeof(plugsched_why.in_the_way));
		break;
	}
	return -EAGAIN;
}

/* Returns -EAGAIN, with stop->busy filled, if a task stands in the way already before the stop. */
static int look_before(struct plugsched_stop *stop)
{
	struct plugsched_busy busy;

	if (stop->is_unlooked ||
	    !plugsched_active_look(stop->active, stop->redirection->change, &busy))
		return 0;
	stop->busy = busy;
	plugsched_busy_describe(&busy);
	return -EAGAIN;
}

/* Returns -EAGAIN to try again, any other error to give up. All who change text are held off. */
static int stop_once(struct plugsched_stop *stop)
{
	int error = plugsched_redirect_check(stop->redirection);

	if (!error)
		error = plugsched_state_check();
	if (!error)
		error = look_before(stop);
	if (error)
		return error;
	if (plugsched_fault(PLUGSCHED_FAULT_LATE_OVERFLOW))
		WRITE_ONCE(stop->active->is_overflown, true); /* pairs: see active.c */
	stop->cpus = num_online_cpus();
	plugsched_state_reset(stop->active);
	stop->ordered = ktime_get_mono_fast_ns();
	error = plugsched_fault(PLUGSCHED_FAULT_STOP)
			? -ENOMEM
			: stop_machine_cpuslocked(plugsched_stop_each, stop, cpu_online_mask);
	if (error)
		return plugsched_refuse(error, "the machine could not be stopped (error %d)",
					error);
	note_times(stop);
	return judge(stop);
}

/* What a try in vain tells about the wait before the next one. */
struct failure {
	struct plugsched_busy busy;
	u64 held_ns; /* how long all others were held off; the wait for their locks is not in it */
};

static int try_once(struct plugsched_active *active,
		    const struct plugsched_redirection *redirection, bool is_ordered_busy,
		    struct failure *failure)
{
	struct plugsched_stop stop = {
		.redirection = redirection,
		.active = active,
		.owner = current,
	};
	struct plugsched_alias alias;
	u64 begin;
	int error = plugsched_redirect_map(redirection, &alias);

	if (error)
		return error;
	plugsched_fault_pause(PLUGSCHED_FAULT_PAUSE_MAPPED);
	stop.is_unlooked = plugsched_fault(PLUGSCHED_FAULT_UNLOOKED);
	if (is_ordered_busy || plugsched_fault(PLUGSCHED_FAULT_BUSY))
		atomic_set(&stop.is_busy, 1);
	hold_off_others();
	begin = ktime_get_ns();
	plugsched_fault_pause(PLUGSCHED_FAULT_PAUSE_HELD);
	error = stop_once(&stop);
	failure->held_ns = ktime_get_ns() - begin;
	let_others_go();
	plugsched_alias_end(&alias);
	plugsched_fault_pause(PLUGSCHED_FAULT_PAUSE_LEFT);
	failure->busy = stop.busy;
	return error;
}

/*
 * Wait a while after try number `tries` was in vain. Refuses with -EBUSY when there were enough
 * tries, and with -EINTR on a signal.
 */
static int pause_after(unsigned int tries, const struct failure *failure, bool is_forced)
{
	if (tries >= READ_ONCE(retries)) /* pairs with a write to the parameter, at any time */
		return plugsched_refuse(-EBUSY, "%s stood in the way at each of %u tries",
					plugsched_why.in_the_way, tries + 1);
	if (plugsched_preempt_pause(tries, failure->held_ns, &failure->busy, is_forced))
		return plugsched_refuse(-EINTR, "interrupted while %s stood in the way",
					plugsched_why.in_the_way);
	return 0;
}

/*
 * After so many tries in vain, preemption is switched off. Not at once, as the kernel patches each
 * of its cond_resched() for this.
 */
#define CALM_AFTER 20

/*
 * Try until one try is not in vain. If many are, preemption within the kernel is switched off for
 * the rest of them, on kernels that can do that.
 */
static int try_often(struct plugsched_active *active,
		     const struct plugsched_redirection *redirection)
{
	bool is_ordered_busy = plugsched_fault(PLUGSCHED_FAULT_ALWAYS_BUSY);
	unsigned int *tries = &plugsched_figures.retries;
	int error, preemption = -1;

	for (*tries = 0;; ++*tries) {
		struct failure failure = {};

		error = plugsched_active_renew(active, redirection->change);
		if (!error)
			error = try_once(active, redirection, is_ordered_busy, &failure);
		if (error != -EAGAIN)
			break;
		if (*tries == CALM_AFTER)
			preemption = plugsched_preempt_calm();
		error = pause_after(*tries, &failure, redirection->change->is_forced);
		if (error)
			break;
	}
	plugsched_preempt_restore(preemption);
	return error;
}

/* --- what is done once, around all tries */

static int walk_and_change(struct plugsched_active *active,
			   const struct plugsched_redirection *redirection)
{
	u64 begin = ktime_get_ns(), end;
	int error;

	plugsched_fault_pause(PLUGSCHED_FAULT_PAUSE_WATCHED);
	error = plugsched_active_walk(active, redirection->change);
	if (error)
		return error;
	end = ktime_get_ns();
	plugsched_figures.prewalk_ns = end - begin;
	trace_plugsched_phase(PLUGSCHED_WALKED, end);
	plugsched_fault_pause(PLUGSCHED_FAULT_PAUSE_WALKED);
	return try_often(active, redirection);
}

static int watch_and_change(const struct plugsched_redirection *redirection)
{
	struct plugsched_active active;
	int error = plugsched_active_begin(&active);

	if (error)
		return error;
	error = walk_and_change(&active, redirection);
	plugsched_active_end(&active);
	return error;
}

int plugsched_transition(const struct plugsched_change *change)
{
	struct plugsched_redirection redirection;
	u64 begin = ktime_get_ns();
	int error;

	error = plugsched_redirect_begin(&redirection, change);
	if (!error) {
		error = watch_and_change(&redirection);
		plugsched_redirect_end(&redirection);
	}
	plugsched_fault_pause(PLUGSCHED_FAULT_PAUSE_DONE);
	plugsched_figures.total_ns = ktime_get_ns() - begin;
	trace_plugsched_transition(change, error, &plugsched_figures);
	return error;
}
