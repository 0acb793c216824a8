// SPDX-License-Identifier: GPL-2.0-only
/*
 * The output formats of an answer. SARIF, which only "diff" has, is in sarif.c.
 *
 * Names come from arbitrary files, so every format quotes what its readers would
 * misinterpret. Bytes that are not UTF-8 become U+FFFD, and characters that XML cannot
 * represent become question marks.
 */
#include "tools/query/answer.h"

#include "tools/query/sarif.h"

#include <cjson/cJSON.h>
#include <string.h>

#define ANSWER_SCHEMA "plugsched-answer"
#define ANSWER_VERSION 1

/* A copy of the text with only valid characters, for g_free(). */
static char *clean(const char *text)
{
	char *valid = g_utf8_make_valid(text, -1);

	for (char *c = valid; *c; c++) {
		if (g_ascii_iscntrl(*c))
			*c = '?';
		if (g_str_has_prefix(c, "\xef\xbf\xbe") || g_str_has_prefix(c, "\xef\xbf\xbf"))
			memset(c, '?', 3); /* U+FFFE and U+FFFF */
	}
	return valid;
}

/* --- text: the rows */

static void write_text(FILE *out, const struct answer *answer)
{
	for (guint i = 0; i < answer->rows->len; i++) {
		const struct answer_row *row = g_ptr_array_index(answer->rows, i);
		g_autofree char *text = clean(row->text);

		if (i && row->is_head)
			fputc('\n', out);
		fprintf(out, "%*s%s\n", (int)MIN(2 * row->depth, 200), "", text);
	}
}

/* --- JSON: everything, an entry a line */

static void add_text(cJSON *object, const char *key, const char *text)
{
	g_autofree char *valid = *text ? g_utf8_make_valid(text, -1) : NULL;

	if (valid)
		cJSON_AddStringToObject(object, key, valid);
}

static cJSON *json_node(const struct answer_node *node)
{
	cJSON *object = cJSON_CreateObject();

	add_text(object, "id", node->id);
	add_text(object, "kind", node->kind);
	add_text(object, "name", node->name);
	add_text(object, "file", node->file);
	if (node->line)
		cJSON_AddNumberToObject(object, "line", node->line);
	add_text(object, "class", node->class);
	add_text(object, "reason", node->reason);
	add_text(object, "why", node->why);
	add_text(object, "type", node->type);
	add_text(object, "change", node->change);
	return object;
}

static const struct answer_node *node_at(const struct answer *answer, int number)
{
	return &g_array_index(answer->nodes, struct answer_node, number);
}

static cJSON *json_edge(const struct answer *answer, const struct answer_edge *edge)
{
	cJSON *object = cJSON_CreateObject();

	add_text(object, "from", node_at(answer, edge->from)->id);
	add_text(object, "to", node_at(answer, edge->to)->id);
	add_text(object, "kind", edge->kind);
	add_text(object, "file", edge->file);
	if (edge->line)
		cJSON_AddNumberToObject(object, "line", edge->line);
	add_text(object, "detail", edge->detail);
	return object;
}

static cJSON *json_values(const GArray *values)
{
	cJSON *object = cJSON_CreateObject();

	for (guint i = 0; i < values->len; i++) {
		const struct answer_value *value = &g_array_index(values, struct answer_value, i);

		if (value->text)
			add_text(object, value->key, value->text);
		else
			cJSON_AddNumberToObject(object, value->key, value->number);
	}
	return object;
}

static cJSON *json_row(const struct answer *answer, const struct answer_row *row)
{
	cJSON *object = cJSON_CreateObject();

	add_text(object, "role", row->role);
	cJSON_AddNumberToObject(object, "depth", row->depth);
	add_text(object, "text", row->text);
	if (row->node != ANSWER_NONE)
		add_text(object, "node", node_at(answer, row->node)->id);
	if (row->edge != ANSWER_NONE)
		cJSON_AddNumberToObject(object, "edge", row->edge);
	if (row->values)
		cJSON_AddItemToObject(object, "values", json_values(row->values));
	return object;
}

