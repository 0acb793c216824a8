// SPDX-License-Identifier: GPL-2.0-only
/*
 * Return addresses that are not on the stack.
 *
 * Return probes (kretprobe, fprobe) and function_graph replace a return address on the stack by the
 * address of their trampoline, and keep the return address in a list of the task's own, a shadow
 * stack. The unwinder asks them for it, but this does not work for every task: for a runnable task
 * rethook prints a warning or finds nothing, depending on the kernel. So these lists are read here,
 * by the structures in the kernel's headers.
 *
 * The task must neither run nor be woken meanwhile: then its lists do not change, and nothing in
 * them is freed.
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
/* In kernel/kprobes.c. Only its address is used, so the arguments are left out. */
void kretprobe_rethook_handler(void);

/*
 * The function that a return probe is on, 0 if it is not known. Under rcu_read_lock(). A probe that
 * was removed meanwhile has no handler any more (rethook_free() and rethook_stop() clear it). One
 * that has its handler stays in memory until the next grace period.
 */
static unsigned long function_of(const struct rethook *rethook)
{
	const struct kretprobe *probe = rethook->data;

	return (unsigned long)rcu_access_pointer(rethook->handler) ==
			       (unsigned long)kretprobe_rethook_handler
		       ? (unsigned long)probe->kp.addr
		       : 0;
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
/*
 * Without rethook, return probes have a list of another kind, which this file does not read. Of a
 * task with such a list nothing is known.
 */
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
 * How many words of the list are in use. On some kernels the list is an array of entries, and
 * curr_ret_stack is the index of the last one, -1 for none. On others it is an array of words, and
 * curr_ret_stack is their number.
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

/*
 * Look at every word, whatever it means: an entry also holds a function's address, and is there
 * because that function has not returned.
 */
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
