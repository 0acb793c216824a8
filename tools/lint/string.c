// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule string-stored: strings of the module whose addresses a function stores
 * where they may outlive it.
 *
 * The module's strings vanish with it. What may outlive it is a record that vmlinux has too, unless
 * the record lies on the stack, and a variable of vmlinux. Where the extracted source does this,
 * the extractor has inserted vmlinux's own string; so the rule does not apply to a kernel's tree.
 *
 * Limit: a string that a function returns, passes on, or first keeps in a local
 * variable is not followed.
 */
#include "tools/lint/private.h"

#include <string.h>

/*
 * True if only the module has such a record: it is in the scheduler's files, and the
 * report does not know it.
 */
static bool is_own_record(const struct graph_index *index, const struct lint_unit *unit,
			  const struct facts_record *record)
{
	return (record->flags & FACTS_RECORD_SCHEDULER) && !lint_record(index, unit, record);
}

static void report(const struct lint_unit *unit, const struct facts_use *use, const char *where,
		   struct lint_texts *texts, struct lint_result *result)
{
	const char *file = lint_string(unit, use->file);

	lint_find(
		result, LINT_RULE_STRING, lint_place_of(texts, file, use->line, ""), file, where,
		"the address of a string of the module is put into %s, which may outlive the module",
		where);
}

static void check_member(const struct graph_index *index, const struct lint_unit *unit,
			 const struct facts_use *use, struct lint_texts *texts,
			 struct lint_result *result)
{
	const struct facts_member *member = &unit->facts->members[use->sink_target];
	const struct facts_record *record = &unit->facts->records[member->record];
	g_autofree char *where = NULL;

	if (is_own_record(index, unit, record))
		return;
	where = g_strdup_printf("%s.%s", lint_string(unit, record->name),
				lint_string(unit, member->name));
	report(unit, use, where, texts, result);
}

static void check_variable(const struct lint_unit *unit, const struct facts_use *use,
			   struct lint_texts *texts, struct lint_result *result)
{
	const char *name = lint_string(unit, use->sink_name);

	for (gsize i = 0; i < unit->facts->n_symbols; i++) {
		const struct facts_symbol *symbol = &unit->facts->symbols[i];

		if ((symbol->flags & (FACTS_FUNCTION | FACTS_DEFINED)) ||
		    strcmp(lint_string(unit, symbol->name), name) != 0)
			continue;
		report(unit, use, name, texts, result);
		return;
	}
}

static void check_use(const struct graph_index *index, const struct lint_unit *unit,
		      const struct facts_use *use, struct lint_texts *texts,
		      struct lint_result *result)
{
	const struct facts_symbol *from =
		use->from == FACTS_NONE ? NULL : &unit->facts->symbols[use->from];

	if (!from || !(from->flags & FACTS_FUNCTION) || !(from->flags & FACTS_SCHEDULER))
		return; /* the initial value of a table, or an inline function of a header */
	if (use->sink == FACTS_SINK_ASSIGN_VAR)
		check_variable(unit, use, texts, result);
	else if (use->sink_target != FACTS_NONE)
		check_member(index, unit, use, texts, result);
}

void lint_strings(const struct lint_inputs *inputs, const struct lint_unit *unit,
		  struct lint_texts *texts, struct lint_result *result)
{
	for (gsize i = 0; inputs->is_extracted && i < unit->facts->n_uses; i++)
		if (unit->facts->uses[i].kind == FACTS_LITERAL)
			check_use(inputs->index, unit, &unit->facts->uses[i], texts, result);
}
