/* SPDX-License-Identifier: GPL-2.0-only */
/* Macros that define objects, and code that keeps the address of a function. */
#ifndef LINUX_OBJECTS_H
#define LINUX_OBJECTS_H

#include <linux/compiler.h>

struct mutex {
	int owner;
	struct mutex *next;
};

#define __MUTEX_INITIALIZER(lock) { .owner = 0, .next = &(lock) }
#define DEFINE_MUTEX(lock) struct mutex lock = __MUTEX_INITIALIZER(lock)

struct list_head {
	struct list_head *next, *prev;
};

#define LIST_HEAD_INIT(name) { &(name), &(name) }
#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)

struct work {
	void (*fn)(struct work *work);
	int n;
};

#define DECLARE_WORK(name, f) struct work name = { .fn = (f) }
#define INIT_WORK(work, f) do { (work)->fn = (f); } while (0)

/* Takes a function that the caller names, or not at all. */
#define INIT_SCHED_WORK(work) do { (work)->fn = sched_work_fn; } while (0)

static inline void init_work(struct work *work, void (*fn)(struct work *work))
{
	work->fn = fn;
}

static __always_inline int apply(int (*fn)(int), int x)
{
	return fn(x);
}

struct ops {
	int (*start)(int);
	int (*stop)(int);
	int limit;
};

void register_ops(const struct ops *ops);
void call_later(int (*function)(int));
void queue_work(struct work *work);
void sched_work_fn(struct work *work);

/* A header's own code that keeps the address of one of the scheduler's functions. */
static inline void queue_sched_work(struct work *work)
{
	work->fn = sched_work_fn;
	queue_work(work);
}

/* Says something once: a static local that the user does not see. */
#define say_once(x) ({ static bool said; bool fresh = !said; if (fresh) { said = true; say(x); } fresh; })
void say(int x);

#define BLOCK(statements) do { statements } while (0)

#endif
