// SPDX-License-Identifier: GPL-2.0-only
/* vmlinux's keys of locks, by the names that lockdep knows them by; see locks.h. */
#include <linux/lockdep.h>

#ifdef CONFIG_LOCKDEP
#include <linux/module.h>
#include <linux/string.h>

struct lock_class_key *plugsched_lock_key(const char *name, struct lock_class_key *own);

/* kernel/locking/lockdep.c */
extern struct lock_class lock_classes[];
extern unsigned long max_lock_class_idx;

/* vmlinux's key of the class, its first part, for subclass 0; NULL if it is another. Free classes have no name; they come and go meanwhile. */
static struct lock_class_key *key_of(const struct lock_class *class, const char *name)
{
	const char *known = READ_ONCE(class->name);
	const void *key = READ_ONCE(class->key);

	return known && key && !class->subclass && !is_module_address((unsigned long)key) && !strcmp(known, name) ? (void *)key : NULL;
}

struct lock_class_key *plugsched_lock_key(const char *name, struct lock_class_key *own)
{
	struct lock_class_key *key = NULL;
	unsigned long i;

	for (i = 0; !key && i <= READ_ONCE(max_lock_class_idx); i++)
		key = key_of(&lock_classes[i], name);
	return key ? key : own;
}
#endif
