/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What leads from vmlinux into the module: a jump in each interface function (its place is called a
 * site), and the contents of the scheduling classes.
 */
#ifndef PLUGSCHED_REDIRECT_H
#define PLUGSCHED_REDIRECT_H

#include "direction.h"

#include <linux/types.h>

struct plugsched_alias;

/*
 * Call this once, when the module loads: find all sites and check that each is what the module's
 * tables say. Sleeps. If it succeeds, plugsched_redirect_release() has to follow. Returns -ENOMEM,
 * or -EINVAL if the module is of another kernel or a site cannot take a jump.
 */
int plugsched_redirect_prepare(void);

/* Free the tables of sites and classes. */
void plugsched_redirect_release(void);

/*
 * Check before each attempt, while all who change text are held off, that nobody else has changed a
 * site or a class. Returns -EBUSY if somebody has.
 */
int plugsched_redirect_check(enum plugsched_direction direction);

/*
 * Map all that is to be written into `alias`, and note where each site and class is writable. The
 * caller ends this with plugsched_alias_end(). Sleeps.
 */
int plugsched_redirect_map(struct plugsched_alias *alias);

/*
 * Write all jumps and classes, for the scheduler that comes. On one CPU, within the stop, between
 * plugsched_redirect_map() and plugsched_alias_end(). Cannot fail.
 */
void plugsched_redirect_write(enum plugsched_direction direction);

/* The number of sites. */
unsigned int plugsched_redirect_count(void);

/* True if the address is the entry of a function of vmlinux that has a site. */
bool plugsched_redirect_is_entry(unsigned long address);

#endif