static void write_object(FILE *out, cJSON *object, bool is_first)
{
	char *text = cJSON_PrintUnformatted(object);

	fprintf(out, "%s%s", is_first ? "\n" : ",\n", text);
	cJSON_free(text);
	cJSON_Delete(object);
}

static void write_head(FILE *out, const struct answer *answer)
{
	cJSON *words = cJSON_CreateArray();
	char *text;

	for (guint i = 0; i < answer->words->len; i++) {
		g_autofree char *word = g_utf8_make_valid(g_ptr_array_index(answer->words, i), -1);

		cJSON_AddItemToArray(words, cJSON_CreateString(word));
	}
	text = cJSON_PrintUnformatted(words);
	fprintf(out,
		"{\"schema\":\"%s\",\"version\":%d,\"question\":\"%s\",\"arguments\":%s,\"positive\":%s",
		ANSWER_SCHEMA, ANSWER_VERSION, answer->question, text,
		answer->is_negative ? "false" : "true");
	cJSON_free(text);
	cJSON_Delete(words);
}

static void write_json(FILE *out, const struct answer *answer)
{
	write_head(out, answer);
	fputs(",\n\"rows\":[", out);
	for (guint i = 0; i < answer->rows->len; i++)
		write_object(out, json_row(answer, g_ptr_array_index(answer->rows, i)), i == 0);
	fputs("\n],\n\"nodes\":[", out);
	for (guint i = 0; i < answer->nodes->len; i++)
		write_object(out, json_node(node_at(answer, (int)i)), i == 0);
	fputs("\n],\n\"edges\":[", out);
	for (guint i = 0; i < answer->edges->len; i++)
		write_object(
			out,
			json_edge(answer, &g_array_index(answer->edges, struct answer_edge, i)),
			i == 0);
	fputs("\n]\n}\n", out);
}

/* --- dot: nodes and edges, coloured by class */

static void write_quoted(FILE *out, const char *text)
{
	g_autofree char *plain = clean(text);

	fputc('"', out);
	for (const char *c = plain; *c; c++) {
		if (*c == '"' || *c == '\\')
			fputc('\\', out);
		fputc(*c, out);
	}
	fputc('"', out);
}

static const char *colour_of(const char *class)
{
	static const char *const colours[] = {
		[GRAPH_INTERNAL] = "palegreen",
		[GRAPH_INTERFACE] = "lightskyblue",
		[GRAPH_EXTERNAL] = "lightgrey",
	};

	for (int i = GRAPH_INTERNAL; i <= GRAPH_EXTERNAL; i++)
		if (strcmp(class, graph_class_name((enum graph_class)i)) == 0)
			return colours[i];
	return "white";
}

static void write_dot_node(FILE *out, guint number, const struct answer_node *node)
{
	static const struct {
		const char *kind, *shape;
	} shapes[] = { { "function", "box" },
		       { "variable", "ellipse" },
		       { "member", "ellipse" },
		       { "record", "component" } };
	const char *shape = "note";

	for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++)
		if (strcmp(node->kind, shapes[i].kind) == 0)
			shape = shapes[i].shape;
	fprintf(out, "\tn%u [label=", number);
	write_quoted(out, node->name);
	fprintf(out, ", shape=%s, style=filled, fillcolor=%s, tooltip=", shape,
		colour_of(node->class));
	write_quoted(out, *node->why ? node->why : node->id);
	if (*node->change) {
		fputs(", penwidth=2, xlabel=", out);
		write_quoted(out, node->change);
	}
	fputs("];\n", out);
}

static void write_dot(FILE *out, const struct answer *answer)
{
	fputs("digraph ", out);
	write_quoted(out, answer->question);
	fputs(" {\n\trankdir=LR;\n", out);
	for (guint i = 0; i < answer->nodes->len; i++)
		write_dot_node(out, i, node_at(answer, (int)i));
	for (guint i = 0; i < answer->edges->len; i++) {
		const struct answer_edge *edge =
			&g_array_index(answer->edges, struct answer_edge, i);
		g_autofree char *place = g_strdup_printf("%s:%u", edge->file, edge->line);

		fprintf(out, "\tn%d -> n%d [label=", edge->from, edge->to);
		write_quoted(out, edge->kind);
		fputs(", tooltip=", out);
		write_quoted(out, *edge->file ? place : edge->detail);
		fputs("];\n", out);
	}
	fputs("}\n", out);
}

