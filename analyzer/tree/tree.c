// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opens a built kernel tree.
 *
 * Purpose: to give the list of what was compiled, and to name files independently of where the tree
 * lies. Method: resolve both directories, check that one is a kernel's source and that the other
 * belongs to it, and read the single facts. Then collect the units: from compile_commands.json if
 * there is one, else from the .cmd files. Limits: the build's records are trusted. A .cmd file that
 * an earlier configuration left behind counts as compiled, as it does for the kernel's own
 * gen_compile_commands.py.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/tree/tree_private.h"

G_DEFINE_QUARK(tree - error - quark, tree_error)

/* Files that every kernel's source has at these places, and hardly anything else has together. */
static const char *const source_markers[] = { "Makefile", "Kbuild", "Kconfig",
					      "kernel/sched/core.c" };

const char *tree_path_below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	while (length && folder[length - 1] == '/')
		length--;
	if (strncmp(path, folder, length) || path[length] != '/' || !path[length + 1])
		return NULL;
	return path + length + 1;
}

char *tree_path(const struct tree *tree, const char *directory, const char *path)
{
	g_autofree char *base =
		g_canonicalize_filename(directory ? directory : "", tree->build_dir);
	g_autofree char *absolute = g_canonicalize_filename(path, base);
	const char *copied = tree->copy ? tree_path_below(absolute, tree->copy) : NULL;
	const char *name = tree_path_below(absolute, tree->source_dir);

	if (copied)
		return g_build_filename(tree->copied, copied, NULL);
	if (!name)
		name = tree_path_below(absolute, tree->build_dir);
	return name ? g_strdup(name) : g_steal_pointer(&absolute);
}

/* The path of the file in the copy; NULL if the copy has no such file. Caller frees. */
static char *copied_file(const struct tree *tree, const char *name)
{
	const char *below = tree->copy ? tree_path_below(name, tree->copied) : NULL;
	g_autofree char *path = below ? g_build_filename(tree->copy, below, NULL) : NULL;

	return path && g_file_test(path, G_FILE_TEST_EXISTS) ? g_steal_pointer(&path) : NULL;
}

char *tree_file(const struct tree *tree, const char *name)
{
	char *copied = copied_file(tree, name);
	g_autofree char *built = g_canonicalize_filename(name, tree->build_dir);
	char *path;

	if (copied)
		return copied;
	path = g_canonicalize_filename(name, tree->source_dir);
	if (g_file_test(path, G_FILE_TEST_EXISTS) || !g_file_test(built, G_FILE_TEST_EXISTS))
		return path;
	g_free(path);
	return g_steal_pointer(&built);
}

char *tree_read_file(const struct tree *tree, const char *name, gsize *length)
{
	const char *roots[] = { tree->source_dir, tree->build_dir };
	g_autofree char *copied = copied_file(tree, name);
	char *text = NULL;

	if (copied)
		return g_file_get_contents(copied, &text, length, NULL) ? text : NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(roots) && !text; i++) {
		g_autofree char *path = g_canonicalize_filename(name, roots[i]);

		g_file_get_contents(path, &text, length, NULL);
	}
	return text;
}

/* The absolute path without symlinks, kept in the tree. `missing` is the error if none exists. */
static const char *resolve_dir(struct tree *tree, const char *path, enum tree_error missing,
			       GError **error)
{
	char *resolved = realpath(path, NULL);
	const char *kept;

	if (!resolved) {
		bool is_absent = errno == ENOENT || errno == ENOTDIR;

		g_set_error(error, TREE_ERROR, is_absent ? missing : TREE_ERROR_IO,
			    "%s: %s; name a directory that exists and can be read", path,
			    g_strerror(errno));
		return NULL;
	}
	kept = g_string_chunk_insert_const(tree->strings, resolved);
	free(resolved);
	return kept;
}

