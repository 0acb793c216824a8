/* SPDX-License-Identifier: GPL-2.0-only */
/* Which functions are inlined into a function, from debug information (elfutils libdwfl). */
#ifndef PLUGSCHED_COMPARE_INLINES_H
#define PLUGSCHED_COMPARE_INLINES_H

#include <glib.h>
#include <stdint.h>

struct inlines;

/* Opens a file; NULL if it has no debug information. */
struct inlines *inlines_open(const char *path);

/* Accepts NULL. */
void inlines_close(struct inlines *inlines);

/*
 * How many copies of a function (its name in the source) the one at that place holds, however deep. -1 if there is no debug
 * information of that place.
 */
int inlines_count(struct inlines *inlines, uint32_t section, uint64_t address, const char *name);

#endif
