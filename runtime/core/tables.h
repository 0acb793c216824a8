/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a scheduler's module tells the core of itself, and how. Both sides include this; the modules
 * of one kernel build may come from different extractions, so whatever changes here also changes
 * PLUGSCHED_VERSION. It is part of the name that the core exports: a scheduler that is of another
 * version cannot be inserted.
 */
#ifndef PLUGSCHED_TABLES_H
#define PLUGSCHED_TABLES_H

#define PLUGSCHED_VERSION 1

#define PLUGSCHED_KERNEL_(version) PLUGSCHED_KERNEL_OF(version)
#define PLUGSCHED_KERNEL PLUGSCHED_KERNEL_(PLUGSCHED_VERSION) /* see identity.h */

struct cfs_rq;
struct module;
struct rq;
struct sched_class;
struct task_struct;

/* A function of vmlinux whose entry gets a jump to a function of the module. */
struct plugsched_interface {
	const char *name;
	unsigned int offset; /* from vmlinux's _text, bytes */
	unsigned int entry;  /* bytes before the jump's place: endbr64, and what ftrace patches */
	void *function;
};

/* A scheduling class of vmlinux, and what is copied into it. */
struct plugsched_class {
	const struct sched_class *object, *contents;
};

/* Code of vmlinux that the module replaces. */
struct plugsched_text {
	const char *name;
	unsigned int offset, size;
	int is_springboard; /* sleeping tasks stand in it */
};

/* Another name of a function that gets a jump. */
struct plugsched_name {
	const char *name;
	unsigned int offset;
};

/*
 * What moving a runqueue's state needs of a scheduler besides its classes. The functions are called
 * with the runqueue's lock held, while the machine is stopped, but for the two that take locks. A
 * kernel without core scheduling or quotas has no functions for them.
 */
struct plugsched_methods {
	/* the flags for dequeue_task() and enqueue_task(), by the scheduler's own sched.h */
	int take, put;
	/*
	 * Call `work` with `data` while the task cannot be woken and, if it is not on a CPU, cannot
	 * get one. Returns what `work` does. At any time.
	 */
	int (*pin)(struct task_struct *task, int (*work)(struct task_struct *task, void *data),
		   void *data);
	/* Call `work` with `data` under the lock of this CPU's runqueue. Returns what `work` does. */
	int (*with_lock)(struct rq *rq, int (*work)(struct rq *rq, void *data), void *data);
	void (*update_rq_clock)(struct rq *rq);
	void (*resched_curr)(struct rq *rq);
	void (*core_enqueue)(struct rq *rq, struct task_struct *task);
	void (*core_dequeue)(struct rq *rq, struct task_struct *task, int flags);
	void (*unthrottle)(struct cfs_rq *cfs_rq);
};

/* An empty entry ends each table. The module keeps all of this until it has left. */
struct plugsched_tables {
	struct module *module;
	const char *tool_version;                            /* of plugsched-extract */
	const struct plugsched_interface *const *interfaces; /* a table for each of the units */
	const struct plugsched_class *const *classes;        /* a table for each of the units */
	unsigned int units;
	const struct plugsched_text *text; /* sorted by offset */
	const struct plugsched_name *names;
	const struct plugsched_methods *methods;
};

/*
 * What the core exports, as one object whose name has the version and the kernel's build-id
 * (PLUGSCHED_KERNEL): on another kernel there is no such symbol, so a scheduler cannot be inserted
 * there.
 */
struct plugsched_core {
	/*
	 * A scheduler's module calls this when it is inserted. Changes nothing in vmlinux. Sleeps.
	 * Returns -EINVAL if the tables do not fit this kernel, -ENOMEM, or -EINTR.
	 */
	int (*join)(const struct plugsched_tables *tables);
	/*
	 * And this when it is removed. If its scheduler is at work still (rmmod -f), vmlinux's is put
	 * back first. Sleeps.
	 */
	void (*leave)(const struct plugsched_tables *tables);
};

#endif
