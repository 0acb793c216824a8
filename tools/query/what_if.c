// SPDX-License-Identifier: GPL-2.0-only
/*
 * what-if: solves the boundary again with functions forced to be interface or
 * external, and shows what changes.
 *
 * The result is that of a configuration file with "function: interface" and "function: external",
 * without a new analysis: the report has everything that the solver uses.
 */
#include "graph/boundary.h"
#include "tools/query/counts.h"
#include "tools/query/names.h"

#include <string.h>

struct before {
	enum graph_class class;
	enum graph_reason reason;
};

/* Maps each node and record to its struct before. */
static GHashTable *take_stock(const struct graph *graph)
{
	const GPtrArray *arrays[] = { graph->functions, graph->variables, graph->members };
	GHashTable *stock = g_hash_table_new_full(NULL, NULL, NULL, g_free);

	for (size_t a = 0; a < G_N_ELEMENTS(arrays); a++)
		for (guint i = 0; i < arrays[a]->len; i++) {
			struct graph_node *node = g_ptr_array_index(arrays[a], i);
			struct before before = { node->class, node->reason };

			g_hash_table_insert(stock, node, g_memdup2(&before, sizeof(before)));
		}
	return stock;
}

/*
 * Maps FILE:NAME to a record's class + 1. This is by name because the solver creates new records.
 */
static GHashTable *take_records(const struct graph *graph)
{
	GHashTable *stock = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < graph->records->len; i++) {
		const struct graph_record *record = g_ptr_array_index(graph->records, i);

		g_hash_table_insert(stock, g_strconcat(record->file, ":", record->name, NULL),
				    GINT_TO_POINTER((int)record->class + 1));
	}
	return stock;
}

/* Forces the named functions and appends them to `forced`. */
static bool force(struct query *query, const char *const *names, bool is_interface,
		  GPtrArray *forced, GError **error)
{
	for (; names && *names; names++) {
		g_autoptr(GArray) found = names_find(query, *names, NAMES_FUNCTION, error);

		if (!found)
			return false;
		for (guint i = 0; i < found->len; i++) {
			struct graph_function *f =
				graph_as_function(g_array_index(found, struct named, i).node);

			if (g_ptr_array_find(forced, f, NULL) &&
			    f->is_forced_interface != is_interface) {
				g_set_error(
					error, QUERY_ERROR, QUERY_ERROR_USAGE,
					"%s cannot be both interface and external; name it once",
					f->node.id);
				return false;
			}
			f->is_forced_interface = is_interface;
			f->is_forced_external = !is_interface;
			if (!g_ptr_array_find(forced, f, NULL))
				g_ptr_array_add(forced, f);
		}
	}
	return true;
}

static void add_counts(struct answer *answer, const struct counts *before,
		       const struct counts *after)
{
	static const char *const before_keys[] = { [GRAPH_INTERNAL] = "internal_before",
						   [GRAPH_INTERFACE] = "interface_before",
						   [GRAPH_EXTERNAL] = "external_before" };

	answer_head(answer, "title", "the scheduler's own, before and after");
	for (int kind = GRAPH_FUNCTION; kind <= GRAPH_MEMBER; kind++) {
		g_autoptr(GString) text = g_string_new(counts_title(kind));
		struct answer_row *row;

		for (int class = GRAPH_INTERNAL; class <= GRAPH_EXTERNAL; class ++)
			if (kind == GRAPH_FUNCTION || class != GRAPH_INTERFACE)
				g_string_append_printf(
					text, "  %s %u -> %u", graph_class_name(class),
					before->of[kind][class], after->of[kind][class]);
		row = answer_row(answer, "counts", 1, "%s", text->str);
		answer_text(answer, row, "kind", counts_title(kind));
		for (int class = GRAPH_INTERNAL; class <= GRAPH_EXTERNAL; class ++) {
			answer_number(row, before_keys[class], before->of[kind][class]);
			answer_number(row, graph_class_name(class), after->of[kind][class]);
		}
	}
}

/*
 * Shows what became of the forced functions: an obstacle takes precedence over the configuration.
 */
static void add_forced(struct answer *answer, const GPtrArray *forced, GHashTable *stock)
{
	for (guint i = 0; i < forced->len; i++) {
		const struct graph_function *f = g_ptr_array_index(forced, i);
		const struct before *before = g_hash_table_lookup(stock, f);
		struct answer_row *row = answer_head(
			answer, "subject", "%s  %s (%s) -> %s (%s)  %s:%u", f->node.name,
			graph_class_name(before->class), graph_reason_code(before->reason),
			graph_class_name(f->node.class), graph_reason_code(f->node.reason),
			f->node.file, f->node.line);

		row->node = answer_node(answer, &f->node);
		answer_row(answer, "why", 1, "%s", f->node.why)->node = row->node;
	}
}

