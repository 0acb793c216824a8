// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does a task that does not run stand in the scheduler that leaves?
 *
 * The unwinder that livepatch relies on walks the stack of the task. It reports an error if it is
 * not sure (kernel/livepatch/transition.c has the same rule), and the walk must come to the very
 * beginning of the stack: a preempted task may stand where the unwinder's tables say that a stack
 * begins (the thunk of a retpoline, function_graph's return_to_handler: UNWIND_HINT_EMPTY), and the
 * walk would then miss the callers.
 *
 * Where the unwinder is not sure (at a trampoline of BPF's fexit or of a return probe), or would
 * print a warning, this file looks at every word of the rest of the stack and at every word of the
 * shadow stacks (shadow.c). A task that does not run has all its registers on its stack, so the
 * address at which it goes on is one of these words. If none of them is an address in the text that
 * leaves, the task does not stand there. If one is, it may be left over from before; then the task
 * may stand there, and counts as if it did.
 *
 * A return address is the address of the instruction behind a call, so that the address right
 * behind a function belongs to it, too. A sleeping task stands in vmlinux's __schedule(), right
 * behind the switch of stacks, whichever scheduler is at work: this is the only place in the
 * replaced text where a task may stand.
 */
#include "stack.h"

#include "outcome.h"
#include "scheduler.h"
#include "shadow.h"
#include "sites.h"
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

/* The address of vmlinux's __schedule(). Each scheduler that joins has it in its tables. */
static unsigned long springboard;

struct walk {
	const struct plugsched_change *change;
	bool is_owner;             /* as in plugsched_stack_check() */
	unsigned long found;       /* an address in the text that leaves; 0: none so far */
	unsigned long last;        /* the last address whose caller the unwinder found */
	unsigned long beyond;      /* this caller: the unwinder could not go on from it; 0: the
				    * unwinder found no address there */
	const unsigned long *sure; /* the unwinder knows the stack up to and including this word,
				    * which is a return address; NULL: it knows nothing of it */
};

int plugsched_stack_prepare(struct plugsched_scheduler *scheduler)
{
	const struct plugsched_text *text = scheduler->tables->text;
	bool is_found = false;

	for (; text->name; text++, scheduler->pieces++)
		if (text->is_springboard && !strchr(text->name, '.')) {
			springboard = (unsigned long)_text + text->offset;
			is_found = true;
		}
	return is_found ? 0
			: plugsched_refuse(-EINVAL, "the module has no __schedule in its table of "
						    "replaced code: build it again");
}

/* True for the addresses right behind the switches of stacks in vmlinux's __schedule(). */
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

const struct plugsched_text *plugsched_text_at(const struct plugsched_scheduler *scheduler,
					       unsigned long address)
{
	const struct plugsched_text *text = scheduler->tables ? scheduler->tables->text : NULL;
	unsigned long offset = address - (unsigned long)_text;
	unsigned int low = 0, high = scheduler->pieces;

	while (low < high) { /* search the first piece that begins behind the offset */
		unsigned int middle = low + (high - low) / 2;

		if (text[middle].offset <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low && offset < text[low - 1].offset + text[low - 1].size ? &text[low - 1] : NULL;
}

/*
 * True for text that the scheduler that comes replaces and the one that leaves does not: where both
 * do, nobody has been since the latter came. Only on the way to a jump tasks run vmlinux's text.
 */
static bool is_newly_replaced(const struct plugsched_change *change, unsigned long address)
{
	return plugsched_text_at(change->to, address) &&
	       (!plugsched_text_at(change->from, address) ||
		plugsched_sites_have_head(change->from, address));
}

/* The call that is the last instruction of a function returns right behind that function. */
static bool is_replaced(const struct plugsched_change *change, unsigned long address)
{
	return is_newly_replaced(change, address) || is_newly_replaced(change, address - 1);
}

/* The text that leaves is the module's, if one leaves, and what is newly replaced in vmlinux. */
static bool is_leaving(const struct walk *walk, unsigned long address)
{
	const struct plugsched_scheduler *from = walk->change->from;

	if (from->module && within_module(address, from->module))
		return !walk->is_owner;
	return is_replaced(walk->change, address) && !is_behind_switch(address);
}

/* Returns false, with walk->found set, if the address is in the text that leaves. */
static bool look(struct walk *walk, unsigned long address)
{
	if (!is_leaving(walk, address))
		return true;
	walk->found = address;
	return false;
}

/* --- the unwinder */

/* At a return probe of a runnable task, some kernels' unwinders print a warning, others give up. */
static bool may_unwind(const struct task_struct *task)
{
	return !plugsched_shadow_has_probe(task) || !task_is_running(task);
}

/*
 * True if `place` is where the first return address of a task lies that has not come from user
 * mode: right below the place of the user's registers.
 */
static bool is_first(const struct task_struct *task, const unsigned long *place)
{
	return place == (unsigned long *)task_pt_regs(task) - 1;
}

/*
 * Walk the whole stack by the rules of arch_stack_walk_reliable() and by the one in the head of
 * this file, that the walk comes to the beginning of the stack. The stack of an idle task begins
 * elsewhere, but an idle task is never preempted. Returns true if the walk is reliable and nothing
 * was found.
 */
static bool walk_whole(struct task_struct *task, struct walk *walk)
{
	const unsigned long *last = NULL;
	bool is_interrupted = false;
	struct unwind_state state;

	for (unwind_start(&state, task, NULL, NULL); !unwind_done(&state) && !unwind_error(&state);
	     unwind_next_frame(&state)) {
		struct pt_regs *regs = unwind_get_entry_regs(&state, NULL);
		unsigned long address = unwind_get_return_address(&state);

		if (regs && user_mode(regs))
			return true;
		walk->last = walk->beyond;
		walk->beyond = address;
		if ((regs && IS_ENABLED(CONFIG_FRAME_POINTER)) || !address || !look(walk, address))
			return false;
		/*
		 * then all registers are on the stack, and the task may go on at an address that is
		 * in one of them
		 */
		is_interrupted |= regs != NULL;
		last = unwind_get_return_address_ptr(&state);
		walk->sure = is_interrupted ? NULL : last;
	}
	return !unwind_error(&state) && (is_idle_task(task) || is_first(task, last));
}

/* --- word by word */

/*
 * True if the address is in instructions that kprobes has moved elsewhere and that end with a jump
 * back. A task there stands in the function that is probed, but which one that is cannot be told.
 */
static bool is_moved(unsigned long address)
{
	return address >= MODULES_VADDR && address < MODULES_END &&
	       (is_kprobe_insn_slot(address) || is_kprobe_optinsn_slot(address));
}

/*
 * A word that is the address of a function's entry, as in the entries of a wait queue, is not a
 * return address: no call that returns ends right before a function. A task that goes to this
 * address enters the function, and takes the jump if the function has one.
 */
static bool look_at_word(void *data, unsigned long word)
{
	struct walk *walk = data;

	if (is_moved(word)) {
		walk->found = word;
		return false;
	}
	return plugsched_sites_have_entry(walk->change->to, word) || look(walk, word);
}

/*
 * The first word to look at. The local variables of vmlinux's __schedule(), which lie below the
 * registers that it has saved, are never read again: this is proven for each vmlinux when its
 * module is made (springboard.h).
 */
static const unsigned long *first_word(const struct task_struct *task)
{
	const struct inactive_task_frame *frame = (const void *)task->thread.sp;

	/* READ_ONCE_NOCHECK() is for KASAN, not for order: the task does not run */
	return is_behind_switch(READ_ONCE_NOCHECK(frame->ret_addr))
		       ? (const unsigned long *)(frame + 1) + PLUGSCHED_SCHEDULE_SUB / sizeof(long)
		       : (const unsigned long *)frame;
}

/* True if a frame of the switch at the address lies on the task's stack. */
static bool is_on_stack(const struct task_struct *task, unsigned long address)
{
	unsigned long begin = (unsigned long)task_stack_page(task);

	return IS_ALIGNED(address, sizeof(long)) && address >= begin &&
	       address + sizeof(struct inactive_task_frame) <=
		       (unsigned long)task_pt_regs((struct task_struct *)task);
}

/*
 * Look at the part of the stack that the unwinder is not sure of, up to the user's registers, where
 * every stack begins, and at the shadow stacks. Returns true if nothing was found.
 */
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

/* --- both ways together */

/* Say why the unwinder was not sure. */
static void describe_way(struct task_struct *task, const struct walk *walk,
			 struct plugsched_busy *busy)
{
	busy->is_sure = false;
	busy->last = walk->last;
	busy->beyond = walk->beyond;
	busy->has_probe = plugsched_shadow_has_probe(task) && !walk->beyond;
	busy->probed = busy->has_probe ? plugsched_shadow_probed(task) : 0;
}

static bool check(struct task_struct *task, const struct plugsched_change *change, bool is_owner,
		  struct plugsched_busy *busy)
{
	struct walk walk = { .change = change, .is_owner = is_owner };
	bool is_clean = may_unwind(task) && walk_whole(task, &walk);

	/*
	 * nobody writes sum_exec_runtime while the task does not run; waits_for_turn() in preempt.c
	 * compares it later, without a lock
	 */
	*busy = (struct plugsched_busy){
		.task = task,
		.ran = READ_ONCE(task->se.sum_exec_runtime),
		.is_sure = true,
	};
	if (!is_clean && !walk.found) {
		describe_way(task, &walk, busy);
		is_clean = look_at_words(task, &walk);
	}
	busy->address = walk.found;
	return is_clean;
}

int plugsched_stack_check(struct task_struct *task, const struct plugsched_change *change,
			  bool is_owner, struct plugsched_busy *busy)
{
	bool is_clean;

	if (!try_get_task_stack(task))
		return 0; /* the task has ended, and its stack is gone */
	is_clean = check(task, change, is_owner, busy);
	put_task_stack(task);
	return is_clean ? 0 : -EBUSY;
}

struct pinned {
	const struct plugsched_change *change;
	struct plugsched_busy *busy;
};

static int check_pinned(struct task_struct *task, void *data)
{
	const struct pinned *pinned = data;

	/*
	 * Pairs with the smp_store_release() in finish_task(): if it reads 0, this CPU sees all
	 * that the task has left on its stack.
	 */
	if (smp_load_acquire(&task->on_cpu))
		return -EAGAIN;
	return check(task, pinned->change, false, pinned->busy) ? 0 : -EBUSY;
}

int plugsched_stack_check_pinned(struct task_struct *task, const struct plugsched_change *change,
				 struct plugsched_busy *busy)
{
	struct pinned pinned = { change, busy };
	int error;

	if (!try_get_task_stack(task))
		return 0;
	error = change->from->methods->pin(task, check_pinned, &pinned);
	put_task_stack(task);
	return error;
}

/* --- the description for the user */

/* Why the unwinder is not sure. Returns the length of the text. */
static int describe_doubt(const struct plugsched_busy *busy, char *text, size_t size)
{
	if (busy->has_probe && busy->probed)
		return scnprintf(text, size, " for a return probe on %ps", (void *)busy->probed);
	if (busy->has_probe)
		return scnprintf(text, size, " for a return probe");
	if (busy->last && busy->beyond)
		return scnprintf(text, size, " past %ps, called by %ps", (void *)busy->last,
				 (void *)busy->beyond);
	return busy->beyond ? scnprintf(text, size, " past %ps", (void *)busy->beyond) : 0;
}

static void describe_unsure(const struct plugsched_busy *busy, char *text, size_t size)
{
	int length = scnprintf(text, size, "%s:%d, whose stack cannot be walked reliably",
			       busy->task->comm, task_pid_nr(busy->task));

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
		scnprintf(text, size, "%s:%d in %ps", busy->task->comm, task_pid_nr(busy->task),
			  (void *)busy->address);
	else
		describe_unsure(busy, text, size);
}
