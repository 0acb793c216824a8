/* SPDX-License-Identifier: GPL-2.0-only */
/* One of the two files, with its symbols indexed by the names that both files share. */
#ifndef PLUGSCHED_COMPARE_SIDE_H
#define PLUGSCHED_COMPARE_SIDE_H

#include "base/elf/image.h"

struct side {
	struct image *code;
	GHashTable *by_normal; /* name_normal() -> GPtrArray of const struct image_symbol * */
	GHashTable *by_plain;  /* functions only: name_plain() -> the same */
	/* in a module of plugsched: file names of the scheduler's units, "core.c"; else empty */
	GHashTable *units;
	/* places in data that code refers to: gint64 made of section and address */
	GHashTable *anchors;
};

/*
 * Opens a file and indexes it. False with `error` on failure. In both cases
 * close it with side_close().
 */
bool side_open(struct side *side, const char *path, GError **error);
void side_close(struct side *side);

/*
 * The symbols of a normal name, and the functions of a plain name; NULL if
 * there are none. Borrowed.
 */
const GPtrArray *side_named(const struct side *side, const char *normal);
const GPtrArray *side_functions(const struct side *side, const char *plain);

/* True for code that can be compared: a function that is not just padding. */
bool side_is_function(const struct side *side, const struct image_symbol *symbol);

/* True if the symbol is from a file that plugsched added to the scheduler's units. */
bool side_is_beside(const struct side *side, const struct image_symbol *symbol);

/*
 * The number of bytes from a place in data to the next place that has a name or that code refers
 * to, at most `limit`. `index` is the section's; the place must lie in it.
 */
uint64_t side_extent(const struct side *side, uint32_t index, uint64_t address, uint64_t limit);

#endif
