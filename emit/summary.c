// SPDX-License-Identifier: GPL-2.0-only
/*
 * The summary for people: what was found, what remains in vmlinux and why, what the run cost.
 */
#include "emit/emit.h"

#include <string.h>

static void count_classes(const GPtrArray *nodes, unsigned counts[3], bool scheduler_only)
{
	for (guint i = 0; i < nodes->len; i++) {
		const struct graph_node *node = g_ptr_array_index(nodes, i);

		if (node->is_scheduler || !scheduler_only)
			counts[node->class]++;
	}
}

static void print_counts(FILE *out, const struct graph *graph)
{
	unsigned f[3] = { 0 }, v[3] = { 0 }, m[3] = { 0 };

	count_classes(graph->functions, f, true);
	count_classes(graph->variables, v, true);
	count_classes(graph->members, m, true);
	fprintf(out, "\nThe scheduler's own      interface  internal  external\n");
	fprintf(out, "  functions              %9u %9u %9u\n", f[GRAPH_INTERFACE],
		f[GRAPH_INTERNAL], f[GRAPH_EXTERNAL]);
	fprintf(out, "  variables              %9s %9u %9u\n", "", v[GRAPH_INTERNAL],
		v[GRAPH_EXTERNAL]);
	fprintf(out, "  struct members         %9s %9u %9u\n", "", m[GRAPH_INTERNAL],
		m[GRAPH_EXTERNAL]);
}

/* The number of functions outside the scheduler that call this one. */
static unsigned count_outside_callers(const struct graph_function *f)
{
	g_autoptr(GHashTable) callers = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < f->node.uses_of->len; i++) {
		const struct graph_use *use = g_ptr_array_index(f->node.uses_of, i);

		if (use->kind == GRAPH_CALL && !use->from->is_scheduler)
			g_hash_table_add(callers, use->from);
	}
	return g_hash_table_size(callers);
}

struct ranked {
	const struct graph_function *function;
	unsigned callers;
};

static gint compare_ranked(gconstpointer left, gconstpointer right)
{
	const struct ranked *l = left, *r = right;

	if (l->callers != r->callers)
		return l->callers > r->callers ? -1 : 1;
	return strcmp(l->function->node.name, r->function->node.name);
}

static void print_busiest(FILE *out, const struct graph *graph)
{
	g_autoptr(GArray) ranked = g_array_new(FALSE, FALSE, sizeof(struct ranked));

	for (guint i = 0; i < graph->functions->len; i++) {
		struct ranked entry = { g_ptr_array_index(graph->functions, i), 0 };

		if (entry.function->node.class != GRAPH_INTERFACE)
			continue;
		entry.callers = count_outside_callers(entry.function);
		g_array_append_val(ranked, entry);
	}
	g_array_sort(ranked, compare_ranked);
	fprintf(out, "\nInterface functions with most callers outside\n");
	for (guint i = 0; i < ranked->len && i < 10; i++) {
		const struct ranked *entry = &g_array_index(ranked, struct ranked, i);

		fprintf(out, "  %6u  %-32s %s:%u\n", entry->callers, entry->function->node.name,
			entry->function->node.file, entry->function->node.line);
	}
}

/*
 * Prints one line for a reason: how many functions of the scheduler stay in vmlinux because of it,
 * and the first few names.
 */
static void print_reason(FILE *out, const struct graph *graph, enum graph_reason reason)
{
	g_autoptr(GString) names = g_string_new(NULL);
	unsigned n = 0;

	for (guint i = 0; i < graph->functions->len; i++) {
		const struct graph_node *node = g_ptr_array_index(graph->functions, i);

		if (!node->is_scheduler || node->class != GRAPH_EXTERNAL || node->reason != reason)
			continue;
		if (n++ < 4)
			g_string_append_printf(names, "%s%s", names->len ? ", " : "", node->name);
	}
	if (n)
		fprintf(out, "  %6u  %-16s %s%s\n", n, graph_reason_code(reason), names->str,
			n > 4 ? ", ..." : "");
}

static void print_stayers(FILE *out, const struct graph *graph)
{
	static const enum graph_reason all[] = {
#define REASON(symbol, code, text) GRAPH_REASON_##symbol,
#include "graph/reasons.def"
#undef REASON
	};

	fprintf(out,
		"\nScheduler functions that stay in vmlinux, and why (\"why\" in the report says more)\n");
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		print_reason(out, graph, all[i]);
}

static void print_problems(FILE *out, const GArray *problems)
{
	if (!problems->len)
		return;
	fprintf(out, "\nThe report is incomplete:\n");
	for (guint i = 0; i < problems->len; i++) {
		const struct emit_problem *p = &g_array_index(problems, struct emit_problem, i);

		if (i == 20) {
			fprintf(out, "  ... and %u more, all in the report\n", problems->len - i);
			break;
		}
		fprintf(out, "  %s%s%s\n", p->file, *p->file ? ": " : "", p->message);
	}
}

void emit_summary(FILE *out, const struct graph *graph, const struct emit_provenance *provenance,
		  const struct emit_run *run)
{
	fprintf(out, "Linux %s, build-id %s\n",
		provenance->kernel_release ? provenance->kernel_release : "(unknown)",
		provenance->build_id ? provenance->build_id : "none");
	print_counts(out, graph);
	print_busiest(out, graph);
	print_stayers(out, graph);
	print_problems(out, provenance->problems);
	fprintf(out,
		"\n%u of %u units matter: %u parsed, %u from the cache; %.2f s (%.2f s of CPU), peak memory %ld MiB\n",
		run->units_used, run->units_known, run->units_parsed, run->units_cached,
		run->wall_seconds, run->cpu_seconds, run->peak_kib / 1024);
}
