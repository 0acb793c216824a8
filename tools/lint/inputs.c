// SPDX-License-Identifier: GPL-2.0-only
/*
 * The inputs of a run: the folder and its kind, the report, the kernel's tree, and
 * texts that replace files.
 *
 * An extracted scheduler stands in for the folder of the kernel's tree that it was taken from: its
 * units are compiled as the kernel compiled those, plus the arguments that its Kbuild adds.
 * boundary.h, which each unit includes last, is parsed as an empty file: its assertions would turn
 * findings into compiler errors.
 */
#include "tools/lint/private.h"

#include "rewriter/generate/generate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define RECORD "EXTRACTED.md"
#define CHECK_BEGIN "check_begin.h"

static bool fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static bool fail(GError **error, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error_literal(error, LINT_ERROR_DOMAIN, 0, text);
	g_free(text);
	return false;
}

/* --- the folder */

static char *in_folder(const struct linter *linter, const char *name)
{
	return g_build_filename(linter->folder, name, NULL);
}

static bool open_folder(struct linter *linter, GError **error)
{
	char *resolved = realpath(linter->options->folder, NULL);
	g_autofree char *record = NULL;

	if (!resolved)
		return fail(error, "%s: %s; name an extracted scheduler or a kernel's source tree",
			    linter->options->folder, g_strerror(errno));
	linter->folder = g_strdup(resolved);
	linter->result->folder = g_strdup(resolved);
	free(resolved);
	record = in_folder(linter, RECORD);
	linter->is_extracted = g_file_test(record, G_FILE_TEST_EXISTS);
	return true;
}

/* --- the report */

static bool check_report(const struct linter *linter, const char *path, GError **error)
{
	const struct emit_provenance *p = &linter->report->provenance;

	if (!p->build_id || !p->config_hash)
		return fail(
			error,
			"%s: made without a vmlinux or without a .config; build the kernel and analyse it again",
			path);
	if (p->problems->len)
		return fail(error,
			    "%s: the report is incomplete (%s: %s); analyse the kernel again", path,
			    g_array_index(p->problems, struct emit_problem, 0).file,
			    g_array_index(p->problems, struct emit_problem, 0).message);
	return true;
}

/* Checks that the report is of the kernel that the folder was extracted from. */
static bool check_identity(const struct linter *linter, const char *path, GError **error)
{
	g_autofree char *file = in_folder(linter, "identity.h"), *text = NULL;

	if (!linter->is_extracted || !g_file_get_contents(file, &text, NULL, NULL) ||
	    strstr(text, linter->report->provenance.build_id))
		return true;
	return fail(
		error,
		"%s: the report is of another kernel (build-id %s) than the one that %s was extracted from; name that one's report "
		"with --report",
		path, linter->report->provenance.build_id, linter->folder);
}

static bool open_report(struct linter *linter, GError **error)
{
	g_autofree char *beside = in_folder(linter, GENERATED_REPORT);
	const char *path = linter->options->report ? linter->options->report : beside;

	if (!linter->options->report && !g_file_test(beside, G_FILE_TEST_EXISTS))
		return fail(
			error,
			"%s: no report there; name the one that plugsched-analyze made of this kernel with --report%s",
			beside,
			linter->is_extracted ? ", or extract again: plugsched-extract puts it there"
					     : "");
	linter->report = emit_read_file(path, error);
	if (!linter->report || !check_report(linter, path, error) ||
	    !check_identity(linter, path, error))
		return false;
	linter->graph = linter->report->graph;
	linter->index = graph_index_new(linter->graph);
	linter->plan = plan_new(linter->graph, error);
	return linter->plan != NULL;
}

/* Takes the scheduler's file patterns from the report. */
static void take_patterns(struct linter *linter)
{
	const GPtrArray *patterns = linter->report->provenance.scheduler_files;

	linter->config = config_new();
	g_ptr_array_set_size(linter->config->files, 0);
	for (guint i = 0; i < patterns->len; i++)
		g_ptr_array_add(linter->config->files, g_strdup(g_ptr_array_index(patterns, i)));
}

/* --- the kernel's tree */

/* The kernel that an extracted tree's Makefile names; NULL with `error`. Caller frees. */
static char *kernel_of_makefile(const struct linter *linter, GError **error)
{
	static const char assignment[] = "\nKERNEL ?= ";
	g_autofree char *path = in_folder(linter, "Makefile"), *text = NULL;
	const char *found = NULL;

	if (g_file_get_contents(path, &text, NULL, NULL))
		found = strstr(text, assignment);
	if (found)
		return g_strndup(found + strlen(assignment),
				 strcspn(found + strlen(assignment), "\n"));
	fail(error, "%s: says no \"KERNEL ?= DIRECTORY\"; name the kernel's tree with --kernel",
	     path);
	return NULL;
}

/*
 * The source tree of a separate build directory, to which kbuild leaves a link. NULL if the kernel
 * was built in its source tree. Caller frees.
 */
