// SPDX-License-Identifier: GPL-2.0-only
#include "rewriter/inputs.h"

#include "rewriter/needs.h"
#include "rewriter/symbols.h"

#include <string.h>

#define INPUTS_ERROR g_quark_from_static_string("extract-error-quark")

static bool check_report(const struct inputs *in, GError **error)
{
	const struct emit_provenance *p = &in->report->provenance;

	if (!p->build_id || !p->config_hash)
		g_set_error(
			error, INPUTS_ERROR, 0,
			"%s: made without a vmlinux or without a .config; build the kernel and analyse it again",
			in->boundary);
	else if (p->problems->len)
		g_set_error(error, INPUTS_ERROR, 0,
			    "%s: the report is incomplete (%s: %s); analyse the kernel again",
			    in->boundary, g_array_index(p->problems, struct emit_problem, 0).file,
			    g_array_index(p->problems, struct emit_problem, 0).message);
	else
		return true;
	return false;
}

static bool check_build(const struct inputs *in, GError **error)
{
	const struct emit_provenance *p = &in->report->provenance;
	const char *build_id = image_build_id(in->vmlinux);

	if (!build_id || strcmp(build_id, p->build_id) != 0)
		g_set_error(
			error, INPUTS_ERROR, 0,
			"%s: the report %s is of another kernel: build-id %s here, %s there; analyse this one, or name the tree of "
			"the other with --kernel",
			in->tree->vmlinux, in->boundary, build_id ? build_id : "none", p->build_id);
	else if (!in->tree->config_hash || strcmp(in->tree->config_hash, p->config_hash) != 0)
		g_set_error(
			error, INPUTS_ERROR, 0,
			"%s/.config: changed since %s was made; build and analyse the kernel again, or put the configuration back",
			in->tree->build_dir, in->boundary);
	else
		return true;
	return false;
}

static bool check_config(const struct inputs *in, GError **error)
{
	g_autofree char *path = g_build_filename(in->tree->build_dir, ".config", NULL);

	return needs_check(path, INPUTS_ERROR, error);
}

static bool read_report(struct inputs *in, GError **error)
{
	in->report_text = emit_read_text(in->boundary, &in->report_length, error);
	if (in->report_text)
		in->report =
			emit_read_bytes(in->report_text, in->report_length, in->boundary, error);
	return in->report != NULL;
}

/* Takes the scheduler's file patterns from the report, whatever the defaults are now. */
static void take_patterns(struct inputs *in)
{
	const GPtrArray *patterns = in->report->provenance.scheduler_files;

	in->config = config_new();
	g_ptr_array_set_size(in->config->files, 0);
	for (guint i = 0; i < patterns->len; i++)
		g_ptr_array_add(in->config->files, g_strdup(g_ptr_array_index(patterns, i)));
}

/* Finds the units that hold the code that moves into the module. */
static bool find_units(struct inputs *in, GError **error)
{
	g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);
	const struct graph *graph = in->report->graph;

	for (guint i = 0; i < graph->functions->len; i++) {
		const struct graph_function *f = g_ptr_array_index(graph->functions, i);

		if (f->node.is_scheduler && f->unit && *f->unit)
			g_hash_table_add(wanted, (gpointer)f->unit);
	}
	for (guint i = 0; i < in->tree->units->len; i++) {
		const struct tree_unit *unit = g_ptr_array_index(in->tree->units, i);

		if (g_hash_table_remove(wanted, unit->source) &&
		    config_is_scheduler_file(in->config, unit->source))
			g_ptr_array_add(in->units, (gpointer)unit);
	}
	if (in->units->len)
		return true;
	g_set_error(error, INPUTS_ERROR, 0,
		    "%s: no unit of the scheduler was compiled in %s; build the kernel",
		    in->boundary, in->tree->build_dir);
	return false;
}

/*
 * Refuses units of several folders: the module's Makefile and the units' names as C identifiers
 * assume a single folder.
 */
static bool check_folder(const struct inputs *in, GError **error)
{
	for (guint i = 0; i < in->units->len; i++) {
		const struct tree_unit *unit = g_ptr_array_index(in->units, i);
		g_autofree char *folder = g_path_get_dirname(unit->source);

		if (strcmp(folder, in->folder) == 0)
			continue;
		g_set_error(
			error, INPUTS_ERROR, 0,
			"%s: not in %s: units of several folders cannot become one module yet; analyse without naming it under "
			"sidecar or mod_files",
			unit->source, in->folder);
		return false;
	}
	return true;
}

/* Opens the tree and vmlinux, and checks that they and the report belong to one build. */
static bool open_build(struct inputs *in, const char *kernel, const char *build, GError **error)
{
	in->tree = tree_open(kernel, build, error);
	if (!in->tree)
		return false;
	if (!in->tree->vmlinux) {
		g_set_error(error, INPUTS_ERROR, 0, "%s: has no vmlinux; build the kernel",
			    in->tree->build_dir);
		return false;
	}
	if (!symbols_check_exports(in->tree, error))
		return false;
	in->vmlinux = image_open(in->tree->vmlinux, error);
	return in->vmlinux && image_has_bytes(in->vmlinux, error) && check_build(in, error) &&
	       check_config(in, error);
}

bool inputs_open(struct inputs *in, const char *kernel, const char *build, const char *boundary,
		 GError **error)
{
	*in = (struct inputs){ .boundary = boundary, .units = g_ptr_array_new() };
	if (!read_report(in, error) || !check_report(in, error) ||
	    !open_build(in, kernel, build, error))
		return false;
	take_patterns(in);
	if (!find_units(in, error))
		return false;
	in->folder = g_path_get_dirname(
		((const struct tree_unit *)g_ptr_array_index(in->units, 0))->source);
	return check_folder(in, error);
}

void inputs_clear(struct inputs *in)
{
	if (in->units)
		g_ptr_array_unref(in->units);
	image_free(in->vmlinux);
	config_free(in->config);
	tree_free(in->tree);
	emit_read_free(in->report);
	g_free(in->report_text);
	g_free(in->folder);
}
