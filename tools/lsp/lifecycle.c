// SPDX-License-Identifier: GPL-2.0-only
/* Handles initialize to shutdown, and the report. */
#include "tools/lsp/checker.h"
#include "tools/lsp/methods.h"
#include "tools/lsp/params.h"

#include <glib/gstdio.h>
#include <string.h>

/* --- the report */

/*
 * Records the report file's time and size before it is read, so that a change during the
 * reading is noticed later.
 */
static void note_report(struct server *server)
{
	GStatBuf status;

	server->report_time = server->report_size = 0;
	if (g_stat(server->view.workspace->report, &status) != 0)
		return;
	server->report_time =
		status.st_mtim.tv_sec * G_GINT64_CONSTANT(1000000000) + status.st_mtim.tv_nsec;
	server->report_size = status.st_size;
}

bool server_load_report(struct server *server)
{
	struct view *view = &server->view;
	g_autoptr(GError) error = NULL;
	struct emit_read *report;

	note_report(server);
	report = emit_read_file(view->workspace->report, &error);
	g_clear_pointer(&server->report_trouble, g_free);
	if (!report) {
		server->report_trouble = g_strdup(error->message);
		return false;
	}
	graph_index_free(view->index);
	walk_free(view->walk);
	emit_read_free(server->report);
	server->report = report;
	view->report = report;
	view->index = graph_index_new(report->graph);
	view->walk = walk_new(report->graph);
	workspace_set_patterns(view->workspace, report->provenance.scheduler_files);
	files_forget(view->files);
	return true;
}

/* Tells the user how the server works without a (new) report, and how to get one. */
static void show_trouble(struct server *server)
{
	const struct workspace *workspace = server->view.workspace;

	if (server->report)
		server_show(server, SERVER_MESSAGE_WARNING,
			    "plugsched: the report is kept as it was before: %s",
			    server->report_trouble);
	else
		server_show(
			server, SERVER_MESSAGE_WARNING,
			"plugsched: no report: %s. Make one with plugsched-analyze --kernel %s -o %s, or name one by the "
			"option --report or the setting \"report\"",
			server->report_trouble,
			workspace->kernel ? workspace->kernel : workspace->root, workspace->report);
}

void server_reload_report(struct server *server)
{
	if (!server_load_report(server)) {
		show_trouble(server);
		return;
	}
	server_log(server, SERVER_MESSAGE_INFO, "plugsched: read %s again",
		   server->view.workspace->report);
	if (server->client.has_lens_refresh)
		server_request(server, "workspace/codeLens/refresh", NULL);
	if (server->client.has_hint_refresh)
		server_request(server, "workspace/inlayHint/refresh", NULL);
	checker_schedule_all(server->checker);
}

/* --- initialize */

static bool has_string(const cJSON *list, const char *wanted)
{
	const cJSON *each;

	cJSON_ArrayForEach(each, list)
		if (g_strcmp0(cJSON_GetStringValue(each), wanted) == 0)
			return true;
	return false;
}

/* The first encoding offered by the client that this server knows. */
static enum text_encoding choose_encoding(const cJSON *capabilities)
{
	const cJSON *offered = params_get(capabilities, "general", "positionEncodings", NULL),
		    *each;
	enum text_encoding encoding = TEXT_UTF16;

	cJSON_ArrayForEach(each, offered)
		if (cJSON_IsString(each) && text_encoding_find(each->valuestring, &encoding))
			return encoding;
	return TEXT_UTF16;
}

static void read_client(struct server *server, const cJSON *params)
{
	const cJSON *capabilities = params_get(params, "capabilities", NULL);
	const cJSON *text = params_get(capabilities, "textDocument", NULL);
	const cJSON *workspace = params_get(capabilities, "workspace", NULL);
	const cJSON *formats = params_get(text, "hover", "contentFormat", NULL);
	const cJSON *pid = params_get(params, "processId", NULL);
	struct server_client *client = &server->client;

	server->encoding = choose_encoding(capabilities);
	client->has_markdown = !formats || has_string(formats, "markdown");
	client->has_hierarchical_symbols = params_bool(
		params_get(text, "documentSymbol", "hierarchicalDocumentSymbolSupport", NULL));
	client->has_related =
		params_bool(params_get(text, "publishDiagnostics", "relatedInformation", NULL));
	client->has_watch = params_bool(
		params_get(workspace, "didChangeWatchedFiles", "dynamicRegistration", NULL));
	client->has_lens_refresh =
		params_bool(params_get(workspace, "codeLens", "refreshSupport", NULL));
	client->has_hint_refresh =
		params_bool(params_get(workspace, "inlayHint", "refreshSupport", NULL));
	client->pid = cJSON_IsNumber(pid) && pid->valuedouble > 0 ? pid->valueint : 0;
}

/*
 * initializationOptions take precedence over the command line, because they are
 * specific to the project.
 */
static bool read_options(struct server *server, const cJSON *options, GError **error)
{
	const struct {
		const char *name;
		char **value;
	} strings[] = {
		{ "report", (char **)&server->options.report },
		{ "kernel", (char **)&server->options.kernel },
		{ "showReferencesCommand", &server->client.show_references },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(strings); i++) {
		const cJSON *item = cJSON_GetObjectItemCaseSensitive(options, strings[i].name);

		if (!item || cJSON_IsNull(item))
			continue;
		if (!cJSON_IsString(item)) {
			g_set_error(error, RPC_ERROR, RPC_INVALID_PARAMS,
				    "initializationOptions.%s is not a string", strings[i].name);
			return false;
		}
		g_free(*strings[i].value);
		*strings[i].value = *item->valuestring ? g_strdup(item->valuestring) : NULL;
	}
	return true;
}

