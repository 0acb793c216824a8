/* SPDX-License-Identifier: GPL-2.0-only */
/* What other code offers: some of it keeps what it is handed. */
#ifndef LINUX_SERVICES_H
#define LINUX_SERVICES_H

#include <linux/objects.h>
#include <linux/sched.h>

typedef unsigned long uintptr_t;

#define __ro_after_init __section(".data..ro_after_init")

/* Keeps `value`: the file shows it. */
void debugfs_create_u64(const char *name, int mode, void *parent, unsigned long *value);
/* Only looks. */
int kstrtoint(const char *text, int base, int *result);
int printk(const char *format, ...);
void *memcpy(void *to, const void *from, unsigned long size);

struct raw_spinlock {
	int value;
};

#define DEFINE_RAW_SPINLOCK(name) struct raw_spinlock name
void _raw_spin_lock(struct raw_spinlock *lock);
#define raw_spin_lock(lock) _raw_spin_lock(lock)

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	WRITE_ONCE(list->next, list);
	list->prev = list;
}

static inline void __list_add(struct list_head *new, struct list_head *prev, struct list_head *next)
{
	next->prev = new;
	new->next = next;
	new->prev = prev;
	WRITE_ONCE(prev->next, new);
}

static inline void list_add(struct list_head *new, struct list_head *head)
{
	__list_add(new, head, head->next);
}

/* Keeps the work until it has run. */
static inline void schedule_work(struct work *work)
{
	queue_work(work);
}

#define smp_store_release(p, v) do { barrier(); WRITE_ONCE(*p, v); } while (0)
#define rcu_assign_pointer(p, v) do {						\
	uintptr_t _r_a_p__v = (uintptr_t)(v);					\
	if (__builtin_constant_p(v) && _r_a_p__v == (uintptr_t)NULL)		\
		WRITE_ONCE((p), (typeof(p))(_r_a_p__v));			\
	else									\
		smp_store_release(&p, (typeof(p))((typeof(*p) *)_r_a_p__v));	\
} while (0)

#define wait_event(condition) do { while (!(condition)) schedule(); } while (0)

#endif
