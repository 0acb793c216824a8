/* SPDX-License-Identifier: GPL-2.0-only */
/* The jump labels of vmlinux that lie under the schedulers' jumps. */
#ifndef PLUGSCHED_LABEL_H
#define PLUGSCHED_LABEL_H

#include <linux/types.h>

struct plugsched_alias;
struct plugsched_place;
struct plugsched_site;

/*
 * Find the labels at the places that the sites are the first to have, and make each place as long
 * as its labels need. The sites are sorted by place. Sleeps. Returns -ENOMEM, or -EINVAL if a jump
 * would cut into a label.
 */
int plugsched_labels_find(struct plugsched_site *sites, unsigned int count);

/* Free what plugsched_labels_find() has found there. */
void plugsched_labels_free(struct plugsched_place *place);

/*
 * Bring the place's bytes of vmlinux up to date: a label is as its key says by now. Call it before
 * each attempt, while all who change text are held off. False if somebody has changed whether the
 * kernel leaves the labels alone, as it must while a jump is there.
 */
bool plugsched_labels_renew(struct plugsched_place *place, bool has_jump);

/* How many rows plugsched_labels_list() writes for the place. */
unsigned int plugsched_labels_count(const struct plugsched_place *place);

/* List what plugsched_labels_write() writes. */
void plugsched_labels_list(const struct plugsched_place *place, unsigned long *addresses,
			   unsigned int *sizes);

/* Note where these rows are writable. False if one is not. */
bool plugsched_labels_map(struct plugsched_place *place, const struct plugsched_alias *alias);

/*
 * Let the kernel leave the labels alone if there is a jump now, or no longer. Within the stop, after
 * plugsched_labels_map(). Cannot fail.
 */
void plugsched_labels_write(const struct plugsched_place *place, bool has_jump);

#endif