static void add_moved(struct answer *answer, const struct graph_node *node,
		      const struct before *before)
{
	g_autofree char *change = g_strdup_printf("%s -> %s", graph_class_name(before->class),
						  graph_class_name(node->class));
	struct answer_row *row =
		answer_row(answer, "moved", 1, "%s  %s (%s) -> %s (%s)  %s:%u", node->name,
			   graph_class_name(before->class), graph_reason_code(before->reason),
			   graph_class_name(node->class), graph_reason_code(node->reason),
			   node->file, node->line);

	row->node = answer_node(answer, node);
	answer_change(answer, row->node, change);
	answer_text(answer, row, "before", graph_class_name(before->class));
	answer_text(answer, row, "before_reason", graph_reason_code(before->reason));
	answer_text(answer, row, "after", graph_class_name(node->class));
	answer_text(answer, row, "after_reason", graph_reason_code(node->reason));
	answer_row(answer, "why", 2, "%s", node->why)->node = row->node;
	if (node->via)
		answer_edge(answer, &(struct answer_edge){ .from = answer_node(answer, node->via),
							   .to = row->node,
							   .kind = "forces",
							   .file = "",
							   .detail = "" });
}

static unsigned add_moved_nodes(struct answer *answer, const struct graph *graph, GHashTable *stock)
{
	const GPtrArray *arrays[] = { graph->functions, graph->variables, graph->members };
	unsigned n = 0;

	for (size_t a = 0; a < G_N_ELEMENTS(arrays); a++)
		for (guint i = 0; i < arrays[a]->len; i++) {
			const struct graph_node *node = g_ptr_array_index(arrays[a], i);
			const struct before *before = g_hash_table_lookup(stock, node);

			if (before->class == node->class)
				continue;
			add_moved(answer, node, before);
			n++;
		}
	return n;
}

/* Adds the uses between the nodes of the answer. */
static void add_uses(struct answer *answer, const struct graph *graph)
{
	for (guint i = 0; i < graph->uses->len; i++) {
		const struct graph_use *use = g_ptr_array_index(graph->uses, i);

		if (!use->from || !answer_has_node(answer, use->from) ||
		    !answer_has_node(answer, use->to))
			continue;
		answer_edge(answer, &(struct answer_edge){ .from = answer_node(answer, use->from),
							   .to = answer_node(answer, use->to),
							   .kind = graph_use_kind_name(use->kind),
							   .file = use->file,
							   .line = use->line,
							   .detail = use->detail });
	}
}

static unsigned add_moved_records(struct answer *answer, const struct graph *graph,
				  GHashTable *stock)
{
	unsigned n = 0;

	for (guint i = 0; i < graph->records->len; i++) {
		const struct graph_record *record = g_ptr_array_index(graph->records, i);
		g_autofree char *key = g_strconcat(record->file, ":", record->name, NULL);
		enum graph_class class =
			(enum graph_class)(GPOINTER_TO_INT(g_hash_table_lookup(stock, key)) - 1);
		g_autofree char *change = NULL;
		struct answer_row *row;

		if (class == record->class)
			continue;
		change = g_strdup_printf("%s -> %s", graph_class_name(class),
					 graph_class_name(record->class));
		row = answer_row(answer, "moved", 1, "layout of %s  %s  %s", record->name, change,
				 record->file);
		row->node = answer_record(answer, record);
		answer_change(answer, row->node, change);
		answer_text(answer, row, "before", graph_class_name(class));
		answer_text(answer, row, "after", graph_class_name(record->class));
		answer_row(answer, "why", 2, "%s", record->why)->node = row->node;
		n++;
	}
	return n;
}

static void solve(struct query *query, const GPtrArray *forced, struct answer *answer)
{
	struct graph *graph = query->report->graph;
	g_autoptr(GHashTable) stock = take_stock(graph), records = take_records(graph);
	struct counts before = counts_of(graph), after;
	struct answer_row *row;
	unsigned moved;

	boundary_solve(graph, &(struct boundary_options){ 0 });
	after = counts_of(graph);
	add_forced(answer, forced, stock);
	add_counts(answer, &before, &after);
	row = answer_head(answer, "title", "what moves");
	moved = add_moved_nodes(answer, graph, stock) + add_moved_records(answer, graph, records);
	add_uses(answer, graph);
	answer_number(row, "moved", moved);
	if (!moved)
		answer_row(answer, "none", 1, "nothing");
}

bool query_what_if(struct query *query, char **words, struct answer *answer, GError **error)
{
	g_autoptr(GPtrArray) forced = g_ptr_array_new();

	(void)words;
	if (!query->interface && !query->external) {
		g_set_error(error, QUERY_ERROR, QUERY_ERROR_USAGE,
			    "what-if takes --interface NAME or --external NAME");
		return false;
	}
	if (!force(query, query->interface, true, forced, error) ||
	    !force(query, query->external, false, forced, error))
		return false;
	solve(query, forced, answer);
	return true;
}
