// SPDX-License-Identifier: GPL-2.0-only
/*
 * The whole analysis, as a list of stages:
 *
 *   1. Open the tree. Find out from sources and relocations which units matter. Read vmlinux.
 *   2. Collect the facts of those units, link them into a graph and solve it.
 *   3. Some members of structs outside the scheduler now have no known user but the scheduler.
 *      Collect the facts of the units that could use one of them, then link and solve again.
 *   4. Repeat this for units that could change where an indirect call leads.
 *   5. Search vmlinux for uses that no source showed. Link and solve again if there are any.
 *   6. Compare the layouts of records with vmlinux's. Write the report.
 *
 * With --exhaustive the facts of all units are collected, and the same link is made from them. If
 * the report stays the same, the selection of units lost nothing. --facts does the same with facts
 * that were collected earlier.
 */
#include "analyzer/analyze.h"

#include "analyzer/collection.h"
#include "analyzer/layouts.h"
#include "analyzer/problems.h"
#include "analyzer/rounds.h"
#include "analyzer/subject.h"
#include "emit/emit.h"

#include <sys/resource.h>

static void warn_unknown(const char *config, const GPtrArray *names, const GPtrArray *nodes,
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
				config, what, (char *)g_ptr_array_index(names, i));
}

/*
 * Warns of a name in the configuration that the scheduler does not have: it was written for another
 * kernel, or it is misspelt.
 */
static void warn_of_config(const char *path, const struct config *config, const struct graph *graph)
{
	warn_unknown(path, config->force_interface, graph->functions, "function");
	warn_unknown(path, config->force_external, graph->functions, "function");
	warn_unknown(path, config->inherit, graph->variables, "variable");
	warn_unknown(path, config->private, graph->variables, "variable");
}

static void measure(GTimer *timer, struct emit_run *run)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	run->wall_seconds = g_timer_elapsed(timer, NULL);
	run->cpu_seconds = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
			   (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	run->peak_kib = usage.ru_maxrss;
}

/* Everything that one run holds. */
struct analysis {
	GTimer *timer;
	struct problems *problems;
	struct subject *subject;
	struct collection *collection;
	struct graph *graph;
};

static bool run_stages(struct analysis *a, const struct analyze_options *options, GError **error)
{
	a->subject = subject_open(options->kernel, options->build, options->config, error);
	if (!a->subject)
		return false;
	a->collection = collection_new(a->subject->tree, a->subject->config, options, error);
	if (!a->collection || !subject_read(a->subject, options->threads, a->problems, error))
		return false;
	a->graph = rounds_run(a->subject, a->collection, a->problems, error);
	if (!a->graph || !layouts_check(a->subject, a->graph, error))
		return false;
	if (options->config && !options->is_quiet)
		warn_of_config(options->config, a->subject->config, a->graph);
	return true;
}

static bool report(struct analysis *a, const struct analyze_options *options, GError **error)
{
	const struct subject *s = a->subject;
	struct emit_provenance provenance = {
		.tool_version = PLUGSCHED_VERSION,
		.kernel_release = s->tree->release,
		.build_id = s->binary ? s->binary->build_id : NULL,
		.config_hash = s->tree->config_hash,
		.scheduler_files = s->scheduler_files,
		.problems = a->problems->list,
	};

	if (!emit_report(a->graph, &provenance, options->output, options->stop, error))
		return false;
	measure(a->timer, &a->collection->run);
	if (!options->is_quiet)
		emit_summary(stderr, a->graph, &provenance, &a->collection->run);
	else if (a->problems->list->len)
		g_printerr(
			"plugsched-analyze: %s: the report is incomplete (%u problems): see \"problems\" in it\n",
			options->output, a->problems->list->len);
	return true;
}

static void analysis_clear(struct analysis *a)
{
	graph_free(a->graph);
	collection_free(a->collection);
	subject_free(a->subject);
	problems_free(a->problems);
	g_timer_destroy(a->timer);
}

enum analyze_status analyze(const struct analyze_options *options, GError **error)
{
	struct analysis a = { .timer = g_timer_new(), .problems = problems_new() };
	enum analyze_status status = ANALYZE_FAILED;

	if (run_stages(&a, options, error) && report(&a, options, error))
		status = a.problems->list->len ? ANALYZE_INCOMPLETE : ANALYZE_DONE;
	analysis_clear(&a);
	return status;
}
