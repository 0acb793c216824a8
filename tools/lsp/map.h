/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Maps the lines of one text to those of another by their differences.
 *
 * "old" is the text that was analysed, "new" the one in the editor. Lines count from 1, as in
 * reports. A line that both texts have is mapped exactly. A changed line is mapped to the block of
 * changed lines that contains it, which may be empty.
 */
#ifndef PLUGSCHED_LSP_MAP_H
#define PLUGSCHED_LSP_MAP_H

#include <glib.h>
#include <stdbool.h>

struct map;

/* The lines that correspond to a line; if first > last there are none. */
struct map_lines {
	unsigned first, last;
	bool is_exact; /* the line is the same, apart from spaces */
};

/*
 * NULL if the texts could not be compared. The texts are not kept. Free the result with map_free().
 */
struct map *map_new(const char *old, size_t old_length, const char *new, size_t new_length);

/* Accepts NULL. */
void map_free(struct map *map);

/*
 * Map a line from the new text to the old one and back. A NULL map means that the texts are equal:
 * every line is exact.
 */
struct map_lines map_to_old(const struct map *map, unsigned line);
struct map_lines map_to_new(const struct map *map, unsigned line);

#endif
