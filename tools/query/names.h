/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finds what a word on the command line names.
 *
 * An id (FILE:NAME) names a single entry. Any other word names every entry of that name: NAME,
 * FUNCTION.NAME for a static local, STRUCT.MEMBER, or STRUCT. If there is none, the message
 * suggests the nearest names.
 */
#ifndef PLUGSCHED_QUERY_NAMES_H
#define PLUGSCHED_QUERY_NAMES_H

#include "tools/query/query.h"

/* The kinds of entries that a question can be about, as a mask. */
enum names_kind {
	NAMES_FUNCTION = 1 << GRAPH_FUNCTION,
	NAMES_VARIABLE = 1 << GRAPH_VARIABLE,
	NAMES_MEMBER = 1 << GRAPH_MEMBER,
	NAMES_RECORD = 1 << (GRAPH_MEMBER + 1),
	NAMES_NODE = NAMES_FUNCTION | NAMES_VARIABLE | NAMES_MEMBER,
};

/* Either a node or a record; the other one is NULL. */
struct named {
	struct graph_node *node;
	struct graph_record *record;
};

/* If more entries than this have the same name, they are not all answered for at once. */
#define NAMES_MAX 16

/*
 * The entries of the report of `query` that `word` names, of the kinds in the mask, as a GArray of
 * struct named; caller unrefs. NULL with QUERY_ERROR_UNKNOWN if there are none, or more than
 * NAMES_MAX; then the message lists their ids.
 */
GArray *names_find(const struct query *query, const char *word, unsigned kinds, GError **error);

#endif
