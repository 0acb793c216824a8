// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether a task that does not run stands in the scheduler that leaves.
 *
 * Its stack is walked by the unwinder that livepatch relies on, which says so if it cannot be sure (kernel/livepatch/transition.c
 * has the same rule), and the walk must have come to the stack's very beginning. A preempted task may stand where the unwinder's
 * tables say that a stack begins (a retpoline's thunk, function_graph's return_to_handler: UNWIND_HINT_EMPTY), and whoever called it
 * would not be seen.
 *
 * Where the unwinder is not sure (a trampoline of BPF's fexit, of a return probe), or would warn, every word of the rest of the stack is
 * looked at, and every word of the shadow stacks (shadow.c). A task that does not run keeps all its registers on its stack, so what it goes on
 * with is one of these words: if none is an address in the text that leaves, it does not stand there. If one is, it may be left over from
 * before; then the task may stand there, and counts as if it did.
 *
 * A return address is the instruction behind a call, so one at a function's very end belongs to it too.
 * A sleeping task stands in vmlinux's __schedule, right behind the switch of stacks, whatever scheduler is at work: that is
 * the only place there which is allowed.
 */
#include "../plugsched.h"

#include "stack.h"

#include "outcome.h"
#include "redirect.h"
#include "shadow.h"
#include "state.h"

#include <linux/compiler.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/sched/task_stack.h>
#include <asm/pgtable.h>
#include <asm/processor.h>
#include <asm/sections.h>
#include <asm/switch_to.h>
#include <asm/unwind.h>

#include "../springboard.h"

static unsigned long springboard; /* vmlinux's __schedule */
static unsigned int pieces;       /* of plugsched_text */

struct walk {
	enum plugsched_direction direction;
	unsigned long found;           /* an address in the text that leaves */
	unsigned long last;            /* the last address that was sure */
	unsigned long beyond;          /* where the unwinder could not go on; 0: an address that nobody knows */
	const unsigned long *sure;     /* up to this word, which is a return address, the stack is known; NULL: nothing is */
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

/* --- the unwinder */

/* On some kernels it warns of a runnable task's return probe, on others it gives up there. */
static bool may_unwind(const struct task_struct *task)
{
	return !plugsched_shadow_has_probe(task) || !task_is_running(task);
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
	bool is_interrupted = false;
	struct unwind_state state;

	for (unwind_start(&state, task, NULL, NULL); !unwind_done(&state) && !unwind_error(&state); unwind_next_frame(&state)) {
		struct pt_regs *regs = unwind_get_entry_regs(&state, NULL);
		unsigned long address = unwind_get_return_address(&state);

		if (regs && user_mode(regs))
			return true;
		walk->last = walk->beyond;
		walk->beyond = address;
		if ((regs && IS_ENABLED(CONFIG_FRAME_POINTER)) || !address || !look(walk, address))
			return false;
		is_interrupted |= regs != NULL; /* then all registers are on the stack, and some may be what it goes on with */
		last = unwind_get_return_address_ptr(&state);
		walk->sure = is_interrupted ? NULL : last;
	}
	return !unwind_error(&state) && (is_idle_task(task) || is_first(task, last));
}

/* --- word by word */

/*
 * Instructions that kprobes has moved elsewhere, and that end with a jump back: whoever stands there stands in the function that is probed,
 * which cannot be told.
 */
static bool is_moved(unsigned long address)
{
	return address >= MODULES_VADDR && address < MODULES_END && (is_kprobe_insn_slot(address) || is_kprobe_optinsn_slot(address));
}

/*
 * A word that is the address of a function, as a wait queue's entries have them, is no return address: no call that returns ends right
 * before a function. Whoever goes there enters it, and finds the jump if it has one.
 */
static bool look_at_word(void *data, unsigned long word)
{
	struct walk *walk = data;

	if (is_moved(word)) {
		walk->found = word;
		return false;
	}
	return (walk->direction == PLUGSCHED_TO_MODULE && plugsched_redirect_is_entry(word)) || look(walk, word);
}

/*
 * The first word that counts. What vmlinux's __schedule has of its own below the registers that it has saved is never read again: that is
 * proven for each vmlinux when its module is made (springboard.h).
 */
static const unsigned long *first_word(const struct task_struct *task)
{
	const struct inactive_task_frame *frame = (const void *)task->thread.sp;

	return is_behind_switch(READ_ONCE_NOCHECK(frame->ret_addr)) ?
	       (const unsigned long *)(frame + 1) + PLUGSCHED_SCHEDULE_SUB / sizeof(long) : (const unsigned long *)frame;
}

static bool is_on_stack(const struct task_struct *task, unsigned long address)
{
	unsigned long begin = (unsigned long)task_stack_page(task);

	return IS_ALIGNED(address, sizeof(long)) && address >= begin &&
	       address + sizeof(struct inactive_task_frame) <= (unsigned long)task_pt_regs((struct task_struct *)task);
}

/* What the unwinder is not sure of, up to the user's registers, where every stack begins. */
static bool look_at_words(struct task_struct *task, struct walk *walk)
{
	const unsigned long *end = (const unsigned long *)task_pt_regs(task), *word;

	if (!is_on_stack(task, task->thread.sp))
		return false;
	for (word = walk->sure ? walk->sure + 1 : first_word(task); word < end; word++)
		if (!look_at_word(walk, READ_ONCE_NOCHECK(*word)))
			return false;
	return plugsched_shadow_each(task, look_at_word, walk);
}

/* --- both */

static void describe_way(struct task_struct *task, const struct walk *walk, struct plugsched_busy *busy)
{
	busy->is_sure = false;
	busy->last = walk->last;
	busy->beyond = walk->beyond;
	busy->has_probe = plugsched_shadow_has_probe(task) && !walk->beyond;
	busy->probed = busy->has_probe ? plugsched_shadow_probed(task) : 0;
}

static bool check(struct task_struct *task, enum plugsched_direction direction, struct plugsched_busy *busy)
{
	struct walk walk = { .direction = direction };
	bool is_clean = may_unwind(task) && walk_whole(task, &walk);

	*busy = (struct plugsched_busy){ .task = task, .ran = READ_ONCE(task->se.sum_exec_runtime), .is_sure = true };
	if (!is_clean && !walk.found) {
		describe_way(task, &walk, busy);
		is_clean = look_at_words(task, &walk);
	}
	busy->address = walk.found;
	return is_clean;
}

int plugsched_stack_check(struct task_struct *task, enum plugsched_direction direction, struct plugsched_busy *busy)
{
	bool is_clean;

	if (!try_get_task_stack(task))
		return 0; /* it has ended */
	is_clean = check(task, direction, busy);
	put_task_stack(task);
	return is_clean ? 0 : -EBUSY;
}

struct pinned {
	enum plugsched_direction direction;
	struct plugsched_busy *busy;
};

static int check_pinned(struct task_struct *task, void *data)
{
	const struct pinned *pinned = data;

	if (smp_load_acquire(&task->on_cpu)) /* else all that it has left on its stack is seen */
		return -EAGAIN;
	return check(task, pinned->direction, pinned->busy) ? 0 : -EBUSY;
}

int plugsched_stack_check_pinned(struct task_struct *task, enum plugsched_direction direction, struct plugsched_busy *busy)
{
	struct pinned pinned = { direction, busy };
	int error;

	if (!try_get_task_stack(task))
		return 0;
	error = plugsched_state_pin(task, check_pinned, &pinned);
	put_task_stack(task);
	return error;
}

/* --- telling */

/* What keeps the unwinder from being sure. */
static int describe_doubt(const struct plugsched_busy *busy, char *text, size_t size)
{
	if (busy->has_probe && busy->probed)
		return scnprintf(text, size, " for a return probe on %ps", (void *)busy->probed);
	if (busy->has_probe)
		return scnprintf(text, size, " for a return probe");
	if (busy->last && busy->beyond)
		return scnprintf(text, size, " past %ps, called by %ps", (void *)busy->last, (void *)busy->beyond);
	return busy->beyond ? scnprintf(text, size, " past %ps", (void *)busy->beyond) : 0;
}

static void describe_unsure(const struct plugsched_busy *busy, char *text, size_t size)
{
	int length = scnprintf(text, size, "%s:%d, whose stack cannot be walked reliably", busy->task->comm, task_pid_nr(busy->task));

	length += describe_doubt(busy, text + length, size - length);
	if (busy->address)
		scnprintf(text + length, size - length, ", maybe in %ps", (void *)busy->address);
}

void plugsched_busy_describe(const struct plugsched_busy *busy)
{
	char *text = plugsched_why.in_the_way;
	size_t size = sizeof(plugsched_why.in_the_way);

	if (!busy->task)
		scnprintf(text, size, "(ordered by a test)");
	else if (busy->is_sure)
		scnprintf(text, size, "%s:%d in %ps", busy->task->comm, task_pid_nr(busy->task), (void *)busy->address);
	else
		describe_unsure(busy, text, size);
}
