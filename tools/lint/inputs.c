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

static char *in_folder(const struct lint_inputs *inputs, const char *name)
{
	return g_build_filename(inputs->folder, name, NULL);
}

static bool open_folder(struct lint_inputs *inputs, GError **error)
{
	char *resolved = realpath(inputs->options->folder, NULL);
	g_autofree char *record = NULL;

	if (!resolved)
		return fail(error, "%s: %s; name an extracted scheduler or a kernel's source tree",
			    inputs->options->folder, g_strerror(errno));
	inputs->folder = g_strdup(resolved);
	free(resolved);
	record = in_folder(inputs, RECORD);
	inputs->is_extracted = g_file_test(record, G_FILE_TEST_EXISTS);
	return true;
}

/* --- the report */

static bool check_report(const struct lint_inputs *inputs, const char *path, GError **error)
{
	const struct emit_provenance *p = &inputs->report->provenance;

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
static bool check_identity(const struct lint_inputs *inputs, const char *path, GError **error)
{
	g_autofree char *file = in_folder(inputs, "identity.h"), *text = NULL;

	if (!inputs->is_extracted || !g_file_get_contents(file, &text, NULL, NULL) ||
	    strstr(text, inputs->report->provenance.build_id))
		return true;
	return fail(
		error,
		"%s: the report is of another kernel (build-id %s) than the one that %s was extracted from; name that one's report "
		"with --report",
		path, inputs->report->provenance.build_id, inputs->folder);
}

static bool open_report(struct lint_inputs *inputs, GError **error)
{
	g_autofree char *beside = in_folder(inputs, GENERATED_REPORT);
	const char *path = inputs->options->report ? inputs->options->report : beside;

	if (!inputs->options->report && !g_file_test(beside, G_FILE_TEST_EXISTS))
		return fail(
			error,
			"%s: no report there; name the one that plugsched-analyze made of this kernel with --report%s",
			beside,
			inputs->is_extracted ? ", or extract again: plugsched-extract puts it there"
					     : "");
	inputs->report = emit_read_file(path, error);
	if (!inputs->report || !check_report(inputs, path, error) ||
	    !check_identity(inputs, path, error))
		return false;
	inputs->graph = inputs->report->graph;
	inputs->index = graph_index_new(inputs->graph);
	inputs->plan = plan_new(inputs->graph, error);
	return inputs->plan != NULL;
}

/* Takes the scheduler's file patterns from the report. */
static void take_patterns(struct lint_inputs *inputs)
{
	const GPtrArray *patterns = inputs->report->provenance.scheduler_files;

	inputs->config = config_new();
	g_ptr_array_set_size(inputs->config->files, 0);
	for (guint i = 0; i < patterns->len; i++)
		g_ptr_array_add(inputs->config->files, g_strdup(g_ptr_array_index(patterns, i)));
}

/* --- the kernel's tree */

/* The kernel that an extracted tree's Makefile names; NULL with `error`. Caller frees. */
static char *kernel_of_makefile(const struct lint_inputs *inputs, GError **error)
{
	static const char assignment[] = "\nKERNEL ?= ";
	g_autofree char *path = in_folder(inputs, "Makefile"), *text = NULL;
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

static struct tree *open_kernel(const struct lint_inputs *inputs, GError **error)
{
	const struct lint_options *o = inputs->options;
	g_autofree char *named = NULL, *source = NULL;

	if (o->kernel || !inputs->is_extracted)
		return tree_open_folder(o->kernel ? o->kernel : inputs->folder, o->build,
					inputs->scheduler, error);
	named = kernel_of_makefile(inputs, error);
	if (!named)
		return NULL;
	source = source_of_build(named);
	return tree_open_folder(source ? source : named,
				o->build ? o->build
				: source ? named
					 : NULL,
				inputs->scheduler, error);
}

static bool check_kernel(struct lint_inputs *inputs, GError **error)
{
	const struct emit_provenance *p = &inputs->report->provenance;
	g_autofree char *build_id = NULL;

	if (!inputs->tree->vmlinux)
		return fail(error, "%s: has no vmlinux; build the kernel", inputs->tree->build_dir);
	build_id = binary_read_build_id(inputs->tree->vmlinux, error);
	if (!build_id)
		return false;
	if (strcmp(build_id, p->build_id) != 0)
		return fail(
			error,
			"%s: the report is of another kernel: build-id %s here, %s there; analyse this one, or name the tree of the "
			"other with --kernel",
			inputs->tree->vmlinux, build_id, p->build_id);
	if (!inputs->tree->config_hash || strcmp(inputs->tree->config_hash, p->config_hash) != 0)
		return fail(
			error,
			"%s/.config: changed since the report was made; build and analyse the kernel again, or put the configuration "
			"back",
			inputs->tree->build_dir);
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

static bool open_tree(struct lint_inputs *inputs, GError **error)
{
	inputs->scheduler = scheduler_folder(inputs->graph);
	if (!inputs->scheduler)
		return fail(
			error,
			"%s: the report names no unit of the scheduler; analyse the kernel again",
			inputs->folder);
	inputs->tree = open_kernel(inputs, error);
	if (!inputs->tree || !check_kernel(inputs, error))
		return false;
	return !inputs->is_extracted ||
	       tree_set_copy(inputs->tree, inputs->scheduler, inputs->folder, error);
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
static void read_outside(struct lint_inputs *inputs)
{
	g_autofree char *exported =
		g_build_filename(inputs->tree->build_dir, "Module.symvers", NULL);
	g_autofree char *listed = in_folder(inputs, "vmlinux.symvers");

	add_names(inputs->outside, exported);
	if (inputs->is_extracted)
		add_names(inputs->outside, listed);
}

/*
 * Adds what the Kbuild of an extracted tree (rewriter/generate/kbuild.c)
 * adds to a unit's arguments.
 */
static void add_arguments(struct lint_inputs *inputs, struct tree_unit *unit)
{
	g_autofree char *base = g_path_get_basename(unit->source),
			*name = g_strndup(base, strlen(base) - 2);
	g_autofree char *prelude = in_folder(inputs, "plugsched.h"),
			*original =
				g_build_filename(inputs->tree->source_dir, inputs->scheduler, NULL);
	g_autofree char *include = g_strconcat("-I", original, NULL),
			*defined = g_strconcat("-DPLUGSCHED_UNIT=", name, NULL);
	g_autofree char *named = g_strconcat("-DPLUGSCHED_UNIT_", name, NULL);
	const char *const added[] = { "-include", prelude, include, defined, named, NULL };

	tree_unit_append(inputs->tree, unit, added);
}

/* Includes the header before the unit that makes requests without an effect errors. */
static void add_check(struct lint_inputs *inputs, struct tree_unit *unit)
{
	g_autofree char *path = in_folder(inputs, LINT_CHECK_BEGIN);
	const char *const added[] = { "-include", path, NULL };

	tree_unit_append(inputs->tree, unit, added);
}

/*
 * Reports a file that an extracted tree has lost: otherwise the kernel's own
 * file would be read instead.
 */
static bool is_missing(const struct lint_inputs *inputs, const struct tree_unit *unit,
		       struct lint_result *result)
{
	g_autofree char *base = g_path_get_basename(unit->source), *path = in_folder(inputs, base);

	if (!inputs->is_extracted || g_file_test(path, G_FILE_TEST_EXISTS) ||
	    lint_given(inputs, unit->source))
		return false;
	lint_problem(result, path, 0, "is gone, so its unit cannot be checked; restore it");
	return true;
}

/* Finds the units that contain functions of the report. */
static bool find_units(struct lint_inputs *inputs, struct lint_result *result, GError **error)
{
	g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < inputs->graph->functions->len; i++) {
		const struct graph_function *f = g_ptr_array_index(inputs->graph->functions, i);

		if (f->node.is_scheduler && f->unit && *f->unit)
			g_hash_table_add(wanted, (gpointer)f->unit);
	}
	for (guint i = 0; i < inputs->tree->units->len; i++) {
		struct tree_unit *unit = g_ptr_array_index(inputs->tree->units, i);

		if (!g_hash_table_remove(wanted, unit->source) ||
		    !config_is_scheduler_file(inputs->config, unit->source))
			continue;
		if (is_missing(inputs, unit, result))
			continue;
		if (inputs->is_extracted)
			add_arguments(inputs, unit);
		add_check(inputs, unit);
		g_ptr_array_add(inputs->units, unit);
	}
	if (inputs->units->len)
		return true;
	return fail(error, "%s: no unit of the scheduler was compiled there; build the kernel",
		    inputs->tree->build_dir);
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

static void overlay_free(gpointer data)
{
	struct source_overlay *overlay = data;

	g_free((char *)overlay->path);
	g_free((char *)overlay->text);
	g_free(overlay);
}

static bool take_overlay(struct lint_inputs *inputs, const char *argument, GError **error)
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
	g_ptr_array_add(inputs->given, overlay);
	return true;
}

static bool take_overlays(struct lint_inputs *inputs, GError **error)
{
	const char *const *arguments = inputs->options->overlays;

	for (; arguments && *arguments; arguments++)
		if (!take_overlay(inputs, *arguments, error))
			return false;
	return true;
}

static bool open_all(struct lint_inputs *inputs, struct lint_result *result, GError **error)
{
	if (!open_folder(inputs, error) || !take_overlays(inputs, error) ||
	    !open_report(inputs, error))
		return false;
	take_patterns(inputs);
	if (!open_tree(inputs, error) || !find_units(inputs, result, error))
		return false;
	read_outside(inputs);
	inputs->values = lint_read_values(inputs);
	return true;
}

struct lint_inputs *lint_inputs_open(const struct lint_options *options, struct lint_result *result,
				     GError **error)
{
	struct lint_inputs *inputs = g_new0(struct lint_inputs, 1);

	inputs->options = options;
	inputs->given = g_ptr_array_new_with_free_func(overlay_free);
	inputs->units = g_ptr_array_new();
	inputs->outside = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (open_all(inputs, result, error))
		return inputs;
	lint_inputs_free(inputs);
	return NULL;
}

void lint_inputs_free(struct lint_inputs *inputs)
{
	if (!inputs)
		return;
	g_hash_table_destroy(inputs->outside);
	g_clear_pointer(&inputs->values, g_array_unref);
	g_ptr_array_unref(inputs->units);
	tree_free(inputs->tree);
	g_free(inputs->scheduler);
	config_free(inputs->config);
	plan_free(inputs->plan);
	graph_index_free(inputs->index);
	emit_read_free(inputs->report);
	g_ptr_array_unref(inputs->given);
	g_free(inputs->folder);
	g_free(inputs);
}

bool lint_open_vmlinux(const struct lint_inputs *inputs, struct image **vmlinux, GError **error)
{
	if (!*vmlinux)
		*vmlinux = image_open(inputs->tree->vmlinux, error);
	return *vmlinux != NULL;
}
