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

#include "rewriter/generate/generate.h"
#include "emit/read.h"
#include "rewriter/folder/folder.h"
#include "rewriter/needs.h"
#include "rewriter/replaced.h"
#include "rewriter/source/source.h"
#include "rewriter/springboard/springboard.h"
#include "rewriter/symbols.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXTRACT_ERROR g_quark_from_static_string("extract-error-quark")

struct extraction {
	const struct extract_options *options;
	GTimer *timer;
	char *report_text; /* the report's bytes: they are written into the folder */
	size_t report_length;
	struct emit_read *report;
	struct tree *tree;
	struct config *config;
	struct image *vmlinux;
	struct plan *plan;
	struct edits *edits;
	GPtrArray *units;     /* const struct tree_unit * */
	GPtrArray *rewritten; /* struct rewrite_unit * */
	struct symbols_needed *symbols;
	struct springboard *springboard;
	struct features *features; /* NULL: none of them belongs to vmlinux */
	GArray *text;              /* struct generated_text */
	GPtrArray *module_units;   /* struct generated_unit * */
	GStringChunk *strings;
	char *scheduler_folder;
	struct generated module;
};

/* --- inputs */

static bool check_report(const struct extraction *x, GError **error)
{
	const struct emit_provenance *p = &x->report->provenance;

	if (!p->build_id || !p->config_hash)
		g_set_error(
			error, EXTRACT_ERROR, 0,
			"%s: made without a vmlinux or without a .config; build the kernel and analyse it again",
			x->options->boundary);
	else if (p->problems->len)
		g_set_error(error, EXTRACT_ERROR, 0,
			    "%s: the report is incomplete (%s: %s); analyse the kernel again",
			    x->options->boundary,
			    g_array_index(p->problems, struct emit_problem, 0).file,
			    g_array_index(p->problems, struct emit_problem, 0).message);
	else
		return true;
	return false;
}

static bool check_build(const struct extraction *x, GError **error)
{
	const struct emit_provenance *p = &x->report->provenance;
	const char *build_id = image_build_id(x->vmlinux);

	if (!build_id || strcmp(build_id, p->build_id) != 0)
		g_set_error(
			error, EXTRACT_ERROR, 0,
			"%s: the report %s is of another kernel: build-id %s here, %s there; analyse this one, or name the tree of "
			"the other with --kernel",
			x->tree->vmlinux, x->options->boundary, build_id ? build_id : "none",
			p->build_id);
	else if (!x->tree->config_hash || strcmp(x->tree->config_hash, p->config_hash) != 0)
		g_set_error(
			error, EXTRACT_ERROR, 0,
			"%s/.config: changed since %s was made; build and analyse the kernel again, or put the configuration back",
			x->tree->build_dir, x->options->boundary);
	else
		return true;
	return false;
}

static bool check_config(const struct extraction *x, GError **error)
{
	g_autofree char *path = g_build_filename(x->tree->build_dir, ".config", NULL);

	return needs_check(path, EXTRACT_ERROR, error);
}

static bool read_report(struct extraction *x, GError **error)
{
	x->report_text = emit_read_text(x->options->boundary, &x->report_length, error);
	if (x->report_text)
		x->report = emit_read_bytes(x->report_text, x->report_length, x->options->boundary,
					    error);
	return x->report != NULL;
}

static bool open_inputs(struct extraction *x, GError **error)
{
	if (!folder_check(x->options->output, x->options->may_merge, error) ||
	    !read_report(x, error) || !check_report(x, error) ||
	    !(x->tree = tree_open(x->options->kernel, x->options->build, error)))
		return false;
	if (!x->tree->vmlinux) {
		g_set_error(error, EXTRACT_ERROR, 0, "%s: has no vmlinux; build the kernel",
			    x->tree->build_dir);
		return false;
	}
	if (!symbols_check_exports(x->tree, error))
		return false;
	x->vmlinux = image_open(x->tree->vmlinux, error);
	return x->vmlinux && check_build(x, error) && check_config(x, error);
}

