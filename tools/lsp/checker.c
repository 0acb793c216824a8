// SPDX-License-Identifier: GPL-2.0-only
/* Runs the child and turns its findings into diagnostics. */
#include "tools/lsp/checker.h"

#include "tools/lsp/params.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define DELAY_MS 300    /* pause without changes before a run */
#define RUN_SECONDS 120 /* time limit of a child; it is ended then */
#define LINT_FAILED 2   /* the child's exit status if it could not check */

struct checker {
	struct server *server;
	guint timer;           /* source that starts a run; 0 if there is none */
	GHashTable *published; /* path: NULL; the files that have diagnostics */
	struct run *run;       /* the current run; NULL if there is none */
	unsigned alive;        /* runs that are not freed yet, including those given up */
	char *told;            /* the last reported reason why it could not check */
};

/* One child. */
struct run {
	struct checker *checker;
	bool is_given_up; /* its result is no longer wanted */
	GSubprocess *child;
	GCancellable *cancel;
	guint timer;
	char *folder;        /* holds the texts that replace files */
	GPtrArray *contents; /* char *: files in this folder */
	GPtrArray *files;    /* char *: paths of the files to check */
};

static gboolean begin_run(gpointer data);

struct checker *checker_new(struct server *server)
{
	struct checker *checker = g_new0(struct checker, 1);

	checker->server = server;
	checker->published = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return checker;
}

/* --- parts of a run */

static void remove_overlays(struct run *run)
{
	for (guint i = 0; i < run->contents->len; i++)
		g_unlink(g_ptr_array_index(run->contents, i));
	g_ptr_array_set_size(run->contents, 0);
	if (run->folder)
		g_rmdir(run->folder);
	g_clear_pointer(&run->folder, g_free);
}

static void run_free(struct run *run)
{
	remove_overlays(run);
	run->checker->alive--;
	if (run->timer)
		g_source_remove(run->timer);
	g_clear_object(&run->child);
	g_object_unref(run->cancel);
	g_ptr_array_unref(run->contents);
	g_ptr_array_unref(run->files);
	g_free(run);
}

static struct run *run_new(struct checker *checker)
{
	struct run *run = g_new0(struct run, 1);

	run->checker = checker;
	checker->alive++;
	run->cancel = g_cancellable_new();
	run->contents = g_ptr_array_new_with_free_func(g_free);
	run->files = g_ptr_array_new_with_free_func(g_free);
	return run;
}

/* Gives up the current run and ends its child. run_done() frees the rest. */
static void give_up(struct checker *checker)
{
	struct run *run = g_steal_pointer(&checker->run);

	if (!run)
		return;
	run->is_given_up = true;
	g_subprocess_force_exit(run->child);
	g_cancellable_cancel(run->cancel);
	remove_overlays(run);
}

void checker_stop(struct checker *checker)
{
	give_up(checker);
	if (checker->timer)
		g_source_remove(checker->timer);
	checker->timer = 0;
}

void checker_free(struct checker *checker)
{
	if (!checker)
		return;
	checker_stop(checker);
	/* run_done() frees a run that was given up when its child has ended */
	while (checker->alive)
		g_main_context_iteration(NULL, TRUE);
	g_hash_table_destroy(checker->published);
	g_free(checker->told);
	g_free(checker);
}

/* --- when */

static void schedule(struct checker *checker)
{
	give_up(checker);
	if (checker->timer)
		g_source_remove(checker->timer);
	checker->timer = g_timeout_add(DELAY_MS, begin_run, checker);
}

/* True for a document of the edited tree, if there is something to check it with. */
static bool is_checked(const struct checker *checker, const struct file *file)
{
	const struct server *server = checker->server;

	return server->options.lint && server->report && file && file->path && file->name &&
	       (g_str_has_suffix(file->path, ".c") || g_str_has_suffix(file->path, ".h")) &&
	       view_is_scheduler(&server->view, file);
}

void checker_schedule(struct checker *checker, struct file *file)
{
	if (!is_checked(checker, file))
		return;
	file->needs_check = true;
	schedule(checker);
}

void checker_schedule_all(struct checker *checker)
{
	GHashTableIter iter;
	gpointer file;

	g_hash_table_iter_init(&iter, checker->server->view.files->open);
	while (g_hash_table_iter_next(&iter, NULL, &file))
		checker_schedule(checker, file);
}

