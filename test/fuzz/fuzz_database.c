// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reader of compile_commands.json on any bytes, with what is done to the commands in it.
 *
 * The kernel is a folder with two sources, and the current one, so that a database can name files that exist.
 */
#include "test/fuzz/fuzz.h"

#include "analyzer/tree/tree_private.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *folder;

static void remove_folder(void)
{
	g_remove("kernel/fork.c");
	g_remove("kernel/bounds.c");
	g_rmdir("kernel");
	g_rmdir(folder);
	g_free(folder);
}

static void make_folder(void)
{
	folder = g_dir_make_tmp("fuzz-database-XXXXXX", NULL);
	g_assert_cmpint(chdir(folder), ==, 0);
	g_assert_cmpint(g_mkdir("kernel", 0777), ==, 0);
	g_assert_true(g_file_set_contents("kernel/fork.c", "", 0, NULL));
	g_assert_true(g_file_set_contents("kernel/bounds.c", "", 0, NULL));
	atexit(remove_folder);
}

/* A tree of that folder without units. */
static struct tree *tree_of_folder(void)
{
	char *command[] = { "gcc", "-c", "kernel/fork.c", NULL };
	struct tree *tree = tree_open_command(".", NULL, NULL, command, NULL);

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
		command_source(unit->arguments);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size); /* with the NUL that the reader asks for */
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
