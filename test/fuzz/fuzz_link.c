// SPDX-License-Identifier: GPL-2.0-only
/*
 * The link on any facts that the reader accepts, because facts may come from another machine. They
 * are linked both as the facts of a unit of the scheduler and as those of a unit outside; then the
 * graph is solved and written.
 */
#include "test/fuzz/fuzz.h"

#include "analyzer/link/link.h"
#include "analyzer/source/facts.h"
#include "emit/emit.h"
#include "graph/boundary.h"

#include <xxhash.h>

static struct facts *facts_of(const uint8_t *data, size_t size)
{
	XXH64_hash_t hash = XXH3_64bits(data, size);
	GByteArray *file = g_byte_array_new();
	g_autoptr(GBytes) bytes = NULL;

	g_byte_array_append(file, (const guint8 *)&hash, sizeof(hash));
	g_byte_array_append(file, data, (guint)size);
	bytes = g_byte_array_free_to_bytes(file);
	return facts_from_bytes(bytes);
}

static void write_report(const struct graph *graph, GPtrArray *files)
{
	g_autoptr(GArray) problems = g_array_new(FALSE, FALSE, sizeof(struct emit_problem));
	g_autoptr(GError) error = NULL;
	struct emit_provenance provenance = { .tool_version = "0",
					      .scheduler_files = files,
					      .problems = problems };

	emit_report(graph, &provenance, "/dev/null", NULL, &error);
	g_assert_no_error(error);
}

static void link_facts(const struct facts *facts)
{
	struct config *config = config_new();
	struct link_input input = { .config = config,
				    .units = g_array_new(FALSE, FALSE, sizeof(struct link_unit)) };
	struct link_unit units[] = {
		{ .facts = facts, .object = "kernel/sched/a.o", .is_scheduler = true },
		{ .facts = facts, .object = "kernel/b.o" }
	};
	struct indirect_frontier *frontier;
	struct graph *graph;

	g_array_append_vals(input.units, units, G_N_ELEMENTS(units));
	graph = link_graph(&input, &frontier);
	indirect_frontier_free(frontier);
	boundary_solve(graph, &(struct boundary_options){ 0 });
	write_report(graph, config->files);
	graph_free(graph);
	g_array_unref(input.units);
	config_free(config);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct facts *facts = facts_of(data, size);

	if (facts)
		link_facts(facts);
	facts_free(facts);
	return 0;
}
