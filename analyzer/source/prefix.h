/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to analyzer/source: the headers that most units begin with, precompiled once.
 */
#ifndef PLUGSCHED_SOURCE_PREFIX_H
#define PLUGSCHED_SOURCE_PREFIX_H

#include "analyzer/source/source.h"

/* How to parse one unit with the precompiled headers. Free with prefix_use_free(). */
struct prefix_use {
	char **arguments; /* to be used instead of tree_unit_clang_arguments() */
	/* char *, borrowed: files of the precompiled headers, as tree_path() names them */
	GPtrArray *inputs;
	/* content of the virtual header PREFIX_NAMES_FILE, which the arguments include */
	char *names;
};

#define PREFIX_NAMES_FILE "plugsched-names.h"

/*
 * How to parse `unit` with the precompiled headers. NULL if it must be parsed without them:
 * `prefix` is NULL, the unit is the scheduler's, its flags differ, it defines macros that its
 * headers could see, too few units were asked for yet, or the headers did not compile. The headers
 * are compiled in one of the first calls. Safe to call from several threads.
 */
struct prefix_use *prefix_use(struct source_prefix *prefix, const struct tree_unit *unit);

void prefix_use_free(struct prefix_use *use);

#endif
