// SPDX-License-Identifier: GPL-2.0-only
/*
 * What happens while the machine is stopped.
 *
 * Every online CPU runs this code with interrupts off. The CPUs take each step together and then
 * meet. The last CPU that comes to a meeting decides for all whether to go on, before any CPU
 * leaves the meeting; if not, all CPUs turn back together. Until the third step, which writes the
 * jumps, everything can be undone; from there on nothing can fail.
 *
 * If a CPU never came, the others would wait for ever, and nobody could report it. So each wait has
 * an end, and then the kernel panics, as the other CPUs cannot go on alone.
 */
#include "stop.h"

#include "active.h"
#include "fault.h"
#include "redirect.h"
#include "scheduler.h"
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
/*
 * The most that counts as waited between two looks at the clock: a virtual machine that was paused
 * in between has not waited.
 */
#define LONGEST_LOOK_NS (10ull * NSEC_PER_MSEC)

/* What a CPU does before each meeting: the panic reports it if the CPU does not come. */
static const char *const steps[] = {
	"about to begin",    "looking at its share of the tasks", "clearing its runqueue",
	"writing the jumps", "rebuilding its runqueue",
};

/* How many meetings of this stop the CPU has come to. */
static DEFINE_PER_CPU(unsigned int, met);

/* Report what each CPU was doing, and panic. */
static void give_up(struct plugsched_stop *stop, unsigned int meeting)
{
	int cpu;

	/*
	 * Only one CPU reports. The others stay here until its panic() stops them: nobody clears
	 * this, so its order needs no partner.
	 */
	while (atomic_xchg(&stop->is_given_up, 1))
		cpu_relax();
	for_each_online_cpu(cpu) {
		/* pairs with the this_cpu_inc_return() in meet(), on that CPU */
		bool is_here = READ_ONCE(per_cpu(met, cpu)) >= meeting;

		pr_emerg("CPU %d %s%s\n", cpu,
			 is_here ? "waits for the others after " : "has not come, it was ",
			 steps[meeting - 1]);
	}
	panic(pr_fmt("the machine is stopped, and a CPU has not come to a meeting for %llu s"),
	      LONGEST_WAIT_NS / NSEC_PER_SEC);
}

/* Wait until the meeting with this number is over. */
static void wait_until_open(struct plugsched_stop *stop, unsigned int meeting)
{
	u64 last = ktime_get_mono_fast_ns(), waited = 0, now;

	/* pairs with the smp_store_release() in meet() */
	while (smp_load_acquire(&stop->opened) < meeting) {
		cpu_relax();
		touch_nmi_watchdog();
		now = ktime_get_mono_fast_ns();
		waited += min(now - last, LONGEST_LOOK_NS);
		last = now;
		if (waited > LONGEST_WAIT_NS)
			give_up(stop, meeting);
	}
}

/*
 * Decide whether to go on. All CPUs are in the meeting, so nobody writes what this reads: meet()
 * orders it after the atomic_xchg(), atomic_set() and WRITE_ONCE() before the meeting, on any CPU.
 * Not after the jumps are written: from there on there is no way back.
 */
static void judge(struct plugsched_stop *stop)
{
	if (stop->verdict != PLUGSCHED_GO_ON)
		return;
	if (atomic_read(&stop->is_busy))
		stop->verdict = PLUGSCHED_BUSY;
	else if (READ_ONCE(stop->active->is_overflown)) /* then a task that ran is not noted */
		stop->verdict = PLUGSCHED_OVERFLOWN;
	else if (atomic_read(&stop->is_incomplete))
		stop->verdict = PLUGSCHED_INCOMPLETE;
}

/*
 * Wait until every CPU has come. If is_judged, the last CPU decides whether to go on.
 *
 * Each atomic_inc_return() is a full barrier and pairs with those of the other CPUs: the last CPU
 * to come, which reads the full number, sees all that any CPU did before. Its smp_store_release()
 * pairs with the smp_load_acquire() in wait_until_open(): whoever leaves sees all this, and the
 * verdict. No CPU can still be reading that verdict when it is written again, as this happens at a
 * later meeting, to which all CPUs have come.
 */
