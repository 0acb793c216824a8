// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names that vmlinux has at one place: an alias, and functions whose equal code gcc has merged.
 *
 * A jump at the place takes all of them, and who writes to a variable by one name changes it for
 * those who read it by another. Two functions of the module that were merged may differ once one
 * is edited, and a jump could lead to one of them only. An alias stays one function.
 *
 * Limits: what has no symbol, or a symbol without a size, shares nothing. An empty struct lies at
 * the place of what comes behind it.
 */
#include "graph/solve.h"

#include <string.h>

static const struct graph_binary *binary_of(struct graph_node *node)
{
	if (node->kind == GRAPH_FUNCTION)
		return &graph_as_function(node)->binary;
	return &graph_as_variable(node)->binary;
}

static void add(GHashTable *by_place, struct graph_node *node)
{
	const struct graph_binary *binary = binary_of(node);
	gint64 place = (gint64)binary->address;
	GPtrArray *names;

	if (!node->is_scheduler || !binary->symbol || !binary->size ||
	    (!place && !binary->is_percpu))
		return;
	names = g_hash_table_lookup(by_place, &place);
	if (!names) {
		names = g_ptr_array_new();
		g_hash_table_insert(by_place, g_memdup2(&place, sizeof(place)), names);
	}
	g_ptr_array_add(names, node);
}

/* Keeps the nodes that are not alone at their place. */
static GHashTable *by_node(GHashTable *by_place)
{
	GHashTable *shared =
		g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, by_place);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		GPtrArray *names = value;

		for (guint i = 0; names->len > 1 && i < names->len; i++)
			g_hash_table_insert(shared, g_ptr_array_index(names, i),
					    g_ptr_array_ref(names));
	}
	return shared;
}

GHashTable *solve_find_shared(const struct graph *graph)
{
	g_autoptr(GHashTable) by_place = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
							       (GDestroyNotify)g_ptr_array_unref);

	for (guint i = 0; i < graph->functions->len; i++)
		add(by_place, g_ptr_array_index(graph->functions, i));
	for (guint i = 0; i < graph->variables->len; i++)
		add(by_place, g_ptr_array_index(graph->variables, i));
	return by_node(by_place);
}

struct graph_node *solve_sharer(const struct solve *solve, const struct graph_node *node,
				bool (*is_wanted)(const struct solve *solve,
						  const struct graph_node *node,
						  struct graph_node *sharer))
{
	const GPtrArray *names = g_hash_table_lookup(solve->shared, node);

	for (guint i = 0; names && i < names->len; i++) {
		struct graph_node *sharer = g_ptr_array_index(names, i);

		if (sharer != node && is_wanted(solve, node, sharer))
			return sharer;
	}
	return NULL;
}

/* The name that a function has by its source: an alias's is that of its target. */
static const char *source_name(const struct graph_function *f)
{
	return *f->alias ? f->alias : f->node.name;
}

bool solve_is_alias_of(const struct graph_function *left, const struct graph_function *right)
{
	return strcmp(source_name(left), source_name(right)) == 0;
}