static char *source_of_build(const char *build)
{
	g_autofree char *link = g_build_filename(build, "source", NULL),
			*marker = g_build_filename(build, "Kbuild", NULL);

	return !g_file_test(marker, G_FILE_TEST_EXISTS) && g_file_test(link, G_FILE_TEST_IS_DIR)
		       ? g_steal_pointer(&link)
		       : NULL;
}

static struct tree *open_kernel(const struct linter *linter, GError **error)
{
	const struct lint_options *o = linter->options;
	g_autofree char *named = NULL, *source = NULL;

	if (o->kernel || !linter->is_extracted)
		return tree_open_folder(o->kernel ? o->kernel : linter->folder, o->build,
					linter->scheduler, error);
	named = kernel_of_makefile(linter, error);
	if (!named)
		return NULL;
	source = source_of_build(named);
	return tree_open_folder(source ? source : named,
				o->build ? o->build
				: source ? named
					 : NULL,
				linter->scheduler, error);
}

static bool check_kernel(struct linter *linter, GError **error)
{
	const struct emit_provenance *p = &linter->report->provenance;
	g_autofree char *build_id = NULL;

	if (!linter->tree->vmlinux)
		return fail(error, "%s: has no vmlinux; build the kernel", linter->tree->build_dir);
	build_id = binary_read_build_id(linter->tree->vmlinux, error);
	if (!build_id)
		return false;
	if (strcmp(build_id, p->build_id) != 0)
		return fail(
			error,
			"%s: the report is of another kernel: build-id %s here, %s there; analyse this one, or name the tree of the "
			"other with --kernel",
			linter->tree->vmlinux, build_id, p->build_id);
	if (!linter->tree->config_hash || strcmp(linter->tree->config_hash, p->config_hash) != 0)
		return fail(
			error,
			"%s/.config: changed since the report was made; build and analyse the kernel again, or put the configuration "
			"back",
			linter->tree->build_dir);
	return true;
}

/*
 * The folder of the scheduler's units according to the report; NULL if the report
 * names none. Caller frees.
 */
static char *scheduler_folder(const struct graph *graph)
{
	for (guint i = 0; i < graph->functions->len; i++) {
		const struct graph_function *f = g_ptr_array_index(graph->functions, i);

		if (f->node.is_scheduler && f->unit && *f->unit)
			return g_path_get_dirname(f->unit);
	}
	return NULL;
}

static bool open_tree(struct linter *linter, GError **error)
{
	linter->scheduler = scheduler_folder(linter->graph);
	if (!linter->scheduler)
		return fail(
			error,
			"%s: the report names no unit of the scheduler; analyse the kernel again",
			linter->folder);
	linter->tree = open_kernel(linter, error);
	if (!linter->tree || !check_kernel(linter, error))
		return false;
	return !linter->is_extracted ||
	       tree_set_copy(linter->tree, linter->scheduler, linter->folder, error);
}

/* Adds the names in a file of the form of Module.symvers, if there is one. */
static void add_names(GHashTable *names, const char *path)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return;
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		const char *name = strchr(*line, '\t');

		if (name)
			g_hash_table_add(names, g_strndup(name + 1, strcspn(name + 1, "\t")));
	}
}

/* Reads the names that the kernel exports, and those that an extracted tree lists. */
static void read_outside(struct linter *linter)
{
	g_autofree char *exported =
		g_build_filename(linter->tree->build_dir, "Module.symvers", NULL);
	g_autofree char *listed = in_folder(linter, "vmlinux.symvers");

	add_names(linter->outside, exported);
	if (linter->is_extracted)
		add_names(linter->outside, listed);
}

/*
 * Adds what the Kbuild of an extracted tree (rewriter/generate/kbuild.c)
 * adds to a unit's arguments.
 */
static void add_arguments(struct linter *linter, struct tree_unit *unit)
{
	g_autofree char *base = g_path_get_basename(unit->source),
			*name = g_strndup(base, strlen(base) - 2);
	g_autofree char *prelude = in_folder(linter, "plugsched.h"),
			*original =
				g_build_filename(linter->tree->source_dir, linter->scheduler, NULL);
	g_autofree char *include = g_strconcat("-I", original, NULL),
			*defined = g_strconcat("-DPLUGSCHED_UNIT=", name, NULL);
	g_autofree char *named = g_strconcat("-DPLUGSCHED_UNIT_", name, NULL);
	const char *const added[] = { "-include", prelude, include, defined, named, NULL };

	tree_unit_append(linter->tree, unit, added);
}

/* Includes the header before the unit that makes requests without an effect errors. */
static void add_check(struct linter *linter, struct tree_unit *unit)
{
	g_autofree char *path = in_folder(linter, CHECK_BEGIN);
	const char *const added[] = { "-include", path, NULL };

	tree_unit_append(linter->tree, unit, added);
}

/*
 * Reports a file that an extracted tree has lost: otherwise the kernel's own
 * file would be read instead.
 */