/* Takes the scheduler's file patterns from the report, whatever the defaults are now. */
static void take_patterns(struct extraction *x)
{
	const GPtrArray *patterns = x->report->provenance.scheduler_files;

	x->config = config_new();
	g_ptr_array_set_size(x->config->files, 0);
	for (guint i = 0; i < patterns->len; i++)
		g_ptr_array_add(x->config->files, g_strdup(g_ptr_array_index(patterns, i)));
}

/* Finds the units that hold the code that moves into the module. */
static bool find_units(struct extraction *x, GError **error)
{
	g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);
	const struct graph *graph = x->report->graph;

	for (guint i = 0; i < graph->functions->len; i++) {
		const struct graph_function *f = g_ptr_array_index(graph->functions, i);

		if (f->node.is_scheduler && f->unit && *f->unit)
			g_hash_table_add(wanted, (gpointer)f->unit);
	}
	for (guint i = 0; i < x->tree->units->len; i++) {
		const struct tree_unit *unit = g_ptr_array_index(x->tree->units, i);

		if (g_hash_table_remove(wanted, unit->source) &&
		    config_is_scheduler_file(x->config, unit->source))
			g_ptr_array_add(x->units, (gpointer)unit);
	}
	if (x->units->len)
		return true;
	g_set_error(error, EXTRACT_ERROR, 0,
		    "%s: no unit of the scheduler was compiled in %s; build the kernel",
		    x->options->boundary, x->tree->build_dir);
	return false;
}

/* --- the contents of the tables */

static int compare_interfaces(gconstpointer left, gconstpointer right)
{
	const struct generated_interface *l = *(const struct generated_interface *const *)left,
					 *r = *(const struct generated_interface *const *)right;
	int order = strcmp(l->function->node.name, r->function->node.name);

	return order ? order : strcmp(l->function->node.file, r->function->node.file);
}

static int compare_variables(gconstpointer left, gconstpointer right)
{
	const struct graph_variable *l = *(const struct graph_variable *const *)left,
				    *r = *(const struct graph_variable *const *)right;
	int order = strcmp(l->node.name, r->node.name);

	return order ? order : strcmp(l->node.file, r->node.file);
}

static void add_defined(struct extraction *x, struct generated_unit *unit,
			const struct plan_entry *entry)
{
	struct graph_node *node = (struct graph_node *)entry->node;
	struct generated_interface *interface;
	g_autofree char *renamed = NULL;

	if (node->kind == GRAPH_VARIABLE) {
		g_ptr_array_add(unit->classes, node);
		return;
	}
	if (node->class != GRAPH_INTERFACE || entry->fate != PLAN_KEEP)
		return;
	renamed = g_strconcat(entry->is_foreign_address ? REWRITE_RENAME : "", node->name, NULL);
	interface = g_new0(struct generated_interface, 1);
	interface->function = graph_as_function(node);
	interface->body = g_string_chunk_insert(x->strings, renamed);
	interface->is_redirected = entry->is_redirected;
	g_ptr_array_add(unit->interface, interface);
}

static bool has_checked_size(const struct graph_variable *v)
{
	return v->binary.size > 0;
}

/* How C code in the unit can name a record; NULL if it cannot. Caller frees. */
static char *name_in_unit(const struct graph_record *r, const struct rewrite_unit *unit,
			  const struct generated_unit *module_unit)
{
	const char *type = g_hash_table_lookup(unit->records, r->name);

	if (type)
		return g_strdup(type);
	for (guint i = 0; i < module_unit->variables->len; i++) {
		const struct graph_variable *v = g_ptr_array_index(module_unit->variables, i);

		if (strcmp(v->node.name, r->name) == 0 && strcmp(v->node.file, r->file) == 0)
			return g_strdup_printf("typeof(%s)", r->name);
	}
	return NULL;
}

