// SPDX-License-Identifier: GPL-2.0-only
/*
 * The whole analysis, as a list of stages:
 *
 *   1. Open the tree. Find out from sources and relocations which units matter. Read vmlinux.
 *   2. Collect the facts of those units, link them into a graph and solve it.
 *   3. Some members of structs outside the scheduler now have no known user but the scheduler.
 *      Collect the facts of the units that could use one of them, then link and solve again.
 *   4. Repeat this for units that could change where an indirect call leads.
 *   5. Write the report.
 *
 * With --exhaustive the facts of all units are collected, and the same link is made from them. If
 * the report stays the same, the selection of units lost nothing. --facts does the same with facts
 * that were collected earlier.
 */
#include "analyzer/analyze.h"

#include "analyzer/covered.h"
#include "analyzer/link/link.h"
#include "base/progress.h"
#include "analyzer/select/select.h"
#include "analyzer/source/source.h"
#include "emit/emit.h"
#include "graph/boundary.h"

#include <string.h>
#include <sys/resource.h>

#define ANALYZE_ERROR g_quark_from_static_string("analyze-error-quark")

struct analysis {
	const struct analyze_options *options;
	GTimer *timer;
	struct config *config;
	struct tree *tree;
	struct source_context context;
	struct source_prefix *prefix; /* NULL with --exhaustive, which takes no shortcut */
	struct source_store *store;   /* NULL without --facts */
	uint8_t *roles;               /* by unit */
	GHashTable *inliners;         /* sources of units that may hold inlined scheduler code */
	struct objects *objects;
	struct binary *binary;
	const struct facts **facts; /* by unit; NULL where not collected */
	GPtrArray *results;         /* struct source_result *; they own the facts */
	struct graph *graph;
	struct indirect_frontier *frontier; /* of the last link */
	uint8_t *is_asked;                  /* by unit: its facts were asked for */
	GArray *problems;                   /* struct emit_problem */
	GStringChunk *strings;              /* of the problems */
	GPtrArray *scheduler_files;         /* patterns, for the report */
	struct emit_run run;
};

static void add_problem(struct analysis *a, const char *code, const char *file, const char *message)
{
	struct emit_problem problem = {
		.code = g_string_chunk_insert_const(a->strings, code),
		.file = g_string_chunk_insert_const(a->strings, file),
		.message = g_string_chunk_insert(a->strings, message),
	};

	g_array_append_val(a->problems, problem);
}

static const struct tree_unit *unit_at(const struct analysis *a, guint i)
{
	return g_ptr_array_index(a->tree->units, i);
}

static bool is_stopped(const struct analysis *a)
{
	return a->options->stop && *a->options->stop;
}

/* True if the facts of all units are collected, not only those of units that can matter. */
static bool takes_all(const struct analysis *a)
{
	return a->options->is_exhaustive || a->options->is_whole || a->options->facts;
}

static bool open_inputs(struct analysis *a, GError **error)
{
	a->config = a->options->config ? config_read(a->options->config, error) : config_new();
	if (!a->config)
		return false;
	a->tree = tree_open(a->options->kernel, a->options->build, error);
	if (!a->tree)
		return false;
	a->facts = g_new0(const struct facts *, a->tree->units->len + 1);
	a->is_asked = g_new0(uint8_t, a->tree->units->len + 1);
	a->run.units_known = a->tree->units->len;
	a->context = (struct source_context){ .tree = a->tree,
					      .config = a->config,
					      .tool_version = PLUGSCHED_VERSION };
	if (a->options->facts && !(a->store = source_store_open(a->options->facts, error)))
		return false;
	if (!takes_all(a))
		a->prefix = source_prefix_new(&a->context);
	for (guint i = 0; i < a->config->files->len; i++)
		g_ptr_array_add(a->scheduler_files, g_ptr_array_index(a->config->files, i));
	for (guint i = 0; i < a->config->sidecars->len; i++)
		g_ptr_array_add(a->scheduler_files, g_ptr_array_index(a->config->sidecars, i));
	return true;
}

