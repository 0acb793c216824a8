// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule waits-in-module: calls by the module's functions of functions that the report says wait:
 * schedule() and its family, also by way of wait_event() and its kin, and what calls them. A call
 * that the report has is one that vmlinux's function makes too, and was judged there.
 *
 * A function of other code that sleeps, as a mutex does, is not meant: its caller is off the stack
 * soon, and an order is tried again.
 */
#include "tools/lint/private.h"

#include <string.h>

static const struct graph_node *waiting_node(const struct graph_index *index, const char *name)
{
	const GPtrArray *nodes = graph_index_word(index, name);

	for (guint i = 0; nodes && i < nodes->len; i++) {
		const struct graph_node *node = g_ptr_array_index(nodes, i);

		if (node->kind == GRAPH_FUNCTION && node->reason == GRAPH_REASON_WAITS &&
		    strcmp(node->name, name) == 0)
			return node;
	}
	return NULL;
}

/* True if the function's code is the module's: it is kept, or it is new. */
static bool is_of_module(const struct lint_inputs *inputs, const struct lint_unit *unit,
			 const struct facts_symbol *function)
{
	const struct plan_entry *entry = lint_entry(inputs->plan, unit, function);

	return (function->flags & FACTS_SCHEDULER) && (!entry || entry->fate == PLAN_KEEP);
}

static void check_call(const struct lint_inputs *inputs, const struct lint_unit *unit,
		       const struct facts_use *use, struct lint_texts *texts,
		       struct lint_result *result)
{
	const struct facts_symbol *symbols = unit->facts->symbols, *from = &symbols[use->from];
	const char *name = lint_string(unit, symbols[use->target].name),
		   *caller = lint_string(unit, from->name), *file = lint_string(unit, use->file);
	const struct graph_node *node = waiting_node(inputs->index, name);

	if (!node || !is_of_module(inputs, unit, from) ||
	    lint_is_known_use(inputs->index, caller, name))
		return;
	lint_find(result, LINT_RULE_WAITS, lint_place_of(texts, file, use->line, name), file,
		  caller, "%s() puts its caller to sleep (%s), so tasks sleep in the module's %s()",
		  name, graph_cause(node->why), caller);
}

void lint_waits(const struct lint_inputs *inputs, const struct lint_unit *unit,
		struct lint_texts *texts, struct lint_result *result)
{
	for (gsize i = 0; i < unit->facts->n_uses; i++) {
		const struct facts_use *use = &unit->facts->uses[i];

		if (use->kind == FACTS_CALL && use->from != FACTS_NONE)
			check_call(inputs, unit, use, texts, result);
	}
}
