// SPDX-License-Identifier: GPL-2.0-only
/*
 * Gives the kernel a reason to complain, to test the tests: insmod complain.ko kind=KIND. A lasting
 * fault lasts until the module is removed. The loader sets how long the kernel waits before it
 * complains about a CPU or a task.
 */
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/panic.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/string.h>

#define BUSY_CPU 1

static char *kind;
module_param(kind, charp, 0444);

static struct task_struct *busy, *waiting; /* threads of lasting faults */
static int *volatile nowhere;

static void nothing(struct rcu_head *head)
{
}

static int __init warn(void)
{
	WARN_ON_ONCE(kind);
	return 0;
}

static int write_nowhere(void *unused)
{
	*nowhere = 1;
	return 0;
}

static int __init oops(void)
{
	return PTR_ERR_OR_ZERO(kthread_run(write_nowhere, NULL, "complain-oops"));
}

static int hit_bug(void *unused)
{
	BUG_ON(kind);
	return 0;
}

static int __init bug(void)
{
	return PTR_ERR_OR_ZERO(kthread_run(hit_bug, NULL, "complain-bug"));
}

/* Does not schedule, so no grace period can end. */
static int spin(void *unused)
{
	preempt_disable();
	while (!kthread_should_stop())
		cpu_relax();
	preempt_enable();
	return 0;
}

/*
 * A CPU that does not schedule, and a thread that waits for a grace period. A soft lockup is the
 * same, noticed by another watchdog.
 */
static int __init stall(void)
{
	static struct rcu_head head;

	busy = kthread_create(spin, NULL, "complain-spin");
	if (IS_ERR(busy))
		return PTR_ERR(busy);
	kthread_bind(busy, BUSY_CPU);
	wake_up_process(busy);
	call_rcu(&head, nothing);
	return 0;
}

static void wait_to_stop(void)
{
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ / 10);
}

static int want_soon(void *unused)
{
	synchronize_rcu_expedited();
	wait_to_stop();
	return 0;
}

static int __init stall_expedited(void)
{
	int error = stall();

	if (!error)
		waiting = kthread_run(want_soon, NULL, "complain-soon");
	return error;
}

static int hang(void *unused)
{
	while (!kthread_should_stop())
		schedule_timeout_uninterruptible(MAX_SCHEDULE_TIMEOUT);
	return 0;
}

static int __init hung_task(void)
{
	waiting = kthread_run(hang, NULL, "complain-hung");
	return PTR_ERR_OR_ZERO(waiting);
}

static int __init do_panic(void)
{
	panic("complain: as it was told");
}

static const struct {
	const char *name;
	int (*begin)(void);
} kinds[] __initconst = {
	{ "warn", warn },
	{ "oops", oops },
	{ "bug", bug },
	{ "stall", stall },
	{ "expedited", stall_expedited },
	{ "lockup", stall },
	{ "hung", hung_task },
	{ "panic", do_panic },
};

static int __init begin(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kind && !strcmp(kind, kinds[i].name))
			return kinds[i].begin();
	return -EINVAL;
}

static void __exit end(void)
{
	if (!IS_ERR_OR_NULL(busy))
		kthread_stop(busy);
	if (!IS_ERR_OR_NULL(waiting))
		kthread_stop(waiting);
	rcu_barrier(); /* wait until nothing() was called */
}

module_init(begin);
module_exit(end);
MODULE_LICENSE("GPL");
