// SPDX-License-Identifier: GPL-2.0-only
/*
 * The JSON report, written with one entry on each line.
 *
 * Entries are made, printed and freed one by one, so the report needs no memory of its own, and two
 * reports can be compared line by line.
 */
#include "emit/json.h"
#include "emit/output.h"

#include <string.h>

G_DEFINE_QUARK(emit - error - quark, emit_error)

struct report {
	FILE *out;
	const struct graph *graph;
	const struct emit_provenance *provenance;
	const volatile int *stop;
	bool is_first; /* the next entry is the first of its array */
};

static bool is_stopped(const struct report *r)
{
	return r->stop && *r->stop;
}

static void write_json(struct report *r, cJSON *object)
{
	char *text = cJSON_PrintUnformatted(object);

	fputs(text, r->out);
	cJSON_free(text);
	cJSON_Delete(object);
}

static void begin_array(struct report *r, const char *name)
{
	fprintf(r->out, ",\n\"%s\":[", name);
	r->is_first = true;
}

static void write_entry(struct report *r, cJSON *object)
{
	fputs(r->is_first ? "\n" : ",\n", r->out);
	r->is_first = false;
	write_json(r, object);
}

static void end_array(struct report *r)
{
	fputs("\n]", r->out);
}

static cJSON *json_counts_of(const GPtrArray *nodes, bool are_functions)
{
	static const enum graph_class order[] = { GRAPH_INTERFACE, GRAPH_INTERNAL, GRAPH_EXTERNAL };
	cJSON *object = cJSON_CreateObject();
	unsigned counts[3] = { 0 };

	for (guint i = 0; i < nodes->len; i++)
		counts[((struct graph_node *)g_ptr_array_index(nodes, i))->class]++;
	for (size_t i = 0; i < G_N_ELEMENTS(order); i++)
		if (order[i] != GRAPH_INTERFACE || are_functions)
			cJSON_AddNumberToObject(object, graph_class_name(order[i]),
						counts[order[i]]);
	return object;
}

static cJSON *json_kernel(const struct graph *graph, const struct emit_provenance *p)
{
	cJSON *object = cJSON_CreateObject();

	json_add_string(object, "release", p->kernel_release);
	json_add_string(object, "build_id", p->build_id);
	json_add_string(object, "config_hash", p->config_hash);
	cJSON_AddBoolToObject(object, "vmlinux", graph->has_binary);
	return object;
}

static cJSON *json_problems(const struct emit_provenance *p)
{
	cJSON *array = cJSON_CreateArray();

	for (guint i = 0; i < p->problems->len; i++) {
		const struct emit_problem *problem =
			&g_array_index(p->problems, struct emit_problem, i);
		cJSON *object = cJSON_CreateObject();

		json_add_string(object, "code", problem->code);
		json_add_string(object, "file", problem->file);
		json_add_string(object, "message", problem->message);
		cJSON_AddItemToArray(array, object);
	}
	return array;
}

static cJSON *json_counts(const struct graph *graph)
{
	cJSON *object = cJSON_CreateObject();

	cJSON_AddItemToObject(object, "functions", json_counts_of(graph->functions, true));
	cJSON_AddItemToObject(object, "variables", json_counts_of(graph->variables, false));
	cJSON_AddItemToObject(object, "members", json_counts_of(graph->members, false));
	return object;
}

static cJSON *json_files(const struct emit_provenance *p)
{
	cJSON *array = cJSON_CreateArray();

	for (guint i = 0; i < p->scheduler_files->len; i++)
		cJSON_AddItemToArray(array,
				     cJSON_CreateString(g_ptr_array_index(p->scheduler_files, i)));
	return array;
}