static bool has_scheduler_unit(const struct analysis *a)
{
	for (guint i = 0; i < a->tree->units->len; i++)
		if (a->roles[i] == SELECT_SCHEDULER)
			return true;
	return false;
}

static void read_objects(struct analysis *a)
{
	g_autoptr(GPtrArray) scheduler = g_ptr_array_new(), others = g_ptr_array_new();

	for (guint i = 0; i < a->tree->units->len; i++) {
		const struct tree_unit *unit = unit_at(a, i);

		if (*unit->object && !unit->asm_offsets)
			g_ptr_array_add(a->roles[i] == SELECT_SCHEDULER ? scheduler : others,
					(gpointer)unit->object);
	}
	for (guint i = 0; i < a->tree->assembly->len; i++)
		g_ptr_array_add(others, g_ptr_array_index(a->tree->assembly, i));
	covered_add_last(a->tree, others); /* .vmlinux.export.o refers to what modules may use */
	a->objects = objects_read(a->tree->build_dir, scheduler, others, a->options->threads);
}

static bool select_units(struct analysis *a, GError **error)
{
	a->roles = select_by_source(a->tree, a->config);
	if (!has_scheduler_unit(a)) {
		const GPtrArray *files = a->scheduler_files;

		g_set_error(
			error, ANALYZE_ERROR, 0,
			"%s: no compiled unit holds a scheduler file (%s); build the kernel there, or name the "
			"scheduler's files as mod_files in --config",
			a->tree->build_dir,
			files->len ? (char *)g_ptr_array_index(files, 0) : "none is named");
		return false;
	}
	for (guint i = 0; i < a->tree->units->len; i++)
		if (a->roles[i] != SELECT_OTHER)
			g_hash_table_add(a->inliners, (gpointer)unit_at(a, i)->source);
	read_objects(a);
	select_by_objects(a->tree, a->objects, a->roles);
	for (guint i = 0; i < a->objects->missing->len; i++)
		add_problem(a, "object-missing", g_ptr_array_index(a->objects->missing, i),
			    "cannot be read, so its relocations are unknown; finish the build");
	return true;
}

static bool check_binary(const struct analysis *a, GError **error)
{
	g_autoptr(GPtrArray) objects = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < a->tree->units->len; i++) {
		g_autofree char *path = NULL;

		if (a->roles[i] != SELECT_SCHEDULER || !*unit_at(a, i)->object)
			continue;
		path = g_build_filename(a->tree->build_dir, unit_at(a, i)->object, NULL);
		if (g_file_test(path, G_FILE_TEST_EXISTS))
			g_ptr_array_add(objects, g_steal_pointer(&path));
	}
	return binary_check_objects(a->binary, objects, error);
}

/*
 * Checks that the file names in the debug information fit the tree. Without this check every
 * function would silently seem to have no symbol.
 */
static bool knows_scheduler(const struct analysis *a, GError **error)
{
	for (guint i = 0; i < a->binary->functions->len; i++) {
		const struct binary_function *f = g_ptr_array_index(a->binary->functions, i);

		if (config_is_scheduler_file(a->config, f->file))
			return true;
	}
	g_set_error(
		error, ANALYZE_ERROR, 0,
		"%s: its debug information names no function of the scheduler's files in %s; build the kernel from "
		"these sources, with CONFIG_DEBUG_INFO",
		a->tree->vmlinux, a->tree->source_dir);
	return false;
}

static bool read_binary(struct analysis *a, GError **error)
{
	if (!a->tree->vmlinux) {
		add_problem(
			a, "no-vmlinux", "vmlinux",
			"not in the build tree: what the compiler inlined, cloned or dropped is unknown, and the "
			"boundary is drawn from source alone; build vmlinux");
		return true;
	}
	a->binary = binary_open(a->tree->vmlinux, a->tree->source_dir, a->tree->build_dir,
				a->inliners, error);
	return a->binary && check_binary(a, error) && knows_scheduler(a, error) &&
	       covered_check(a->tree, a->binary, error);
}