/*
 * Adds each layout that code outside the module depends on, once: in the first unit that can name
 * it.
 */
static void add_records(struct extraction *x, struct generated_unit *unit,
			const struct rewrite_unit *rewritten, GHashTable *done)
{
	for (guint i = 0; i < x->plan->graph->records->len; i++) {
		const struct graph_record *r = g_ptr_array_index(x->plan->graph->records, i);
		g_autofree char *name = NULL;

		if (r->class != GRAPH_EXTERNAL || !r->size || strchr(r->name, '.') ||
		    g_hash_table_contains(done, r) || !(name = name_in_unit(r, rewritten, unit)))
			continue;
		g_hash_table_add(done, (gpointer)r);
		g_ptr_array_add(unit->records, (gpointer)r);
		g_ptr_array_add(unit->named, g_string_chunk_insert(x->strings, name));
	}
}

static void module_unit_free(gpointer data)
{
	struct generated_unit *unit = data;

	g_ptr_array_unref(unit->interface);
	g_ptr_array_unref(unit->classes);
	g_ptr_array_unref(unit->variables);
	g_ptr_array_unref(unit->stays);
	g_ptr_array_unref(unit->records);
	g_ptr_array_unref(unit->named);
	g_free(unit);
}

static struct generated_unit *module_unit_new(struct extraction *x,
					      const struct rewrite_unit *rewritten)
{
	struct generated_unit *unit = g_new0(struct generated_unit, 1);
	const char *file = generated_file_name(&x->module, rewritten->unit->source);

	unit->source = rewritten->unit->source;
	unit->name = g_string_chunk_insert_len(x->strings, file, (gssize)strlen(file) - 2);
	unit->interface = g_ptr_array_new_with_free_func(g_free);
	unit->classes = g_ptr_array_new();
	unit->variables = g_ptr_array_new();
	unit->stays = g_ptr_array_new();
	unit->records = g_ptr_array_new();
	unit->named = g_ptr_array_new();
	for (guint i = 0; i < rewritten->defined->len; i++)
		add_defined(x, unit, g_ptr_array_index(rewritten->defined, i));
	for (guint i = 0; i < rewritten->declared->len; i++) {
		const struct plan_entry *entry = g_ptr_array_index(rewritten->declared, i);
		const struct graph_variable *v =
			graph_as_variable((struct graph_node *)entry->node);

		if (has_checked_size(v) && !g_ptr_array_find(unit->variables, v, NULL))
			g_ptr_array_add(unit->variables, (gpointer)v);
	}
	for (guint i = 0; i < rewritten->prototypes->len; i++)
		g_ptr_array_add(unit->stays,
				(gpointer)((const struct plan_entry *)g_ptr_array_index(
						   rewritten->prototypes, i))
					->node);
	g_ptr_array_sort(unit->interface, compare_interfaces);
	g_ptr_array_sort(unit->classes, compare_variables);
	g_ptr_array_sort(unit->variables, compare_variables);
	return unit;
}

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

static void make_module(struct extraction *x)
{
	g_autoptr(GHashTable) done = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < x->rewritten->len; i++) {
		const struct rewrite_unit *rewritten = g_ptr_array_index(x->rewritten, i);
		struct generated_unit *unit = module_unit_new(x, rewritten);

		add_records(x, unit, rewritten, done);
		g_ptr_array_add(x->module_units, unit);
	}
	x->module.graph = x->plan->graph;
	x->module.units = x->module_units;
	x->module.symbols = x->symbols->table;
	x->module.unexported = x->symbols->unexported;
	x->module.edits = x->edits;
	x->module.features = x->features;
	x->module.schedule_label = find_schedule_label(x->plan);
	x->text = replaced_text(x->plan->graph, x->vmlinux);
	x->module.text = x->text;
}

