// SPDX-License-Identifier: GPL-2.0-only
#include "rewriter/units.h"

#include "rewriter/source/source.h"

#include <string.h>

static int compare_interfaces(gconstpointer left, gconstpointer right)
{
	const struct generated_interface *l = *(const struct generated_interface *const *)left,
					 *r = *(const struct generated_interface *const *)right;
	int order = strcmp(l->function->node.name, r->function->node.name);

	return order ? order : strcmp(l->function->node.file, r->function->node.file);
}

static int compare_variables(gconstpointer left, gconstpointer right)
{
	const struct graph_variable *l = *(const struct graph_variable *const *)left,
				    *r = *(const struct graph_variable *const *)right;
	int order = strcmp(l->node.name, r->node.name);

	return order ? order : strcmp(l->node.file, r->node.file);
}

static void add_defined(struct generated_unit *unit, const struct plan_entry *entry,
			GStringChunk *strings)
{
	struct graph_node *node = (struct graph_node *)entry->node;
	struct generated_interface *interface;
	g_autofree char *renamed = NULL;

	if (node->kind == GRAPH_VARIABLE) {
		g_ptr_array_add(unit->classes, node);
		return;
	}
	if (node->class != GRAPH_INTERFACE || entry->fate != PLAN_KEEP)
		return;
	renamed = g_strconcat(entry->is_foreign_address ? REWRITE_RENAME : "", node->name, NULL);
	interface = g_new0(struct generated_interface, 1);
	interface->function = graph_as_function(node);
	interface->body = g_string_chunk_insert(strings, renamed);
	interface->is_redirected = entry->is_redirected;
	g_ptr_array_add(unit->interface, interface);
}

static bool has_checked_size(const struct graph_variable *v)
{
	return v->binary.size > 0;
}

/* How C code in the unit can name a record; NULL if it cannot. Caller frees. */
static char *name_in_unit(const struct graph_record *r, const struct rewrite_unit *unit,
			  const struct generated_unit *module_unit)
{
	const char *type = g_hash_table_lookup(unit->records, r->name);

	if (type)
		return g_strdup(type);
	for (guint i = 0; i < module_unit->variables->len; i++) {
		const struct graph_variable *v = g_ptr_array_index(module_unit->variables, i);

		if (strcmp(v->node.name, r->name) == 0 && strcmp(v->node.file, r->file) == 0)
			return g_strdup_printf("typeof(%s)", r->name);
	}
	return NULL;
}

/*
 * Adds each layout that code outside the module depends on, once: in the first unit that can name
 * it.
 */
static void add_records(struct generated_unit *unit, const struct rewrite_unit *rewritten,
			const struct graph *graph, GHashTable *done, GStringChunk *strings)
{
	for (guint i = 0; i < graph->records->len; i++) {
		const struct graph_record *r = g_ptr_array_index(graph->records, i);
		g_autofree char *name = NULL;

		if (r->class != GRAPH_EXTERNAL || !r->size || strchr(r->name, '.') ||
		    g_hash_table_contains(done, r) || !(name = name_in_unit(r, rewritten, unit)))
			continue;
		g_hash_table_add(done, (gpointer)r);
		g_ptr_array_add(unit->records, (gpointer)r);
		g_ptr_array_add(unit->named, g_string_chunk_insert(strings, name));
	}
}

/* Several names may be one place in vmlinux, as with an alias: the first one gets the jump. */
static void keep_one_jump(struct generated_unit *unit, GHashTable *places)
{
	for (guint i = 0; i < unit->interface->len; i++) {
		struct generated_interface *interface = g_ptr_array_index(unit->interface, i);
		gpointer place = GSIZE_TO_POINTER(interface->function->binary.address);

		if (interface->is_redirected)
			interface->is_redirected = g_hash_table_add(places, place);
	}
}

static void unit_free(gpointer data)
{
	struct generated_unit *unit = data;

	g_ptr_array_unref(unit->interface);
	g_ptr_array_unref(unit->classes);
	g_ptr_array_unref(unit->variables);
	g_ptr_array_unref(unit->locals);
	g_ptr_array_unref(unit->values);
	g_ptr_array_unref(unit->stays);
	g_ptr_array_unref(unit->records);
	g_ptr_array_unref(unit->named);
	g_free(unit);
}

static bool has_record(const char *name, const void *records)
{
	return g_hash_table_contains((GHashTable *)records, name);
}

