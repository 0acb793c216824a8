/* SPDX-License-Identifier: GPL-2.0-only */
/* The jump labels of vmlinux that lie under the module's jumps. */
#ifndef PLUGSCHED_LABEL_H
#define PLUGSCHED_LABEL_H

#include "direction.h"

#include <linux/types.h>

struct plugsched_alias;
struct plugsched_site;

/*
 * Find the labels at the places of all sites, which are sorted by address, and make each place as
 * long as its labels need. Keeps pointers to the sites. Sleeps. Returns -ENOMEM, or -EINVAL if a jump
 * would cut into a label. Whatever it returns, plugsched_labels_release() has to follow.
 */
int plugsched_labels_find(struct plugsched_site *sites, unsigned int count);

void plugsched_labels_release(void);

/*
 * Bring the sites' bytes of vmlinux up to date: a label is as its key says by now. Call it before
 * each attempt, while all who change text are held off. Returns -EBUSY if somebody has changed which
 * labels the kernel leaves alone.
 */
int plugsched_labels_renew(enum plugsched_direction direction);

unsigned int plugsched_labels_count(void);

/* List what plugsched_labels_write() writes: plugsched_labels_count() rows. */
void plugsched_labels_list(unsigned long *addresses, unsigned int *sizes);

/* Note where these rows are writable. False if one is not. */
bool plugsched_labels_map(const struct plugsched_alias *alias);

/*
 * Let the kernel leave the labels alone, or no longer, for the scheduler that comes. Within the stop,
 * after plugsched_labels_map(). Cannot fail.
 */
void plugsched_labels_write(enum plugsched_direction direction);

#endif