static void add_failures(struct analysis *a, const struct source_result *result)
{
	for (guint i = 0; i < result->failures->len; i++) {
		const struct source_failure *failure = g_ptr_array_index(result->failures, i);
		g_autofree char *message = g_strdup_printf(
			"%s: %s", a->store ? "no facts" : "not parsed", failure->message);

		add_problem(a, a->store ? "facts-missing" : "unit-not-parsed",
			    failure->unit->source, message);
	}
	if (result->cache_problem && !a->options->is_quiet)
		g_printerr(
			"plugsched-analyze: the cache is not used: %s; give another place with --cache or none "
			"with --no-cache\n",
			result->cache_problem);
}

/*
 * Reports that no unit's facts can be used. One unit stands for all: facts of another kernel or
 * version are refused for the same reason everywhere.
 */
static bool fail_without_facts(const struct source_result *result, GError **error)
{
	const struct source_failure *failure = g_ptr_array_index(result->failures, 0);

	g_set_error(error, ANALYZE_ERROR, 0,
		    "%s: no facts of any unit can be used; of this one: %s", failure->unit->source,
		    failure->message);
	return false;
}

/* Collects the facts of the units whose flag in `wanted` is set. */
static bool collect(struct analysis *a, const uint8_t *wanted, const char *what, GError **error)
{
	struct progress progress = { .what = what, .is_drawn = a->options->has_progress };
	struct source_options options = {
		.threads = a->options->threads,
		.cache_dir = a->options->cache_dir,
		.prefix = a->prefix,
		.store = a->store,
		.progress = progress_show,
		.progress_data = &progress,
		.stop = a->options->stop,
	};
	g_autoptr(GPtrArray) units = g_ptr_array_new();
	struct source_result *result;

	for (guint i = 0; i < a->tree->units->len; i++)
		if (wanted[i]) {
			g_ptr_array_add(units, g_ptr_array_index(a->tree->units, i));
			a->is_asked[i] = 1;
		}
	progress_begin(&progress);
	result = source_collect(&a->context, units, &options);
	progress_end(&progress);
	g_ptr_array_add(a->results, result);
	for (guint i = 0, next = 0; i < a->tree->units->len; i++)
		if (wanted[i])
			a->facts[i] = g_ptr_array_index(result->facts, next++);
	a->run.units_parsed += result->parsed;
	a->run.units_cached += result->cached;
	a->run.units_used += units->len;
	if (is_stopped(a)) {
		g_set_error(error, ANALYZE_ERROR, 0, "interrupted: %s is as it was",
			    a->options->output);
		return false;
	}
	if (a->store && result->failures->len == units->len)
		return fail_without_facts(result, error);
	add_failures(a, result);
	return true;
}

static bool collect_first(struct analysis *a, GError **error)
{
	g_autofree uint8_t *wanted = g_new0(uint8_t, a->tree->units->len + 1);

	for (guint i = 0; i < a->tree->units->len; i++)
		wanted[i] = takes_all(a) || a->roles[i] != SELECT_OTHER;
	return collect(a, wanted, "units", error);
}

/* The object whose relocations tell what the unit uses; "" if there is none that can be read. */
static const char *readable_object(const struct analysis *a, const struct tree_unit *unit)
{
	const GPtrArray *missing = a->objects->missing;

	if (unit->asm_offsets ||
	    g_ptr_array_find_with_equal_func((GPtrArray *)missing, unit->object, g_str_equal, NULL))
		return "";
	return unit->object;
}