static void add_locals(struct generated_unit *unit, const struct rewrite_unit *rewritten,
		       const struct plan *plan, GStringChunk *strings)
{
	for (guint i = 0; i < rewritten->locals->len; i++) {
		const struct plan_entry *entry = g_ptr_array_index(rewritten->locals, i);
		const char *type = graph_as_variable((struct graph_node *)entry->node)->type;
		g_autofree char *name = plan_variable_name(plan, entry);
		g_autofree char *line = g_strdup_printf("extern typeof(%s) %s", type, name);

		if (plan_can_name(type, has_record, rewritten->records))
			g_ptr_array_add(unit->locals, g_string_chunk_insert(strings, line));
	}
}

static gint compare_values(gconstpointer left, gconstpointer right)
{
	const struct generated_value *l = *(struct generated_value *const *)left,
				     *r = *(struct generated_value *const *)right;

	return strcmp(l->name, r->name);
}

/* Adds each value once: in the first unit that has it. The rows of `rewritten` must outlive it. */
static void add_values(struct generated_unit *unit, const struct rewrite_unit *rewritten,
		       GHashTable *done)
{
	for (guint i = 0; i < rewritten->values->len; i++) {
		const struct rewrite_value *value = g_ptr_array_index(rewritten->values, i);
		char *key = g_strconcat(value->file, ":", value->name, NULL);
		struct generated_value *copy;

		if (!g_hash_table_add(done, key))
			continue;
		copy = g_new0(struct generated_value, 1);
		*copy = (struct generated_value){ value->name, value->file, value->holder,
						  value->value, value->is_macro };
		g_ptr_array_add(unit->values, copy);
	}
	g_ptr_array_sort(unit->values, compare_values);
}

static struct generated_unit *unit_new(const struct rewrite_unit *rewritten, const char *file,
				       GStringChunk *strings)
{
	struct generated_unit *unit = g_new0(struct generated_unit, 1);

	unit->source = rewritten->unit->source;
	unit->name = g_string_chunk_insert_len(strings, file, (gssize)strlen(file) - 2);
	unit->interface = g_ptr_array_new_with_free_func(g_free);
	unit->classes = g_ptr_array_new();
	unit->variables = g_ptr_array_new();
	unit->locals = g_ptr_array_new();
	unit->values = g_ptr_array_new_with_free_func(g_free);
	unit->stays = g_ptr_array_new();
	unit->records = g_ptr_array_new();
	unit->named = g_ptr_array_new();
	for (guint i = 0; i < rewritten->defined->len; i++)
		add_defined(unit, g_ptr_array_index(rewritten->defined, i), strings);
	for (guint i = 0; i < rewritten->declared->len; i++) {
		const struct plan_entry *entry = g_ptr_array_index(rewritten->declared, i);
		const struct graph_variable *v =
			graph_as_variable((struct graph_node *)entry->node);

		if (has_checked_size(v) && !g_ptr_array_find(unit->variables, v, NULL))
			g_ptr_array_add(unit->variables, (gpointer)v);
	}
	for (guint i = 0; i < rewritten->prototypes->len; i++)
		g_ptr_array_add(unit->stays,
				(gpointer)((const struct plan_entry *)g_ptr_array_index(
						   rewritten->prototypes, i))
					->node);
	g_ptr_array_sort(unit->interface, compare_interfaces);
	g_ptr_array_sort(unit->classes, compare_variables);
	g_ptr_array_sort(unit->variables, compare_variables);
	return unit;
}

GPtrArray *units_describe(const GPtrArray *rewritten, const struct plan *plan,
			  const struct generated *module, GStringChunk *strings)
{
	g_autoptr(GHashTable) done = g_hash_table_new(NULL, NULL),
			      places = g_hash_table_new(NULL, NULL);
	g_autoptr(GHashTable) values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GPtrArray *units = g_ptr_array_new_with_free_func(unit_free);

	for (guint i = 0; i < rewritten->len; i++) {
		const struct rewrite_unit *each = g_ptr_array_index(rewritten, i);
		const char *file = generated_file_name(module, each->unit->source);
		struct generated_unit *unit = unit_new(each, file, strings);

		keep_one_jump(unit, places);
		add_locals(unit, each, plan, strings);
		add_values(unit, each, values);
		add_records(unit, each, module->graph, done, strings);
		g_ptr_array_add(units, unit);
	}
	return units;
}
