// SPDX-License-Identifier: GPL-2.0-only
/* info: what the report is about, in numbers. list: entries by class, kind and file. */
#include "tools/query/counts.h"
#include "tools/query/query.h"

#include <string.h>

static const char *text_or(const char *text, const char *otherwise)
{
	return text ? text : otherwise;
}

static void add_kernel(const struct query *query, struct answer *answer)
{
	const struct emit_provenance *p = &query->report->provenance;
	struct answer_row *row =
		answer_head(answer, "subject", "Linux %s, build-id %s",
			    text_or(p->kernel_release, "(unknown)"), text_or(p->build_id, "none"));

	answer_text(answer, row, "release", p->kernel_release);
	answer_text(answer, row, "build_id", p->build_id);
	answer_text(answer, row, "config_hash", p->config_hash);
	answer_text(answer, row, "tool_version", p->tool_version);
	for (guint i = 0; i < p->problems->len; i++) {
		const struct emit_problem *problem =
			&g_array_index(p->problems, struct emit_problem, i);

		answer_row(answer, "problem", 1, "incomplete: %s%s%s", problem->file,
			   *problem->file ? ": " : "", problem->message);
	}
}

static void add_counts(const struct graph *graph, struct answer *answer)
{
	struct counts counts = counts_of(graph);

	answer_head(answer, "title", "the scheduler's own");
	for (int kind = GRAPH_FUNCTION; kind <= GRAPH_MEMBER; kind++) {
		g_autoptr(GString) text = g_string_new(counts_title(kind));
		struct answer_row *row;

		for (int class = GRAPH_INTERNAL; class <= GRAPH_EXTERNAL; class ++)
			if (kind == GRAPH_FUNCTION || class != GRAPH_INTERFACE)
				g_string_append_printf(text, "  %u %s", counts.of[kind][class],
						       graph_class_name(class));
		row = answer_row(answer, "counts", 1, "%s", text->str);
		answer_text(answer, row, "kind", counts_title(kind));
		for (int class = GRAPH_INTERNAL; class <= GRAPH_EXTERNAL; class ++)
			answer_number(row, graph_class_name(class), counts.of[kind][class]);
	}
}

static void add_size(const struct graph *graph, struct answer *answer)
{
	struct answer_row *row = answer_row(
		answer, "size", 1,
		"with other code: %u functions, %u variables, %u members of %u records, %u uses",
		graph->functions->len, graph->variables->len, graph->members->len,
		graph->records->len, graph->uses->len);

	answer_number(row, "functions", graph->functions->len);
	answer_number(row, "variables", graph->variables->len);
	answer_number(row, "members", graph->members->len);
	answer_number(row, "records", graph->records->len);
	answer_number(row, "uses", graph->uses->len);
}

/* The number of sites in a layer, and the average number of their targets. */
static void add_layer(const struct graph *graph, enum graph_layer layer, struct answer *answer)
{
	unsigned n = 0, targets = 0;
	struct answer_row *row;

	for (guint i = 0; i < graph->sites->len; i++) {
		const struct graph_site *site = g_ptr_array_index(graph->sites, i);

		if (site->layer != layer)
			continue;
		n++;
		targets += site->targets->len;
	}
	if (!n)
		return;
	row = answer_row(answer, "layer", 1, "%s: %u, with %.1f targets on average",
			 graph_layer_name(layer), n, (double)targets / n);
	answer_text(answer, row, "layer", graph_layer_name(layer));
	answer_number(row, "sites", n);
	answer_number(row, "targets", targets);
}

bool query_info(struct query *query, char **words, struct answer *answer, GError **error)
{
	const struct graph *graph = query->report->graph;

	(void)words;
	(void)error;
	add_kernel(query, answer);
	add_counts(graph, answer);
	add_size(graph, answer);
	answer_head(answer, "title", "indirect calls, by what decided their targets");
	for (int layer = GRAPH_LAYER_SIGNATURE; layer <= GRAPH_LAYER_STATIC_CALL; layer++)
		add_layer(graph, (enum graph_layer)layer, answer);
	if (!graph->sites->len)
		answer_row(answer, "none", 1, "none is in this report");
	return true;
}

/* --- list */

static bool is_listed(const struct query *query, const struct graph_node *node)
{
	return (!query->class || strcmp(query->class, graph_class_name(node->class)) == 0) &&
	       (!query->kind || strcmp(query->kind, graph_kind_name(node->kind)) == 0) &&
	       (query->file ? g_pattern_match_simple(query->file, node->file) : node->is_scheduler);
}

static void list_nodes(const struct query *query, const GPtrArray *nodes, struct answer *answer)
{
	for (guint i = 0; i < nodes->len; i++) {
		const struct graph_node *node = g_ptr_array_index(nodes, i);

		if (is_listed(query, node))
			answer_row(answer, "entry", 0, "%s  %s  %s (%s)  %s:%u", node->name,
				   graph_kind_name(node->kind), graph_class_name(node->class),
				   graph_reason_code(node->reason), node->file, node->line)
				->node = answer_node(answer, node);
	}
}

/* Refuses a class or kind that does not exist: an empty list would hide the mistake. */
static bool check_words(const struct query *query, GError **error)
{
	bool is_class = !query->class, is_kind = !query->kind;

	for (int class = GRAPH_INTERNAL; class <= GRAPH_EXTERNAL; class ++)
		is_class = is_class ||
			   strcmp(query->class, graph_class_name((enum graph_class) class)) == 0;
	for (int kind = GRAPH_FUNCTION; kind <= GRAPH_MEMBER; kind++)
		is_kind = is_kind ||
			  strcmp(query->kind, graph_kind_name((enum graph_node_kind)kind)) == 0;
	if (!is_class)
		g_set_error(error, QUERY_ERROR, QUERY_ERROR_USAGE,
			    "--class is internal, interface or external, not \"%s\"", query->class);
	else if (!is_kind)
		g_set_error(error, QUERY_ERROR, QUERY_ERROR_USAGE,
			    "--kind is function, variable or member, not \"%s\"", query->kind);
	return is_class && is_kind;
}

bool query_list(struct query *query, char **words, struct answer *answer, GError **error)
{
	const struct graph *graph = query->report->graph;

	(void)words;
	if (!check_words(query, error))
		return false;
	list_nodes(query, graph->functions, answer);
	list_nodes(query, graph->variables, answer);
	list_nodes(query, graph->members, answer);
	answer->is_negative = !answer->rows->len;
	return true;
}
