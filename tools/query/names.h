/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a word on the command line names.
 *
 * An id (FILE:NAME) names one entry. Any other word names every entry that bears it: NAME, FUNCTION.NAME for a static
 * local, STRUCT.MEMBER, STRUCT. If nothing does, the nearest names are offered.
 */
#ifndef PLUGSCHED_QUERY_NAMES_H
#define PLUGSCHED_QUERY_NAMES_H

#include "tools/query/query.h"

/* Kinds of things that a question is about, as a mask. */
enum names_kind {
	NAMES_FUNCTION = 1 << GRAPH_FUNCTION,
	NAMES_VARIABLE = 1 << GRAPH_VARIABLE,
	NAMES_MEMBER = 1 << GRAPH_MEMBER,
	NAMES_RECORD = 1 << (GRAPH_MEMBER + 1),
	NAMES_NODE = NAMES_FUNCTION | NAMES_VARIABLE | NAMES_MEMBER,
};

/* One of the two. */
struct named {
	struct graph_node *node;
	struct graph_record *record;
};

/* More entries than this of one name are not answered for all at once. */
#define NAMES_MAX 16

/*
 * The entries of the report of `query` that `word` names, of the kinds in the mask, as a GArray of struct named; NULL
 * with QUERY_ERROR_UNKNOWN if there are none, or more than NAMES_MAX: then the message lists their ids.
 */
GArray *names_find(const struct query *query, const char *word, unsigned kinds, GError **error);

#endif
