// SPDX-License-Identifier: GPL-2.0-only
/* Builds an answer. */
#include "tools/query/answer.h"

#include <string.h>

static void row_free(gpointer data)
{
	struct answer_row *row = data;

	if (row->values)
		g_array_unref(row->values);
	g_free(row);
}

struct answer *answer_new(const char *question)
{
	struct answer *answer = g_new0(struct answer, 1);

	answer->question = question;
	answer->words = g_ptr_array_new();
	answer->nodes = g_array_new(FALSE, TRUE, sizeof(struct answer_node));
	answer->edges = g_array_new(FALSE, TRUE, sizeof(struct answer_edge));
	answer->rows = g_ptr_array_new_with_free_func(row_free);
	answer->known = g_hash_table_new(NULL, NULL);
	answer->strings = g_string_chunk_new(4096);
	return answer;
}

void answer_free(struct answer *answer)
{
	if (!answer)
		return;
	g_ptr_array_unref(answer->words);
	g_array_unref(answer->nodes);
	g_array_unref(answer->edges);
	g_ptr_array_unref(answer->rows);
	g_hash_table_destroy(answer->known);
	g_string_chunk_free(answer->strings);
	g_free(answer);
}

const char *answer_string(struct answer *answer, const char *string)
{
	return string && *string ? g_string_chunk_insert_const(answer->strings, string) : "";
}

/* The number of the node for `of`; ANSWER_NONE if it is not in the answer. */
static int find(const struct answer *answer, const void *of)
{
	return GPOINTER_TO_INT(g_hash_table_lookup(answer->known, of)) - 1;
}

static int add(struct answer *answer, const void *of, const struct answer_node *node)
{
	g_array_append_vals(answer->nodes, node, 1);
	g_hash_table_insert(answer->known, (gpointer)of, GINT_TO_POINTER((int)answer->nodes->len));
	return (int)answer->nodes->len - 1;
}

int answer_node(struct answer *answer, const struct graph_node *node)
{
	int number = find(answer, node);

	if (number != ANSWER_NONE)
		return number;
	return add(answer, node,
		   &(struct answer_node){
			   .id = node->id,
			   .kind = graph_kind_name(node->kind),
			   .name = node->name,
			   .file = node->file,
			   .line = node->line,
			   .class = graph_class_name(node->class),
			   .reason = graph_reason_code(node->reason),
			   .why = node->why,
			   .type = graph_type(node),
			   .change = "",
		   });
}

bool answer_has_node(const struct answer *answer, const struct graph_node *node)
{
	return find(answer, node) != ANSWER_NONE;
}

int answer_record(struct answer *answer, const struct graph_record *record)
{
	const char *keyword = record->is_union ? "union" : "struct";
	g_autofree char *id = g_strdup_printf("%s:%s %s", record->file, keyword, record->name);
	g_autofree char *type = g_strdup_printf("%s of %u bytes, aligned to %u", keyword,
						record->size, record->align);
	int number = find(answer, record);

	if (number != ANSWER_NONE)
		return number;
	return add(answer, record,
		   &(struct answer_node){
			   .id = answer_string(answer, id),
			   .kind = "record",
			   .name = record->name,
			   .file = record->file,
			   .class = graph_class_name(record->class),
			   .reason = "",
			   .why = record->why,
			   .type = answer_string(answer, type),
			   .change = "",
		   });
}

int answer_object(struct answer *answer, const char *path)
{
	const char *own = answer_string(answer, path);
	g_autofree char *id = g_strconcat("object:", path, NULL);
	int number = find(answer, own);

	if (number != ANSWER_NONE)
		return number;
	return add(answer, own,
		   &(struct answer_node){
			   .id = answer_string(answer, id),
			   .kind = "object",
			   .name = own,
			   .file = own,
			   .class = "",
			   .reason = "",
			   .why = "",
			   .type = "",
			   .change = "",
		   });
}

void answer_change(struct answer *answer, int node, const char *change)
{
	g_array_index(answer->nodes, struct answer_node, node).change =
		answer_string(answer, change);
}

int answer_edge(struct answer *answer, const struct answer_edge *edge)
{
	g_array_append_vals(answer->edges, edge, 1);
	return (int)answer->edges->len - 1;
}

G_GNUC_PRINTF(4, 0)
static struct answer_row *row_new(struct answer *answer, const char *role, unsigned depth,
				  const char *format, va_list arguments)
{
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	struct answer_row *row = g_new0(struct answer_row, 1);

	row->role = role;
	row->depth = depth;
	row->text = answer_string(answer, text);
	row->node = row->edge = ANSWER_NONE;
	g_ptr_array_add(answer->rows, row);
	return row;
}

struct answer_row *answer_row(struct answer *answer, const char *role, unsigned depth,
			      const char *format, ...)
{
	struct answer_row *row;
	va_list arguments;

	va_start(arguments, format);
	row = row_new(answer, role, depth, format, arguments);
	va_end(arguments);
	return row;
}

struct answer_row *answer_head(struct answer *answer, const char *role, const char *format, ...)
{
	struct answer_row *row;
	va_list arguments;

	va_start(arguments, format);
	row = row_new(answer, role, 0, format, arguments);
	va_end(arguments);
	row->is_head = true;
	return row;
}

static void add_value(struct answer_row *row, const struct answer_value *value)
{
	if (!row->values)
		row->values = g_array_new(FALSE, FALSE, sizeof(struct answer_value));
	g_array_append_vals(row->values, value, 1);
}

void answer_text(struct answer *answer, struct answer_row *row, const char *key, const char *text)
{
	add_value(row, &(struct answer_value){ key, answer_string(answer, text), 0 });
}

void answer_number(struct answer_row *row, const char *key, double number)
{
	add_value(row, &(struct answer_value){ key, NULL, number });
}
