// SPDX-License-Identifier: GPL-2.0-only
#include "graph/index.h"

#include "base/search.h"

#include <string.h>

static void free_list(gpointer list)
{
	g_ptr_array_unref(list);
}

static void free_file(gpointer data)
{
	struct graph_index_file *file = data;

	g_ptr_array_unref(file->nodes);
	g_ptr_array_unref(file->uses);
	g_ptr_array_unref(file->sites);
	g_ptr_array_unref(file->records);
	g_free(file);
}

static struct graph_index_file *file_at(struct graph_index *index, const char *name)
{
	struct graph_index_file *file = g_hash_table_lookup(index->files, name);

	if (file)
		return file;
	file = g_new0(struct graph_index_file, 1);
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

const char *graph_word(const struct graph_node *node)
{
	return node->kind == GRAPH_MEMBER ? ((const struct graph_member *)node)->member
					  : node->name;
}

static void add_node(struct graph_index *index, struct graph_node *node)
{
	const struct graph_variable *v = graph_as_variable(node);

	g_ptr_array_add(file_at(index, node->file)->nodes, node);
	add_name(index->names, graph_word(node), node);
	g_hash_table_insert(index->ids, (gpointer)node->id, node);
	if (v && *v->owner) { /* the name that plugsched-extract gives it */
		g_autofree char *name = g_strconcat(v->owner, "__", node->name, NULL);

		add_name(index->names, name, node);
	}
}

static void add_all(struct graph_index *index)
{
	const struct graph *graph = index->graph;
	const GPtrArray *nodes[] = { graph->functions, graph->variables, graph->members };

	for (size_t a = 0; a < G_N_ELEMENTS(nodes); a++)
		for (guint i = 0; i < nodes[a]->len; i++)
			add_node(index, g_ptr_array_index(nodes[a], i));
	for (guint i = 0; i < graph->uses->len; i++) {
		struct graph_use *use = g_ptr_array_index(graph->uses, i);

		/* these are not in a source, or stand beside the use that is */
		if (use->kind != GRAPH_OBJECT && use->kind != GRAPH_CLONE &&
		    use->kind != GRAPH_ESCAPE)
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
	return by_line((*(struct graph_node *const *)left)->line,
		       (*(struct graph_node *const *)right)->line);
}

static gint compare_uses(gconstpointer left, gconstpointer right)
{
	return by_line((*(struct graph_use *const *)left)->line,
		       (*(struct graph_use *const *)right)->line);
}

static gint compare_sites(gconstpointer left, gconstpointer right)
{
	return by_line((*(struct graph_site *const *)left)->line,
		       (*(struct graph_site *const *)right)->line);
}

struct graph_index *graph_index_new(const struct graph *graph)
{
	struct graph_index *index = g_new0(struct graph_index, 1);
	GHashTableIter iter;
	gpointer value;

	index->graph = graph;
	index->files = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_file);
	index->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_list);
	index->records = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_list);
	index->ids = g_hash_table_new(g_str_hash, g_str_equal);
	add_all(index);
	g_hash_table_iter_init(&iter, index->files);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct graph_index_file *file = value;

		g_ptr_array_sort(file->nodes, compare_nodes);
		g_ptr_array_sort(file->uses, compare_uses);
		g_ptr_array_sort(file->sites, compare_sites);
	}
	return index;
}

void graph_index_free(struct graph_index *index)
{
	if (!index)
		return;
	g_hash_table_destroy(index->files);
	g_hash_table_destroy(index->names);
	g_hash_table_destroy(index->records);
	g_hash_table_destroy(index->ids);
	g_free(index);
}

const struct graph_index_file *graph_index_file(const struct graph_index *index, const char *name)
{
	return g_hash_table_lookup(index->files, name);
}

struct graph_node *graph_index_id(const struct graph_index *index, const char *id)
{
	return g_hash_table_lookup(index->ids, id);
}

const GPtrArray *graph_index_word(const struct graph_index *index, const char *word)
{
	return g_hash_table_lookup(index->names, word);
}

const GPtrArray *graph_index_records(const struct graph_index *index, const char *name)
{
	return g_hash_table_lookup(index->records, name);
}

static bool node_is_before(const void *entry, const void *line)
{
	return ((const struct graph_node *)entry)->line < *(const unsigned *)line;
}

static bool use_is_before(const void *entry, const void *line)
{
	return ((const struct graph_use *)entry)->line < *(const unsigned *)line;
}

static bool site_is_before(const void *entry, const void *line)
{
	return ((const struct graph_site *)entry)->line < *(const unsigned *)line;
}

guint graph_index_first_node(const struct graph_index_file *file, unsigned line)
{
	return search_pointers(file->nodes, node_is_before, &line);
}

guint graph_index_first_use(const struct graph_index_file *file, unsigned line)
{
	return search_pointers(file->uses, use_is_before, &line);
}

guint graph_index_first_site(const struct graph_index_file *file, unsigned line)
{
	return search_pointers(file->sites, site_is_before, &line);
}

const struct graph_record *graph_index_record_of(const struct graph_index *index,
						 const struct graph_member *member)
{
	const GPtrArray *list = g_hash_table_lookup(index->records, member->record);

	for (guint i = 0; list && i < list->len; i++) {
		const struct graph_record *record = g_ptr_array_index(list, i);

		if (g_ptr_array_find(record->members, member, NULL))
			return record;
	}
	return NULL;
}
