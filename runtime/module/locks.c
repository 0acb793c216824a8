// SPDX-License-Identifier: GPL-2.0-only
/* vmlinux's keys of locks, found by the names that lockdep has for them: see locks.h. */
#include <linux/lockdep.h>

#ifdef CONFIG_LOCKDEP
#include <linux/module.h>
#include <linux/string.h>

/* locks.h declares it only for the scheduler's units */
struct lock_class_key *plugsched_lock_key(const char *name, struct lock_class_key *own);

/* kernel/locking/lockdep.c */
extern struct lock_class lock_classes[];
extern unsigned long max_lock_class_idx;

/*
 * The key of the class if the class has that name, is vmlinux's and is for subclass 0, whose key is
 * the address of the whole lock_class_key; else NULL. A free class has no name. lockdep adds and
 * frees classes meanwhile: READ_ONCE() pairs with its WRITE_ONCE() in zap_class(), and with its
 * writes in register_lock_class(), where an old value means that the class is not found yet.
 */
static struct lock_class_key *key_of(const struct lock_class *class, const char *name)
{
	const char *known = READ_ONCE(class->name);
	const void *key = READ_ONCE(class->key);

	return known && key && !class->subclass && !is_module_address((unsigned long)key) &&
			       !strcmp(known, name)
		       ? (void *)key
		       : NULL;
}

struct lock_class_key *plugsched_lock_key(const char *name, struct lock_class_key *own)
{
	struct lock_class_key *key = NULL;
	unsigned long i;

	/* Pairs with the plain writes in register_lock_class() and zap_class(). */
	for (i = 0; !key && i <= READ_ONCE(max_lock_class_idx); i++)
		key = key_of(&lock_classes[i], name);
	return key ? key : own;
}
#endif
