// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule no-effect: requests that the kernel handles at boot, made by a macro between functions,
 * exports, and system calls that vmlinux does not have. Rule per-cpu-reserve: data for each CPU that
 * is too large for a module.
 *
 * The header before each unit (rewriter/generate/checks.c) redefines such macros as assertions that
 * fail; the compiler's complaints become the findings. So code that the configuration leaves out
 * gives no finding, and a macro of the source that hides such a request does.
 *
 * In a kernel's own tree, the macros that were there when the report was made name functions and
 * variables that the report knows; those are skipped, and so are exports.
 */
#include "tools/lint/private.h"

#include "rewriter/generate/generate.h"

#include <stdlib.h>
#include <string.h>

#define FAILED "static assertion failed"
#define OURS "plugsched: "
#define PER_CPU "per-CPU data ("
#define EXPORT "EXPORT_"

char *lint_check_begin_text(const struct graph *graph)
{
	struct generated module = { .graph = graph };
	char *text = NULL, *copy;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	generate_check_begin(out, &module);
	fclose(out);
	copy = g_strdup(text);
	free(text);
	return copy;
}

static bool is_known(const struct graph_index *index, const char *name)
{
	const GPtrArray *nodes = graph_index_word(index, name);

	for (guint i = 0; nodes && i < nodes->len; i++) {
		const struct graph_node *node = g_ptr_array_index(nodes, i);

		if (node->is_scheduler && strcmp(node->name, name) == 0)
			return true;
	}
	return false;
}

/*
 * The argument in the macro's use that names something: "init_it" for "late_initcall(init_it)". It
 * is the last argument. For g_free().
 */
static char *named_in(const char *message)
{
	const char *open = strchr(message, '('), *close = open ? strchr(open, ')') : NULL;
	g_autofree char *inside =
		close ? g_strndup(open + 1, (gsize)(close - open - 1)) : g_strdup("");
	const char *comma = strrchr(inside, ',');

	return g_strstrip(g_strdup(comma ? comma + 1 : inside));
}

/* The message of an assertion of ours; NULL for other errors. */
static const char *our_message(const struct source_error *error)
{
	return g_str_has_prefix(error->message, FAILED) ? strstr(error->message, OURS) : NULL;
}

static void report(const struct lint_inputs *inputs, const struct source_error *error,
		   const char *message, struct lint_texts *texts, struct lint_result *result)
{
	g_autofree char *name = named_in(message);
	bool is_per_cpu = g_str_has_prefix(message + strlen(OURS), PER_CPU);

	/* a kernel's own tree may ask for this; of exports, the extractor takes all out */
	if (!inputs->is_extracted &&
	    (is_known(inputs->index, name) || g_str_has_prefix(message + strlen(OURS), EXPORT)))
		return;
	lint_find(result, is_per_cpu ? LINT_RULE_PER_CPU : LINT_RULE_EFFECT,
		  lint_place_of(texts, error->file, error->line, name), error->file, name, "%s",
		  message + strlen(OURS));
}

void lint_effects(const struct lint_inputs *inputs, struct lint_unit *unit,
		  struct lint_texts *texts, struct lint_result *result)
{
	for (guint i = 0; i < unit->errors->len;) {
		const struct source_error *error = g_ptr_array_index(unit->errors, i);
		const char *message = our_message(error);

		if (!message) {
			i++;
			continue;
		}
		report(inputs, error, message, texts, result);
		/* it is not an error of the unit's text */
		g_ptr_array_remove_index(unit->errors, i);
	}
}
