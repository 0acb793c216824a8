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

/* Free classes have no name; they come and go meanwhile. */
static bool is_it(const struct lock_class *class, const char *name)
{
	const char *known = READ_ONCE(class->name);
	unsigned long key = (unsigned long)READ_ONCE(class->key);

	return known && key && !class->subclass && !is_module_address(key) && !strcmp(known, name);
}

struct lock_class_key *plugsched_lock_key(const char *name, struct lock_class_key *own)
{
	unsigned long i;

	for (i = 0; i <= READ_ONCE(max_lock_class_idx); i++)
		if (is_it(&lock_classes[i], name))
			return (struct lock_class_key *)lock_classes[i].key; /* its first part, for subclass 0 */
	return own;
}
#endif
