// SPDX-License-Identifier: GPL-2.0-only
/*
 * The whole extraction as a list of stages:
 *
 *   1. read the report;
 *   2. open the tree, and check that tree and report belong to one build;
 *   3. plan what becomes of each definition;
 *   4. rewrite the units that hold the code that moves into the module;
 *   5. find out which symbols of vmlinux they need;
 *   6. derive the springboard from vmlinux's code;
 *   7. write everything into a temporary folder, and put that folder in place.
 */
#include "rewriter/extract.h"

#include "rewriter/inputs.h"
#include "rewriter/replaced.h"
#include "rewriter/source/source.h"
#include "rewriter/symbols.h"
#include "rewriter/units.h"
#include "rewriter/written.h"

#include <stdio.h>

#define EXTRACT_ERROR g_quark_from_static_string("extract-error-quark")

struct extraction {
	const struct extract_options *options;
	GTimer *timer;
	struct inputs in;
	struct plan *plan;
	struct edits *edits;
	GPtrArray *rewritten; /* struct rewrite_unit * */
	struct symbols_needed *symbols;
	struct springboard *springboard;
	struct features *features; /* NULL: none of them belongs to vmlinux */
	GArray *text;              /* struct generated_text */
	GArray *names;             /* struct generated_name */
	GPtrArray *units;          /* struct generated_unit * */
	GStringChunk *strings;     /* of the units */
	struct generated module;
};

static const char *find_schedule_label(const struct plan *plan)
{
	for (guint i = 0; i < plan->entries->len; i++) {
		const struct plan_entry *entry = g_ptr_array_index(plan->entries, i);

		if (entry->node->kind == GRAPH_FUNCTION &&
		    entry->node->reason == GRAPH_REASON_SPRINGBOARD)
			return entry->label;
	}
	return NULL;
}

/* Where vmlinux's text begins, 0 if it has no such symbol. */
static uint64_t find_base(const struct image *vmlinux)
{
	const struct image_symbol *base = image_find(vmlinux, "_text");

	return base ? base->address : 0;
}

/* What is known before anything is rewritten. */
static struct generated begin_module(const struct inputs *in, const struct edits *edits)
{
	const char *release = in->report->provenance.kernel_release;

	return (struct generated){
		.tool_version = PLUGSCHED_VERSION,
		.kernel_release = release ? release : "of unknown release",
		.build_id = in->report->provenance.build_id,
		.build_dir = in->tree->build_dir,
		.folder = in->folder,
		.graph = in->report->graph,
		.edits = edits,
		.base = find_base(in->vmlinux),
	};
}

static void finish_module(struct extraction *x)
{
	x->units = units_describe(x->rewritten, x->plan, &x->module, x->strings);
	x->text = replaced_text(x->module.graph, x->in.vmlinux);
	x->module.units = x->units;
	x->module.text = x->text;
	x->names = replaced_names(x->units, x->in.vmlinux);
	x->module.names = x->names;
	x->module.symbols = x->symbols->table;
	x->module.unexported = x->symbols->unexported;
	x->module.core_unexported = x->symbols->core_unexported;
	x->module.features = x->features;
	x->module.schedule_label = find_schedule_label(x->plan);
}

/* --- the stages */

static bool rewrite(struct extraction *x, GError **error)
{
	const struct inputs *in = &x->in;
	struct rewrite rewrite;

	x->plan = plan_new(in->report->graph, error);
	if (!x->plan)
		return false;
	rewrite = (struct rewrite){ x->plan,    in->tree, in->vmlinux,
				    in->config, x->edits, x->options->stop };
	x->rewritten = rewrite_units(&rewrite, in->units, x->options->threads, error);
	return x->rewritten != NULL;
}

/* What only vmlinux tells. */
static bool ask_vmlinux(struct extraction *x, GError **error)
{
	const struct inputs *in = &x->in;

	x->springboard = springboard_derive(in->vmlinux, error);
	if (!x->springboard)
		return false;
	x->symbols = symbols_needed_new(x->plan, in->tree, in->units, in->vmlinux, error);
	return x->symbols && features_read(x->plan, in->vmlinux, &x->features, error);
}

