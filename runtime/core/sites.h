/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a scheduler has to write into vmlinux: a jump in each interface function (its place is called
 * a site), and the contents of the scheduling classes.
 */
#ifndef PLUGSCHED_SITES_H
#define PLUGSCHED_SITES_H

#include <linux/types.h>

struct plugsched_scheduler;
struct sched_class;

/* vmlinux's own contents of a scheduling class, for all schedulers that replace them. */
struct plugsched_original {
	struct list_head list;
	const struct sched_class *object;
	unsigned int users;
	u8 *writable; /* as a place's */
	u8 before[];  /* plugsched_class_size bytes */
};

/* A scheduler's contents of a scheduling class. */
struct plugsched_contents {
	struct plugsched_original *original;
	const void *contents;
};

/* The size of struct sched_class, which kernel/sched/sched.h defines: state.c includes that. */
extern const unsigned int plugsched_class_size;

/*
 * Find all sites and classes of a scheduler that joins, and check that each is what its tables say.
 * Sleeps. If it succeeds, plugsched_sites_release() has to follow. Returns -ENOMEM, or -EINVAL if
 * the module is of another kernel or a site cannot take a jump.
 */
int plugsched_sites_prepare(struct plugsched_scheduler *scheduler);

void plugsched_sites_release(struct plugsched_scheduler *scheduler);

/* True if the address is the entry of a function of vmlinux in which the scheduler has a site. */
bool plugsched_sites_have_entry(const struct plugsched_scheduler *scheduler, unsigned long address);

/* True if the address lies in such a function, from its entry to the end of the jump. */
bool plugsched_sites_have_head(const struct plugsched_scheduler *scheduler, unsigned long address);

#endif
