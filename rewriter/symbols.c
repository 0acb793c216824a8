// SPDX-License-Identifier: GPL-2.0-only
/*
 * The symbols that the module leaves undefined.
 *
 * Method: the kernel's own objects of the same units tell what is used from other files; the plan
 * tells which of the scheduler's definitions stay in vmlinux. A name that Module.symvers exports
 * needs nothing; the others are listed for modpost. A name that differs from vmlinux's, or that
 * vmlinux has more than once, gets a row in the loader's table.
 *
 * Limit: a name that the developer's change uses for the first time is in neither list. modpost
 * then reports it.
 */
#include "rewriter/symbols.h"

#include "analyzer/binary/binary.h"

#include <string.h>

/* Adds the second field of each line of Module.symvers whose third field is "vmlinux". */
static void add_exports(GHashTable *exports, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++) {
		g_auto(GStrv) fields = g_strsplit(*line, "\t", 4);

		if (g_strv_length(fields) >= 3 && strcmp(fields[2], "vmlinux") == 0)
			g_hash_table_add(exports, g_strdup(fields[1]));
	}
}

/*
 * The names that vmlinux exports to modules, from the build's own list. NULL with `error` if the
 * list has none of them.
 */
static GHashTable *read_exports(const struct tree *tree, GError **error)
{
	g_autofree char *path = g_build_filename(tree->build_dir, "Module.symvers", NULL),
			*text = NULL;
	GHashTable *exports = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GError) cause = NULL;

	if (g_file_get_contents(path, &text, NULL, &cause))
		add_exports(exports, text);
	if (g_hash_table_size(exports))
		return exports;
	g_set_error(
		error, IMAGE_ERROR, IMAGE_ERROR_IO,
		"%s: %s, and without vmlinux's exports there the module cannot be linked; build the whole kernel, modules included "
		"(make, not make vmlinux), with CONFIG_MODULES=y",
		path,
		!cause                              ? "lists nothing of vmlinux"
		: cause->code == G_FILE_ERROR_NOENT ? "is missing"
						    : "cannot be read");
	g_hash_table_unref(exports);
	return NULL;
}

bool symbols_check_exports(const struct tree *tree, GError **error)
{
	g_autoptr(GHashTable) exports = read_exports(tree, error);

	return exports != NULL;
}

/*
 * The position of the global symbol among symbols of the same name; 0 if the name is unique or not
 * global.
 */
static unsigned global_position(const struct image *vmlinux, const char *name)
{
	const struct image_symbol *symbol = image_find(vmlinux, name);

	while (symbol && !symbol->is_global)
		symbol = image_find_next(vmlinux, symbol);
	return symbol ? image_symbol_position(vmlinux, symbol) : 0;
}

static void add_row(struct symbols_needed *needed, const char *label, const char *name,
		    unsigned position)
{
	struct generated_symbol row = {
		.label = g_string_chunk_insert_const(needed->strings, label),
		.name = g_string_chunk_insert_const(needed->strings, name),
		.position = position,
	};

	if (position || strcmp(label, name) != 0)
		g_array_append_val(needed->table, row);
}

static bool is_defined_in_module(const struct plan_entry *entry)
{
	return entry->fate == PLAN_KEEP || entry->fate == PLAN_COPY;
}

/*
 * Adds the symbol of one of the scheduler's definitions, under the name that the module uses for
 * it.
 */
static void add_own(struct symbols_needed *needed, GHashTable *names,
		    const struct plan_entry *entry)
{
	unsigned position;
	const char *symbol = plan_symbol(entry, &position);
	bool is_plain = !is_defined_in_module(entry) && entry->fate != PLAN_DROP;

	if (entry->label)
		add_row(needed, entry->label, symbol, position);
	else if (is_plain)
		add_row(needed, entry->node->name, symbol, position);
	if (entry->is_foreign_address)
		add_row(needed, entry->node->name, symbol, position);
	if (entry->label)
		g_hash_table_add(names, (gpointer)entry->label);
	if ((is_plain && !entry->label) || entry->is_foreign_address)
		g_hash_table_add(names, (gpointer)entry->node->name);
}

/* Adds the names of the list that this vmlinux has. */
static void add_runtime(GHashTable *names, struct symbols_needed *needed, char **list,
			const struct image *vmlinux)
{
	for (char **name = list; *name; name++)
		if (image_find(vmlinux, *name))
			g_hash_table_add(names, (gpointer)g_string_chunk_insert_const(
							needed->strings, *name));
}

/*
 * Adds names that the plan does not know: those that other files define, and those that macros
 * define besides, such as trace points.
 */