static void publish(struct checker *checker, const char *path, cJSON *diagnostics);

void checker_forget(struct checker *checker, struct file *file)
{
	if (checker->run && file->needs_check)
		schedule(checker);
	if (!file->path || !g_hash_table_contains(checker->published, file->path))
		return;
	publish(checker, file->path, cJSON_CreateArray());
	g_hash_table_remove(checker->published, file->path);
}

/* --- findings to diagnostics */

/* A finding's line and columns, which count from 1 and in bytes, as a range of the text. */
static cJSON *range_of(const struct server *server, const struct text *text, unsigned line,
		       unsigned column, unsigned end_column)
{
	size_t start = text_start(text, line ? line - 1 : 0), length;

	text_line(text, line ? line - 1 : 0, &length);
	if (!column) /* the whole line */
		return result_range(server, text, start, start + length);
	return result_range(server, text, start + MIN(column - 1, length),
			    start + MIN(MAX(end_column, column) - 1, length));
}

static unsigned number_of(const cJSON *object, const char *key)
{
	unsigned number = 0;

	params_unsigned(object, key, &number);
	return number;
}

static void add_related(struct checker *checker, cJSON *diagnostic, const cJSON *related)
{
	const cJSON *each;
	cJSON *list = cJSON_AddArrayToObject(diagnostic, "relatedInformation");

	cJSON_ArrayForEach(each, related) {
		const char *path = params_string(each, "file"),
			   *message = params_string(each, "message");
		struct file *file = path ? files_get(checker->server->view.files, path) : NULL;
		cJSON *item, *location;

		if (!file)
			continue;
		item = cJSON_CreateObject();
		location = cJSON_AddObjectToObject(item, "location");
		cJSON_AddStringToObject(location, "uri", file->uri);
		cJSON_AddItemToObject(location, "range",
				      range_of(checker->server, file->text, number_of(each, "line"),
					       number_of(each, "column"),
					       number_of(each, "end_column")));
		cJSON_AddStringToObject(item, "message", message ? message : "");
		cJSON_AddItemToArray(list, item);
	}
}

static cJSON *make_diagnostic(struct checker *checker, const struct file *file,
			      const cJSON *finding)
{
	const char *level = params_string(finding, "level"),
		   *message = params_string(finding, "message");
	const char *help = params_string(finding, "help"), *rule = params_string(finding, "rule");
	g_autofree char *text = g_strdup_printf("%s%s%s", message ? message : "",
						help && *help ? "\n" : "", help ? help : "");
	cJSON *diagnostic = cJSON_CreateObject();
	bool is_error = g_strcmp0(level, "error") == 0,
	     is_warning = g_strcmp0(level, "warning") == 0;

	cJSON_AddItemToObject(diagnostic, "range",
			      range_of(checker->server, file->text, number_of(finding, "line"),
				       number_of(finding, "column"),
				       number_of(finding, "end_column")));
	cJSON_AddNumberToObject(diagnostic, "severity", is_error ? 1 : is_warning ? 2 : 3);
	if (rule)
		cJSON_AddStringToObject(diagnostic, "code", rule);
	cJSON_AddStringToObject(diagnostic, "source", "plugsched");
	cJSON_AddStringToObject(diagnostic, "message", text);
	if (checker->server->client.has_related && params_get(finding, "related", NULL))
		add_related(checker, diagnostic, params_get(finding, "related", NULL));
	return diagnostic;
}

/* Sends textDocument/publishDiagnostics. Takes over the list. */
static void publish(struct checker *checker, const char *path, cJSON *diagnostics)
{
	const struct file *file = files_get(checker->server->view.files, path);
	g_autofree char *uri = file ? g_strdup(file->uri) : g_filename_to_uri(path, NULL, NULL);
	cJSON *params = cJSON_CreateObject();

	cJSON_AddStringToObject(params, "uri", uri ? uri : path);
	if (file && file->is_open)
		cJSON_AddNumberToObject(params, "version", (double)file->version);
	cJSON_AddItemToObject(params, "diagnostics", diagnostics);
	server_notify(checker->server, "textDocument/publishDiagnostics", params);
}