static cJSON *capabilities_of(const struct server *server)
{
	cJSON *capabilities = cJSON_CreateObject(), *sync;
	static const char *const providers[] = {
		"hoverProvider",          "definitionProvider",      "referencesProvider",
		"documentSymbolProvider", "workspaceSymbolProvider", "callHierarchyProvider",
		"inlayHintProvider"
	};

	cJSON_AddStringToObject(capabilities, "positionEncoding",
				text_encoding_name(server->encoding));
	sync = cJSON_AddObjectToObject(capabilities, "textDocumentSync");
	cJSON_AddTrueToObject(sync, "openClose");
	cJSON_AddNumberToObject(sync, "change", 2); /* incremental */
	cJSON_AddTrueToObject(sync, "save");
	for (size_t i = 0; i < G_N_ELEMENTS(providers); i++)
		cJSON_AddTrueToObject(capabilities, providers[i]);
	cJSON_AddFalseToObject(cJSON_AddObjectToObject(capabilities, "codeLensProvider"),
			       "resolveProvider");
	return capabilities;
}

cJSON *method_initialize(struct server *server, const cJSON *params, GError **error)
{
	cJSON *result, *info;

	if (!cJSON_IsObject(params)) {
		g_set_error(error, RPC_ERROR, RPC_INVALID_PARAMS, "initialize needs params");
		return NULL;
	}
	if (!read_options(server, params_get(params, "initializationOptions", NULL), error))
		return NULL;
	read_client(server, params);
	server->view.workspace = server_find_workspace(server, params);
	server->view.files = files_new(server->view.workspace);
	server_load_report(server);
	server->state = SERVER_RUNNING;

	result = cJSON_CreateObject();
	cJSON_AddItemToObject(result, "capabilities", capabilities_of(server));
	info = cJSON_AddObjectToObject(result, "serverInfo");
	cJSON_AddStringToObject(info, "name", "plugsched-lsp");
	cJSON_AddStringToObject(info, "version", PLUGSCHED_VERSION);
	return result;
}

/* Asks the client to report changes of the report on disk. */
static void watch_report(struct server *server)
{
	cJSON *params = cJSON_CreateObject(), *registration = cJSON_CreateObject(),
	      *watcher = cJSON_CreateObject();
	g_autofree char *id = NULL; /* a tree that is left keeps its own */
	cJSON *options;

	cJSON_AddItemToArray(cJSON_AddArrayToObject(params, "registrations"), registration);
	id = g_strdup_printf("plugsched-report-%u", server->requests);
	cJSON_AddStringToObject(registration, "id", id);
	cJSON_AddStringToObject(registration, "method", "workspace/didChangeWatchedFiles");
	options = cJSON_AddObjectToObject(registration, "registerOptions");
	cJSON_AddItemToArray(cJSON_AddArrayToObject(options, "watchers"), watcher);
	cJSON_AddStringToObject(watcher, "globPattern", server->view.workspace->report);
	server_request(server, "client/registerCapability", params);
}

void server_tell_report(struct server *server)
{
	const struct workspace *workspace = server->view.workspace;

	if (server->client.has_watch)
		watch_report(server);
	if (server->report_trouble && !workspace->is_tree)
		server_log(
			server, SERVER_MESSAGE_INFO,
			"plugsched: %s: neither in a kernel tree nor in an extracted folder; the tree of a file that is "
			"opened will be taken",
			workspace->root);
	else if (server->report_trouble)
		show_trouble(server);
	else
		server_log(server, SERVER_MESSAGE_INFO, "plugsched: %s of Linux %s, for %s",
			   workspace->report,
			   server->report->provenance.kernel_release
				   ? server->report->provenance.kernel_release
				   : "(unknown)",
			   workspace->root);
}

cJSON *method_initialized(struct server *server, const cJSON *params, GError **error)
{
	(void)params;
	(void)error;
	server_tell_report(server);
	if (!server->options.lint)
		server_log(
			server, SERVER_MESSAGE_WARNING,
			"plugsched-lint: neither beside plugsched-lsp nor in PATH, so edits are not checked; install it, or "
			"name it by the option --lint");
	return NULL;
}

cJSON *method_shutdown(struct server *server, const cJSON *params, GError **error)
{
	(void)params;
	(void)error;
	checker_stop(server->checker);
	server->state = SERVER_SHUT_DOWN;
	return result_null();
}

cJSON *method_did_change_watched(struct server *server, const cJSON *params, GError **error)
{
	const cJSON *change;

	(void)error;
	cJSON_ArrayForEach(change, params_get(params, "changes", NULL)) {
		const char *uri = params_string(change, "uri");
		g_autofree char *path = uri ? g_filename_from_uri(uri, NULL, NULL) : NULL;

		if (g_strcmp0(path, server->view.workspace->report) == 0) {
			server_reload_report(server);
			break;
		}
	}
	return NULL;
}