/* Writes everything except the long arrays. The caller writes the closing brace. */
static void write_head(struct report *r)
{
	const struct emit_provenance *p = r->provenance;
	cJSON *head = cJSON_CreateObject();
	cJSON *tool = cJSON_AddObjectToObject(head, "tool");
	char *text;

	json_add_string(tool, "name", "plugsched-analyze");
	json_add_string(tool, "version", p->tool_version);
	cJSON_AddItemToObject(head, "kernel", json_kernel(r->graph, p));
	cJSON_AddBoolToObject(head, "complete", p->problems->len == 0);
	cJSON_AddItemToObject(head, "problems", json_problems(p));
	cJSON_AddItemToObject(head, "scheduler_files", json_files(p));
	cJSON_AddItemToObject(head, "counts", json_counts(r->graph));
	text = cJSON_PrintUnformatted(head);
	text[strlen(text) - 1] = '\0'; /* the arrays follow */
	fprintf(r->out, "{\"schema\":\"%s\",\"version\":%d,%s", EMIT_SCHEMA, EMIT_VERSION,
		text + 1);
	cJSON_free(text);
	cJSON_Delete(head);
}

static cJSON *json_of(const struct graph_node *node)
{
	switch (node->kind) {
	case GRAPH_FUNCTION:
		return json_function((const struct graph_function *)node);
	case GRAPH_VARIABLE:
		return json_variable((const struct graph_variable *)node);
	default:
		return json_member((const struct graph_member *)node);
	}
}

static void write_nodes(struct report *r, const char *name, const GPtrArray *nodes)
{
	begin_array(r, name);
	for (guint i = 0; i < nodes->len && !is_stopped(r); i++)
		write_entry(r, json_of(g_ptr_array_index(nodes, i)));
	end_array(r);
}

static void write_records(struct report *r)
{
	begin_array(r, "records");
	for (guint i = 0; i < r->graph->records->len && !is_stopped(r); i++)
		write_entry(r, json_record(g_ptr_array_index(r->graph->records, i)));
	end_array(r);
}

static void write_instances(struct report *r)
{
	begin_array(r, "instances");
	for (guint i = 0; i < r->graph->instances->len && !is_stopped(r); i++)
		write_entry(r, json_instance(g_ptr_array_index(r->graph->instances, i)));
	end_array(r);
}

/*
 * True for an edge, which leads to or through code. A use of data is a reference, and so is a
 * relocation without a source.
 */
static bool is_edge(const struct graph_use *use)
{
	return use->kind != GRAPH_OBJECT &&
	       (use->kind == GRAPH_INDIRECT || use->to->kind == GRAPH_FUNCTION);
}

/*
 * Writes the edges, or the references. Calls are mostly in the same order in the report as in the
 * source. Where they are not, the entry has its "order".
 */
static void write_uses(struct report *r, const char *name, bool edges)
{
	const struct graph_node *from = NULL;
	unsigned next = 0;

	begin_array(r, name);
	for (guint i = 0; i < r->graph->uses->len && !is_stopped(r); i++) {
		const struct graph_use *use = g_ptr_array_index(r->graph->uses, i);

		if (is_edge(use) != edges)
			continue;
		if (use->from != from)
			next = 0;
		from = use->from;
		write_entry(r, json_use(use, next));
		if (use->kind == GRAPH_CALL)
			next = use->order + 1;
	}
	end_array(r);
}

static void write_sites(struct report *r)
{
	begin_array(r, "sites");
	for (guint i = 0; i < r->graph->sites->len && !is_stopped(r); i++)
		write_entry(r, json_site(g_ptr_array_index(r->graph->sites, i)));
	end_array(r);
}

static void write_report(struct report *r)
{
	write_head(r);
	write_nodes(r, "functions", r->graph->functions);
	write_nodes(r, "variables", r->graph->variables);
	write_records(r);
	write_nodes(r, "members", r->graph->members);
	write_instances(r);
	write_uses(r, "edges", true);
	write_uses(r, "references", false);
	write_sites(r);
	fputs("\n}\n", r->out);
}

static void write_to(FILE *out, void *data)
{
	struct report *r = data;

	r->out = out;
	write_report(r);
}

bool emit_report(const struct graph *graph, const struct emit_provenance *provenance,
		 const char *path, const volatile int *stop, GError **error)
{
	struct report r = { .graph = graph, .provenance = provenance, .stop = stop };

	return output_write(&(struct output){ "the report", write_to, &r, stop }, path, error);
}
