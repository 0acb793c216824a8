// SPDX-License-Identifier: GPL-2.0-only
/* Counts the scheduler's own entries by class. */
#include "tools/query/counts.h"

struct counts counts_of(const struct graph *graph)
{
	const GPtrArray *arrays[] = { graph->functions, graph->variables, graph->members };
	struct counts counts = { 0 };

	for (size_t a = 0; a < G_N_ELEMENTS(arrays); a++)
		for (guint i = 0; i < arrays[a]->len; i++) {
			const struct graph_node *node = g_ptr_array_index(arrays[a], i);

			if (node->is_scheduler)
				counts.of[node->kind][node->class]++;
		}
	return counts;
}

const char *counts_title(enum graph_node_kind kind)
{
	static const char *const titles[] = { "functions", "variables", "members" };

	return titles[kind];
}
