/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to analyzer/source: the headers that most units begin with, precompiled once.
 */
#ifndef PLUGSCHED_SOURCE_PREFIX_H
#define PLUGSCHED_SOURCE_PREFIX_H

#include "analyzer/source/source.h"

/* How to parse one unit with the precompiled headers. Free with prefix_use_free(). */
struct prefix_use {
	char **arguments; /* instead of tree_unit_clang_arguments() */
	GPtrArray *inputs; /* char *: files the precompiled headers were made from, as tree_path() gives them; borrowed */
	char *names;      /* content of the virtual header PREFIX_NAMES_FILE, which they include */
};

#define PREFIX_NAMES_FILE "plugsched-names.h"

/*
 * How to parse `unit` with the precompiled headers; NULL if it must be parsed without: prefix is NULL, the unit is
 * the scheduler's, its flags differ, it defines macros that its headers could see, or the headers did not compile. They are
 * compiled at the call after the first few. Safe to call from several threads.
 */
struct prefix_use *prefix_use(struct source_prefix *prefix, const struct tree_unit *unit);

void prefix_use_free(struct prefix_use *use);

#endif
