/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to graph/: which members lie in the same bytes. */
#ifndef PLUGSCHED_GRAPH_OVERLAP_H
#define PLUGSCHED_GRAPH_OVERLAP_H

#include "graph/graph.h"

struct overlap;

/* Compares all members of the graph. It borrows them. overlap_free() it. */
struct overlap *overlap_new(const struct graph *graph);

/* Frees it. Accepts NULL. */
void overlap_free(struct overlap *overlap);

/*
 * The members that lie in the bytes of this one (struct graph_member *), of the same record and of
 * records within it; NULL if there are none. It belongs to the overlap.
 */
const GPtrArray *overlap_of(const struct overlap *overlap, const struct graph_member *member);

#endif
