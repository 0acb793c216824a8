/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The binary as a second witness: does anything in vmlinux that stays lead to a function that is
 * replaced without a jump?
 */
#ifndef PLUGSCHED_LEADS_H
#define PLUGSCHED_LEADS_H

#include "analyzer/subject.h"
#include "graph/graph.h"

/*
 * Searches vmlinux for such places, by the classes of the solved graph. Returns struct binary_lead,
 * empty if there are none, as in a graph that knows all uses. Caller unrefs.
 */
GArray *leads_find(const struct subject *subject, const struct graph *graph);

#endif
