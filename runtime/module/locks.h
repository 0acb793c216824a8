/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keys of locks on a kernel that checks locks (lockdep). Included before each of the scheduler's
 * units.
 *
 * Each place that initialises a lock has a key of its own, a static variable. In the module's copy
 * of such a place this variable is the module's, but the lock outlives the module. So the key has
 * to be vmlinux's key of the same place, which has the same name.
 */
#ifndef PLUGSCHED_LOCKS_H
#define PLUGSCHED_LOCKS_H

#if defined(PLUGSCHED_UNIT) && defined(CONFIG_LOCKDEP)

#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

/* vmlinux's key of that name; `own` if vmlinux has not had a lock of that name yet. */
struct lock_class_key *plugsched_lock_key(const char *name, struct lock_class_key *own);

#define lockdep_init_map(map, name, key, subclass) \
	(lockdep_init_map)(map, name, plugsched_lock_key(name, key), subclass)
#define __raw_spin_lock_init(lock, name, key, ...) \
	(__raw_spin_lock_init)(lock, name, plugsched_lock_key(name, key), ##__VA_ARGS__)
#define __mutex_init(mutex, name, key) (__mutex_init)(mutex, name, plugsched_lock_key(name, key))
#define __init_rwsem(semaphore, name, key) \
	(__init_rwsem)(semaphore, name, plugsched_lock_key(name, key))
#define init_timer_key(timer, function, flags, name, key) \
	(init_timer_key)(timer, function, flags, name, plugsched_lock_key(name, key))
#define __kthread_init_worker(worker, name, key) \
	(__kthread_init_worker)(worker, name, plugsched_lock_key(name, key))

#endif
#endif
