// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packs a report for the page; pack.h describes the format.
 *
 * All nodes and all steps of the walk are put into one answer, as if everything had been asked for.
 * So the page has the same entries and words as the other output formats.
 */
#include "tools/page/pack.h"

#include "tools/query/walk.h"

#include <cjson/cJSON.h>
#include <string.h>

/* The words that are referred to by index, in the order in which pack_words() lists them. */
static const char *const kinds[] = { "function", "variable", "member", "record", "object" };
static const char *const edge_kinds[] = { "call",   "may-call", "address",    "inlined",
					  "read",   "write",    "read-write", "indirect",
					  "object", "waits",    "clone",      "escape" };

enum shown {
	SHOWN_CALLEE = 1 << 0,
	SHOWN_CALLER = 1 << 1,
};

/* A call without a known target. */
struct unknown {
	int node;
	struct walk_step step;
};

struct pack {
	struct query *query;
	struct answer *answer; /* everything */
	guint n_edges;         /* of the walk; later edges belong to the chains */
	GArray *shown;         /* int: enum shown for each of these edges */
	GArray *unknown;       /* struct unknown */
	GHashTable *numbers;   /* text -> its index + 1 */
	GPtrArray *strings;    /* const char *, by index */
};

/* --- all that is packed */

static void add_edge(struct pack *pack, const struct walk_step *step, int shown)
{
	if (walk_answer(pack->answer, step) != ANSWER_NONE)
		g_array_append_val(pack->shown, shown);
}

static void add_steps_from(struct pack *pack, struct graph_node *node)
{
	g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(struct walk_step));

	walk_from(walk_of(pack->query), node, steps);
	for (guint i = 0; i < steps->len; i++) {
		const struct walk_step *step = &g_array_index(steps, struct walk_step, i);
		struct unknown unknown = { answer_node(pack->answer, node), *step };

		if (step->to)
			add_edge(pack, step,
				 (walk_is_shown(steps, step, false) ? SHOWN_CALLEE : 0) |
					 (walk_is_shown(steps, step, true) ? SHOWN_CALLER : 0));
		else
			g_array_append_val(pack->unknown, unknown);
	}
}

/* Objects have no steps of their own; the steps to a node include the objects that refer to it. */
static void add_objects_to(struct pack *pack, struct graph_node *node)
{
	g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(struct walk_step));

	walk_to(walk_of(pack->query), node, steps);
	for (guint i = 0; i < steps->len; i++) {
		const struct walk_step *step = &g_array_index(steps, struct walk_step, i);

		if (step->kind == WALK_OBJECT)
			add_edge(pack, step, SHOWN_CALLEE | SHOWN_CALLER);
	}
}

static void each_node(struct pack *pack, void (*visit)(struct pack *pack, struct graph_node *node))
{
	const struct graph *graph = pack->query->report->graph;
	const GPtrArray *arrays[] = { graph->functions, graph->variables, graph->members };

	for (size_t a = 0; a < G_N_ELEMENTS(arrays); a++)
		for (guint i = 0; i < arrays[a]->len; i++)
			visit(pack, g_ptr_array_index(arrays[a], i));
}

static void add_node(struct pack *pack, struct graph_node *node)
{
	answer_node(pack->answer, node);
}

static void add_all(struct pack *pack)
{
	const GPtrArray *records = pack->query->report->graph->records;

	each_node(pack, add_node);
	for (guint i = 0; i < records->len; i++)
		answer_record(pack->answer, g_ptr_array_index(records, i));
	each_node(pack, add_steps_from);
	each_node(pack, add_objects_to);
	pack->n_edges = pack->answer->edges->len;
}

/* --- JSON */

void pack_text(GString *out, const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	cJSON *json = cJSON_CreateString(valid);
	char *quoted = cJSON_PrintUnformatted(json);

	g_string_append(out, quoted);
	cJSON_free(quoted);
	cJSON_Delete(json);
}

/* Replaces the comma behind the last item. */
static void close_with(GString *out, const char *end)
{
	if (out->str[out->len - 1] == ',')
		g_string_truncate(out, out->len - 1);
	g_string_append(out, end);
}

static void add_number(GString *out, long number)
{
	g_string_append_printf(out, "%ld,", number);
}

static long number_of(struct pack *pack, const char *text)
{
	gpointer found = g_hash_table_lookup(pack->numbers, text);

	if (!found) {
		g_ptr_array_add(pack->strings, (gpointer)text);
		found = GUINT_TO_POINTER(pack->strings->len);
		g_hash_table_insert(pack->numbers, (gpointer)text, found);
	}
	return GPOINTER_TO_UINT(found) - 1;
}