static bool find_base(struct extraction *x, GError **error)
{
	const struct image_symbol *base = image_find(x->vmlinux, "_text");

	if (base)
		x->module.base = base->address;
	else
		g_set_error(error, EXTRACT_ERROR, 0,
			    "%s: has no symbol _text: not a kernel for x86-64", x->tree->vmlinux);
	return base != NULL;
}

/*
 * Refuses units of several folders: the module's Makefile and the units' names as C identifiers
 * assume a single folder.
 */
static bool check_folder(const struct extraction *x, GError **error)
{
	for (guint i = 0; i < x->units->len; i++) {
		const struct tree_unit *unit = g_ptr_array_index(x->units, i);
		g_autofree char *folder = g_path_get_dirname(unit->source);

		if (strcmp(folder, x->scheduler_folder) == 0)
			continue;
		g_set_error(
			error, EXTRACT_ERROR, 0,
			"%s: not in %s: units of several folders cannot become one module yet; analyse without naming it under "
			"sidecar or mod_files",
			unit->source, x->scheduler_folder);
		return false;
	}
	return true;
}

static void describe_module(struct extraction *x)
{
	x->scheduler_folder = g_path_get_dirname(
		((const struct tree_unit *)g_ptr_array_index(x->units, 0))->source);
	x->module.tool_version = PLUGSCHED_VERSION;
	x->module.kernel_release = x->report->provenance.kernel_release
					   ? x->report->provenance.kernel_release
					   : "of unknown release";
	x->module.build_id = x->report->provenance.build_id;
	x->module.build_dir = x->tree->build_dir;
	x->module.folder = x->scheduler_folder;
}

/* --- writing */

typedef void (*emitter)(FILE *out, const struct generated *module);

static const struct {
	const char *name;
	emitter emit;
} generated[] = {
	{ "Kbuild", generate_kbuild },
	{ "Makefile", generate_makefile },
	{ "plugsched.h", generate_prelude },
	{ "boundary.h", generate_boundary_header },
	{ "interface.h", generate_interface_table },
	{ "units.h", generate_unit_list },
	{ "text.h", generate_text_table },
	{ "symbols.h", generate_symbol_table },
	{ "vmlinux.symvers", generate_symvers },
	{ "identity.h", generate_identity },
	{ "tables.c", generate_tables },
	{ "springboard.S", generate_springboard_stub },
	{ "abi_check.h", generate_abi_check },
	{ "check_begin.h", generate_check_begin },
	{ "check_end.h", generate_check_end },
	{ "check.sh", generate_check_script },
	{ ".gitignore", generate_gitignore },
	{ ".gitattributes", generate_gitattributes },
	{ "EXTRACTED.md", generate_edits },
};

static bool write_generated(const struct extraction *x, struct folder *folder, const char *name,
			    emitter emit, GError **error)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	bool is_good;

	emit(out, &x->module);
	fclose(out);
	is_good = folder_write(folder, name, text, length, error);
	free(text);
	return is_good;
}

static bool write_springboard(const struct extraction *x, struct folder *folder, GError **error)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	bool is_good;

	springboard_write_header(out, x->springboard);
	fclose(out);
	is_good = folder_write(folder, "springboard.h", text, length, error);
	free(text);
	return is_good;
}

static bool write_sources(const struct extraction *x, struct folder *folder, GError **error)
{
	for (guint i = 0; i < x->edits->files->len; i++) {
		const struct edit_file *file = g_ptr_array_index(x->edits->files, i);
		gsize length;
		g_autofree char *text = edits_file_text(file, &length);

		if (!folder_write(folder, generated_file_name(&x->module, file->name), text, length,
				  error))
			return false;
	}
	return true;
}

static bool write_runtime(struct folder *folder, GError **error)
{
	size_t count;
	const struct generated_runtime_file *files = generated_runtime_files(&count);

	for (size_t i = 0; i < count; i++)
		if (!folder_write(folder, files[i].name, files[i].begin,
				  (size_t)(files[i].end - files[i].begin), error))
			return false;
	return true;
}

