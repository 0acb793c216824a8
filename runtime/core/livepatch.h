/* SPDX-License-Identifier: GPL-2.0-only */
/* Live patches that come while a scheduler is at work. */
#ifndef PLUGSCHED_LIVEPATCH_H
#define PLUGSCHED_LIVEPATCH_H

#include <linux/types.h>

struct plugsched_change;
struct plugsched_scheduler;

/* Begin and end to watch for live patches. */
int plugsched_livepatch_begin(void);
void plugsched_livepatch_end(void);

/*
 * Before an order: from now on either scheduler may be at work, so refuse patches of what either
 * replaces. Returns -EBUSY if a live patch is just being loaded, and nobody knows yet what it patches;
 * then nothing is changed. The caller holds the registry's lock.
 */
int plugsched_livepatch_expect(const struct plugsched_change *change);

/* After it: only this one is at work. It stays until the next order. */
void plugsched_livepatch_settle(const struct plugsched_scheduler *at_work);

#endif
