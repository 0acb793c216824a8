// SPDX-License-Identifier: GPL-2.0-only
/*
 * Holds a mutex of the kernel as long as it is loaded, so that a task that wants the mutex stays
 * where it is: insmod hold.ko mutex=0xADDRESS. A mutex that insmod itself wants at its end is let go
 * by a 1 to the parameter release.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>

static ulong mutex;
module_param(mutex, ulong, 0444);

static bool release;
module_param(release, bool, 0644);

static struct task_struct *holder;
static DECLARE_COMPLETION(is_held);

static int hold(void *unused)
{
	mutex_lock((struct mutex *)mutex);
	complete(&is_held);
	while (!kthread_should_stop() &&
	       !READ_ONCE(release)) /* pairs with a write to the parameter */
		schedule_timeout_interruptible(HZ / 10);
	mutex_unlock((struct mutex *)mutex);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ / 10);
	return 0;
}

static int __init begin(void)
{
	holder = kthread_run(hold, NULL, "hold");
	if (IS_ERR(holder))
		return PTR_ERR(holder);
	sched_set_fifo(holder); /* it must release the mutex even if others want its CPU */
	wait_for_completion(&is_held);
	return 0;
}

static void __exit end(void)
{
	kthread_stop(holder);
}

module_init(begin);
module_exit(end);
MODULE_LICENSE("GPL");
