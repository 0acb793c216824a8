// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether a task that does not run stands in the scheduler that leaves.
 *
 * Its stack is walked by the unwinder that livepatch relies on, which says so if it cannot be sure (kernel/livepatch/transition.c
 * has the same rule), and the walk must have come to the stack's very beginning. A preempted task may stand where the unwinder's
 * tables say that a stack begins (a retpoline's thunk, function_graph's return_to_handler: UNWIND_HINT_EMPTY), and whoever called it
 * would not be seen.
 *
 * A return address is the instruction behind a call, so one at a function's very end belongs to it too.
 * A sleeping task stands in vmlinux's __schedule, right behind the switch of stacks, whatever scheduler is at work: that is
 * the only place there which is allowed.
 */
#include "../plugsched.h"
#include "runtime.h"

#include <linux/module.h>
#include <linux/pid.h>
#include <linux/sched/task_stack.h>
#include <asm/processor.h>
#include <asm/sections.h>
#include <asm/unwind.h>

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

static bool look(struct walk *walk, unsigned long address)
{
	if (walk->direction == PLUGSCHED_TO_MODULE ? !is_replaced(address) : !within_module(address, THIS_MODULE))
		return true;
	walk->found = address;
	return false;
}

/* Where a task begins that does not come from user mode: its first call returns to right below where its user registers would be. */
static bool is_first(const struct task_struct *task, const unsigned long *place)
{
	return place == (unsigned long *)task_pt_regs(task) - 1;
}

/* The rules of arch_stack_walk_reliable(), and the one above. An idle task, which begins elsewhere, is never preempted. */
static bool walk_whole(struct task_struct *task, struct walk *walk)
{
	const unsigned long *last = NULL;
	struct unwind_state state;

	for (unwind_start(&state, task, NULL, NULL); !unwind_done(&state) && !unwind_error(&state); unwind_next_frame(&state)) {
		struct pt_regs *regs = unwind_get_entry_regs(&state, NULL);
		unsigned long address = unwind_get_return_address(&state);

		if (regs && user_mode(regs))
			return true;
		if ((regs && IS_ENABLED(CONFIG_FRAME_POINTER)) || !address || !look(walk, address))
			return false;
		last = unwind_get_return_address_ptr(&state);
	}
	return !unwind_error(&state) && (is_idle_task(task) || is_first(task, last));
}

int plugsched_stack_check(struct task_struct *task, enum plugsched_direction direction, struct plugsched_busy *busy)
{
	struct walk walk = { direction, 0 };
	bool is_clean;

	if (!try_get_task_stack(task))
		return 0; /* it has ended */
	is_clean = walk_whole(task, &walk);
	put_task_stack(task);
	if (is_clean)
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
