// SPDX-License-Identifier: GPL-2.0-only
/* Converts between paths and names. */
#include "tools/lsp/workspace.h"

#include <stdlib.h>
#include <string.h>

static bool has_file(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	return g_file_test(path, G_FILE_TEST_EXISTS);
}

static bool is_extracted(const char *folder)
{
	return has_file(folder, "EXTRACTED.md") && has_file(folder, "Makefile");
}

static bool is_kernel(const char *folder)
{
	return has_file(folder, "Kbuild") && has_file(folder, "Makefile") &&
	       has_file(folder, "kernel");
}

/*
 * The nearest folder around `start` that is a kernel tree or an extracted
 * folder; `start` if none is.
 */
static char *find_root(const char *start)
{
	char *folder = g_canonicalize_filename(start, NULL);

	while (!is_extracted(folder) && !is_kernel(folder)) {
		char *parent = g_path_get_dirname(folder);

		if (strcmp(parent, folder) == 0) {
			g_free(parent);
			g_free(folder);
			return g_canonicalize_filename(start, NULL);
		}
		g_free(folder);
		folder = parent;
	}
	return folder;
}

/*
 * The PATH of the line "KERNEL ?= PATH" in an extracted folder's Makefile; NULL if there is none.
 */
static char *kernel_of_makefile(const char *root)
{
	g_autofree char *path = g_build_filename(root, "Makefile", NULL), *text = NULL;
	g_auto(GStrv) lines =
		g_file_get_contents(path, &text, NULL, NULL) ? g_strsplit(text, "\n", -1) : NULL;

	for (char **line = lines; line && *line; line++) {
		char *value;

		if (!g_str_has_prefix(*line, "KERNEL") || !(value = strchr(*line, '=')))
			continue;
		if (strspn(*line + strlen("KERNEL"), " \t?:=") == 0)
			continue;
		value = g_strstrip(value + 1);
		return *value ? g_canonicalize_filename(value, root) : NULL;
	}
	return NULL;
}

/* A build folder has a link "source" to its sources. */
static char *source_of(const char *kernel)
{
	char *source = g_build_filename(kernel, "source", NULL);

	if (g_file_test(source, G_FILE_TEST_IS_DIR))
		return source;
	g_free(source);
	return g_strdup(kernel);
}

struct workspace *workspace_new(const char *start, const char *kernel, const char *report)
{
	struct workspace *workspace = g_new0(struct workspace, 1);

	workspace->root = find_root(start);
	workspace->is_extracted = is_extracted(workspace->root);
	workspace->is_tree = workspace->is_extracted || is_kernel(workspace->root);
	if (kernel)
		workspace->kernel = g_canonicalize_filename(kernel, workspace->root);
	else
		workspace->kernel = workspace->is_extracted ? kernel_of_makefile(workspace->root)
							    : g_strdup(workspace->root);
	workspace->source =
		workspace->kernel ? source_of(workspace->kernel) : g_strdup(workspace->root);
	workspace->report = report ? g_canonicalize_filename(report, workspace->root)
				   : g_build_filename(workspace->root, "boundary.json", NULL);
	workspace->folders = g_ptr_array_new_with_free_func(g_free);
	return workspace;
}

bool workspace_has_report(const struct workspace *workspace)
{
	return g_file_test(workspace->report, G_FILE_TEST_IS_REGULAR);
}

void workspace_free(struct workspace *workspace)
{
	if (!workspace)
		return;
	g_free(workspace->root);
	g_free(workspace->kernel);
	g_free(workspace->source);
	g_free(workspace->report);
	g_ptr_array_unref(workspace->folders);
	g_free(workspace);
}

void workspace_set_patterns(struct workspace *workspace, const GPtrArray *patterns)
{
	g_ptr_array_set_size(workspace->folders, 0);
	for (guint i = 0; i < patterns->len; i++) {
		const char *pattern = g_ptr_array_index(patterns, i),
			   *slash = strrchr(pattern, '/');
		g_autofree char *folder =
			slash ? g_strndup(pattern, (gsize)(slash + 1 - pattern)) : g_strdup("");

		if (!strpbrk(folder, "*?[") &&
		    !g_ptr_array_find_with_equal_func(workspace->folders, folder, g_str_equal,
						      NULL))
			g_ptr_array_add(workspace->folders, g_steal_pointer(&folder));
	}
}

/* What follows FOLDER/ in `path`; NULL if the path is not below the folder. */
static const char *below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	while (length && folder[length - 1] == '/')
		length--;
	return strncmp(path, folder, length) == 0 && path[length] == '/' && path[length + 1]
		       ? path + length + 1
		       : NULL;
}

/* The same after resolving links in both paths. For g_free(). */
static char *below_resolved(const char *path, const char *folder)
{
	char *real_path = realpath(path, NULL), *real_folder = realpath(folder, NULL);
	char *rest = real_path && real_folder ? g_strdup(below(real_path, real_folder)) : NULL;

	free(real_path);
	free(real_folder);
	return rest;
}

static char *below_any(const char *path, const char *folder)
{
	const char *rest = below(path, folder);

	return rest ? g_strdup(rest) : below_resolved(path, folder);
}

/* The scheduler's folder that an extracted folder stands for; "" if the report names none. */
static const char *folder_of_extracted(const struct workspace *workspace)
{
	return workspace->folders->len ? g_ptr_array_index(workspace->folders, 0) : "";
}

char *workspace_name(const struct workspace *workspace, const char *path)
{
	g_autofree char *rest = below_any(path, workspace->root);

	if (rest)
		return workspace->is_extracted
			       ? g_strconcat(folder_of_extracted(workspace), rest, NULL)
			       : g_steal_pointer(&rest);
	return below_any(path, workspace->source);
}

char *workspace_path(const struct workspace *workspace, const char *name)
{
	const char *folder = folder_of_extracted(workspace);

	if (!workspace->is_extracted)
		return g_build_filename(workspace->root, name, NULL);
	if (g_str_has_prefix(name, folder)) {
		char *path = g_build_filename(workspace->root, name + strlen(folder), NULL);

		if (g_file_test(path, G_FILE_TEST_EXISTS))
			return path;
		g_free(path);
	}
	return workspace_original(workspace, name);
}

char *workspace_original(const struct workspace *workspace, const char *name)
{
	return g_build_filename(workspace->source, name, NULL);
}