static bool check_module(const struct extraction *x, GError **error)
{
	if (!x->module.base)
		g_set_error(error, EXTRACT_ERROR, 0,
			    "%s: has no symbol _text: not a kernel for x86-64",
			    x->in.tree->vmlinux);
	else if (!x->module.schedule_label)
		g_set_error(
			error, EXTRACT_ERROR, 0,
			"%s: no __schedule that can be replaced is in it, so no module can be made of this kernel",
			x->options->boundary);
	else
		return true;
	return false;
}

static bool run_stages(struct extraction *x, GError **error)
{
	const struct extract_options *o = x->options;

	if (!folder_check(o->output, o->may_merge, error) ||
	    !inputs_open(&x->in, o->kernel, o->build, o->boundary, error))
		return false;
	x->module = begin_module(&x->in, x->edits);
	if (!rewrite(x, error) || !ask_vmlinux(x, error))
		return false;
	finish_module(x);
	return check_module(x, error);
}

static enum folder_result put_in_place(const struct extraction *x, GError **error)
{
	struct written_folder written = { &x->module, x->springboard, x->in.report_text,
					  x->in.report_length };

	return written_put(&written, x->options->output, x->options->may_merge, x->options->stop,
			   error);
}

static guint count_redirected(const GPtrArray *units)
{
	guint count = 0;

	for (guint i = 0; i < units->len; i++) {
		const struct generated_unit *unit = g_ptr_array_index(units, i);

		for (guint j = 0; j < unit->interface->len; j++)
			count += ((const struct generated_interface *)g_ptr_array_index(
					  unit->interface, j))
					 ->is_redirected;
	}
	return count;
}

static void summary(const struct extraction *x, enum folder_result result)
{
	static const char *const what[] = { "", "is there", "is up to date",
					    "was brought up to date",
					    "was merged with your edits" };
	struct generated_edit_counts counts = generated_count_edits(x->edits);
	guint redirected = count_redirected(x->units);

	fprintf(stderr, "%s %s: the scheduler of Linux %s, build-id %s\n\n", x->options->output,
		what[result], x->module.kernel_release, x->module.build_id);
	fprintf(stderr,
		"  %u files, %u lines: %u removed or replaced (%.1f %%), %u new (%.1f %%)\n",
		counts.files, counts.lines, counts.removed,
		100.0 * counts.removed / MAX(counts.lines, 1), counts.added,
		100.0 * counts.added / MAX(counts.lines, 1));
	for (guint kind = 0; kind < EDIT_KINDS; kind++)
		if (counts.edits[kind])
			fprintf(stderr, "  %5u  %-12s %s\n", counts.edits[kind],
				edit_kind_code(kind), edit_kind_text(kind));
	fprintf(stderr,
		"\n%u functions lead into the module, %u symbols of vmlinux are used without an export; %.2f s\n"
		"EXTRACTED.md lists every edit; `make -C %s` builds scheduler.ko\n",
		redirected, x->symbols->unexported->len, g_timer_elapsed(x->timer, NULL),
		x->options->output);
}

static void extraction_clear(struct extraction *x)
{
	springboard_free(x->springboard);
	features_free(x->features);
	symbols_needed_free(x->symbols);
	g_clear_pointer(&x->text, g_array_unref);
	g_clear_pointer(&x->names, g_array_unref);
	g_clear_pointer(&x->units, g_ptr_array_unref);
	g_clear_pointer(&x->rewritten, g_ptr_array_unref);
	plan_free(x->plan);
	edits_free(x->edits);
	inputs_clear(&x->in);
	g_string_chunk_free(x->strings);
	g_timer_destroy(x->timer);
}

enum extract_status extract(const struct extract_options *options, GError **error)
{
	struct extraction x = {
		.options = options,
		.timer = g_timer_new(),
		.edits = edits_new(),
		.strings = g_string_chunk_new(4096),
	};
	g_autoptr(GError) fault = NULL;
	enum extract_status status = EXTRACT_FAILED;

	if (run_stages(&x, &fault) && options->is_dry) {
		generate_edits(stdout, &x.module);
		status = EXTRACT_DONE;
	} else if (!fault) {
		enum folder_result result = put_in_place(&x, &fault);

		if (result != FOLDER_FAILED) {
			status = EXTRACT_DONE;
			if (!options->is_quiet)
				summary(&x, result);
		} else if (g_error_matches(fault, FOLDER_ERROR, FOLDER_ERROR_CONFLICT)) {
			status = EXTRACT_CONFLICT;
		}
	}
	extraction_clear(&x);
	if (fault)
		g_propagate_error(error, g_steal_pointer(&fault));
	return status;
}
