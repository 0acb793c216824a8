// SPDX-License-Identifier: GPL-2.0-only
/*
 * Preemption within the kernel, while an order looks for its moment.
 *
 * Where the kernel can be preempted, every wakeup may leave the waker in the middle of the scheduler, and under load some task
 * always stands there. So while an order goes on, a wakeup of a task that is not urgent preempts the waker a little later: not at the
 * end of the section that holds the runqueue's lock, which is within the scheduler, but at the next interrupt or on the way to user
 * mode. Only what preempt_enable() looks at is taken back, so no reschedule is lost. Whoever wakes a realtime task is preempted as ever.
 *
 * If that is not enough, a kernel with PREEMPT_DYNAMIC can give preemption up for a while, as an administrator does with
 * /sys/kernel/debug/sched/preempt: whoever stands in the way runs on and leaves, and nobody new gets there. The kernel logs each change.
 *
 * No wait of an order is for readers of RCU, as a preempted one may be long in getting his turn.
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
/* kernel/sched/sched.h; the functions are vmlinux's own, the plain names are the module's */
extern int preempt_dynamic_mode;
int __vmlinux_sched_dynamic_mode(const char *name);
void __vmlinux_sched_dynamic_update(int mode);

static int full = -1; /* the mode in which each interrupt that finds a reschedule wanted does it; none so far */

void plugsched_preempt_prepare(void)
{
	full = __vmlinux_sched_dynamic_mode("full");
}

static bool is_preempted_anywhere(void)
{
	return full >= 0 && READ_ONCE(preempt_dynamic_mode) == full;
}

int plugsched_preempt_calm(void)
{
	int before = READ_ONCE(preempt_dynamic_mode), calm = __vmlinux_sched_dynamic_mode("voluntary");

	if (calm < 0 || before == calm || before == __vmlinux_sched_dynamic_mode("none"))
		return -1;
	__vmlinux_sched_dynamic_update(calm);
	return before;
}

void plugsched_preempt_restore(int before)
{
	/* else somebody has chosen otherwise meanwhile */
	if (before >= 0 && READ_ONCE(preempt_dynamic_mode) == __vmlinux_sched_dynamic_mode("voluntary"))
		__vmlinux_sched_dynamic_update(before);
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

/* --- preempted later */

/* A realtime task was woken for this CPU, which has not switched since. Under the runqueue's lock. */
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

	cpus_read_lock(); /* nobody is half way offline */
	for_each_online_cpu(cpu)
		stop_one_cpu(cpu, nothing, NULL);
	cpus_read_unlock();
}

#define LONGEST_PAUSE_MS 50
#define LONGEST_TURN_MS 1000 /* for a task that has not got a CPU */
#define SHARE 4              /* pauses are so many times as long as the tries: others get their turn, however slow the machine is */

/* It is queued for a CPU and has not run: it stands where it stood, and another attempt is in vain. */
static bool waits_for_turn(const struct plugsched_busy *busy)
{
	return busy->task && READ_ONCE(busy->task->on_rq) && !READ_ONCE(busy->task->on_cpu) &&
	       READ_ONCE(busy->task->se.sum_exec_runtime) == busy->ran;
}

static bool is_interrupted(unsigned int ms)
{
	return msleep_interruptible(ms) || signal_pending(current);
}

int plugsched_preempt_pause(unsigned int tries, u64 spent_ns, const struct plugsched_busy *busy)
{
	unsigned int least = min_t(unsigned int, tries + 1, LONGEST_PAUSE_MS);
	unsigned int ms = clamp_t(u64, div_u64(SHARE * spent_ns, NSEC_PER_MSEC), least, LONGEST_TURN_MS);

	if (is_interrupted(ms))
		return -EINTR;
	for (; ms < LONGEST_TURN_MS && waits_for_turn(busy); ms += LONGEST_PAUSE_MS)
		if (is_interrupted(LONGEST_PAUSE_MS))
			return -EINTR;
	return 0;
}
