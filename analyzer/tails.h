/* SPDX-License-Identifier: GPL-2.0-only */
/* Functions that wait, but are not on the stack meanwhile. */
#ifndef PLUGSCHED_TAILS_H
#define PLUGSCHED_TAILS_H

#include "analyzer/binary/binary.h"
#include "graph/graph.h"

/*
 * Sets binary.ends_in of the functions of a solved graph that wait only by a jump at their end.
 * True if there are any: then the graph must be solved again.
 */
bool tails_mark(const struct binary *binary, struct graph *graph);

#endif
