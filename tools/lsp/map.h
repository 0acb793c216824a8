/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which line of one text is which of another, by their difference.
 *
 * "old" is the text that was analysed, "new" the one in the editor. Lines count from 1, as in reports. A line that both have is
 * told exactly; one that was changed, by the block of changed lines that it stands in, which may be empty.
 */
#ifndef PLUGSCHED_LSP_MAP_H
#define PLUGSCHED_LSP_MAP_H

#include <glib.h>
#include <stdbool.h>

struct map;

/* Lines that stand for one; first > last: none do. */
struct map_lines {
	unsigned first, last;
	bool is_exact; /* the line is the same, but for spaces */
};

/* NULL if the texts could not be compared. Both are copied from while it runs and not kept. */
struct map *map_new(const char *old, size_t old_length, const char *new, size_t new_length);

/* Accepts NULL. */
void map_free(struct map *map);

/* With NULL for a map, which is that of a text and itself, every line is exact. */
struct map_lines map_to_old(const struct map *map, unsigned line);
struct map_lines map_to_new(const struct map *map, unsigned line);

#endif
