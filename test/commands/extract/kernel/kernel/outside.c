// SPDX-License-Identifier: GPL-2.0-only
/* Outside the scheduler: enters it, looks into it, and has names that it has too. */
#include <linux/objects.h>
#include "sched/sched.h"

struct task_struct *current_task;
unsigned long per_cpu_offset[4];

static const struct ops *registered;
static int (*later)(int);
static struct work *queued;

static int twin_outside = 8;

static noinline int twin_named(int x)
{
	return x + twin_outside++;
}

int fn_weak_lost(int x)
{
	return x + 3;
}

void register_ops(const struct ops *ops)
{
	registered = ops;
}

void call_later(int (*function)(int))
{
	later = function;
}

void queue_work(struct work *work)
{
	queued = work;
}

void say(int x)
{
	later(x);
}

void *memcpy(void *to, const void *from, unsigned long size);

void *memcpy(void *to, const void *from, unsigned long size)
{
	for (volatile char *t = to, *f = (char *)from; size--;)
		*t++ = *f++;
	return to;
}
EXPORT_SYMBOL(memcpy);

static noinline int enter_more(struct task_struct *p, int x)
{
	x += format_same(x) + format_odd(x) + format_endif(x) + format_own_line(x) + format_old(x, 2) + format_old_kept(x, 3);
	x += format_comment(x) + format_line_comment(x) + format_pair_one(x) + format_pair_two(x) + format_parameters(x, x);
	x += format_ifdef_inside(x) + format_user(x);
	x += option_on(x) + option_either(x) + option_parameters(x) + option_wait(x);
	x += alias_kept(x) + alias_waits(x) + alias_weak(x) + alias_user(x);
	return x + twin_user(x) + rt_user(x) + class_user(p, x);
}

int enter(struct task_struct *p, int x)
{
	struct shared_node node = { .weight = x };

	x += serve(&node, x);
	sched_init();
	schedule();
	resched_curr(&main_rq);
	fn_waits(x);
	x += fn_interface(x) + fn_weak_used(x) + fn_weak_lost(x) + fn_attributes(x) + fn_callers(x) + fn_quiet(x);
	x += fn_copied_out(x) + fn_init_user();
	x += var_user(x) + var_locals(x) + var_objects(x) + var_plain + var_first + var_sizes[1];
	x += macro_user(x) + statement_user(x) + address_user(p, x) + header_copied(&main_rq) + main_rq.tree.height;
	x += registered->start(x) + later(x);
	queued->fn(queued);
	return x + enter_more(p, x) + twin_named(x);
}
