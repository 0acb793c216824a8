// SPDX-License-Identifier: GPL-2.0-only
/* The switch of stacks, as the kernel has it. */
#include "sched.h"

struct rq main_rq;
DEFINE_PER_CPU_SHARED_ALIGNED(struct rq, runqueues);

static noinline noclone int prepare_task_switch(struct task_struct *next)
{
	next->on_rq = 2;
	return main_rq.tree.depth++;
}

/* Called behind the switch. */
static noinline noclone struct rq *finish_task_switch(struct task_struct *prev)
{
	prev->on_rq = 0;
	return &main_rq;
}

/*
 * Only the first half of it is the module's.
 */
static __always_inline struct rq *
context_switch(struct rq *rq, struct task_struct *prev, struct task_struct *next)
{
	prepare_task_switch(next);
	rq->curr = next;

	/* Here we just switch the register state and the stack. */
	switch_to(prev, next, prev);
	barrier();

	return finish_task_switch(prev);
}

static void __sched notrace noinline noclone __schedule(unsigned int sched_mode)
{
	struct task_struct *prev = current_task, *next = rt_sched_class.pick_next_task(&main_rq);

	__asm__ __volatile__("" : : : "rbx", "r12", "r13", "r14", "r15"); /* as the kernel's, it saves them all */
	if (sched_mode)
		prev->state = 1;
	if (prev != next)
		context_switch(&main_rq, prev, next);
	else
		prev->state = 0;
}

void __sched schedule(void)
{
	main_rq.curr = current_task;
	__schedule(0);
}

void resched_curr(struct rq *rq)
{
	rq->nr_running += header_internal(rq) + header_copied(rq) + header_called(1) + header_twice(rq);
}

/* Boot: gone when a module is loaded. */
void __init sched_init(void)
{
	main_rq.clock = 1;
	per_cpu(runqueues, 1).clock = 2;
}

// extracted:
// -struct rq main_rq;
// +extern struct rq main_rq;
// -DEFINE_PER_CPU_SHARED_ALIGNED(struct rq, runqueues);
// +DECLARE_PER_CPU_SHARED_ALIGNED(struct rq, runqueues);
// +/* plugsched interface, keep the signature: context_switch() calls it behind the switch of stacks, where vmlinux's code goes on */
// -	switch_to(prev, next, prev);
// -	barrier();
// -
// -	return finish_task_switch(prev);
// +	return plugsched_switch_to(prev, next); /* goes on in vmlinux's __schedule */
// +/* plugsched interface, keep the signature: it switches tasks itself, and the stack pivot replaces it although every sleeping task is in it */
// -void __sched schedule(void)
// -{
// -	main_rq.curr = current_task;
// -	__schedule(0);
// -}
// +void __sched schedule(void); /* stays in vmlinux: waits */
// +/* plugsched interface, keep the signature: enter() in kernel/outside.c calls it */
// -/* Boot: gone when a module is loaded. */
// -void __init sched_init(void)
// -{
// -	main_rq.clock = 1;
// -	per_cpu(runqueues, 1).clock = 2;
// -}
// -
