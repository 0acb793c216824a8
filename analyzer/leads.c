// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compilers and assembly make uses that no source shows: a call through a constant pointer that the
 * compiler made direct, a name within asm(""), a word in a section of its own. Source and objects
 * tell most of them; vmlinux tells all that are direct.
 *
 * Method: take the functions that get no jump (internal ones, and methods of scheduling classes),
 * and search vmlinux for what leads to them from code or data that stays. What was found becomes a
 * use, and the graph is linked and solved again.
 */
#include "analyzer/leads.h"

#include "graph/boundary.h"

#include <string.h>

struct names {
	GHashTable *functions; /* "FILE:NAME" -> struct graph_function *: the scheduler's */
	GHashTable *variables; /* address -> struct graph_variable *: likewise */
	GHashTable *jumps;     /* set of addresses: there is a jump */
};

static char *name_key(const char *file, const char *name)
{
	return g_strdup_printf("%s:%s", file, name);
}

static struct names names_of(const struct graph *graph)
{
	struct names names = {
		.functions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		.variables = g_hash_table_new(NULL, NULL),
		.jumps = g_hash_table_new(NULL, NULL),
	};

	for (guint i = 0; i < graph->functions->len; i++) {
		struct graph_function *f = g_ptr_array_index(graph->functions, i);

		if (!f->node.is_scheduler)
			continue;
		g_hash_table_insert(names.functions, name_key(f->node.file, f->node.name), f);
		if (f->binary.symbol && boundary_needs_jump(graph, f))
			g_hash_table_add(names.jumps, GSIZE_TO_POINTER(f->binary.address));
	}
	for (guint i = 0; i < graph->variables->len; i++) {
		struct graph_variable *v = g_ptr_array_index(graph->variables, i);

		if (v->node.is_scheduler && v->binary.symbol)
			g_hash_table_insert(names.variables, GSIZE_TO_POINTER(v->binary.address),
					    v);
	}
	return names;
}

static const struct graph_function *function_of(const struct names *names,
						const struct binary_function *b)
{
	g_autofree char *key = name_key(b->file, b->name);

	return g_hash_table_lookup(names->functions, key);
}

/* True if its code in vmlinux does not run while the module is active. */
static bool is_gone(const struct graph_function *f)
{
	return f->node.class != GRAPH_EXTERNAL || f->node.reason == GRAPH_REASON_INIT_TEXT ||
	       f->node.reason == GRAPH_REASON_OVERRIDDEN;
}

/*
 * True if the variable's content in vmlinux leads nowhere: the module has one of its own, or fills
 * it, as the scheduling classes.
 */
static bool is_refilled(const struct graph_variable *v)
{
	return v->node.class != GRAPH_EXTERNAL || g_str_has_suffix(v->type, "struct sched_class");
}

static void sort_functions(const struct subject *s, const struct names *names,
			   const struct binary_hunt *hunt)
{
	for (guint i = 0; i < s->binary->functions->len; i++) {
		struct binary_function *b = g_ptr_array_index(s->binary->functions, i);
		const struct graph_function *f = function_of(names, b);

		if (!f || !is_gone(f))
			continue;
		g_hash_table_add(hunt->gone, b);
		/* an alias may have the jump */
		if (f->node.class == GRAPH_EXTERNAL || b->address != f->binary.address ||
		    g_hash_table_contains(names->jumps, GSIZE_TO_POINTER(b->address)))
			continue;
		g_hash_table_add(hunt->wanted, b);
		if (f->node.reason == GRAPH_REASON_UNUSED)
			g_hash_table_add(hunt->unused, b);
	}
}

/* Leaves out what lies in variables whose content does not matter. */
static void drop_refilled(GArray *leads, const struct names *names)
{
	for (guint i = leads->len; i-- > 0;) {
		const struct binary_lead *lead = &g_array_index(leads, struct binary_lead, i);
		const struct graph_variable *v =
			lead->is_code ? NULL
				      : g_hash_table_lookup(names->variables,
							    GSIZE_TO_POINTER(lead->address));

		if (v && is_refilled(v))
			g_array_remove_index(leads, i);
	}
}

GArray *leads_find(const struct subject *subject, const struct graph *graph)
{
	struct names names = names_of(graph);
	struct binary_hunt hunt = {
		.wanted = g_hash_table_new(NULL, NULL),
		.gone = g_hash_table_new(NULL, NULL),
		.unused = g_hash_table_new(NULL, NULL),
	};
	GArray *leads;

	sort_functions(subject, &names, &hunt);
	leads = binary_find_leads(subject->binary, &hunt);
	drop_refilled(leads, &names);
	g_hash_table_unref(hunt.wanted);
	g_hash_table_unref(hunt.gone);
	g_hash_table_unref(hunt.unused);
	g_hash_table_unref(names.functions);
	g_hash_table_unref(names.variables);
	g_hash_table_unref(names.jumps);
	return leads;
}
