// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reader of compile_commands.json on any bytes, and what is done with the commands in it.
 *
 * The kernel is a folder with two sources, so that a database can name files that exist. It names
 * them by relative paths, because "directory" may be relative to the build tree.
 */
#include "test/fuzz/fuzz.h"

#include "analyzer/tree/tree_private.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const sources[] = { "kernel/fork.c", "kernel/bounds.c" };

static char *folder; /* NULL until the first input */

static void remove_folder(void)
{
	static const char *const made[] = { "kernel/fork.c", "kernel/bounds.c", "kernel" };

	for (size_t i = 0; i < G_N_ELEMENTS(made); i++) {
		g_autofree char *path = g_build_filename(folder, made[i], NULL);

		g_remove(path);
	}
	g_rmdir(folder);
	g_free(folder);
}

static void make_folder(void)
{
	g_autofree char *kernel = NULL;

	folder = g_dir_make_tmp("fuzz-database-XXXXXX", NULL);
	kernel = g_build_filename(folder, "kernel", NULL);
	g_assert_cmpint(g_mkdir(kernel, 0777), ==, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(sources); i++) {
		g_autofree char *path = g_build_filename(folder, sources[i], NULL);

		g_assert_true(g_file_set_contents(path, "", 0, NULL));
	}
	atexit(remove_folder);
}

/* A tree of that folder, without units. */
static struct tree *tree_of_folder(void)
{
	char *command[] = { "gcc", "-c", "kernel/fork.c", NULL };
	struct tree *tree = tree_open_command(folder, NULL, folder, command, NULL);

	g_assert_nonnull(tree);
	g_ptr_array_set_size(tree->units, 0);
	tree->database = "compile_commands.json";
	return tree;
}

static void use(const struct tree *tree)
{
	for (guint i = 0; i < tree->units->len; i++) {
		const struct tree_unit *unit = g_ptr_array_index(tree->units, i);
		g_auto(GStrv) arguments = tree_unit_clang_arguments(unit);

		g_assert_nonnull(arguments);
		tree_command_source(unit->arguments);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* with the NUL that the reader requires */
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(GError) error = NULL;
	struct collector collector;
	struct tree *tree;
	bool is_read;

	if (!folder)
		make_folder();
	memcpy(text, data, size); /* g_strndup stops at a NUL */
	tree = tree_of_folder();
	collector_init(&collector, tree);
	is_read = database_read_text(&collector, text, size, &error);
	g_assert_true(is_read == !error);
	if (is_read)
		use(tree);
	collector_release(&collector);
	tree_free(tree);
	return 0;
}