static bool is_missing(struct linter *linter, const struct tree_unit *unit)
{
	g_autofree char *base = g_path_get_basename(unit->source), *path = in_folder(linter, base);

	if (!linter->is_extracted || g_file_test(path, G_FILE_TEST_EXISTS) ||
	    lint_given(linter, unit->source))
		return false;
	lint_problem(linter->result, path, 0, "is gone, so its unit cannot be checked; restore it");
	return true;
}

/* Finds the units that contain functions of the report. */
static bool find_units(struct linter *linter, GError **error)
{
	g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < linter->graph->functions->len; i++) {
		const struct graph_function *f = g_ptr_array_index(linter->graph->functions, i);

		if (f->node.is_scheduler && f->unit && *f->unit)
			g_hash_table_add(wanted, (gpointer)f->unit);
	}
	for (guint i = 0; i < linter->tree->units->len; i++) {
		struct tree_unit *unit = g_ptr_array_index(linter->tree->units, i);

		if (!g_hash_table_remove(wanted, unit->source) ||
		    !config_is_scheduler_file(linter->config, unit->source))
			continue;
		if (is_missing(linter, unit))
			continue;
		if (linter->is_extracted)
			add_arguments(linter, unit);
		add_check(linter, unit);
		g_ptr_array_add(linter->all_units, unit);
	}
	if (linter->all_units->len)
		return true;
	return fail(error, "%s: no unit of the scheduler was compiled there; build the kernel",
		    linter->tree->build_dir);
}

/* --- texts that replace files */

char *lint_resolve(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path), *base = g_path_get_basename(path);
	char *whole = realpath(path, NULL), *resolved = whole ? NULL : realpath(folder, NULL);
	char *result = whole      ? g_strdup(whole)
		       : resolved ? g_build_filename(resolved, base, NULL)
				  : g_canonicalize_filename(path, NULL);

	free(whole);
	free(resolved);
	return result;
}

static bool take_overlay(struct linter *linter, const char *argument, GError **error)
{
	const char *equals = strchr(argument, '=');
	g_autofree char *file = equals ? g_strndup(argument, (gsize)(equals - argument)) : NULL,
			*text = NULL;
	g_autoptr(GError) cause = NULL;
	struct source_overlay *overlay;
	gsize length;

	if (!equals || equals == argument || !equals[1])
		return fail(error, "--overlay %s: takes FILE=CONTENT, two names of files",
			    argument);
	if (!g_file_get_contents(equals + 1, &text, &length, &cause))
		return fail(error, "--overlay %s: %s; name a file that has the text", argument,
			    cause->message);
	overlay = g_new0(struct source_overlay, 1);
	overlay->path = lint_resolve(file);
	overlay->text = g_steal_pointer(&text);
	overlay->length = length;
	g_ptr_array_add(linter->given, overlay);
	return true;
}

static bool take_overlays(struct linter *linter, GError **error)
{
	const char *const *arguments = linter->options->overlays;

	for (; arguments && *arguments; arguments++)
		if (!take_overlay(linter, *arguments, error))
			return false;
	return true;
}

bool lint_open(struct linter *linter, GError **error)
{
	if (!open_folder(linter, error) || !take_overlays(linter, error) ||
	    !open_report(linter, error))
		return false;
	take_patterns(linter);
	if (!open_tree(linter, error) || !find_units(linter, error))
		return false;
	read_outside(linter);
	linter->context = (struct source_context){
		.tree = linter->tree,
		.config = linter->config,
		.tool_version = PLUGSCHED_VERSION,
		.has_all_members = true,
	};
	return true;
}

/* Lays a text over a file, in place of one that lies there. Takes both strings over. */
static void lay_over(struct linter *linter, char *path, char *text)
{
	struct source_overlay overlay = { path, text, strlen(text) };
	guint at = 0;

	g_ptr_array_add(linter->laid, path);
	g_ptr_array_add(linter->laid, text);
	while (at < linter->overlays->len &&
	       strcmp(g_array_index(linter->overlays, struct source_overlay, at).path, path) != 0)
		at++;
	if (at == linter->overlays->len)
		g_array_set_size(linter->overlays, at + 1);
	g_array_index(linter->overlays, struct source_overlay, at) = overlay;
}

void lint_lay_over(struct linter *linter)
{
	for (guint i = 0; i < linter->given->len; i++)
		g_array_append_vals(linter->overlays, g_ptr_array_index(linter->given, i), 1);
	for (guint i = 0; i < linter->units->len; i++) {
		struct lint_unit *unit = g_ptr_array_index(linter->units, i);

		lay_over(linter, lint_path(linter, unit->unit->source), lint_ask(linter, unit));
	}
	lay_over(linter, in_folder(linter, CHECK_BEGIN), lint_check_begin_text(linter));
	if (linter->is_extracted)
		lay_over(linter, in_folder(linter, "boundary.h"), g_strdup(""));
	linter->context.overlays = (const struct source_overlay *)(void *)linter->overlays->data;
	linter->context.n_overlays = linter->overlays->len;
}
