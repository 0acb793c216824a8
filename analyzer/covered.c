// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does the build tree know everything that vmlinux was made of?
 *
 * Debug information names each unit that was linked. The tree knows a unit by the command that
 * compiled it. If only a part was built, such as kernel/sched beside another build's vmlinux, the
 * tree lacks units. Their objects and sources would not be read, and functions that they call would
 * seem to have no caller. Units of objects without a source, as of another language, are known by
 * what these objects themselves say.
 *
 * Limits: a unit without debug information is not missed. Neither is one in assembly, because it
 * depends on the assembler whether debug information names its source.
 */
#include "analyzer/covered.h"

#include <string.h>

#define NAMES_SHOWN 3

/* What the build compiles last, when everything else is built. No database lists it. */
static const char *const last[] = { ".vmlinux.export", "init/version-timestamp" };

static bool is_object(const struct tree *tree, const char *object)
{
	g_autofree char *path = g_canonicalize_filename(object, tree->build_dir);

	return g_file_test(path, G_FILE_TEST_EXISTS);
}

static bool is_unit_object(const struct tree *tree, const char *object)
{
	for (guint i = 0; i < tree->units->len; i++)
		if (strcmp(((const struct tree_unit *)g_ptr_array_index(tree->units, i))->object,
			   object) == 0)
			return true;
	return false;
}

void covered_add_last(const struct tree *tree, GPtrArray *objects)
{
	for (size_t i = 0; i < G_N_ELEMENTS(last); i++) {
		g_autofree char *object = g_strconcat(last[i], ".o", NULL);

		if (is_object(tree, object) && !is_unit_object(tree, object))
			g_ptr_array_add(objects,
					g_string_chunk_insert_const(tree->strings, object));
	}
}

/* True if the unit is one of the last, and its object exists. */
static bool is_last(const struct tree *tree, const char *source)
{
	for (size_t i = 0; i < G_N_ELEMENTS(last); i++) {
		g_autofree char *name = g_strconcat(last[i], ".c", NULL),
				*object = g_strconcat(last[i], ".o", NULL);

		if (strcmp(source, name) == 0)
			return is_object(tree, object);
	}
	return false;
}

/* The sources that the tree has commands for. Caller destroys the set. */
static GHashTable *known_sources(const struct tree *tree)
{
	GHashTable *known = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < tree->units->len; i++) {
		const struct tree_unit *unit = g_ptr_array_index(tree->units, i);

		if (!unit->asm_offsets)
			g_hash_table_add(known, (gpointer)unit->source);
	}
	return known;
}

/* "a.c, b.c, c.c, ..." */
static char *first_names(const GPtrArray *names)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < names->len && i < NAMES_SHOWN; i++)
		g_string_append_printf(text, "%s%s", i ? ", " : "",
				       (const char *)g_ptr_array_index(names, i));
	if (names->len > NAMES_SHOWN)
		g_string_append(text, ", ...");
	return g_string_free(text, FALSE);
}

bool covered_check(const struct tree *tree, const struct binary *binary, GHashTable *sourceless,
		   GError **error)
{
	g_autoptr(GHashTable) known = known_sources(tree);
	g_autoptr(GPtrArray) missing = g_ptr_array_new();
	g_autofree char *names = NULL;

	for (guint i = 0; i < binary->units->len; i++) {
		const char *unit = g_ptr_array_index(binary->units, i);

		if (!g_hash_table_contains(known, unit) &&
		    !g_hash_table_contains(sourceless, unit) && !is_last(tree, unit))
			g_ptr_array_add(missing, (gpointer)unit);
	}
	if (!missing->len)
		return true;
	names = first_names(missing);
	g_set_error(
		error, TREE_ERROR, TREE_ERROR_NOT_BUILT,
		"%s: of the %u units that it was made of, %u were not built in %s: %s; build the whole kernel there (make), not a "
		"part of it%s",
		binary->path, binary->units->len, missing->len, tree->build_dir, names,
		tree->database ? ", and make compile_commands.json anew" : "");
	return false;
}
