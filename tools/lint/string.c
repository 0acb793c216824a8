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
static bool is_own_record(struct linter *linter, const struct lint_unit *unit,
			  const struct facts_record *record)
{
	return (record->flags & FACTS_RECORD_SCHEDULER) &&
	       !lint_record(linter->inputs->index, unit, record);
}

static void report(struct linter *linter, const struct lint_unit *unit, const struct facts_use *use,
		   const char *where)
{
	const char *file = lint_string(unit, use->file);

	lint_find(
		linter->result, LINT_RULE_STRING, lint_place_of(linter->texts, file, use->line, ""),
		file, where,
		"the address of a string of the module is put into %s, which may outlive the module",
		where);
}

static void check_member(struct linter *linter, const struct lint_unit *unit,
			 const struct facts_use *use)
{
	const struct facts_member *member = &unit->facts->members[use->sink_target];
	const struct facts_record *record = &unit->facts->records[member->record];
	g_autofree char *where = NULL;

	if (is_own_record(linter, unit, record))
		return;
	where = g_strdup_printf("%s.%s", lint_string(unit, record->name),
				lint_string(unit, member->name));
	report(linter, unit, use, where);
}

static void check_variable(struct linter *linter, const struct lint_unit *unit,
			   const struct facts_use *use)
{
	const char *name = lint_string(unit, use->sink_name);

	for (gsize i = 0; i < unit->facts->n_symbols; i++) {
		const struct facts_symbol *symbol = &unit->facts->symbols[i];

		if ((symbol->flags & (FACTS_FUNCTION | FACTS_DEFINED)) ||
		    strcmp(lint_string(unit, symbol->name), name) != 0)
			continue;
		report(linter, unit, use, name);
		return;
	}
}

static void check_use(struct linter *linter, const struct lint_unit *unit,
		      const struct facts_use *use)
{
	const struct facts_symbol *from =
		use->from == FACTS_NONE ? NULL : &unit->facts->symbols[use->from];

	if (!from || !(from->flags & FACTS_FUNCTION) || !(from->flags & FACTS_SCHEDULER))
		return; /* the initial value of a table, or an inline function of a header */
	if (use->sink == FACTS_SINK_ASSIGN_VAR)
		check_variable(linter, unit, use);
	else if (use->sink_target != FACTS_NONE)
		check_member(linter, unit, use);
}

void lint_strings(struct linter *linter, struct lint_unit *unit)
{
	for (gsize i = 0; linter->inputs->is_extracted && i < unit->facts->n_uses; i++)
		if (unit->facts->uses[i].kind == FACTS_LITERAL)
			check_use(linter, unit, &unit->facts->uses[i]);
}