static void free_json(gpointer json)
{
	cJSON_Delete(json);
}

/*
 * Returns path: array of diagnostics. Files that were checked and have no
 * findings have an empty array.
 */
static GHashTable *sort_findings(struct checker *checker, const struct run *run,
				 const cJSON *findings)
{
	GHashTable *by_path = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_json);
	const cJSON *finding;

	for (guint i = 0; i < run->files->len; i++)
		g_hash_table_insert(by_path, g_strdup(g_ptr_array_index(run->files, i)),
				    cJSON_CreateArray());
	cJSON_ArrayForEach(finding, findings) {
		const char *path = params_string(finding, "file");
		const struct file *file =
			path ? files_get(checker->server->view.files, path) : NULL;

		if (!file)
			continue;
		if (!g_hash_table_contains(by_path, path))
			g_hash_table_insert(by_path, g_strdup(path), cJSON_CreateArray());
		cJSON_AddItemToArray(g_hash_table_lookup(by_path, path),
				     make_diagnostic(checker, file, finding));
	}
	return by_path;
}

/* Replaces all diagnostics by the result of a completed run. */
static void publish_all(struct checker *checker, const struct run *run, const cJSON *findings)
{
	g_autoptr(GHashTable) by_path = sort_findings(checker, run, findings);
	GHashTableIter iter;
	gpointer path, list;

	g_hash_table_iter_init(&iter, by_path);
	while (g_hash_table_iter_next(&iter, &path, &list)) {
		const struct file *file = files_get(checker->server->view.files, path);

		if (cJSON_GetArraySize(list))
			g_hash_table_add(checker->published, g_strdup(path));
		else if (!g_hash_table_remove(checker->published, path) && !(file && file->is_open))
			continue;
		publish(checker, path, cJSON_Duplicate(list, true));
	}
}

/* --- a run */

/* Reports why the check failed, but only once until the reason changes. */
static void tell(struct checker *checker, const char *text)
{
	if (g_strcmp0(checker->told, text) == 0)
		return;
	g_free(checker->told);
	checker->told = g_strdup(text);
	server_log(checker->server, SERVER_MESSAGE_WARNING, "plugsched-lint: %s", text);
}

/*
 * Marks the documents of a run as checked. They have not changed since: a change
 * would have ended the run.
 */
static void note_checked(struct checker *checker, const struct run *run)
{
	for (guint i = 0; i < run->files->len; i++) {
		struct file *file =
			files_get(checker->server->view.files, g_ptr_array_index(run->files, i));

		if (file)
			file->needs_check = false;
	}
}

static void tell_problems(struct checker *checker, const cJSON *problems)
{
	const char *message = params_string(cJSON_GetArrayItem(problems, 0), "message");

	if (message)
		tell(checker, message);
}

static void take_result(struct checker *checker, const struct run *run, const char *out,
			const char *errors)
{
	cJSON *json = out ? cJSON_Parse(out) : NULL;
	const cJSON *findings = params_get(json, "findings", NULL);
	int status = g_subprocess_get_if_exited(run->child)
			     ? g_subprocess_get_exit_status(run->child)
			     : LINT_FAILED;
	g_autofree char *text = g_strchomp(g_strdup(errors ? errors : ""));

	if (g_strcmp0(params_string(json, "schema"), "plugsched-lint") != 0 ||
	    !cJSON_IsArray(findings) || status >= LINT_FAILED) {
		tell(checker, *text ? text : "it ended without an answer");
	} else {
		note_checked(checker, run);
		publish_all(checker, run, findings);
		tell_problems(checker, params_get(json, "problems", NULL));
	}
	cJSON_Delete(json);
}

static void run_done(GObject *child, GAsyncResult *result, gpointer data)
{
	struct run *run = data;
	struct checker *checker = run->checker;
	g_autofree char *out = NULL, *errors = NULL;
	g_autoptr(GError) error = NULL;
	bool is_good = g_subprocess_communicate_utf8_finish(G_SUBPROCESS(child), result, &out,
							    &errors, &error);

	remove_overlays(run);
	if (run->is_given_up) { /* it was killed: leave no zombie behind if the server ends now */
		g_subprocess_wait(run->child, NULL, NULL);
	} else {
		checker->run = NULL;
		if (is_good)
			take_result(checker, run, out, errors);
		else
			tell(checker, error->message);
	}
	run_free(run);
}

