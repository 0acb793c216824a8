// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether a task that does not run stands in the scheduler that leaves.
 *
 * Its stack is walked by the unwinder that livepatch relies on, which says so if it cannot be sure (kernel/livepatch/transition.c
 * has the same rule). A return address is the instruction behind a call, so one at a function's very end belongs to it too.
 * A sleeping task stands in vmlinux's __schedule, right behind the switch of stacks, whatever scheduler is at work: that is
 * the only place there which is allowed.
 */
#include "../plugsched.h"
#include "runtime.h"

#include <linux/module.h>
#include <linux/pid.h>
#include <linux/sched/task_stack.h>
#include <linux/stacktrace.h>
#include <asm/sections.h>

#include "../springboard.h"

static unsigned long springboard; /* vmlinux's __schedule */
static unsigned int pieces;       /* of plugsched_text */

struct walk {
	enum plugsched_direction direction;
	unsigned long found;
};

int plugsched_stack_prepare(void)
{
	for (pieces = 0; plugsched_text[pieces].name; pieces++)
		if (plugsched_text[pieces].is_springboard && !strchr(plugsched_text[pieces].name, '.'))
			springboard = (unsigned long)_text + plugsched_text[pieces].offset;
	return springboard ? 0 : plugsched_refuse(-EINVAL, "the module has no __schedule in its table of replaced code: build it again");
}

static bool is_behind_switch(unsigned long address)
{
#define ENTRY(offset) (offset) + PLUGSCHED_SCHEDULE_SWITCH_LENGTH,
	static const unsigned int behind[] = { PLUGSCHED_SCHEDULE_EACH_SWITCH(ENTRY) };
#undef ENTRY
	int i;

	for (i = 0; i < ARRAY_SIZE(behind); i++)
		if (address == springboard + behind[i])
			return true;
	return false;
}

const struct plugsched_text *plugsched_text_at(unsigned long address)
{
	unsigned long offset = address - (unsigned long)_text;
	unsigned int low = 0, high = pieces;

	while (low < high) { /* the first piece that begins behind it */
		unsigned int middle = low + (high - low) / 2;

		if (plugsched_text[middle].offset <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low && offset < plugsched_text[low - 1].offset + plugsched_text[low - 1].size ? &plugsched_text[low - 1] : NULL;
}

/* A call that is a function's last instruction returns right behind it. */
static bool is_replaced(unsigned long address)
{
	return (plugsched_text_at(address) || plugsched_text_at(address - 1)) && !is_behind_switch(address);
}

static bool look(void *cookie, unsigned long address)
{
	struct walk *walk = cookie;

	if (walk->direction == PLUGSCHED_TO_MODULE ? !is_replaced(address) : !within_module(address, THIS_MODULE))
		return true;
	walk->found = address;
	return false;
}

int plugsched_stack_check(struct task_struct *task, enum plugsched_direction direction, struct plugsched_busy *busy)
{
	struct walk walk = { direction, 0 };
	int error;

	if (!try_get_task_stack(task))
		return 0; /* it has ended */
	error = arch_stack_walk_reliable(look, &walk, task);
	put_task_stack(task);
	if (!error && !walk.found)
		return 0;
	busy->task = task;
	busy->address = walk.found;
	return -EBUSY;
}

void plugsched_busy_describe(const struct plugsched_busy *busy)
{
	char *text = plugsched_why.in_the_way;

	if (!busy->task)
		scnprintf(text, sizeof(plugsched_why.in_the_way), "(ordered by a test)");
	else if (busy->address)
		scnprintf(text, sizeof(plugsched_why.in_the_way), "%s:%d in %ps", busy->task->comm, task_pid_nr(busy->task),
			  (void *)busy->address);
	else
		scnprintf(text, sizeof(plugsched_why.in_the_way), "%s:%d, whose stack cannot be walked reliably", busy->task->comm,
			  task_pid_nr(busy->task));
}
