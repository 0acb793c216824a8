/* SPDX-License-Identifier: GPL-2.0-only */
/* One of the two files, with its symbols by the names that both share. */
#ifndef PLUGSCHED_COMPARE_SIDE_H
#define PLUGSCHED_COMPARE_SIDE_H

#include "base/elf/image.h"

struct side {
	struct image *code;
	GHashTable *by_normal; /* name_normal() -> GPtrArray of const struct image_symbol * */
	GHashTable *by_plain;  /* functions: name_plain() -> likewise */
	GHashTable *units;     /* of a module of ours: file names of the scheduler's units, "core.c"; else empty */
	GHashTable *anchors;   /* places in data that code refers to: gint64 of section and address */
};

bool side_open(struct side *side, const char *path, GError **error);
void side_close(struct side *side);

/* Symbols of a normal name, functions of a plain one; NULL if there are none. */
const GPtrArray *side_named(const struct side *side, const char *normal);
const GPtrArray *side_functions(const struct side *side, const char *plain);

/* Code that can be compared: a function that is not only padding. */
bool side_is_function(const struct side *side, const struct image_symbol *symbol);

/* Is it of a file that plugsched has put beside the scheduler's units? */
bool side_is_beside(const struct side *side, const struct image_symbol *symbol);

/* Bytes from a place in data to the next one that has a name or that code refers to, at most `limit`; the place must lie in the section. */
uint64_t side_extent(const struct side *side, uint32_t section, uint64_t address, uint64_t limit);

#endif