/*
 * --- GraphML: nodes and edges with all they have
 *
 * No attribute is called "id": programs take that for the node's own identifier (Gephi, igraph) or
 * lose one of the two. What they draw beside a node or an edge is the attribute "label".
 */

static const char *const node_keys[] = { "entry", "label",  "kind", "name", "file",  "line",
					 "class", "reason", "why",  "type", "change" };
static const char *const edge_keys[] = { "label", "kind", "file", "line", "detail" };

static void write_keys(FILE *out, const char *of, const char *const *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(out, "  <key id=\"%s-%s\" for=\"%s\" attr.name=\"%s\" attr.type=\"%s\"/>\n",
			of, keys[i], of, keys[i], strcmp(keys[i], "line") == 0 ? "int" : "string");
}

static void write_data(FILE *out, const char *of, const char *key, const char *text)
{
	g_autofree char *plain = clean(text);
	g_autofree char *escaped = g_markup_escape_text(plain, -1);

	if (*text)
		fprintf(out, "      <data key=\"%s-%s\">%s</data>\n", of, key, escaped);
}

static void write_line(FILE *out, const char *of, unsigned line)
{
	if (line)
		fprintf(out, "      <data key=\"%s-line\">%u</data>\n", of, line);
}

static void write_graphml_node(FILE *out, guint number, const struct answer_node *node)
{
	fprintf(out, "    <node id=\"n%u\">\n", number);
	write_data(out, "node", "entry", node->id);
	write_data(out, "node", "label", node->name);
	write_data(out, "node", "kind", node->kind);
	write_data(out, "node", "name", node->name);
	write_data(out, "node", "file", node->file);
	write_line(out, "node", node->line);
	write_data(out, "node", "class", node->class);
	write_data(out, "node", "reason", node->reason);
	write_data(out, "node", "why", node->why);
	write_data(out, "node", "type", node->type);
	write_data(out, "node", "change", node->change);
	fputs("    </node>\n", out);
}

static void write_graphml_edge(FILE *out, guint number, const struct answer_edge *edge)
{
	fprintf(out, "    <edge id=\"e%u\" source=\"n%d\" target=\"n%d\">\n", number, edge->from,
		edge->to);
	write_data(out, "edge", "label", edge->kind);
	write_data(out, "edge", "kind", edge->kind);
	write_data(out, "edge", "file", edge->file);
	write_line(out, "edge", edge->line);
	write_data(out, "edge", "detail", edge->detail);
	fputs("    </edge>\n", out);
}

static void write_graphml(FILE *out, const struct answer *answer)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
	      out);
	write_keys(out, "node", node_keys, G_N_ELEMENTS(node_keys));
	write_keys(out, "edge", edge_keys, G_N_ELEMENTS(edge_keys));
	fprintf(out, "  <graph id=\"%s\" edgedefault=\"directed\">\n", answer->question);
	for (guint i = 0; i < answer->nodes->len; i++)
		write_graphml_node(out, i, node_at(answer, (int)i));
	for (guint i = 0; i < answer->edges->len; i++)
		write_graphml_edge(out, i, &g_array_index(answer->edges, struct answer_edge, i));
	fputs("  </graph>\n</graphml>\n", out);
}

void answer_write(FILE *out, const struct answer *answer, enum answer_format format)
{
	static void (*const writers[])(FILE *, const struct answer *) = {
		[ANSWER_TEXT] = write_text,
		[ANSWER_JSON] = write_json,
		[ANSWER_DOT] = write_dot,
		[ANSWER_GRAPHML] = write_graphml,
		[ANSWER_SARIF] = answer_write_sarif,
	};

	writers[format](out, answer);
}