/* The index of a word in a list that contains it. */
static long place_in(const char *const *words, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i], word) == 0)
			return (long)i;
	g_error("no number for the word \"%s\"", word);
}

static const struct answer_node *node_at(const struct pack *pack, guint i)
{
	return &g_array_index(pack->answer->nodes, struct answer_node, i);
}

static const struct answer_edge *edge_at(const struct pack *pack, guint i)
{
	return &g_array_index(pack->answer->edges, struct answer_edge, i);
}

/* Appends a column: its name, and `value` of each of the nodes or edges. */
static void add_column(GString *out, const char *name, struct pack *pack, guint n,
		       long (*value)(struct pack *, guint))
{
	g_string_append_printf(out, "\"%s\":[", name);
	for (guint i = 0; i < n; i++)
		add_number(out, value(pack, i));
	close_with(out, "],");
}

/* --- nodes */

/*
 * The graph's entry for a node of the answer, which has them in the graph's order. NULL
 * for records and objects.
 */
static const struct graph_node *entry_at(const struct pack *pack, guint i)
{
	const struct graph *graph = pack->query->report->graph;
	const GPtrArray *arrays[] = { graph->functions, graph->variables, graph->members };

	for (size_t a = 0; a < G_N_ELEMENTS(arrays); a++) {
		if (i < arrays[a]->len)
			return g_ptr_array_index(arrays[a], i);
		i -= arrays[a]->len;
	}
	return NULL;
}

static const struct graph_record *record_at(const struct pack *pack, guint i)
{
	const struct graph *graph = pack->query->report->graph;
	guint first = graph->functions->len + graph->variables->len + graph->members->len;

	return i >= first && i - first < graph->records->len
		       ? g_ptr_array_index(graph->records, i - first)
		       : NULL;
}

static long node_kind(struct pack *pack, guint i)
{
	return place_in(kinds, G_N_ELEMENTS(kinds), node_at(pack, i)->kind);
}

static long node_name(struct pack *pack, guint i)
{
	return number_of(pack, node_at(pack, i)->name);
}

static long node_file(struct pack *pack, guint i)
{
	return number_of(pack, node_at(pack, i)->file);
}

static long node_line(struct pack *pack, guint i)
{
	return node_at(pack, i)->line;
}

static long node_class(struct pack *pack, guint i)
{
	const struct graph_node *entry = entry_at(pack, i);
	const struct graph_record *record = record_at(pack, i);

	return entry ? (long)entry->class : record ? (long)record->class : (long)GRAPH_EXTERNAL;
}

/* -1: records have no reason */
static long node_reason(struct pack *pack, guint i)
{
	const struct graph_node *entry = entry_at(pack, i);

	return entry ? (long)entry->reason : -1;
}

static long node_why(struct pack *pack, guint i)
{
	return number_of(pack, node_at(pack, i)->why);
}

static long node_type(struct pack *pack, guint i)
{
	return number_of(pack, node_at(pack, i)->type);
}

static long node_tail(struct pack *pack, guint i)
{
	const struct answer_node *node = node_at(pack, i);
	size_t length = strlen(node->file);
	bool has_file = strncmp(node->id, node->file, length) == 0 && node->id[length] == ':';
	const char *tail = has_file ? node->id + length + 1 : node->id;

	return strcmp(tail, node->name) == 0 ? 0 : number_of(pack, tail);
}

static long node_own(struct pack *pack, guint i)
{
	const struct graph_node *entry = entry_at(pack, i);
	const struct graph_record *record = record_at(pack, i);

	return entry ? entry->is_scheduler : record && record->is_scheduler;
}

/* "static, inline, no symbol in vmlinux"; for g_string_free(). */
static GString *notes_of(const struct graph_function *f)
{
	const struct {
		bool is_so;
		const char *note;
	} notes[] = {
		{ f->is_static, "static" },
		{ f->is_inline, "inline" },
		{ f->is_weak, "weak" },
		{ f->is_syscall, "system call" },
		{ f->binary.is_exported, "exported" },
		{ !f->is_defined, "declared only" },
		{ f->binary.is_known && !f->binary.symbol, "no symbol in vmlinux" },
	};
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(notes); i++)
		if (notes[i].is_so)
			g_string_append_printf(text, "%s%s", text->len ? ", " : "", notes[i].note);
	return text;
}