static void add_unplanned(struct symbols_needed *needed, GHashTable *names, const struct plan *plan,
			  GHashTable *from, const struct image *vmlinux)
{
	GHashTableIter iter;
	gpointer name;

	g_hash_table_iter_init(&iter, from);
	while (g_hash_table_iter_next(&iter, &name, NULL)) {
		if (plan_function(plan, NULL, name) || plan_variable(plan, NULL, "", name, 0))
			continue;
		if (g_hash_table_add(names,
				     (gpointer)g_string_chunk_insert_const(needed->strings, name)))
			add_row(needed, name, name, global_position(vmlinux, name));
	}
}

static gint compare_rows(gconstpointer left, gconstpointer right)
{
	return strcmp(((const struct generated_symbol *)left)->label,
		      ((const struct generated_symbol *)right)->label);
}

static gint compare_names(gconstpointer left, gconstpointer right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Static locals of one name that the compiler merged share one symbol. */
static void remove_duplicates(GArray *table)
{
	for (guint i = 1; i < table->len;)
		if (strcmp(g_array_index(table, struct generated_symbol, i - 1).label,
			   g_array_index(table, struct generated_symbol, i).label) == 0)
			g_array_remove_index(table, i);
		else
			i++;
}

/* The names that are in neither of the other two sets, sorted. */
static GPtrArray *list_rest(GHashTable *names, GHashTable *exports, GHashTable *others,
			    GStringChunk *strings)
{
	GPtrArray *rest = g_ptr_array_new();
	GHashTableIter iter;
	gpointer name;

	g_hash_table_iter_init(&iter, names);
	while (g_hash_table_iter_next(&iter, &name, NULL))
		if (!g_hash_table_contains(exports, name) &&
		    !(others && g_hash_table_contains(others, name)))
			g_ptr_array_add(rest, (gpointer)g_string_chunk_insert_const(strings, name));
	g_ptr_array_sort(rest, compare_names);
	return rest;
}

/* What the module needs, and what the core needs besides. */
static void list_unexported(struct symbols_needed *needed, GHashTable *names, GHashTable *exports,
			    const struct image *vmlinux)
{
	g_autoptr(GHashTable) cores = g_hash_table_new(g_str_hash, g_str_equal);
	g_auto(GStrv) own = generated_runtime_symbols(), core = generated_core_symbols();

	add_runtime(names, needed, own, vmlinux);
	add_runtime(cores, needed, core, vmlinux);
	needed->unexported = list_rest(names, exports, NULL, needed->strings);
	needed->core_unexported = list_rest(cores, exports, names, needed->strings);
	g_array_sort(needed->table, compare_rows);
	remove_duplicates(needed->table);
}

static struct objects *read_objects(const struct tree *tree, const GPtrArray *units, GError **error)
{
	g_autoptr(GPtrArray) own = g_ptr_array_new(), none = g_ptr_array_new();
	struct objects *objects;

	for (guint i = 0; i < units->len; i++)
		g_ptr_array_add(
			own,
			(gpointer)((const struct tree_unit *)g_ptr_array_index(units, i))->object);
	objects = objects_read(tree->build_dir, none, own, 1);
	if (!objects->missing->len)
		return objects;
	g_set_error(error, IMAGE_ERROR, IMAGE_ERROR_IO,
		    "%s/%s: cannot be read; finish the kernel's build", tree->build_dir,
		    (char *)g_ptr_array_index(objects->missing, 0));
	objects_free(objects);
	return NULL;
}

struct symbols_needed *symbols_needed_new(const struct plan *plan, const struct tree *tree,
					  const GPtrArray *units, const struct image *vmlinux,
					  GError **error)
{
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal),
			      exports = read_exports(tree, error);
	struct objects *objects = exports ? read_objects(tree, units, error) : NULL;
	struct symbols_needed *needed;

	if (!objects)
		return NULL;
	needed = g_new0(struct symbols_needed, 1);
	needed->table = g_array_new(FALSE, FALSE, sizeof(struct generated_symbol));
	needed->strings = g_string_chunk_new(4096);
	for (guint i = 0; i < plan->entries->len; i++)
		add_own(needed, names, g_ptr_array_index(plan->entries, i));
	add_unplanned(needed, names, plan, objects->mentions, vmlinux);
	add_unplanned(needed, names, plan, objects->definers, vmlinux);
	list_unexported(needed, names, exports, vmlinux);
	objects_free(objects);
	return needed;
}

void symbols_needed_free(struct symbols_needed *needed)
{
	if (!needed)
		return;
	g_array_unref(needed->table);
	g_ptr_array_unref(needed->unexported);
	g_ptr_array_unref(needed->core_unexported);
	g_string_chunk_free(needed->strings);
	g_free(needed);
}
