// SPDX-License-Identifier: GPL-2.0-only
/*
 * What happens while the machine stands still.
 *
 * Every online CPU runs this with interrupts off. They take each step together and meet after it; what one of them finds
 * wrong is seen by all of them at the next meeting, and all of them leave. Up to the third step everything can be
 * undone, and from there on nothing can fail.
 */
#include "runtime.h"
#include "trace.h"

#include <linux/nmi.h>
#include <linux/processor.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>
#include <asm/sync_core.h>

/* Waits until every CPU has come here `steps` times. */
static void meet(struct plugsched_stop *stop, unsigned int *steps)
{
	unsigned int all = ++*steps * stop->cpus;

	atomic_inc(&stop->arrived);
	while (atomic_read(&stop->arrived) < all) {
		cpu_relax();
		touch_nmi_watchdog();
	}
	smp_mb();
}

static void mark(enum plugsched_phase phase, bool is_first, u64 *when)
{
	if (!is_first)
		return;
	*when = ktime_get_mono_fast_ns();
	trace_plugsched_phase(phase, *when);
}

static void stand_in_the_way(struct plugsched_stop *stop, const struct plugsched_busy *busy)
{
	if (!atomic_xchg(&stop->is_busy, 1))
		stop->busy = *busy;
}

/* Whether a noted task is where it may be. One on a CPU is that CPU's stopper, and runs this. */
static void look_at(struct plugsched_stop *stop, int index)
{
	struct task_struct *task = stop->active->tasks[index];
	struct plugsched_busy busy;

	if (!task || task->on_cpu)
		return;
	/* whoever ordered the transition waits for its end in the runtime, so in the module, which stays until he is out of it */
	if ((task != stop->owner || stop->direction == PLUGSCHED_TO_MODULE) && plugsched_stack_check(task, stop->direction, &busy))
		stand_in_the_way(stop, &busy);
	plugsched_state_file(stop->active, index);
}

static void check(struct plugsched_stop *stop, unsigned int rank)
{
	unsigned int count = plugsched_active_count(stop->active), index;

	for (index = rank; index < count; index += stop->cpus)
		look_at(stop, index);
}

static void clear(struct plugsched_stop *stop)
{
	if (plugsched_state_clear(stop->active, stop->direction))
		atomic_set(&stop->is_incomplete, 1);
}

static void change(struct plugsched_stop *stop, unsigned int rank, unsigned int *steps)
{
	check(stop, rank);
	meet(stop, steps);
	mark(PLUGSCHED_CHECKED, !rank, &stop->checked);
	if (atomic_read(&stop->is_busy) || READ_ONCE(stop->active->is_overflown)) /* then somebody who ran is not noted */
		return;
	clear(stop);
	meet(stop, steps);
	mark(PLUGSCHED_CLEARED, !rank, &stop->cleared);
	if (!rank && !atomic_read(&stop->is_incomplete))
		plugsched_redirect_write(stop->direction);
	meet(stop, steps);
	sync_core();
	mark(PLUGSCHED_REDIRECTED, !rank, &stop->redirected);
	/* called off: by the scheduler that was to leave */
	plugsched_state_rebuild(stop->active, atomic_read(&stop->is_incomplete) ? !stop->direction : stop->direction);
	meet(stop, steps);
	mark(PLUGSCHED_REBUILT, !rank, &stop->rebuilt);
}

int plugsched_stop_each(void *data)
{
	struct plugsched_stop *stop = data;
	unsigned int rank = atomic_inc_return(&stop->ranks) - 1, steps = 0;

	mark(PLUGSCHED_STOPPED, !rank, &stop->begin);
	meet(stop, &steps);
	change(stop, rank, &steps);
	return 0;
}
