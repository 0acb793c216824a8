// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that wait, but are not on the stack meanwhile: gcc made the call of the waiting function
 * a jump, as it was the last thing to do. Whoever sleeps there has nothing of this function on its
 * stack, so the function can be replaced.
 *
 * Method: vmlinux's code of a function that waits, by the source, must enter functions that wait by
 * jumps only. Left out are functions that are handed what they call, because that is unknown, those
 * with clones, and the schedule() family.
 *
 * The module's own code may have a call there, after an edit or by another compiler. The build of a
 * module looks for that (check.sh).
 */
#include "analyzer/tails.h"

#include <string.h>

/* The names of all functions that wait. */
static GHashTable *waiting_names(const struct graph *graph)
{
	GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < graph->functions->len; i++) {
		struct graph_function *f = g_ptr_array_index(graph->functions, i);

		if (f->waits_in || f->is_schedule)
			g_hash_table_add(names, (gpointer)f->node.name);
	}
	return names;
}

/* True if the symbol is that of a function that waits, or of a clone of one. */
static bool is_waiting(GHashTable *names, const char *symbol)
{
	g_autofree char *plain = g_strndup(symbol, strcspn(symbol, "."));

	return g_hash_table_contains(names, plain);
}

/* The first waiting function that the code jumps to, if it calls none. NULL otherwise. */
static const char *jumps_to(const GArray *exits, GHashTable *names)
{
	const char *found = NULL;

	for (guint i = 0; i < exits->len; i++) {
		const struct binary_exit *leaves = &g_array_index(exits, struct binary_exit, i);

		if (!is_waiting(names, leaves->to))
			continue;
		if (leaves->is_call)
			return NULL;
		if (!found)
			found = leaves->to;
	}
	return found;
}

static struct graph_function *candidate(struct graph_function *f)
{
	const struct graph_binary *b = &f->binary;

	return f->node.class == GRAPH_EXTERNAL && f->node.reason == GRAPH_REASON_WAITS &&
			       !f->is_handed_wait && !f->is_schedule && b->symbol &&
			       !(b->clones && b->clones[0])
		       ? f
		       : NULL;
}

/* The candidates by their addresses. */
static GHashTable *candidates_of(const struct graph *graph)
{
	GHashTable *candidates = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < graph->functions->len; i++) {
		struct graph_function *f = candidate(g_ptr_array_index(graph->functions, i));

		if (f)
			g_hash_table_insert(candidates, GSIZE_TO_POINTER(f->binary.address), f);
	}
	return candidates;
}

bool tails_mark(const struct binary *binary, struct graph *graph)
{
	g_autoptr(GHashTable) names = waiting_names(graph), candidates = candidates_of(graph);
	bool is_any = false;

	for (guint i = 0; i < binary->functions->len; i++) {
		const struct binary_function *b = g_ptr_array_index(binary->functions, i);
		struct graph_function *f =
			b->symbol ? g_hash_table_lookup(candidates, GSIZE_TO_POINTER(b->address))
				  : NULL;
		g_autoptr(GArray) exits = NULL;
		const char *target;

		if (!f || strcmp(b->name, f->node.name) != 0 || strcmp(b->file, f->node.file) != 0)
			continue;
		exits = binary_exits_of(binary, b);
		target = exits ? jumps_to(exits, names) : NULL;
		if (!target)
			continue;
		f->binary.ends_in = graph_string(graph, target);
		is_any = true;
	}
	return is_any;
}
