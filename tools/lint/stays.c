// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule stays-in-vmlinux: definitions of what an extraction left in vmlinux.
 *
 * These are functions whose body became a prototype or that ran at boot and were freed, and
 * variables whose definition became a declaration. vmlinux's code continues to use its own, so only
 * the module would use another body or value. What has no symbol in vmlinux may be defined, because
 * the extractor would also keep a copy where it is needed.
 *
 * The rule does not apply to a kernel's own tree, which contains these definitions.
 */
#include "tools/lint/private.h"

#include <string.h>

static bool is_vmlinuxs(const struct plan_entry *entry)
{
	const struct graph_function *f = graph_as_function((struct graph_node *)entry->node);
	const struct graph_variable *v = graph_as_variable((struct graph_node *)entry->node);

	if (entry->fate == PLAN_DECLARE)
		return true;
	if (entry->fate != PLAN_DROP)
		return false;
	return f ? f->node.reason == GRAPH_REASON_INIT_TEXT : v->binary.symbol != NULL;
}

/*
 * True if C treats both as the same thing: a static symbol belongs to one unit, and a static local
 * to one function.
 */
static bool is_same(const struct lint_unit *unit, const struct facts_symbol *symbol,
		    const struct plan_entry *entry)
{
	const struct graph_function *f = graph_as_function((struct graph_node *)entry->node);
	const struct graph_variable *v = graph_as_variable((struct graph_node *)entry->node);
	const char *owner = symbol->owner == FACTS_NONE
				    ? ""
				    : lint_string(unit, unit->facts->symbols[symbol->owner].name);

	if ((f != NULL) != ((symbol->flags & FACTS_FUNCTION) != 0))
		return false;
	if ((f ? f->is_static : v->is_static) &&
	    strcmp(f ? f->unit : v->unit, unit->unit->source) != 0)
		return false;
	return f || strcmp(v->owner, owner) == 0;
}

/* The plan's entry for what stays in vmlinux and is what the symbol defines; NULL if none is. */
static const struct plan_entry *staying_entry(const struct lint_inputs *inputs,
					      const struct lint_unit *unit,
					      const struct facts_symbol *symbol)
{
	const struct plan_entry *own = lint_entry(inputs->plan, unit, symbol);
	const char *name = lint_string(unit, symbol->name);
	const GPtrArray *nodes = graph_index_word(inputs->index, name);

	if (own && !is_vmlinuxs(own))
		return NULL;
	for (guint i = 0; nodes && i < nodes->len; i++) {
		const struct graph_node *node = g_ptr_array_index(nodes, i);
		const struct plan_entry *entry = plan_of(inputs->plan, node);

		if (entry && strcmp(node->name, name) == 0 && is_vmlinuxs(entry) &&
		    is_same(unit, symbol, entry))
			return entry;
	}
	return NULL;
}

static void check_symbol(const struct lint_inputs *inputs, const struct lint_unit *unit,
			 const struct facts_symbol *symbol, struct lint_texts *texts,
			 struct lint_result *result)
{
	const struct plan_entry *entry = staying_entry(inputs, unit, symbol);
	const char *name = lint_string(unit, symbol->name), *file = lint_string(unit, symbol->file);
	struct lint_place place;
	struct lint_finding *finding;

	if (!entry)
		return;
	place = lint_place_of(texts, file, symbol->line, name);
	/* a macro makes up the name, so the module already had its own */
	if (place.end_column - place.column != strlen(name)) {
		g_free(place.path);
		return;
	}
	if (symbol->flags & FACTS_FUNCTION)
		finding = lint_find(
			result, LINT_RULE_STAYS, place, entry->node->file, name,
			"%s() stays in vmlinux, whose callers would not see this body (%s)", name,
			graph_cause(entry->node->why));
	else
		finding = lint_find(
			result, LINT_RULE_STAYS, place, entry->node->file, name,
			"%s lies in vmlinux and keeps there what it holds; this would be a second one, which only the module uses",
			name);
	lint_relate_users(finding, entry->node, texts);
}

void lint_stays(const struct lint_inputs *inputs, const struct lint_unit *unit,
		struct lint_texts *texts, struct lint_result *result)
{
	const uint32_t own = FACTS_DEFINED | FACTS_SCHEDULER;

	for (gsize i = 0; inputs->is_extracted && i < unit->facts->n_symbols; i++)
		if ((unit->facts->symbols[i].flags & own) == own)
			check_symbol(inputs, unit, &unit->facts->symbols[i], texts, result);
}
