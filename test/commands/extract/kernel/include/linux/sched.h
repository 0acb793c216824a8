/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef LINUX_SCHED_H
#define LINUX_SCHED_H

#include <linux/compiler.h>

struct sched_class;

struct task_struct {
	int state;
	int on_rq;
	long thread_sp;
	int prio;
	const struct sched_class *sched_class;
	void (*callback)(struct task_struct *p);
};

extern struct task_struct *current_task;

void schedule(void);
void sched_init(void);
struct task_struct *__switch_to_asm(struct task_struct *prev, struct task_struct *next);

#define switch_to(prev, next, last) do { ((last) = __switch_to_asm((prev), (next))); } while (0)

/* functions.c */
int fn_interface(int x);
void fn_waits(int x);
int fn_weak_used(int x);
int fn_weak_lost(int x);
int fn_attributes(int x);
int fn_callers(int x);
int fn_nobody(int x);
int fn_quiet(int x);
int fn_copied_out(int x);
int fn_init_user(void);

/* variables.c */
extern int var_plain, var_first;
extern int var_sizes[];
int var_user(int x);
int var_locals(int x);
int var_objects(int x);

/* macros.c, statements.c */
int macro_user(int x);
int statement_user(int x);
void set_hook(int x);

/* addresses.c */
int address_user(struct task_struct *p, int x);

/* classes.c */
int class_user(struct task_struct *p, int x);

/* formatting.c */
int format_user(int x);
int format_odd(int x);
int format_endif(int x);
int format_same(int x);
int format_own_line(int x);
int format_old(int x, long y);
int format_old_kept(int x, long y);
int format_comment(int x);
int format_line_comment(int x);
int format_pair_one(int x), format_pair_two(int x);
int format_parameters(int x, int y);
int format_ifdef_inside(int x);

/* options.c */
int option_on(int x);
int option_either(int x);
int option_parameters(int x);
int option_wait(int x);
int option_user(int x);

/* aliases.c */
int alias_kept(int x);
int alias_waits(int x);
int alias_weak(int x);
int alias_user(int x);

/* twins.c, rt.c */
int twin_user(int x);
int rt_user(int x);

/* vmlinux's Makefile does not build what is under CONFIG_NUMA */
int fn_numa(int x);

#endif
