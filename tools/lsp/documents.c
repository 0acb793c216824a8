// SPDX-License-Identifier: GPL-2.0-only
/* The client's documents: opened, changed, saved, closed. */
#include "tools/lsp/checker.h"
#include "tools/lsp/methods.h"
#include "tools/lsp/params.h"

#include <glib/gstdio.h>
#include <string.h>

/* The open document that a notification refers to; NULL with `error`. */
static struct file *find_open(struct server *server, const cJSON *params, GError **error)
{
	const char *uri = params_string(params_get(params, "textDocument", NULL), "uri");
	struct file *file = uri ? files_find(server->view.files, uri) : NULL;

	if (!file)
		g_set_error(error, RPC_ERROR, RPC_INVALID_PARAMS, "%s is not open",
			    uri ? uri : "textDocument.uri is missing: it");
	return file;
}

cJSON *method_did_open(struct server *server, const cJSON *params, GError **error)
{
	const cJSON *document = params_get(params, "textDocument", NULL);
	const char *uri = params_string(document, "uri"), *text = params_string(document, "text");
	const cJSON *version = params_get(document, "version", NULL);

	if (!uri || !text) {
		g_set_error(error, RPC_ERROR, RPC_INVALID_PARAMS,
			    "textDocument needs uri and text");
		return NULL;
	}
	server_follow(server, uri);
	files_open(server->view.files, uri,
		   cJSON_IsNumber(version) ? (gint64)version->valuedouble : 0,
		   text_new(g_strdup(text), strlen(text)));
	checker_schedule(server->checker, files_find(server->view.files, uri));
	return NULL;
}

/* Applies one entry of contentChanges. False with `error`, and then the text is unchanged. */
static bool apply_change(const struct server *server, struct file *file, const cJSON *change,
			 GError **error)
{
	const char *text = params_string(change, "text");
	const cJSON *range = params_get(change, "range", NULL);
	size_t begin = 0, end = file->text->length;

	if (!text) {
		g_set_error(error, RPC_ERROR, RPC_INVALID_PARAMS, "a change without text");
		return false;
	}
	if (range && !cJSON_IsNull(range) &&
	    (!params_offset(server, file, range, "start", &begin, error) ||
	     !params_offset(server, file, range, "end", &end, error)))
		return false;
	if (begin > end) {
		g_set_error(error, RPC_ERROR, RPC_INVALID_PARAMS,
			    "a range that ends before it begins");
		return false;
	}
	text_replace(file->text, begin, end, text, strlen(text));
	return true;
}

/* Refuses a change that arrives after a later one: it would be applied in the wrong places. */
static bool check_version(struct file *file, const cJSON *version, GError **error)
{
	gint64 number = cJSON_IsNumber(version) ? (gint64)version->valuedouble : file->version + 1;

	if (number <= file->version) {
		g_set_error(error, RPC_ERROR, RPC_INVALID_PARAMS,
			    "version %" G_GINT64_FORMAT
			    " of %s comes after version %" G_GINT64_FORMAT " and was not applied",
			    number, file->uri, file->version);
		return false;
	}
	file->version = number;
	return true;
}

cJSON *method_did_change(struct server *server, const cJSON *params, GError **error)
{
	struct file *file = find_open(server, params, error);
	const cJSON *changes = params_get(params, "contentChanges", NULL), *change;

	if (!file ||
	    !check_version(file, params_get(params, "textDocument", "version", NULL), error))
		return NULL;
	cJSON_ArrayForEach(change, changes)
		if (!apply_change(server, file, change, error))
			break;
	files_changed(file);
	checker_schedule(server->checker, file);
	return NULL;
}

/* For clients that do not watch files: looks at the report on disk when a document is saved. */
static void look_at_report(struct server *server)
{
	GStatBuf status;
	gint64 time;

	if (g_stat(server->view.workspace->report, &status) != 0)
		return;
	time = status.st_mtim.tv_sec * G_GINT64_CONSTANT(1000000000) + status.st_mtim.tv_nsec;
	if (time == server->report_time && status.st_size == server->report_size)
		return;
	server_reload_report(server);
}

cJSON *method_did_save(struct server *server, const cJSON *params, GError **error)
{
	struct file *file = find_open(server, params, error);

	look_at_report(server);
	if (file)
		checker_schedule(server->checker, file);
	return NULL;
}

cJSON *method_did_close(struct server *server, const cJSON *params, GError **error)
{
	struct file *file = find_open(server, params, error);

	if (!file)
		return NULL;
	checker_forget(server->checker, file);
	files_close(server->view.files, file->uri);
	return NULL;
}
