// SPDX-License-Identifier: GPL-2.0-only
/* Keeps the answer of a search over words, with sizes and times of all files that were read. */
#include "analyzer/select/kept.h"

#include <stdlib.h>
#include <string.h>

#define MEMO_TYPE "(sa(stx)ay)"

static gint compare_strings(gconstpointer left, gconstpointer right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

char *kept_key(const struct tree *tree, const uint8_t *roles, GHashTable *members,
	       enum select_use use)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	guint n;
	g_autofree char **sorted = (char **)g_hash_table_get_keys_as_array(members, &n);

	qsort(sorted, n, sizeof(*sorted), compare_strings);
	g_checksum_update(sum, (const guchar *)SELECT_DIGEST, -1);
	g_checksum_update(sum, (const guchar *)&use, sizeof(use));
	for (guint i = 0; i < n; i++)
		g_checksum_update(sum, (const guchar *)sorted[i], (gssize)strlen(sorted[i]) + 1);
	g_checksum_update(sum, roles, tree->units->len);
	for (guint i = 0; i < tree->units->len; i++) {
		const struct tree_unit *unit = g_ptr_array_index(tree->units, i);

		g_checksum_update(sum, (const guchar *)unit->source,
				  (gssize)strlen(unit->source) + 1);
		g_checksum_update(sum, (const guchar *)unit->directory,
				  (gssize)strlen(unit->directory) + 1);
		for (char **a = unit->arguments; *a; a++)
			g_checksum_update(sum, (const guchar *)*a, (gssize)strlen(*a) + 1);
	}
	return g_strdup(g_checksum_get_string(sum));
}

static bool is_unchanged(const struct tree *tree, GVariant *files)
{
	GVariantIter iter;
	const char *path;
	guint64 size, now_size;
	gint64 modified, now_modified;

	g_variant_iter_init(&iter, files);
	while (g_variant_iter_next(&iter, "(&stx)", &path, &size, &modified)) {
		words_stat(tree, path, &now_size, &now_modified);
		if (size != now_size || modified != now_modified)
			return false;
	}
	return true;
}

uint8_t *kept_load(const struct tree *tree, const char *path, const char *key)
{
	g_autofree char *text = NULL;
	g_autoptr(GVariant) memo = NULL, files = NULL, flags = NULL;
	const char *known;
	g_autoptr(GBytes) bytes = NULL;
	const void *units;
	gsize length, n;

	if (!g_file_get_contents(path, &text, &length, NULL))
		return NULL;
	bytes = g_bytes_new_take(g_steal_pointer(&text), length);
	memo = g_variant_ref_sink(
		g_variant_new_from_bytes(G_VARIANT_TYPE(MEMO_TYPE), bytes, FALSE));
	g_variant_get_child(memo, 0, "&s", &known);
	files = g_variant_get_child_value(memo, 1);
	flags = g_variant_get_child_value(memo, 2);
	units = g_variant_get_fixed_array(flags, &n, 1);
	if (strcmp(known, key) != 0 || n != tree->units->len + 1 || !is_unchanged(tree, files))
		return NULL;
	return g_memdup2(units, n);
}

void kept_save(const struct words *words, const char *path, const char *key, const uint8_t *flags)
{
	GVariantBuilder files;
	GHashTableIter iter;
	gpointer file;
	g_autoptr(GVariant) memo = NULL;

	g_variant_builder_init(&files, G_VARIANT_TYPE("a(stx)"));
	g_hash_table_iter_init(&iter, words->files);
	while (g_hash_table_iter_next(&iter, NULL, &file)) {
		const struct word_file *f = file;

		g_variant_builder_add(&files, "(stx)", f->path, f->size, f->modified);
	}
	memo = g_variant_ref_sink(
		g_variant_new("(sa(stx)@ay)", key, &files,
			      g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, flags,
							words->tree->units->len + 1, 1)));
	/* no error: a cache that cannot be written was already reported for the facts */
	g_file_set_contents(path, g_variant_get_data(memo), (gssize)g_variant_get_size(memo), NULL);
}
