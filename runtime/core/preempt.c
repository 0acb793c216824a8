// SPDX-License-Identifier: GPL-2.0-only
/*
 * Preemption within the kernel while a transition looks for its moment.
 *
 * Where the kernel can be preempted, every wakeup may preempt the waker in the middle of the
 * scheduler, and under load some task always stands there. So while a transition goes on, the
 * wakeup of a task that is not urgent preempts the waker a little later: not at the end of the
 * section that holds the runqueue's lock, which is within the scheduler, but at the next interrupt
 * or on the way to user mode. Only the flag that preempt_enable() looks at is cleared
 * (TIF_NEED_RESCHED stays), so no reschedule is lost. The wakeup of a realtime task preempts the
 * waker as ever.
 *
 * If that is not enough, a kernel with PREEMPT_DYNAMIC can do without preemption for a while, as it
 * does when an administrator writes to /sys/kernel/debug/sched/preempt: a task that stands in the
 * way runs on and leaves, and no other task gets stuck there. The kernel logs each change.
 *
 * No wait of a transition is for readers of RCU: it may take long until a preempted reader runs
 * again.
 */
#include "preempt.h"

#include "stack.h"

#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched/prio.h>
#include <linux/sched/signal.h>
#include <linux/stop_machine.h>

#ifdef CONFIG_PREEMPT_DYNAMIC
/*
 * See kernel/sched/sched.h. READ_ONCE(preempt_dynamic_mode) pairs with the write in sched_dynamic_update(), which debugfs can
 * call at any time.
 */
extern int preempt_dynamic_mode;
int sched_dynamic_mode(const char *name);
void sched_dynamic_update(int mode);

/*
 * The mode in which an interrupt preempts the kernel if a reschedule is wanted; -1: not known yet.
 * Written before the probes that read it are registered.
 */
static int full = -1;

void plugsched_preempt_prepare(void)
{
	full = sched_dynamic_mode("full");
}

static bool is_preempted_anywhere(void)
{
	return full >= 0 && READ_ONCE(preempt_dynamic_mode) == full;
}

int plugsched_preempt_calm(void)
{
	int before = READ_ONCE(preempt_dynamic_mode);
	int calm = sched_dynamic_mode("voluntary");

	if (calm < 0 || before == calm || before == sched_dynamic_mode("none"))
		return -1;
	sched_dynamic_update(calm);
	return before;
}

void plugsched_preempt_restore(int before)
{
	/* if the mode is not the one set above, somebody else has changed it meanwhile */
	if (before >= 0 && READ_ONCE(preempt_dynamic_mode) == sched_dynamic_mode("voluntary"))
		sched_dynamic_update(before);
}
#else
void plugsched_preempt_prepare(void)
{
}

static bool is_preempted_anywhere(void)
{
	return IS_ENABLED(CONFIG_PREEMPTION);
}

int plugsched_preempt_calm(void)
{
	return -1;
}

void plugsched_preempt_restore(int before)
{
}
#endif

/* --- later preemption */

/*
 * A realtime task was woken for this CPU, which has not switched since. Written under the lock of
 * this CPU's runqueue.
 */
static DEFINE_PER_CPU(bool, is_urgent);

void plugsched_preempt_on_wakeup(const struct task_struct *woken)
{
	if (woken->prio < MAX_RT_PRIO)
		per_cpu(is_urgent, task_cpu(woken)) = true;
	else if (is_preempted_anywhere() && !__this_cpu_read(is_urgent))
		clear_preempt_need_resched();
}

void plugsched_preempt_on_switch(void)
{
	__this_cpu_write(is_urgent, false);
}

/* --- waits */

static int nothing(void *unused)
{
	return 0;
}

void plugsched_preempt_wait_for_sections(void)
{
	int cpu;

	cpus_read_lock(); /* no CPU is on its way online or offline */
	for_each_online_cpu(cpu)
		stop_one_cpu(cpu, nothing, NULL);
	cpus_read_unlock();
}

#define LONGEST_PAUSE_MS 50
#define LONGEST_TURN_MS 1000 /* for a task that waits for a CPU */
/*
 * A pause is this many times as long as others were held off before it, so that other tasks get to
 * run on machines of any speed.
 */
#define SHARE 4

/*
 * True if the task is queued for a CPU and has not run since: it still stands where it stood, and
 * another attempt would be in vain. READ_ONCE() pairs with the scheduler's writes under the
 * runqueue's lock; an old value only makes a pause shorter or longer.
 */
static bool waits_for_turn(const struct plugsched_busy *busy)
{
	return busy->task && READ_ONCE(busy->task->on_rq) && !READ_ONCE(busy->task->on_cpu) &&
	       READ_ONCE(busy->task->se.sum_exec_runtime) == busy->ran;
}

static bool is_interrupted(unsigned int ms, bool is_forced)
{
	if (!is_forced)
		return msleep_interruptible(ms) || signal_pending(current);
	msleep(ms);
	return false;
}

int plugsched_preempt_pause(unsigned int tries, u64 held_ns, const struct plugsched_busy *busy,
			    bool is_forced)
{
	unsigned int least = min_t(unsigned int, tries + 1, LONGEST_PAUSE_MS);
	unsigned int ms =
		clamp_t(u64, div_u64(SHARE * held_ns, NSEC_PER_MSEC), least, LONGEST_TURN_MS);

	if (is_interrupted(ms, is_forced))
		return -EINTR;
	for (; ms < LONGEST_TURN_MS && waits_for_turn(busy); ms += LONGEST_PAUSE_MS)
		if (is_interrupted(LONGEST_PAUSE_MS, is_forced))
			return -EINTR;
	return 0;
}
