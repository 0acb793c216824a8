// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every question, in every output format, to any report that the reader accepts. The seeds are
 * those of the report.
 */
#include "test/fuzz/fuzz.h"

#include <string.h>

#include "tools/query/query.h"

static void write_all(const struct answer *answer)
{
	for (int format = ANSWER_TEXT; format <= ANSWER_GRAPHML; format++) {
		char *text = NULL;
		size_t length = 0;
		FILE *out = open_memstream(&text, &length);

		answer_write(out, answer, (enum answer_format)format);
		fclose(out);
		free(text);
	}
}

static void ask(struct query *query, const struct query_question *question, const char *first,
		const char *second)
{
	char *words[] = { (char *)first, (char *)second, NULL };
	struct answer *answer = answer_new(question->name);
	g_autoptr(GError) error = NULL;

	if (question->words_max < 2)
		words[question->words_max] = NULL;
	if (question->ask(query, words, answer, &error))
		write_all(answer);
	else
		g_assert_nonnull(error);
	answer_free(answer);
}

/* Some names in the report, and one that it may not have. */
static GPtrArray *names_of(const struct graph *graph)
{
	const GPtrArray *arrays[] = { graph->functions, graph->variables, graph->members };
	GPtrArray *names = g_ptr_array_new();

	for (size_t a = 0; a < G_N_ELEMENTS(arrays); a++)
		for (guint i = 0; i < arrays[a]->len && i < 3; i++)
			g_ptr_array_add(names, (gpointer)((struct graph_node *)g_ptr_array_index(
								  arrays[a], i))
						       ->id);
	if (graph->records->len)
		g_ptr_array_add(names, (gpointer)((struct graph_record *)g_ptr_array_index(
							  graph->records, 0))
					       ->name);
	g_ptr_array_add(names, (gpointer) "wake");
	return names;
}

/* what-if comes last because it solves the graph again. */
static void ask_all(const struct emit_read *report)
{
	struct query query = { .report = report,
			       .other = report,
			       .name = "a",
			       .other_name = "b",
			       .depth = 4,
			       .is_all = true };
	g_autoptr(GPtrArray) names = names_of(report->graph);
	const char *forced[] = { g_ptr_array_index(names, 0), NULL };

	for (const struct query_question *q = query_questions; q->name; q++)
		for (guint i = 0; i + 1 < names->len && strcmp(q->name, "what-if") != 0; i++)
			ask(&query, q, g_ptr_array_index(names, i),
			    g_ptr_array_index(names, i + 1));
	query.interface = forced;
	ask(&query, query_find("what-if"), NULL, NULL);
	query_clear(&query);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct emit_read *read = emit_read_bytes((const char *)data, size, "boundary.json", NULL);

	if (read)
		ask_all(read);
	emit_read_free(read);
	return 0;
}
