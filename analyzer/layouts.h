/* SPDX-License-Identifier: GPL-2.0-only */
/* Are the report's layouts those that vmlinux has? */
#ifndef PLUGSCHED_LAYOUTS_H
#define PLUGSCHED_LAYOUTS_H

#include "analyzer/subject.h"
#include "graph/graph.h"

/*
 * Compares the layouts of all records in the graph with vmlinux's, as far as the scheduler's units
 * define them. False with `error`, which names the first that differs. True without vmlinux.
 */
bool layouts_check(const struct subject *subject, const struct graph *graph, GError **error);

#endif
