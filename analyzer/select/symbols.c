// SPDX-License-Identifier: GPL-2.0-only
/*
 * Units chosen by what their objects and vmlinux hold.
 */
#include "analyzer/select/select.h"

static const struct tree_unit *unit_at(const struct tree *tree, guint i)
{
	return g_ptr_array_index(tree->units, i);
}

static void add_all(GHashTable *set, const GPtrArray *strings)
{
	for (guint i = 0; strings && i < strings->len; i++)
		g_hash_table_add(set, g_ptr_array_index(strings, i));
}

uint8_t *select_by_symbols(const struct tree *tree, const struct objects *objects, GHashTable *defined, GHashTable *used)
{
	g_autoptr(GHashTable) chosen = g_hash_table_new(g_str_hash, g_str_equal);
	uint8_t *wanted = g_new0(uint8_t, tree->units->len + 1);
	GHashTableIter iter;
	gpointer name;

	g_hash_table_iter_init(&iter, defined);
	while (g_hash_table_iter_next(&iter, &name, NULL)) {
		gpointer object = g_hash_table_lookup(objects->definers, name);

		if (object)
			g_hash_table_add(chosen, object);
	}
	g_hash_table_iter_init(&iter, used);
	while (g_hash_table_iter_next(&iter, &name, NULL))
		add_all(chosen, g_hash_table_lookup(objects->mentions, name));
	for (guint i = 0; i < tree->units->len; i++)
		wanted[i] = *unit_at(tree, i)->object && g_hash_table_contains(chosen, unit_at(tree, i)->object);
	return wanted;
}

static gint compare_strings(gconstpointer left, gconstpointer right)
{
	return g_strcmp0(*(char *const *)left, *(char *const *)right);
}

/* What the answer depends on: the binary, the types, the units. */
static char *memo_path(const struct tree *tree, const struct binary *binary, GHashTable *shapes, const char *cache_dir)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	g_autoptr(GPtrArray) sorted = g_ptr_array_new();
	g_autofree char *name = NULL;
	GHashTableIter iter;
	gpointer shape;

	g_hash_table_iter_init(&iter, shapes);
	while (g_hash_table_iter_next(&iter, &shape, NULL))
		g_ptr_array_add(sorted, shape);
	g_ptr_array_sort(sorted, compare_strings);
	g_checksum_update(sum, (const guchar *)SELECT_DIGEST, -1);
	g_checksum_update(sum, (const guchar *)binary->build_id, -1);
	for (guint i = 0; i < sorted->len; i++) {
		g_checksum_update(sum, sorted->pdata[i], -1);
		g_checksum_update(sum, (const guchar *)"", 1);
	}
	for (guint i = 0; i < tree->units->len; i++) {
		g_checksum_update(sum, (const guchar *)unit_at(tree, i)->source, -1);
		g_checksum_update(sum, (const guchar *)"", 1);
	}
	name = g_strconcat(g_checksum_get_string(sum), ".shapes", NULL);
	return g_build_filename(cache_dir, name, NULL);
}

/* Adds names to those to be looked for in an object. */
static void look_for(GHashTable *wanted, const char *object, GHashTable *names)
{
	GHashTable *known = g_hash_table_lookup(wanted, object);
	GHashTableIter iter;
	gpointer name;

	if (!known) {
		known = g_hash_table_new(g_str_hash, g_str_equal);
		g_hash_table_insert(wanted, (gpointer)object, known);
	}
	g_hash_table_iter_init(&iter, names);
	while (g_hash_table_iter_next(&iter, &name, NULL))
		g_hash_table_add(known, name);
}

/* Objects that mention a global one of the functions may take its address as well. */
static void look_elsewhere(GHashTable *wanted, const struct objects *objects, GHashTable *names)
{
	GHashTableIter iter;
	gpointer name;

	g_hash_table_iter_init(&iter, names);
	while (g_hash_table_iter_next(&iter, &name, NULL)) {
		const GPtrArray *users = g_hash_table_lookup(objects->mentions, name);
		g_autoptr(GHashTable) one = g_hash_table_new(g_str_hash, g_str_equal);

		g_hash_table_add(one, name);
		for (guint i = 0; users && i < users->len; i++)
			look_for(wanted, g_ptr_array_index(users, i), one);
	}
}

/* Which functions to look for in which object. */
static GHashTable *functions_by_object(const struct tree *tree, const struct objects *objects, GHashTable *by_unit)
{
	GHashTable *wanted = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_hash_table_unref);

	for (guint i = 0; i < tree->units->len; i++) {
		GHashTable *names = g_hash_table_lookup(by_unit, unit_at(tree, i)->source);

		if (!names || !*unit_at(tree, i)->object)
			continue;
		look_for(wanted, unit_at(tree, i)->object, names);
		look_elsewhere(wanted, objects, names);
	}
	return wanted;
}

static uint8_t *units_by_shape(const struct tree *tree, const struct binary *binary, const struct objects *objects,
			       GHashTable *shapes)
{
	g_autoptr(GHashTable) by_unit = binary_functions_by_shape(binary, shapes);
	g_autoptr(GHashTable) by_object = functions_by_object(tree, objects, by_unit);
	uint8_t *wanted = g_new0(uint8_t, tree->units->len + 1);

	for (guint i = 0; i < tree->units->len; i++) {
		GHashTable *names = g_hash_table_lookup(by_object, unit_at(tree, i)->object);

		wanted[i] = names && object_takes_address(tree->build_dir, unit_at(tree, i)->object, names);
	}
	return wanted;
}

uint8_t *select_by_signatures(const struct tree *tree, const struct binary *binary, const struct objects *objects,
			      GHashTable *signatures, const char *cache_dir)
{
	g_autoptr(GHashTable) shapes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *path = NULL, *known = NULL;
	GHashTableIter iter;
	gpointer signature;
	uint8_t *wanted;
	gsize n;

	g_hash_table_iter_init(&iter, signatures);
	while (g_hash_table_iter_next(&iter, &signature, NULL))
		g_hash_table_add(shapes, binary_parameter_shape(signature));
	path = cache_dir && binary->build_id ? memo_path(tree, binary, shapes, cache_dir) : NULL;
	if (path && g_file_get_contents(path, &known, &n, NULL) && n == tree->units->len + 1)
		return (uint8_t *)g_steal_pointer(&known);
	wanted = units_by_shape(tree, binary, objects, shapes);
	if (path) /* a cache that cannot be written was already reported for the facts */
		g_file_set_contents(path, (const char *)wanted, tree->units->len + 1, NULL);
	return wanted;
}