static gboolean end_slow_run(gpointer data)
{
	struct run *run = data;

	run->timer = 0;
	g_subprocess_force_exit(run->child);
	return G_SOURCE_REMOVE;
}

/*
 * Writes a document's text to a file for the child. Returns FILE=CONTENT, or NULL
 * on failure. Caller frees.
 */
static char *write_overlay(struct run *run, const struct file *file)
{
	g_autofree char *name = g_strdup_printf("%u", run->contents->len);
	char *path;

	if (!run->folder)
		run->folder = g_dir_make_tmp("plugsched-lsp-XXXXXX", NULL);
	if (!run->folder)
		return NULL;
	path = g_build_filename(run->folder, name, NULL);
	g_ptr_array_add(run->contents, path);
	if (!g_file_set_contents(path, file->text->bytes, (gssize)file->text->length, NULL))
		return NULL;
	return g_strdup_printf("%s=%s", file->path, path);
}

static bool add_overlays(struct checker *checker, struct run *run, GPtrArray *arguments)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, checker->server->view.files->open);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct file *file = value;
		char *overlay;

		if (!is_checked(checker, file) || !files_is_unsaved(file))
			continue;
		overlay = write_overlay(run, file);
		if (!overlay)
			return false;
		g_ptr_array_add(arguments, g_strdup("--overlay"));
		g_ptr_array_add(arguments, overlay);
	}
	return true;
}

static void add_file(struct run *run, const char *path)
{
	if (!g_ptr_array_find_with_equal_func(run->files, path, g_str_equal, NULL))
		g_ptr_array_add(run->files, g_strdup(path));
}

/* Chooses the documents that changed and the files that have diagnostics. */
static void choose_files(struct checker *checker, struct run *run)
{
	GHashTableIter iter;
	gpointer key, value;

	g_hash_table_iter_init(&iter, checker->server->view.files->open);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		if (((struct file *)value)->needs_check)
			add_file(run, ((struct file *)value)->path);
	g_hash_table_iter_init(&iter, checker->published);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		add_file(run, key);
}

static GPtrArray *make_arguments(struct checker *checker, struct run *run)
{
	const struct workspace *workspace = checker->server->view.workspace;
	GPtrArray *arguments = g_ptr_array_new_with_free_func(g_free);
	const char *const fixed[] = { checker->server->options.lint, "--json", "-r",
				      workspace->report };

	for (size_t i = 0; i < G_N_ELEMENTS(fixed); i++)
		g_ptr_array_add(arguments, g_strdup(fixed[i]));
	if (workspace->kernel) {
		g_ptr_array_add(arguments, g_strdup("-k"));
		g_ptr_array_add(arguments, g_strdup(workspace->kernel));
	}
	if (!add_overlays(checker, run, arguments)) {
		g_ptr_array_unref(arguments);
		return NULL;
	}
	g_ptr_array_add(arguments, g_strdup(workspace->root));
	for (guint i = 0; i < run->files->len; i++)
		g_ptr_array_add(arguments, g_strdup(g_ptr_array_index(run->files, i)));
	g_ptr_array_add(arguments, NULL);
	return arguments;
}

static gboolean begin_run(gpointer data)
{
	struct checker *checker = data;
	struct run *run = run_new(checker);
	g_autoptr(GPtrArray) arguments = NULL;
	g_autoptr(GError) error = NULL;

	checker->timer = 0;
	choose_files(checker, run);
	arguments = run->files->len ? make_arguments(checker, run) : NULL;
	if (arguments)
		run->child = g_subprocess_newv(
			(const char *const *)arguments->pdata,
			G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
	if (!run->child) {
		if (run->files->len)
			tell(checker,
			     error ? error->message
				   : "its input could not be written to the temporary directory");
		run_free(run);
		return G_SOURCE_REMOVE;
	}
	checker->run = run;
	run->timer = g_timeout_add_seconds(RUN_SECONDS, end_slow_run, run);
	g_subprocess_communicate_utf8_async(run->child, NULL, run->cancel, run_done, run);
	return G_SOURCE_REMOVE;
}
