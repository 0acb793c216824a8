/* SPDX-License-Identifier: GPL-2.0-only */
/* The last orders, with what they cost. */
#ifndef PLUGSCHED_HISTORY_H
#define PLUGSCHED_HISTORY_H

#include <linux/types.h>

struct plugsched_change;

/*
 * Note an order that is over; `plugsched_figures` are its figures. Copies all it needs. The caller
 * holds the registry's lock.
 */
void plugsched_history_add(const struct plugsched_change *change, int error);

/*
 * Write one line for each noted order into `text`, the oldest first: the second of the epoch at which
 * it ended, both names, the error, and the figures, with their names. Returns the length, at most
 * `size`.
 */
size_t plugsched_history_print(char *text, size_t size);

/* The most that plugsched_history_print() writes. */
size_t plugsched_history_size(void);

#endif
