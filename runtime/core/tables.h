/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a scheduler's module tells the core of itself, and how. Both sides include this; the modules
 * of one kernel build may come from different extractions, so whatever changes here also changes
 * PLUGSCHED_TABLES_VERSION.
 */
#ifndef PLUGSCHED_TABLES_H
#define PLUGSCHED_TABLES_H

#define PLUGSCHED_TABLES_VERSION 1

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
 * Functions of a scheduler that are in no class and that moving a runqueue's state needs. They are
 * called with the runqueue's lock held, while the machine is stopped. A kernel without core
 * scheduling or quotas has no functions for them.
 */
struct plugsched_methods {
	void (*update_rq_clock)(struct rq *rq);
	void (*resched_curr)(struct rq *rq);
	void (*core_enqueue)(struct rq *rq, struct task_struct *task);
	void (*core_dequeue)(struct rq *rq, struct task_struct *task, int flags);
	void (*unthrottle)(struct cfs_rq *cfs_rq);
};

/* An empty entry ends each table. The module keeps all of this until it has left. */
struct plugsched_tables {
	unsigned int version; /* PLUGSCHED_TABLES_VERSION */
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
 * What the core exports, as one object whose name has the kernel's build-id (PLUGSCHED_KERNEL in
 * identity.h): on another kernel there is no such symbol, so a scheduler cannot be inserted there.
 */
struct plugsched_core {
	/*
	 * A scheduler's module calls this when it is inserted. Changes nothing in vmlinux. Sleeps.
	 * Returns -EINVAL if the tables do not fit the core or this kernel, -ENOMEM, or -EINTR.
	 */
	int (*join)(const struct plugsched_tables *tables);
	/*
	 * And this when it is removed. If its scheduler is at work still (rmmod -f), vmlinux's is put
	 * back first. Sleeps.
	 */
	void (*leave)(const struct plugsched_tables *tables);
};

#endif
