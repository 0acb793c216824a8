// SPDX-License-Identifier: GPL-2.0-only
/*
 * Return addresses that are not on the stack.
 *
 * A return probe (kretprobe, fprobe) and function_graph put the address of their trampoline in the place of a return address, and keep
 * that one in a list of the task's own: a shadow stack. The unwinder asks them for it, but not for every task: rethook warns of one
 * that is runnable, or says nothing. So these lists are read here, by the structures that the kernel's headers show.
 *
 * The task must not run meanwhile, nor be woken: then its lists do not change, and nothing in them is freed.
 */
#include "shadow.h"

#include <linux/ftrace.h>
#include <linux/kprobes.h>
#include <linux/llist.h>
#include <linux/rcupdate.h>
#include <linux/rethook.h>

/* --- return probes */

#ifdef CONFIG_RETHOOK
bool plugsched_shadow_has_probe(const struct task_struct *task)
{
	return task->rethooks.first;
}

static bool look_at_probes(const struct task_struct *task, plugsched_shadow_look look, void *data)
{
	const struct llist_node *node;

	for (node = task->rethooks.first; node; node = node->next)
		if (!look(data, container_of(node, struct rethook_node, llist)->ret_addr))
			return false;
	return true;
}

#ifdef CONFIG_KRETPROBE_ON_RETHOOK
void kretprobe_rethook_handler(void); /* kernel/kprobes.c: only its address counts */

/* A probe that has been taken out meanwhile has no handler any more; one that has it is there until the next grace period. */
static unsigned long function_of(const struct rethook *rethook)
{
	const struct kretprobe *probe = rethook->data;

	return (unsigned long)rcu_access_pointer(rethook->handler) == (unsigned long)kretprobe_rethook_handler ?
	       (unsigned long)probe->kp.addr : 0;
}
#else
static unsigned long function_of(const struct rethook *rethook)
{
	return 0;
}
#endif

unsigned long plugsched_shadow_probed(const struct task_struct *task)
{
	const struct llist_node *node = task->rethooks.first;
	unsigned long function;

	rcu_read_lock();
	function = node ? function_of(container_of(node, struct rethook_node, llist)->rethook) : 0;
	rcu_read_unlock();
	return function;
}
#else
/* A list of another make, if there are return probes at all, which is not read here: nothing is known of such a task. */
bool plugsched_shadow_has_probe(const struct task_struct *task)
{
#ifdef CONFIG_KRETPROBES
	return task->kretprobe_instances.first;
#else
	return false;
#endif
}

static bool look_at_probes(const struct task_struct *task, plugsched_shadow_look look, void *data)
{
	return !plugsched_shadow_has_probe(task);
}

unsigned long plugsched_shadow_probed(const struct task_struct *task)
{
	return 0;
}
#endif

/* --- function_graph */

#ifdef CONFIG_FUNCTION_GRAPH_TRACER
/*
 * How many words of the list are in use. It is an array of entries, of which the last one's index is kept, -1 for none; or of words, of
 * which their number is.
 */
static long words_in_use(const struct task_struct *task)
{
	long entries = task->curr_ret_stack;

	if (!task->ret_stack)
		return 0;
	if (__builtin_types_compatible_p(typeof(*task->ret_stack), struct ftrace_ret_stack))
		entries++;
	return entries * sizeof(*task->ret_stack) / sizeof(long);
}

/* Every word, whatever it means: a function's own address there says that it has not returned. */
static bool look_at_graph(const struct task_struct *task, plugsched_shadow_look look, void *data)
{
	const unsigned long *words = (const unsigned long *)task->ret_stack;
	long count = words_in_use(task);

	while (count-- > 0)
		if (!look(data, words[count]))
			return false;
	return true;
}
#else
static bool look_at_graph(const struct task_struct *task, plugsched_shadow_look look, void *data)
{
	return true;
}
#endif

bool plugsched_shadow_each(const struct task_struct *task, plugsched_shadow_look look, void *data)
{
	return look_at_probes(task, look, data) && look_at_graph(task, look, data);
}