static bool write_all(const struct extraction *x, struct folder *folder, GError **error)
{
	if (!write_sources(x, folder, error) || !write_springboard(x, folder, error) ||
	    !write_runtime(folder, error) ||
	    !folder_write(folder, GENERATED_REPORT, x->report_text, x->report_length, error))
		return false;
	for (guint i = 0; i < G_N_ELEMENTS(generated); i++)
		if (!write_generated(x, folder, generated[i].name, generated[i].emit, error))
			return false;
	if (!x->options->stop || !*x->options->stop)
		return true;
	g_set_error(error, EXTRACT_ERROR, 0, "interrupted: %s is as it was", x->options->output);
	return false;
}

static enum folder_result put_in_place(const struct extraction *x, GError **error)
{
	g_autofree char *message =
		g_strdup_printf("Extract the scheduler of Linux %s\n\nbuild-id %s",
				x->module.kernel_release, x->module.build_id);
	struct folder *folder = folder_begin(x->options->output, error);
	enum folder_result result = FOLDER_FAILED;

	if (folder && write_all(x, folder, error))
		result = folder_commit(folder, message, x->options->may_merge, error);
	folder_end(folder);
	return result;
}

/* --- the stages */

static bool rewrite(struct extraction *x, GError **error)
{
	struct rewrite rewrite;

	x->plan = plan_new(x->report->graph, error);
	if (!x->plan)
		return false;
	rewrite = (struct rewrite){ x->plan,   x->tree,  x->vmlinux,
				    x->config, x->edits, x->options->stop };
	x->rewritten = rewrite_units(&rewrite, x->units, x->options->threads, error);
	return x->rewritten != NULL;
}

static bool run_stages(struct extraction *x, GError **error)
{
	if (!open_inputs(x, error))
		return false;
	take_patterns(x);
	if (!find_units(x, error))
		return false;
	describe_module(x);
	if (!check_folder(x, error) || !rewrite(x, error) ||
	    !(x->springboard = springboard_derive(x->vmlinux, error)) ||
	    !(x->symbols = symbols_needed_new(x->plan, x->tree, x->units, x->vmlinux, error)))
		return false;
	if (!find_base(x, error) || !features_read(x->plan, x->vmlinux, &x->features, error))
		return false;
	make_module(x);
	if (x->module.schedule_label)
		return true;
	g_set_error(
		error, EXTRACT_ERROR, 0,
		"%s: no __schedule that can be replaced is in it, so no module can be made of this kernel",
		x->options->boundary);
	return false;
}

static void summary(const struct extraction *x, enum folder_result result)
{
	static const char *const what[] = { "", "is there", "is up to date",
					    "was brought up to date",
					    "was merged with your edits" };
	struct generated_edit_counts counts = generated_count_edits(x->edits);
	guint redirected = 0;

	for (guint i = 0; i < x->plan->entries->len; i++) {
		const struct plan_entry *entry = g_ptr_array_index(x->plan->entries, i);

		redirected += entry->is_redirected && entry->fate == PLAN_KEEP;
	}
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
	g_clear_pointer(&x->rewritten, g_ptr_array_unref);
	g_ptr_array_unref(x->module_units);
	g_ptr_array_unref(x->units);
	edits_free(x->edits);
	plan_free(x->plan);
	image_free(x->vmlinux);
	config_free(x->config);
	tree_free(x->tree);
	emit_read_free(x->report);
	g_free(x->report_text);
	g_string_chunk_free(x->strings);
	g_free(x->scheduler_folder);
	g_timer_destroy(x->timer);
}

enum extract_status extract(const struct extract_options *options, GError **error)
{
	struct extraction x = {
		.options = options,
		.timer = g_timer_new(),
		.edits = edits_new(),
		.units = g_ptr_array_new(),
		.module_units = g_ptr_array_new_with_free_func(module_unit_free),
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
