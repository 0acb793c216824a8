// SPDX-License-Identifier: GPL-2.0-only
/* Lists by line and tables by name, made once for a report. */
#include "editors/lsp/index.h"

#include <string.h>

static void free_list(gpointer list)
{
	g_ptr_array_unref(list);
}

static void free_file(gpointer data)
{
	struct index_file *file = data;

	g_ptr_array_unref(file->nodes);
	g_ptr_array_unref(file->uses);
	g_ptr_array_unref(file->sites);
	g_ptr_array_unref(file->records);
	g_free(file);
}

static struct index_file *file_at(struct index *index, const char *name)
{
	struct index_file *file = g_hash_table_lookup(index->files, name);

	if (file)
		return file;
	file = g_new0(struct index_file, 1);
	file->nodes = g_ptr_array_new();
	file->uses = g_ptr_array_new();
	file->sites = g_ptr_array_new();
	file->records = g_ptr_array_new();
	g_hash_table_insert(index->files, (gpointer)name, file);
	return file;
}

static void add_name(GHashTable *table, const char *name, void *entry)
{
	GPtrArray *list = g_hash_table_lookup(table, name);

	if (!list) {
		list = g_ptr_array_new();
		g_hash_table_insert(table, g_strdup(name), list);
	}
	g_ptr_array_add(list, entry);
}

const char *index_word(const struct graph_node *node)
{
	return node->kind == GRAPH_MEMBER ? ((const struct graph_member *)node)->member : node->name;
}

static void add_node(struct index *index, struct graph_node *node)
{
	const struct graph_variable *v = graph_as_variable(node);

	g_ptr_array_add(file_at(index, node->file)->nodes, node);
	add_name(index->names, index_word(node), node);
	g_hash_table_insert(index->ids, (gpointer)node->id, node);
	if (v && *v->owner) { /* as plugsched-extract calls it */
		g_autofree char *name = g_strconcat(v->owner, "__", node->name, NULL);

		add_name(index->names, name, node);
	}
}

static void add_all(struct index *index)
{
	const struct graph *graph = index->graph;
	const GPtrArray *nodes[] = { graph->functions, graph->variables, graph->members };

	for (size_t a = 0; a < G_N_ELEMENTS(nodes); a++)
		for (guint i = 0; i < nodes[a]->len; i++)
			add_node(index, g_ptr_array_index(nodes[a], i));
	for (guint i = 0; i < graph->uses->len; i++) {
		struct graph_use *use = g_ptr_array_index(graph->uses, i);

		if (use->kind != GRAPH_OBJECT && use->kind != GRAPH_CLONE) /* these two stand in no source */
			g_ptr_array_add(file_at(index, use->file)->uses, use);
	}
	for (guint i = 0; i < graph->sites->len; i++) {
		struct graph_site *site = g_ptr_array_index(graph->sites, i);

		g_ptr_array_add(file_at(index, site->file)->sites, site);
	}
	for (guint i = 0; i < graph->records->len; i++) {
		struct graph_record *record = g_ptr_array_index(graph->records, i);

		g_ptr_array_add(file_at(index, record->file)->records, record);
		add_name(index->records, record->name, record);
	}
}

static gint by_line(unsigned left, unsigned right)
{
	return left < right ? -1 : left > right;
}

static gint compare_nodes(gconstpointer left, gconstpointer right)
{
	return by_line((*(struct graph_node *const *)left)->line, (*(struct graph_node *const *)right)->line);
}

static gint compare_uses(gconstpointer left, gconstpointer right)
{
	return by_line((*(struct graph_use *const *)left)->line, (*(struct graph_use *const *)right)->line);
}

static gint compare_sites(gconstpointer left, gconstpointer right)
{
	return by_line((*(struct graph_site *const *)left)->line, (*(struct graph_site *const *)right)->line);
}

struct index *index_new(const struct graph *graph)
{
	struct index *index = g_new0(struct index, 1);
	GHashTableIter iter;
	gpointer value;

	index->graph = graph;
	index->walk = walk_new(graph);
	index->files = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_file);
	index->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_list);
	index->records = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_list);
	index->ids = g_hash_table_new(g_str_hash, g_str_equal);
	add_all(index);
	g_hash_table_iter_init(&iter, index->files);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct index_file *file = value;

		g_ptr_array_sort(file->nodes, compare_nodes);
		g_ptr_array_sort(file->uses, compare_uses);
		g_ptr_array_sort(file->sites, compare_sites);
	}
	return index;
}

void index_free(struct index *index)
{
	if (!index)
		return;
	walk_free(index->walk);
	g_hash_table_destroy(index->files);
	g_hash_table_destroy(index->names);
	g_hash_table_destroy(index->records);
	g_hash_table_destroy(index->ids);
	g_free(index);
}

const struct index_file *index_file(const struct index *index, const char *name)
{
	return g_hash_table_lookup(index->files, name);
}

static unsigned line_of_node(gconstpointer entry)
{
	return ((const struct graph_node *)entry)->line;
}

static unsigned line_of_use(gconstpointer entry)
{
	return ((const struct graph_use *)entry)->line;
}

static unsigned line_of_site(gconstpointer entry)
{
	return ((const struct graph_site *)entry)->line;
}

static guint first_from(const GPtrArray *list, unsigned line, unsigned (*line_of)(gconstpointer))
{
	guint low = 0, high = list->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (line_of(g_ptr_array_index(list, middle)) < line)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

guint index_first_node(const struct index_file *file, unsigned line)
{
	return first_from(file->nodes, line, line_of_node);
}

guint index_first_use(const struct index_file *file, unsigned line)
{
	return first_from(file->uses, line, line_of_use);
}

guint index_first_site(const struct index_file *file, unsigned line)
{
	return first_from(file->sites, line, line_of_site);
}

const struct graph_record *index_record_of(const struct index *index, const struct graph_member *member)
{
	const GPtrArray *list = g_hash_table_lookup(index->records, member->record);

	for (guint i = 0; list && i < list->len; i++) {
		const struct graph_record *record = g_ptr_array_index(list, i);

		if (g_ptr_array_find(record->members, member, NULL))
			return record;
	}
	return NULL;
}
