// SPDX-License-Identifier: GPL-2.0-only
/*
 * The single facts of a build tree: release, configuration, vmlinux, database.
 *
 * Method: each is a file at a fixed place. If the file does not exist, its fact is NULL; if it
 * exists but cannot be read, that is an error.
 *
 * Limits: the hash of the configuration covers option lines as kconfig writes them, so also
 * CONFIG_CC_VERSION_TEXT, which is an option. Comments do not count, nor does the compiler's banner
 * that old kernels wrote as a comment.
 */
#include <string.h>

#include "analyzer/tree/tree_private.h"

/* Reads build_dir/name. If there is none, *contents is NULL and the result true. Caller frees. */
static bool read_optional(const struct tree *tree, const char *name, char **contents,
			  GError **error)
{
	g_autofree char *path = g_build_filename(tree->build_dir, name, NULL);
	g_autoptr(GError) cause = NULL;

	*contents = NULL;
	if (g_file_get_contents(path, contents, NULL, &cause))
		return true;
	if (g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT))
		return true;
	g_set_error(error, TREE_ERROR, TREE_ERROR_IO,
		    "%s; make it a file that can be read, or remove it", cause->message);
	return false;
}

static bool read_release(struct tree *tree, GError **error)
{
	g_autofree char *text = NULL;

	if (!read_optional(tree, "include/config/kernel.release", &text, error))
		return false;
	if (text && *g_strstrip(text))
		tree->release = g_string_chunk_insert_const(tree->strings, text);
	return true;
}

static bool is_option_line(const char *line)
{
	return g_str_has_prefix(line, "CONFIG_") ||
	       (g_str_has_prefix(line, "# CONFIG_") && g_str_has_suffix(line, " is not set"));
}

static char *hash_options(char *text)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	char *rest = NULL;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (!is_option_line(line))
			continue;
		g_checksum_update(sum, (const guchar *)line, (gssize)strlen(line));
		g_checksum_update(sum, (const guchar *)"\n", 1);
	}
	return g_strdup(g_checksum_get_string(sum));
}

static bool read_config(struct tree *tree, GError **error)
{
	g_autofree char *text = NULL;
	g_autofree char *hash = NULL;

	if (!read_optional(tree, ".config", &text, error))
		return false;
	if (!text)
		return true;
	hash = hash_options(text);
	tree->config_hash = g_string_chunk_insert_const(tree->strings, hash);
	return true;
}

/* The path of build_dir/name, kept in the tree, if it passes the test, else NULL. */
static const char *find_file(struct tree *tree, const char *name, GFileTest test)
{
	g_autofree char *path = g_build_filename(tree->build_dir, name, NULL);

	return g_file_test(path, test) ? g_string_chunk_insert_const(tree->strings, path) : NULL;
}

bool tree_read_facts(struct tree *tree, GError **error)
{
	tree->vmlinux = find_file(tree, "vmlinux", G_FILE_TEST_IS_REGULAR);
	/* Anything of that name counts, so that an unreadable one is reported. */
	tree->database = find_file(tree, "compile_commands.json", G_FILE_TEST_EXISTS);
	return read_release(tree, error) && read_config(tree, error);
}
