/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to tools/query/: how many of the scheduler's own entries each class has. */
#ifndef PLUGSCHED_QUERY_COUNTS_H
#define PLUGSCHED_QUERY_COUNTS_H

#include "graph/graph.h"

struct counts {
	unsigned of[GRAPH_MEMBER + 1][GRAPH_EXTERNAL + 1]; /* by kind and class */
};

struct counts counts_of(const struct graph *graph);

/* "functions", "variables", "members". */
const char *counts_title(enum graph_node_kind kind);

#endif
