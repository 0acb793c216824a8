/* SPDX-License-Identifier: GPL-2.0-only */
/* Which functions are inlined into a function, from debug information (elfutils libdwfl). */
#ifndef PLUGSCHED_COMPARE_INLINES_H
#define PLUGSCHED_COMPARE_INLINES_H

#include <glib.h>
#include <stdint.h>

struct inlines;

/* Opens a file. NULL if it has no debug information. Close it with inlines_close(). */
struct inlines *inlines_open(const char *path);

/* Accepts NULL. */
void inlines_close(struct inlines *inlines);

/*
 * How many inlined copies of the function `name` (its name in the source) the function at that
 * place holds, at any depth. -1 if there is no debug information for that place.
 */
int inlines_count(struct inlines *inlines, uint32_t section, uint64_t address, const char *name);

#endif