static void link_and_solve(struct analysis *a, GHashTable *undecided)
{
	struct link_input input = {
		.config = a->config,
		.binary = a->binary,
		.objects = a->objects,
		.undecided = undecided,
		.is_whole = a->options->is_whole,
		.units = g_array_new(FALSE, FALSE, sizeof(struct link_unit)),
	};

	for (guint i = 0; i < a->tree->units->len; i++) {
		struct link_unit unit = {
			.facts = a->facts[i],
			.object = readable_object(a, unit_at(a, i)),
			.is_scheduler = a->roles[i] == SELECT_SCHEDULER,
			.members_only = a->roles[i] == SELECT_OTHER && !a->options->is_whole,
		};

		if (unit.facts && (undecided || !unit.members_only))
			g_array_append_val(input.units, unit);
	}
	graph_free(a->graph);
	g_clear_pointer(&a->frontier, indirect_frontier_free);
	a->graph = link_graph(&input, undecided && !takes_all(a) ? &a->frontier : NULL);
	boundary_solve(a->graph, &(struct boundary_options){ 0 });
	g_array_unref(input.units);
}

/*
 * Members of structs outside the scheduler's files that, so far, only code of the module is known
 * to use. Returns their keys (link_member_key) and adds their names to `names`.
 */
static GHashTable *undecided_members(const struct analysis *a, GHashTable *names)
{
	GHashTable *keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < a->graph->members->len; i++) {
		const struct graph_member *m = g_ptr_array_index(a->graph->members, i);

		if (m->node.is_scheduler || m->node.class != GRAPH_INTERNAL ||
		    !m->node.uses_of->len)
			continue;
		g_hash_table_add(keys, link_member_key(m));
		g_hash_table_add(names, g_strdup(m->node.name));
	}
	return keys;
}

static void add_flags(uint8_t *flags, uint8_t *more, guint n)
{
	for (guint i = 0; i < n; i++)
		flags[i] |= more[i];
	g_free(more);
}

/*
 * Collects the facts of the wanted units that were not asked for before, and clears the flags of
 * the others in `wanted`. `*is_new` tells whether there were any.
 */
static bool collect_more(struct analysis *a, uint8_t *wanted, bool *is_new, GError **error)
{
	*is_new = false;
	for (guint i = 0; i < a->tree->units->len; i++) {
		wanted[i] = wanted[i] && !a->is_asked[i];
		*is_new |= wanted[i];
	}
	return !*is_new || collect(a, wanted, "more units", error);
}

/* Units that could change the answers for indirect calls. */
static uint8_t *units_at_frontier(const struct analysis *a)
{
	const struct indirect_frontier *f = a->frontier;
	const char *cache = a->options->cache_dir;
	guint n = a->tree->units->len;
	uint8_t *wanted = select_by_symbols(a->tree, a->objects, f->defined, f->used);

	add_flags(wanted, select_by_members(a->tree, a->roles, f->members, SELECT_READS, cache), n);
	if (a->binary)
		add_flags(
			wanted,
			select_by_signatures(a->tree, a->binary, a->objects, f->signatures, cache),
			n);
	return wanted;
}

/* Collects more units and links again until no unit is left that could change an indirect call. */
static bool follow_pointers(struct analysis *a, GHashTable *undecided, GError **error)
{
	bool is_new = a->frontier != NULL;

	while (is_new) {
		g_autofree uint8_t *wanted = units_at_frontier(a);

		if (!collect_more(a, wanted, &is_new, error))
			return false;
		if (is_new)
			link_and_solve(a, undecided);
	}
	return true;
}

/*
 * Searches the units that were left out so far for users of the undecided members and for functions
 * that indirect calls may reach.
 */
static bool decide(struct analysis *a, GError **error)
{
	g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable) keys = undecided_members(a, names);
	bool is_new;

	if (!takes_all(a)) {
		g_autofree uint8_t *wanted = select_by_members(a->tree, a->roles, names,
							       SELECT_USES, a->options->cache_dir);

		add_flags(wanted, select_hint(a->tree, a->roles, a->options->cache_dir),
			  a->tree->units->len);
		if (!collect_more(a, wanted, &is_new, error))
			return false;
	}
	link_and_solve(a, keys);
	if (!follow_pointers(a, keys, error))
		return false;
	if (!takes_all(a))
		select_keep_hint(a->tree, a->roles, a->is_asked, a->options->cache_dir);
	return true;
}

