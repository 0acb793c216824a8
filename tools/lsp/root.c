// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which tree the server works on.
 *
 * A client may name several folders, or none, and the kernel may be any of them. Method: of the
 * folders named, take the first whose tree has a report, else the first that is in a tree. If an
 * opened document is in another tree, the server goes over to that one, unless it has documents of
 * its own tree to show.
 *
 * Limits: one tree at a time.
 */
#include "tools/lsp/checker.h"
#include "tools/lsp/methods.h"
#include "tools/lsp/params.h"

/* Adds the path of the URI, if it names a file. */
static void add_uri(GPtrArray *starts, const char *uri)
{
	char *path = uri ? g_filename_from_uri(uri, NULL, NULL) : NULL;

	if (path)
		g_ptr_array_add(starts, path);
}

/* The folders that the client names, the most certain first, and at last the current one. */
static GPtrArray *list_starts(const cJSON *params)
{
	GPtrArray *starts = g_ptr_array_new_with_free_func(g_free);
	const char *path = params_string(params, "rootPath");
	const cJSON *folder;

	cJSON_ArrayForEach(folder, params_get(params, "workspaceFolders", NULL))
		add_uri(starts, params_string(folder, "uri"));
	add_uri(starts, params_string(params, "rootUri"));
	if (path)
		g_ptr_array_add(starts, g_strdup(path));
	if (!starts->len)
		g_ptr_array_add(starts, g_get_current_dir());
	return starts;
}

struct workspace *server_find_workspace(const struct server *server, const cJSON *params)
{
	g_autoptr(GPtrArray) starts = list_starts(params);
	struct workspace *found = NULL;

	for (guint i = 0; i < starts->len; i++) {
		struct workspace *each =
			workspace_new(g_ptr_array_index(starts, i), server->options.kernel,
				      server->options.report);
		bool is_better = !found || (each->is_tree && !found->is_tree) ||
				 (each->is_tree && workspace_has_report(each) &&
				  !workspace_has_report(found));

		workspace_free(is_better ? found : each);
		found = is_better ? each : found;
	}
	return found;
}

/* True if an open document belongs to the tree. */
static bool has_documents(const struct server *server)
{
	GHashTableIter iter;
	gpointer file;

	g_hash_table_iter_init(&iter, server->view.files->open);
	while (g_hash_table_iter_next(&iter, NULL, &file))
		if (((struct file *)file)->name)
			return true;
	return false;
}

/* True if `other`, the tree of an opened document, is to replace the present one. */
static bool is_to_replace(const struct server *server, const struct workspace *other)
{
	const struct workspace *present = server->view.workspace;

	if (!other->is_tree || !g_strcmp0(other->root, present->root))
		return false;
	if (!present->is_tree)
		return true;
	return workspace_has_report(other) && !has_documents(server);
}

static void forget_report(struct server *server)
{
	struct view *view = &server->view;

	graph_index_free(view->index);
	walk_free(view->walk);
	emit_read_free(server->report);
	server->report = NULL;
	view->report = NULL;
	view->index = NULL;
	view->walk = NULL;
}

void server_follow(struct server *server, const char *uri)
{
	struct view *view = &server->view;
	g_autofree char *path = g_filename_from_uri(uri, NULL, NULL);
	g_autofree char *folder = path ? g_path_get_dirname(path) : NULL;
	g_autofree char *name = path ? workspace_name(view->workspace, path) : NULL;
	struct workspace *other, *present = view->workspace;

	if (!folder || (name && present->is_tree))
		return;
	other = workspace_new(folder, server->options.kernel, server->options.report);
	if (!is_to_replace(server, other)) {
		workspace_free(other);
		return;
	}
	forget_report(server);
	view->workspace = other;
	view->files->workspace = other;
	workspace_free(present);
	server_load_report(server);
	files_forget(view->files);
	server_tell_report(server);
}
