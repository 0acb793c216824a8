// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules init-memory and read-only-data: attributes that say when something may be used.
 *
 * Init text and data of a module are freed once it is loaded, and its functions run after that. The
 * extractor has taken the scheduler's own init code out; in a kernel's tree it has its place, so
 * init-memory does not apply there.
 *
 * What is __ro_after_init is read-only when the module's functions run. Writes that the report has
 * are those that vmlinux's functions make too.
 */
#include "tools/lint/private.h"

#include <string.h>

#define INIT_PREFIX ".init"
#define READ_ONLY ".data..ro_after_init"

/* --- init sections */

static bool is_init(const struct lint_unit *unit, const struct facts_symbol *symbol)
{
	return (symbol->flags & FACTS_INIT) ||
	       g_str_has_prefix(lint_string(unit, symbol->section), INIT_PREFIX);
}

/* A use of the symbol by something that is not of the init sections itself; NULL if there is none. */
static const struct facts_use *late_use(const struct lint_unit *unit, uint32_t symbol)
{
	const struct facts *facts = unit->facts;

	for (gsize i = 0; i < facts->n_uses; i++) {
		const struct facts_use *use = &facts->uses[i];

		if (use->target_kind == FACTS_TARGET_SYMBOL && use->target == symbol &&
		    use->from != FACTS_NONE && !is_init(unit, &facts->symbols[use->from]))
			return use;
	}
	return NULL;
}

static void check_init(const struct lint_inputs *inputs, const struct lint_unit *unit,
		       uint32_t number, struct lint_texts *texts, struct lint_result *result)
{
	const uint32_t own = FACTS_DEFINED | FACTS_SCHEDULER;
	const struct facts_symbol *symbol = &unit->facts->symbols[number];
	const struct plan_entry *entry = lint_entry(inputs->plan, unit, symbol);
	bool is_entered =
		entry && entry->fate == PLAN_KEEP && entry->node->class == GRAPH_INTERFACE;
	const char *name = lint_string(unit, symbol->name), *file = lint_string(unit, symbol->file);
	const struct facts_use *use;
	struct lint_finding *finding;

	if ((symbol->flags & own) != own || !is_init(unit, symbol))
		return;
	use = late_use(unit, number);
	if (!use && !is_entered)
		return;
	finding = lint_find(result, LINT_RULE_INIT, lint_place_of(texts, file, symbol->line, name),
			    file, name,
			    "%s%s is in %s memory, which is freed once the module is loaded%s",
			    name, symbol->flags & FACTS_FUNCTION ? "()" : "", "init",
			    is_entered ? ", and is entered from vmlinux after that" : "");
	if (use)
		lint_relate(finding,
			    lint_place_of(texts, lint_string(unit, use->file), use->line, name),
			    "%s is used here", name);
}

/* --- read-only data */

static const char *section_of(const struct lint_inputs *inputs, const struct lint_unit *unit,
			      const struct facts_symbol *symbol)
{
	const struct plan_entry *entry = lint_entry(inputs->plan, unit, symbol);

	return entry ? graph_as_variable((struct graph_node *)entry->node)->section
		     : lint_string(unit, symbol->section);
}

/* True if the report has a write of the variable by that function. */
static bool is_known_write(const struct graph_index *index, const char *from, const char *to)
{
	const GPtrArray *nodes = graph_index_word(index, to);

	for (guint i = 0; nodes && i < nodes->len; i++) {
		const struct graph_node *node = g_ptr_array_index(nodes, i);

		for (guint n = 0; node->kind == GRAPH_VARIABLE && n < node->uses_of->len; n++) {
			const struct graph_use *use = g_ptr_array_index(node->uses_of, n);

			if (use->from && strcmp(use->from->name, from) == 0 &&
			    (use->kind == GRAPH_WRITE || use->kind == GRAPH_READ_WRITE))
				return true;
		}
	}
	return false;
}

static void check_write(const struct lint_inputs *inputs, const struct lint_unit *unit,
			const struct facts_use *use, struct lint_texts *texts,
			struct lint_result *result)
{
	const struct facts_symbol *symbol = &unit->facts->symbols[use->target],
				  *from = &unit->facts->symbols[use->from];
	const char *name = lint_string(unit, symbol->name), *file = lint_string(unit, use->file);

	if ((symbol->flags & FACTS_FUNCTION) || is_init(unit, from) ||
	    strcmp(section_of(inputs, unit, symbol), READ_ONLY) != 0 ||
	    is_known_write(inputs->index, lint_string(unit, from->name), name))
		return;
	lint_find(result, LINT_RULE_READ_ONLY, lint_place_of(texts, file, use->line, name),
		  lint_string(unit, symbol->file), name,
		  "%s is __ro_after_init, so its memory is read-only when %s() writes to it", name,
		  lint_string(unit, from->name));
}

void lint_sections(const struct lint_inputs *inputs, const struct lint_unit *unit,
		   struct lint_texts *texts, struct lint_result *result)
{
	const struct facts *facts = unit->facts;

	for (uint32_t i = 0; inputs->is_extracted && i < facts->n_symbols; i++)
		check_init(inputs, unit, i, texts, result);
	for (gsize i = 0; i < facts->n_uses; i++) {
		const struct facts_use *use = &facts->uses[i];

		if ((use->kind == FACTS_WRITE || use->kind == FACTS_READ_WRITE) &&
		    use->target_kind == FACTS_TARGET_SYMBOL && use->from != FACTS_NONE)
			check_write(inputs, unit, use, texts, result);
	}
}