static void meet(struct plugsched_stop *stop, bool is_judged)
{
	unsigned int meeting = this_cpu_inc_return(met);

	if (atomic_inc_return(&stop->arrived) < meeting * stop->cpus) {
		wait_until_open(stop, meeting);
		return;
	}
	if (is_judged)
		judge(stop);
	/* pairs with the smp_load_acquire() in wait_until_open() */
	smp_store_release(&stop->opened, meeting);
}

/* Note the time at which the phase ended, on the CPU with rank 0. */
static void mark(enum plugsched_phase phase, bool is_first, u64 *when)
{
	if (!is_first)
		return;
	*when = ktime_get_mono_fast_ns();
	trace_plugsched_phase(phase, *when);
}

/* Note that a task stands in the way. On any CPU. */
static void stand_in_the_way(struct plugsched_stop *stop, const struct plugsched_busy *busy)
{
	/*
	 * The first CPU fills `busy`. The next meeting orders this before judge() and before the
	 * caller reads `busy`.
	 */
	if (!atomic_xchg(&stop->is_busy, 1))
		stop->busy = *busy;
}

/*
 * Check that a noted task does not stand in the way. A task that is on a CPU is the stopper of that
 * CPU and runs this code.
 */
static void look_at(struct plugsched_stop *stop, int index)
{
	struct task_struct *task = stop->active->tasks[index];
	struct plugsched_busy busy;

	if (!task || task->on_cpu)
		return;
	if (plugsched_stack_check(task, stop->redirection->change, task == stop->owner, &busy))
		stand_in_the_way(stop, &busy);
	plugsched_state_file(stop->active, index);
}

/* Look at this CPU's share of the noted tasks: every n-th one, for n CPUs. */
static void check(struct plugsched_stop *stop, unsigned int rank)
{
	unsigned int count = plugsched_active_count(stop->active), index;

	if (rank && plugsched_fault(PLUGSCHED_FAULT_STUCK))
		for (;;)
			cpu_relax();
	for (index = rank; index < count && !stop->is_unlooked; index += stop->cpus)
		look_at(stop, index);
}

/* Clear this CPU's runqueue. */
static void clear(struct plugsched_stop *stop)
{
	struct plugsched_busy busy;
	int error = plugsched_state_clear(stop->active, stop->redirection->change, &busy);

	if (error == -EBUSY)
		stand_in_the_way(stop, &busy);
	else if (error)
		atomic_set(&stop->is_incomplete, 1);
	if (plugsched_fault(PLUGSCHED_FAULT_CLEAR_OVERFLOW))
		WRITE_ONCE(stop->active->is_overflown, true); /* pairs: see judge() */
}

/*
 * All steps of the stop, on each CPU. The CPU with rank 0 does what only one CPU must do. If the
 * change is called off, the scheduler that was to leave puts the tasks back.
 */
static void take_steps(struct plugsched_stop *stop, unsigned int rank)
{
	const struct plugsched_change *change = stop->redirection->change;

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
		plugsched_redirect_write(stop->redirection);
	meet(stop, false);
	sync_core();
	mark(PLUGSCHED_REDIRECTED, !rank, &stop->redirected);
	plugsched_state_rebuild(stop->active, stop->verdict == PLUGSCHED_GO_ON
						      ? change->to->methods
						      : change->from->methods);
	meet(stop, false);
	mark(PLUGSCHED_REBUILT, !rank, &stop->rebuilt);
}

int plugsched_stop_each(void *data)
{
	struct plugsched_stop *stop = data;
	/* only the atomicity is needed: each CPU gets a number of its own */
	unsigned int rank = atomic_inc_return(&stop->ranks) - 1;

	mark(PLUGSCHED_STOPPED, !rank, &stop->begin);
	meet(stop, false);
	take_steps(stop, rank);
	this_cpu_write(met, 0);
	return 0;
}
