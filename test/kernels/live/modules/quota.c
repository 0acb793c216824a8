// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shows what a process's cgroup has left of its quota: echo PID >/sys/module/quota/parameters/pid,
 * then read .../left. It prints "pool NS", and a line "CPU NS" for each CPU: what is left there, or
 * owed if it is negative.
 */
#include <linux/mmu_context.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/pid.h>
#include <linux/sched/cputime.h>

#include "sched.h" /* the kernel's own scheduler */

static int pid;
module_param(pid, int, 0644);

static int show_group(char *page, const struct task_group *group)
{
	int length = scnprintf(page, PAGE_SIZE, "pool %llu\n", group->cfs_bandwidth.runtime), cpu;

	for_each_online_cpu(cpu)
		length += scnprintf(page + length, PAGE_SIZE - length, "%d %lld\n", cpu,
				    group->cfs_rq[cpu]->runtime_remaining);
	return length;
}

static int show(char *page, const struct kernel_param *parameter)
{
	struct pid *number = find_get_pid(pid);
	struct task_struct *task = get_pid_task(number, PIDTYPE_PID);
	int length = -ESRCH;

	put_pid(number);
	if (!task)
		return length;
	length = show_group(page, task->sched_task_group);
	put_task_struct(task);
	return length;
}

static const struct kernel_param_ops left_ops = { .get = show };
module_param_cb(left, &left_ops, NULL, 0444);

MODULE_LICENSE("GPL");