static bool check_source(const struct tree *tree, GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(source_markers); i++) {
		g_autofree char *marker =
			g_build_filename(tree->source_dir, source_markers[i], NULL);

		if (g_file_test(marker, G_FILE_TEST_IS_REGULAR))
			continue;
		if (access(marker, F_OK) != 0 && errno == EACCES) {
			g_set_error(error, TREE_ERROR, TREE_ERROR_IO,
				    "%s: %s; make it readable for this user", marker,
				    g_strerror(errno));
			return false;
		}
		g_set_error(
			error, TREE_ERROR, TREE_ERROR_NOT_A_KERNEL,
			"%s: not a kernel's source tree, it has no %s; name the top directory of the source "
			"(and, if it was built elsewhere, the build directory beside it)",
			tree->source_dir, source_markers[i]);
		return false;
	}
	return true;
}

/*
 * Checks that the build tree belongs to the source tree: kbuild leaves in a separate build
 * directory a link to the source.
 */
static bool check_build(const struct tree *tree, GError **error)
{
	g_autofree char *link = g_build_filename(tree->build_dir, "source", NULL);
	char *origin;
	bool is_same;

	if (!strcmp(tree->build_dir, tree->source_dir))
		return true;
	origin = realpath(link, NULL);
	is_same = !origin || !strcmp(origin, tree->source_dir);
	if (!is_same)
		g_set_error(
			error, TREE_ERROR, TREE_ERROR_NOT_BUILT,
			"%s: was built from %s, not from %s; name that source tree, or the build directory of this one",
			tree->build_dir, origin, tree->source_dir);
	free(origin);
	return is_same;
}

static bool resolve_dirs(struct tree *tree, const char *kernel, const char *build, GError **error)
{
	tree->source_dir = resolve_dir(tree, kernel, TREE_ERROR_NOT_A_KERNEL, error);
	if (!tree->source_dir || !check_source(tree, error))
		return false;
	tree->build_dir = tree->source_dir;
	if (!build)
		return true;
	tree->build_dir = resolve_dir(tree, build, TREE_ERROR_NOT_BUILT, error);
	return tree->build_dir && check_build(tree, error);
}

/*
 * Drops units whose source no longer exists. Their .cmd files remained, but they were not compiled
 * last time.
 */
static void drop_units_without_source(struct tree *tree)
{
	for (guint i = tree->units->len; i-- > 0;) {
		if (!tree_unit_has_source(tree, g_ptr_array_index(tree->units, i)))
			g_ptr_array_remove_index(tree->units, i);
	}
}

static bool check_units(const struct tree *tree, GError **error)
{
	if (tree_has_kernel_unit(tree))
		return true;
	g_set_error(
		error, TREE_ERROR, TREE_ERROR_NOT_BUILT,
		"%s: nothing of kernel/ was built here (no compile_commands.json, and no .cmd file tells of it); "
		"build the kernel with make first, or name the directory that it was built in",
		tree->build_dir);
	return false;
}

/* Collects the units: of `folder` alone if it is not NULL and has any, else all. */
static bool read_units(struct tree *tree, const char *folder, GError **error)
{
	struct collector collector;
	bool is_read = true;

	collector_init(&collector, tree);
	if (folder)
		is_read = cmdfiles_read(&collector, folder, true, error);
	if (is_read && !tree->units->len)
		is_read = (!tree->database || database_read(&collector, error)) &&
			  cmdfiles_read(&collector, NULL, !tree->database, error);
	if (is_read)
		collector_find_sourceless(&collector);
	collector_release(&collector);
	if (!is_read)
		return false;
	drop_units_without_source(tree);
	return check_units(tree, error);
}

static int compare_units(gconstpointer left, gconstpointer right)
{
	const struct tree_unit *first = *(struct tree_unit *const *)left;
	const struct tree_unit *second = *(struct tree_unit *const *)right;
	int order = strcmp(first->source, second->source);

	return order ? order : strcmp(first->object, second->object);
}