static long node_notes(struct pack *pack, guint i)
{
	struct graph_node *entry = (struct graph_node *)entry_at(pack, i);
	const struct graph_function *f = graph_as_function(entry);
	const struct graph_variable *v = graph_as_variable(entry);
	GString *text = f ? notes_of(f) : g_string_new(v && v->is_static ? "static" : "");
	long number;

	if (v && v->is_percpu)
		g_string_append_printf(text, "%sone for each CPU", text->len ? ", " : "");
	number = number_of(pack, answer_string(pack->answer, text->str));
	g_string_free(text, TRUE);
	return number;
}

static void add_nodes(GString *out, struct pack *pack)
{
	static const struct {
		const char *name;
		long (*value)(struct pack *, guint);
	} columns[] = {
		{ "kind", node_kind },     { "name", node_name },   { "tail", node_tail },
		{ "file", node_file },     { "line", node_line },   { "class", node_class },
		{ "reason", node_reason }, { "why", node_why },     { "type", node_type },
		{ "own", node_own },       { "notes", node_notes },
	};

	g_string_append(out, "\"nodes\":{");
	for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
		add_column(out, columns[i].name, pack, pack->answer->nodes->len, columns[i].value);
	close_with(out, "},\n");
}

/* --- members and records */

/* Maps FILE:RECORD to the record's number in the answer, so that members find their record. */
static GHashTable *index_records(struct pack *pack)
{
	const GPtrArray *records = pack->query->report->graph->records;
	GHashTable *index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < records->len; i++) {
		const struct graph_record *record = g_ptr_array_index(records, i);

		g_hash_table_insert(index, g_strconcat(record->file, ":", record->name, NULL),
				    GINT_TO_POINTER(answer_record(pack->answer, record)));
	}
	return index;
}

static void add_members(GString *out, struct pack *pack)
{
	const GPtrArray *members = pack->query->report->graph->members;
	g_autoptr(GHashTable) index = index_records(pack);

	g_string_append(out, "\"members\":[");
	for (guint i = 0; i < members->len; i++) {
		const struct graph_member *member = g_ptr_array_index(members, i);
		g_autofree char *key = g_strconcat(member->node.file, ":", member->record, NULL);
		gpointer record;

		add_number(out, member->offset);
		add_number(out, member->width);
		add_number(out, g_hash_table_lookup_extended(index, key, NULL, &record)
					? GPOINTER_TO_INT(record)
					: ANSWER_NONE);
	}
	close_with(out, "],\n\"records\":[");
	for (guint i = 0; i < pack->query->report->graph->records->len; i++) {
		const struct graph_record *record =
			g_ptr_array_index(pack->query->report->graph->records, i);

		add_number(out, record->size);
		add_number(out, record->align);
		add_number(out, record->is_union);
	}
	close_with(out, "],\n");
}

/* --- edges */

static long edge_from(struct pack *pack, guint i)
{
	return edge_at(pack, i)->from - (i ? edge_at(pack, i - 1)->from : 0);
}

static long edge_to(struct pack *pack, guint i)
{
	return edge_at(pack, i)->to;
}

static long edge_kind(struct pack *pack, guint i)
{
	return place_in(edge_kinds, G_N_ELEMENTS(edge_kinds), edge_at(pack, i)->kind);
}

static long edge_file(struct pack *pack, guint i)
{
	return number_of(pack, edge_at(pack, i)->file);
}

static long edge_line(struct pack *pack, guint i)
{
	return (long)edge_at(pack, i)->line - (i ? (long)edge_at(pack, i - 1)->line : 0);
}

static long edge_detail(struct pack *pack, guint i)
{
	return number_of(pack, edge_at(pack, i)->detail);
}

static long edge_shown(struct pack *pack, guint i)
{
	return g_array_index(pack->shown, int, i);
}

static void add_edges(GString *out, struct pack *pack)
{
	static const struct {
		const char *name;
		long (*value)(struct pack *, guint);
	} columns[] = {
		{ "from", edge_from },   { "to", edge_to },     { "kind", edge_kind },
		{ "file", edge_file },   { "line", edge_line }, { "detail", edge_detail },
		{ "shown", edge_shown },
	};

	g_string_append(out, "\"edges\":{");
	for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
		add_column(out, columns[i].name, pack, pack->n_edges, columns[i].value);
	close_with(out, "},\n");
}

static void add_unknown(GString *out, struct pack *pack)
{
	g_string_append(out, "\"unknown\":[");
	for (guint i = 0; i < pack->unknown->len; i++) {
		const struct unknown *unknown = &g_array_index(pack->unknown, struct unknown, i);
		g_autofree char *detail = walk_detail(&unknown->step);

		add_number(out, unknown->node);
		add_number(out, number_of(pack, unknown->step.site->file));
		add_number(out, unknown->step.site->line);
		add_number(out, number_of(pack, answer_string(pack->answer, detail)));
	}
	close_with(out, "],\n");
}

