// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of compilations, from compile_commands.json.
 *
 * Method: cJSON reads it. Each entry has "directory", "file" and either "command" (a shell's line)
 * or "arguments" (a list), and may have "output". An entry without them is an error that gives its
 * number, because an incomplete list would silently give a wrong boundary.
 *
 * Limits: cJSON knows positions only for syntax errors, so other errors give the number of the
 * entry.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "analyzer/tree/tree_private.h"

#define WAY_OUT \
	"remove it to have it made from the .cmd files, or run scripts/clang-tools/gen_compile_commands.py"

static G_GNUC_PRINTF(3, 4) bool fail(const struct tree *tree, GError **error, const char *format,
				     ...)
{
	g_autofree char *what = NULL;
	va_list list;

	va_start(list, format);
	what = g_strdup_vprintf(format, list);
	va_end(list);
	g_set_error(error, TREE_ERROR, TREE_ERROR_DATABASE, "%s:%s; " WAY_OUT, tree->database,
		    what);
	return false;
}

static bool fail_syntax(const struct tree *tree, const char *text, const char *where,
			GError **error)
{
	int line = 1;
	const char *start = text;

	for (const char *byte = text; byte < where; byte++) {
		if (*byte != '\n')
			continue;
		line++;
		start = byte + 1;
	}
	return fail(tree, error, "%d:%d: not valid JSON", line, (int)(where - start) + 1);
}

static const char *string_member(const cJSON *entry, const char *name)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(entry, name));
}

static char **copy_list(const cJSON *list)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
	const cJSON *item;

	cJSON_ArrayForEach(item, list) {
		if (!cJSON_IsString(item))
			return NULL;
		g_ptr_array_add(words, g_strdup(item->valuestring));
	}
	if (!words->len)
		return NULL;
	g_ptr_array_add(words, NULL);
	return (char **)g_ptr_array_steal(words, NULL);
}

/* The entry's command as a vector, or NULL with `error`. Caller frees with g_strfreev(). */
static char **entry_arguments(const struct tree *tree, const cJSON *entry, int number,
			      GError **error)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(entry, "arguments");
	const char *command = string_member(entry, "command");
	g_autoptr(GError) cause = NULL;
	char **words = NULL;

	if (list) {
		words = cJSON_IsArray(list) ? copy_list(list) : NULL;
		if (!words)
			fail(tree, error, " entry %d: \"arguments\" is not a list of strings",
			     number);
	} else if (!command) {
		fail(tree, error, " entry %d: neither \"command\" nor \"arguments\"", number);
	} else if (!g_shell_parse_argv(command, NULL, &words, &cause)) {
		fail(tree, error, " entry %d: \"command\" cannot be split: %s", number,
		     cause->message);
	}
	return words;
}

/* Puts the words of response files in place of their names. */
static bool read_responses(const struct tree *tree, char ***arguments, const char *directory,
			   int number, GError **error)
{
	g_autoptr(GError) cause = NULL;

	return tree_read_responses(arguments, directory, &cause) ||
	       fail(tree, error, " entry %d: %s", number, cause->message);
}

const char *tree_command_output(char **arguments)
{
	const char *output = NULL;

	for (int i = 0; arguments[i]; i++) {
		if (!strcmp(arguments[i], "-o") && arguments[i + 1])
			output = arguments[++i];
		else if (g_str_has_prefix(arguments[i], "-o") && arguments[i][2])
			output = arguments[i] + 2;
	}
	return output;
}

/*
 * The directory as an absolute path, without symlinks if it exists. The tree's own path is like
 * that, and files that the compiler read by relative paths must be found below it. Caller frees.
 */
static char *resolve_directory(const struct tree *tree, const char *directory)
{
	char *absolute = g_canonicalize_filename(directory, tree->build_dir);
	char *resolved = realpath(absolute, NULL);
	char *result = g_strdup(resolved ? resolved : absolute);

	free(resolved);
	g_free(absolute);
	return result;
}

static bool read_entry(struct collector *collector, const cJSON *entry, int number, GError **error)
{
	const struct tree *tree = collector->tree;
	const char *directory = string_member(entry, "directory");
	struct compilation found = { .source = string_member(entry, "file"),
				     .object = string_member(entry, "output") };
	g_autofree char *absolute = NULL;
	g_auto(GStrv) arguments = NULL;

	if (!directory || !found.source)
		return fail(tree, error, " entry %d: no \"%s\" (a string)", number,
			    directory ? "file" : "directory");
	arguments = entry_arguments(tree, entry, number, error);
	if (!arguments)
		return false;
	absolute = resolve_directory(tree, directory);
	if (!read_responses(tree, &arguments, absolute, number, error))
		return false;
	found.directory = absolute;
	found.arguments = arguments;
	if (!found.object)
		found.object = tree_command_output(arguments);
	collector_add(collector, &found);
	return true;
}

/*
 * Checks that the database belongs to this tree and is a whole kernel's. Otherwise the boundary
 * would be empty.
 */
static bool check_useful(const struct tree *tree, GError **error)
{
	const struct tree_unit *missing = NULL;
	guint count = 0;

	for (guint i = 0; i < tree->units->len; i++) {
		const struct tree_unit *unit = g_ptr_array_index(tree->units, i);

		if (tree_unit_has_source(tree, unit))
			continue;
		missing = missing ? missing : unit;
		count++;
	}
	if (missing)
		return fail(tree, error,
			    " useless: %u of %u files that it names do not exist, the first is %s",
			    count, tree->units->len, missing->source);
	if (!tree_has_kernel_unit(tree))
		return fail(tree, error, " useless: it names no compiled file of kernel/");
	return true;
}

static bool read_entries(struct collector *collector, const cJSON *root, GError **error)
{
	const cJSON *entry;
	int number = 0;

	if (!cJSON_IsArray(root))
		return fail(collector->tree, error, "1:1: not a list of compilations");
	if (!cJSON_GetArraySize(root))
		return fail(collector->tree, error, "1:1: the list is empty");
	cJSON_ArrayForEach(entry, root) {
		if (!read_entry(collector, entry, ++number, error))
			return false;
	}
	return check_useful(collector->tree, error);
}

bool database_read_text(struct collector *collector, const char *text, size_t length,
			GError **error)
{
	const char *end = NULL;
	cJSON *root = cJSON_ParseWithLengthOpts(text, length + 1, &end, true);
	bool is_read = root ? read_entries(collector, root, error)
			    : fail_syntax(collector->tree, text, end ? end : text, error);

	cJSON_Delete(root);
	return is_read;
}

bool database_read(struct collector *collector, GError **error)
{
	g_autoptr(GError) cause = NULL;
	g_autofree char *text = NULL;
	gsize length;

	if (g_file_get_contents(collector->tree->database, &text, &length, &cause))
		return database_read_text(collector, text, length, error);
	g_set_error(error, TREE_ERROR, TREE_ERROR_IO,
		    "%s; make it a file that can be read, or " WAY_OUT, cause->message);
	return false;
}