static void warn_unknown(const struct analysis *a, const GPtrArray *names, const GPtrArray *nodes,
			 const char *what)
{
	g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < nodes->len; i++) {
		const struct graph_node *node = g_ptr_array_index(nodes, i);

		if (node->is_scheduler)
			g_hash_table_add(known, (gpointer)node->name);
	}
	for (guint i = 0; i < names->len; i++)
		if (!g_hash_table_contains(known, g_ptr_array_index(names, i)))
			g_printerr(
				"plugsched-analyze: %s: the scheduler has no %s \"%s\"; the line has no effect\n",
				a->options->config, what, (char *)g_ptr_array_index(names, i));
}

/*
 * Warns of a name in the configuration that the scheduler does not have: it was written for another
 * kernel, or it is misspelt.
 */
static void warn_of_config(const struct analysis *a)
{
	if (a->options->is_quiet || !a->options->config)
		return;
	warn_unknown(a, a->config->force_interface, a->graph->functions, "function");
	warn_unknown(a, a->config->force_external, a->graph->functions, "function");
	warn_unknown(a, a->config->inherit, a->graph->variables, "variable");
	warn_unknown(a, a->config->private, a->graph->variables, "variable");
}

static bool run_stages(struct analysis *a, GError **error)
{
	if (!open_inputs(a, error) || !select_units(a, error) || !read_binary(a, error) ||
	    !collect_first(a, error))
		return false;
	link_and_solve(a, NULL);
	if (!a->options->is_whole && !decide(a, error))
		return false;
	warn_of_config(a);
	return true;
}

static void measure(struct analysis *a)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	a->run.wall_seconds = g_timer_elapsed(a->timer, NULL);
	a->run.cpu_seconds = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
			     (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	a->run.peak_kib = usage.ru_maxrss;
}

static bool report(struct analysis *a, GError **error)
{
	struct emit_provenance provenance = {
		.tool_version = PLUGSCHED_VERSION,
		.kernel_release = a->tree->release,
		.build_id = a->binary ? a->binary->build_id : NULL,
		.config_hash = a->tree->config_hash,
		.scheduler_files = a->scheduler_files,
		.problems = a->problems,
	};

	if (!emit_report(a->graph, &provenance, a->options->output, a->options->stop, error))
		return false;
	measure(a);
	if (!a->options->is_quiet)
		emit_summary(stderr, a->graph, &provenance, &a->run);
	else if (a->problems->len)
		g_printerr(
			"plugsched-analyze: %s: the report is incomplete (%u problems): see \"problems\" in it\n",
			a->options->output, a->problems->len);
	return true;
}

static void result_free(gpointer data)
{
	source_result_free(data);
}

static void analysis_clear(struct analysis *a)
{
	graph_free(a->graph);
	indirect_frontier_free(a->frontier);
	g_free(a->is_asked);
	source_prefix_free(a->prefix);
	source_store_free(a->store);
	g_ptr_array_unref(a->results);
	g_free(a->facts);
	binary_free(a->binary);
	objects_free(a->objects);
	g_free(a->roles);
	tree_free(a->tree);
	config_free(a->config);
	g_ptr_array_unref(a->scheduler_files);
	g_hash_table_destroy(a->inliners);
	g_array_unref(a->problems);
	g_string_chunk_free(a->strings);
	g_timer_destroy(a->timer);
}

enum analyze_status analyze(const struct analyze_options *options, GError **error)
{
	struct analysis a = {
		.options = options,
		.timer = g_timer_new(),
		.results = g_ptr_array_new_with_free_func(result_free),
		.problems = g_array_new(FALSE, FALSE, sizeof(struct emit_problem)),
		.strings = g_string_chunk_new(4096),
		.scheduler_files = g_ptr_array_new(),
		.inliners = g_hash_table_new(g_str_hash, g_str_equal),
	};
	enum analyze_status status = ANALYZE_FAILED;

	if (run_stages(&a, error) && report(&a, error))
		status = a.problems->len ? ANALYZE_INCOMPLETE : ANALYZE_DONE;
	analysis_clear(&a);
	return status;
}
