// SPDX-License-Identifier: GPL-2.0-only
/* Code outside of the scheduler that keeps what it is handed, or does not. */
#include <linux/services.h>
#include "sched/sched.h"

static unsigned long *shown;

void debugfs_create_u64(const char *name, int mode, void *parent, unsigned long *value)
{
	shown = name && mode && !parent ? value : NULL;
}
EXPORT_SYMBOL(debugfs_create_u64);

int kstrtoint(const char *text, int base, int *result)
{
	*result = *text - '0';
	return base;
}
EXPORT_SYMBOL(kstrtoint);

int printk(const char *format, ...)
{
	return *format;
}
EXPORT_SYMBOL(printk);

void _raw_spin_lock(struct raw_spinlock *lock)
{
	lock->value = 1;
}
EXPORT_SYMBOL(_raw_spin_lock);

int serve(struct shared_node *node, int x)
{
	return shared_user(node, x) + shared_flags(x) + node->weight + (node->mask != NULL);
}
