/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Collects units, links their facts and solves the graph, in rounds: each round collects the units
 * that could change the last one's answers, until there are none.
 */
#ifndef PLUGSCHED_ROUNDS_H
#define PLUGSCHED_ROUNDS_H

#include "analyzer/collection.h"
#include "analyzer/problems.h"
#include "analyzer/subject.h"
#include "graph/graph.h"

/*
 * The solved graph of the kernel; graph_free() it. Fills `collection`, which begins empty, and adds
 * to `problems`. NULL with `error` where collection_add() fails.
 */
struct graph *rounds_run(const struct subject *subject, struct collection *collection,
			 struct problems *problems, GError **error);

#endif
