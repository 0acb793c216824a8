/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to tools/query/: how many of the scheduler's own entries are in each class. */
#ifndef PLUGSCHED_QUERY_COUNTS_H
#define PLUGSCHED_QUERY_COUNTS_H

#include "graph/graph.h"

struct counts {
	unsigned of[GRAPH_MEMBER + 1][GRAPH_EXTERNAL + 1]; /* indexed by kind and class */
};

/* Counts the entries of a graph. */
struct counts counts_of(const struct graph *graph);

/* "functions", "variables" or "members". Static. */
const char *counts_title(enum graph_node_kind kind);

#endif
