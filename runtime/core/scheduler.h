/* SPDX-License-Identifier: GPL-2.0-only */
/* The schedulers that the core knows, and a change from one to another. */
#ifndef PLUGSCHED_SCHEDULER_H
#define PLUGSCHED_SCHEDULER_H

#include "tables.h"

#include <linux/list.h>
#include <linux/types.h>

struct plugsched_site;
struct plugsched_contents;
struct plugsched_folder;

/* vmlinux's scheduler is one of them: it has no module, no sites and no contents. */
struct plugsched_scheduler {
	const char *name;      /* of the module */
	struct module *module; /* NULL for vmlinux's */
	const struct plugsched_methods *methods;
	const struct plugsched_tables *tables; /* the module's; NULL for vmlinux's */
	struct plugsched_site *sites;          /* redirect.c's: sorted by place */
	unsigned int site_count;
	struct plugsched_contents *contents; /* redirect.c's: of the scheduling classes */
	unsigned int content_count;
	unsigned int pieces;             /* stack.c's: how many entries tables->text has */
	struct list_head list;           /* registry.c's */
	struct plugsched_folder *folder; /* sysfs.c's */
};

/*
 * From the scheduler that leaves, which is at work, to the one that comes. The functions that get a
 * change read it; it stays the same from the order to its end.
 */
struct plugsched_change {
	struct plugsched_scheduler *from, *to;
	bool is_forced; /* no signal ends it: the module that leaves is being removed */
};

#endif
