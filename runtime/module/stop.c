// SPDX-License-Identifier: GPL-2.0-only
/*
 * What happens while the machine stands still.
 *
 * Every online CPU runs this with interrupts off. They take each step together and meet after it. The last to come to a meeting says for
 * all whether to go on, before anybody leaves it; if not, all of them leave. Up to the third step everything can be undone, and from there
 * on nothing can fail.
 *
 * A CPU that never comes would leave the others waiting, with nobody to tell of it. So a wait has an end, and then the kernel panics: no CPU
 * can go on alone.
 */
#include "log.h"

#include "stop.h"

#include "active.h"
#include "fault.h"
#include "redirect.h"
#include "state.h"
#include "trace.h"
#include "tunables.h"

#include <linux/delay.h>
#include <linux/nmi.h>
#include <linux/panic.h>
#include <linux/percpu.h>
#include <linux/processor.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>
#include <asm/sync_core.h>

#define LONGEST_WAIT_NS (10ull * NSEC_PER_SEC)
#define LONGEST_LOOK_NS (10ull * NSEC_PER_MSEC) /* of a wait, between two looks: a virtual machine that was paused has not waited */

/* What a CPU does before each meeting, to be told if it does not come. */
static const char *const steps[] = { "about to begin", "looking at its share of the tasks", "clearing its runqueue", "writing the jumps",
	"rebuilding its runqueue" };

static DEFINE_PER_CPU(unsigned int, met); /* meetings of this stop that the CPU has come to */

/* Tells what each CPU was doing, and ends it all. */
static void give_up(struct plugsched_stop *stop, unsigned int meeting)
{
	int cpu;

	while (atomic_xchg(&stop->is_given_up, 1)) /* another CPU tells */
		cpu_relax();
	for_each_online_cpu(cpu) {
		bool is_here = READ_ONCE(per_cpu(met, cpu)) >= meeting;

		pr_emerg("CPU %d %s%s\n", cpu, is_here ? "waits for the others after " : "has not come, it was ",
			 steps[meeting - 1]);
	}
	panic(pr_fmt("the machine is stopped, and a CPU has not come to a meeting for %llu s"), LONGEST_WAIT_NS / NSEC_PER_SEC);
}

static void wait_until_open(struct plugsched_stop *stop, unsigned int meeting)
{
	u64 last = ktime_get_mono_fast_ns(), waited = 0, now;

	while (smp_load_acquire(&stop->opened) < meeting) { /* pairs with the release in meet() */
		cpu_relax();
		touch_nmi_watchdog();
		now = ktime_get_mono_fast_ns();
		waited += min(now - last, LONGEST_LOOK_NS);
		last = now;
		if (waited > LONGEST_WAIT_NS)
			give_up(stop, meeting);
	}
}

/* All CPUs are in the meeting. Not once text is written: then there is no way back. */
static void judge(struct plugsched_stop *stop)
{
	if (stop->verdict != PLUGSCHED_GO_ON)
		return;
	if (atomic_read(&stop->is_busy))
		stop->verdict = PLUGSCHED_BUSY;
	else if (READ_ONCE(stop->active->is_overflown)) /* then somebody who ran is not noted */
		stop->verdict = PLUGSCHED_OVERFLOWN;
	else if (atomic_read(&stop->is_incomplete))
		stop->verdict = PLUGSCHED_INCOMPLETE;
}

/* Waits until every CPU has come. */
static void meet(struct plugsched_stop *stop, bool is_judged)
{
	unsigned int meeting = this_cpu_inc_return(met);

	if (atomic_inc_return(&stop->arrived) < meeting * stop->cpus) {
		wait_until_open(stop, meeting);
		return;
	}
	if (is_judged)
		judge(stop);
	smp_store_release(&stop->opened, meeting); /* pairs with the acquire in wait_until_open() */
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

	if (rank && plugsched_fault(PLUGSCHED_FAULT_STUCK))
		for (;;)
			cpu_relax();
	for (index = rank; index < count && !stop->is_unlooked; index += stop->cpus)
		look_at(stop, index);
}

static void clear(struct plugsched_stop *stop)
{
	struct plugsched_busy busy;
	int error = plugsched_state_clear(stop->active, stop->direction, &busy);

	if (error == -EBUSY)
		stand_in_the_way(stop, &busy);
	else if (error)
		atomic_set(&stop->is_incomplete, 1);
	if (plugsched_fault(PLUGSCHED_FAULT_CLEAR_OVERFLOW))
		WRITE_ONCE(stop->active->is_overflown, true);
}

static void change(struct plugsched_stop *stop, unsigned int rank)
{
	if (!rank)
		plugsched_tunables_note();
	check(stop, rank);
	meet(stop, true);
	mark(PLUGSCHED_CHECKED, !rank, &stop->checked);
	if (rank && plugsched_fault(PLUGSCHED_FAULT_SLOW))
		mdelay(50);
	if (stop->verdict != PLUGSCHED_GO_ON)
		return;
	clear(stop);
	meet(stop, true);
	mark(PLUGSCHED_CLEARED, !rank, &stop->cleared);
	if (!rank && stop->verdict == PLUGSCHED_GO_ON)
		plugsched_redirect_write(stop->direction);
	meet(stop, false);
	sync_core();
	mark(PLUGSCHED_REDIRECTED, !rank, &stop->redirected);
	/* called off: by the scheduler that was to leave */
	plugsched_state_rebuild(stop->active, stop->verdict == PLUGSCHED_GO_ON ? stop->direction : !stop->direction);
	meet(stop, false);
	mark(PLUGSCHED_REBUILT, !rank, &stop->rebuilt);
}

int plugsched_stop_each(void *data)
{
	struct plugsched_stop *stop = data;
	unsigned int rank = atomic_inc_return(&stop->ranks) - 1;

	mark(PLUGSCHED_STOPPED, !rank, &stop->begin);
	meet(stop, false);
	change(stop, rank);
	this_cpu_write(met, 0);
	return 0;
}
