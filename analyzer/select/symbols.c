// SPDX-License-Identifier: GPL-2.0-only
/*
 * Chooses units by what their objects and vmlinux hold.
 */
#include "analyzer/select/select.h"

#include <string.h>

static const struct tree_unit *unit_at(const struct tree *tree, guint i)
{
	return g_ptr_array_index(tree->units, i);
}

static void add_all(GHashTable *set, const GPtrArray *strings)
{
	for (guint i = 0; strings && i < strings->len; i++)
		g_hash_table_add(set, g_ptr_array_index(strings, i));
}

uint8_t *select_by_symbols(const struct tree *tree, const struct objects *objects,
			   GHashTable *defined, GHashTable *used)
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
		wanted[i] = *unit_at(tree, i)->object &&
			    g_hash_table_contains(chosen, unit_at(tree, i)->object);
	return wanted;
}

static gint compare_strings(gconstpointer left, gconstpointer right)
{
	return g_strcmp0(*(char *const *)left, *(char *const *)right);
}

/*
 * The path of the file that keeps an answer. It depends on the units and on what was added to
 * `sum`. Caller frees.
 */
static char *memo_path(const struct tree *tree, GChecksum *sum, const char *suffix,
		       const char *cache_dir)
{
	g_autofree char *name = NULL;

	g_checksum_update(sum, (const guchar *)SELECT_DIGEST, -1);
	for (guint i = 0; i < tree->units->len; i++)
		g_checksum_update(sum, (const guchar *)unit_at(tree, i)->source,
				  (gssize)strlen(unit_at(tree, i)->source) + 1);
	name = g_strconcat(g_checksum_get_string(sum), suffix, NULL);
	return g_build_filename(cache_dir, name, NULL);
}

/* The kept answer, a flag for each unit; NULL if there is none. Caller frees. */
static uint8_t *memo_load(const struct tree *tree, const char *path)
{
	char *known = NULL;
	gsize n;

	if (g_file_get_contents(path, &known, &n, NULL) && n == tree->units->len + 1)
		return (uint8_t *)known;
	g_free(known);
	return NULL;
}

/* Keeps an answer. No error: an unwritable cache was already reported for the facts. */
static void memo_save(const struct tree *tree, const char *path, const uint8_t *flags)
{
	g_file_set_contents(path, (const char *)flags, tree->units->len + 1, NULL);
}

static char *shapes_path(const struct tree *tree, const struct binary *binary, GHashTable *shapes,
			 const char *cache_dir)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	g_autoptr(GPtrArray) sorted = g_ptr_array_new();
	GHashTableIter iter;
	gpointer shape;

	g_hash_table_iter_init(&iter, shapes);
	while (g_hash_table_iter_next(&iter, &shape, NULL))
		g_ptr_array_add(sorted, shape);
	g_ptr_array_sort(sorted, compare_strings);
	g_checksum_update(sum, (const guchar *)binary->build_id, -1);
	for (guint i = 0; i < sorted->len; i++)
		g_checksum_update(sum, sorted->pdata[i], (gssize)strlen(sorted->pdata[i]) + 1);
	return memo_path(tree, sum, ".shapes", cache_dir);
}

static char *hint_path(const struct tree *tree, const uint8_t *roles, const char *cache_dir)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	g_checksum_update(sum, roles, tree->units->len);
	return memo_path(tree, sum, ".hint", cache_dir);
}

uint8_t *select_hint(const struct tree *tree, const uint8_t *roles, const char *cache_dir)
{
	g_autofree char *path = cache_dir ? hint_path(tree, roles, cache_dir) : NULL;
	uint8_t *hint = path ? memo_load(tree, path) : NULL;

	return hint ? hint : g_new0(uint8_t, tree->units->len + 1);
}

void select_keep_hint(const struct tree *tree, const uint8_t *roles, const uint8_t *used,
		      const char *cache_dir)
{
	g_autofree char *path = cache_dir ? hint_path(tree, roles, cache_dir) : NULL;
	g_autofree uint8_t *known = path ? memo_load(tree, path) : NULL;

	if (path && !(known && memcmp(known, used, tree->units->len) == 0))
		memo_save(tree, path, used);
}

/* Adds names to those that are to be looked for in an object. */
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

/* If a function is global, other objects that mention it may take its address too. */
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

/* Which functions to look for in which object: object -> set of names. Caller unrefs. */
static GHashTable *functions_by_object(const struct tree *tree, const struct objects *objects,
				       GHashTable *by_unit)
{
	GHashTable *wanted = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
						   (GDestroyNotify)g_hash_table_unref);

	for (guint i = 0; i < tree->units->len; i++) {
		GHashTable *names = g_hash_table_lookup(by_unit, unit_at(tree, i)->source);

		if (!names || !*unit_at(tree, i)->object)
			continue;
		look_for(wanted, unit_at(tree, i)->object, names);
		look_elsewhere(wanted, objects, names);
	}
	return wanted;
}

static uint8_t *units_by_shape(const struct tree *tree, const struct binary *binary,
			       const struct objects *objects, GHashTable *shapes)
{
	g_autoptr(GHashTable) by_unit = binary_functions_by_shape(binary, shapes);
	g_autoptr(GHashTable) by_object = functions_by_object(tree, objects, by_unit);
	uint8_t *wanted = g_new0(uint8_t, tree->units->len + 1);

	for (guint i = 0; i < tree->units->len; i++) {
		GHashTable *names = g_hash_table_lookup(by_object, unit_at(tree, i)->object);

		wanted[i] = names && binary_object_takes_address(tree->build_dir,
								 unit_at(tree, i)->object, names);
	}
	return wanted;
}

uint8_t *select_by_signatures(const struct tree *tree, const struct binary *binary,
			      const struct objects *objects, GHashTable *signatures,
			      const char *cache_dir)
{
	g_autoptr(GHashTable) shapes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *path = NULL;
	GHashTableIter iter;
	gpointer signature;
	uint8_t *wanted;

	g_hash_table_iter_init(&iter, signatures);
	while (g_hash_table_iter_next(&iter, &signature, NULL))
		g_hash_table_add(shapes, binary_shape(signature));
	path = cache_dir && binary->build_id ? shapes_path(tree, binary, shapes, cache_dir) : NULL;
	wanted = path ? memo_load(tree, path) : NULL;
	if (wanted)
		return wanted;
	wanted = units_by_shape(tree, binary, objects, shapes);
	if (path)
		memo_save(tree, path, wanted);
	return wanted;
}