static int compare_strings(gconstpointer left, gconstpointer right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static void unit_free(gpointer data)
{
	struct tree_unit *unit = data;

	g_free(unit->arguments); /* the chunk owns the strings */
	g_free(unit);
}

static struct tree *tree_new(void)
{
	struct tree *tree = g_new0(struct tree, 1);

	tree->units = g_ptr_array_new_with_free_func(unit_free);
	tree->assembly = g_ptr_array_new();
	tree->sourceless = g_ptr_array_new();
	tree->strings = g_string_chunk_new(64 * 1024);
	return tree;
}

struct tree *tree_open_folder(const char *kernel, const char *build, const char *folder,
			      GError **error)
{
	struct tree *tree = tree_new();

	if (!resolve_dirs(tree, kernel, build, error) || !tree_read_facts(tree, error) ||
	    !read_units(tree, folder, error)) {
		tree_free(tree);
		return NULL;
	}
	g_ptr_array_sort(tree->units, compare_units);
	g_ptr_array_sort(tree->assembly, compare_strings);
	g_ptr_array_sort(tree->sourceless, compare_strings);
	return tree;
}

struct tree *tree_open(const char *kernel, const char *build, GError **error)
{
	return tree_open_folder(kernel, build, NULL, error);
}

bool tree_set_copy(struct tree *tree, const char *folder, const char *copy, GError **error)
{
	tree->copied = g_string_chunk_insert_const(tree->strings, folder);
	tree->copy = resolve_dir(tree, copy, TREE_ERROR_IO, error);
	return tree->copy != NULL;
}

void tree_unit_append(struct tree *tree, struct tree_unit *unit, const char *const *arguments)
{
	guint n = g_strv_length(unit->arguments), more = g_strv_length((char **)arguments);

	unit->arguments = g_renew(char *, unit->arguments, n + more + 1);
	for (guint i = 0; i < more; i++)
		unit->arguments[n + i] = g_string_chunk_insert_const(tree->strings, arguments[i]);
	unit->arguments[n + more] = NULL;
}

/* Puts the words of response files in place of their names. */
static bool read_responses(char ***words, const char *directory, GError **error)
{
	g_autoptr(GError) cause = NULL;

	if (tree_read_responses(words, directory, &cause))
		return true;
	g_set_error(error, TREE_ERROR, TREE_ERROR_COMMAND,
		    "%s; give the command its words, or the file", cause->message);
	return false;
}

static bool take_command(struct tree *tree, const char *directory, char **command, GError **error)
{
	g_auto(GStrv) words = g_strdupv(command);
	struct compilation found = {
		.directory = resolve_dir(tree, directory ? directory : ".", TREE_ERROR_IO, error),
	};
	struct collector collector;

	if (!found.directory || !read_responses(&words, found.directory, error))
		return false;
	found.source = tree_command_source(words);
	found.object = tree_command_output(words);
	found.arguments = words;
	collector_init(&collector, tree);
	if (found.source)
		collector_add(&collector, &found);
	collector_release(&collector);
	if (tree->units->len)
		return true;
	g_set_error(
		error, TREE_ERROR, TREE_ERROR_COMMAND,
		"%s: the command compiles no .c file of the kernel proper; give the compiler's command of one",
		found.source ? found.source : command[0]);
	return false;
}

struct tree *tree_open_command(const char *kernel, const char *build, const char *directory,
			       char **command, GError **error)
{
	struct tree *tree = tree_new();

	tree->source_dir = resolve_dir(tree, kernel, TREE_ERROR_NOT_A_KERNEL, error);
	tree->build_dir = build && tree->source_dir
				  ? resolve_dir(tree, build, TREE_ERROR_NOT_BUILT, error)
				  : tree->source_dir;
	if (tree->build_dir && take_command(tree, directory, command, error))
		return tree;
	tree_free(tree);
	return NULL;
}

void tree_free(struct tree *tree)
{
	if (!tree)
		return;
	g_ptr_array_unref(tree->units);
	g_ptr_array_unref(tree->assembly);
	g_ptr_array_unref(tree->sourceless);
	g_string_chunk_free(tree->strings);
	g_free(tree);
}