/* --- reasons */

static void add_rows(GString *out, struct pack *pack, guint node, guint first)
{
	const GPtrArray *rows = pack->answer->rows;

	if (rows->len == first)
		return;
	add_number(out, node);
	add_number(out, rows->len - first);
	for (guint i = first; i < rows->len; i++) {
		const struct answer_row *row = g_ptr_array_index(rows, i);

		add_number(out, number_of(pack, row->role));
		add_number(out, number_of(pack, row->text));
		add_number(out, row->node);
	}
}

static void add_chains(GString *out, struct pack *pack)
{
	g_string_append(out, "\"why\":[");
	for (guint i = 0; entry_at(pack, i); i++) {
		guint first = pack->answer->rows->len;

		query_why_chain(pack->query, (struct graph_node *)entry_at(pack, i), pack->answer);
		add_rows(out, pack, i, first);
	}
	close_with(out, "],\n");
}

/* --- the head and the whole */

static void add_or_null(GString *out, const char *key, const char *text, const char *end)
{
	g_string_append_printf(out, "\"%s\":", key);
	if (text)
		pack_text(out, text);
	else
		g_string_append(out, "null");
	g_string_append(out, end);
}

static void add_head(GString *out, const struct emit_provenance *p)
{
	g_string_append(out, "\"kernel\":{");
	add_or_null(out, "release", p->kernel_release, ",");
	add_or_null(out, "build_id", p->build_id, ",");
	add_or_null(out, "config_hash", p->config_hash, ",");
	add_or_null(out, "tool_version", p->tool_version, "},\n\"problems\":[");
	for (guint i = 0; i < p->problems->len; i++) {
		const struct emit_problem *problem =
			&g_array_index(p->problems, struct emit_problem, i);

		g_string_append_c(out, '[');
		pack_text(out, problem->file);
		g_string_append_c(out, ',');
		pack_text(out, problem->message);
		g_string_append(out, "],");
	}
	close_with(out, "],\n");
}

static void add_strings(GString *out, struct pack *pack)
{
	g_string_append(out, "\"strings\":[");
	for (guint i = 0; i < pack->strings->len; i++) {
		pack_text(out, g_ptr_array_index(pack->strings, i));
		g_string_append_c(out, ',');
	}
	close_with(out, "]");
}

void pack_report(GString *out, struct query *query)
{
	struct pack pack = {
		.query = query,
		.answer = answer_new("page"),
		.shown = g_array_new(FALSE, FALSE, sizeof(int)),
		.unknown = g_array_new(FALSE, FALSE, sizeof(struct unknown)),
		.numbers = g_hash_table_new(g_str_hash, g_str_equal),
		.strings = g_ptr_array_new(),
	};

	number_of(&pack, "");
	add_all(&pack);
	g_string_append_c(out, '{');
	add_head(out, &query->report->provenance);
	add_chains(out, &pack); /* may add objects, which are nodes */
	add_nodes(out, &pack);
	add_members(out, &pack);
	add_edges(out, &pack);
	add_unknown(out, &pack);
	add_strings(out, &pack);
	g_string_append_c(out, '}');
	answer_free(pack.answer);
	g_array_unref(pack.shown);
	g_array_unref(pack.unknown);
	g_hash_table_destroy(pack.numbers);
	g_ptr_array_unref(pack.strings);
}

static void add_words(GString *out, const char *name, const char *const *words, size_t n)
{
	g_string_append_printf(out, "\"%s\":[", name);
	for (size_t i = 0; i < n; i++)
		g_string_append_printf(out, "\"%s\",", words[i]);
	close_with(out, "],");
}

void pack_words(GString *out)
{
	static const enum graph_reason reasons[] = {
#define REASON(symbol, code, text) GRAPH_REASON_##symbol,
#include "graph/reasons.def"
#undef REASON
	};

	g_string_append_c(out, '{');
	add_words(out, "kinds", kinds, G_N_ELEMENTS(kinds));
	add_words(out, "edges", edge_kinds, G_N_ELEMENTS(edge_kinds));
	g_string_append(out, "\"classes\":[");
	for (int class = GRAPH_INTERNAL; class <= GRAPH_EXTERNAL; class ++)
		g_string_append_printf(out, "\"%s\",", graph_class_name((enum graph_class) class));
	close_with(out, "],\"reasons\":[");
	for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++) {
		g_string_append_c(out, '[');
		pack_text(out, graph_reason_code(reasons[i]));
		g_string_append_c(out, ',');
		pack_text(out, graph_reason_text(reasons[i]));
		g_string_append(out, "],");
	}
	close_with(out, "]}");
}
