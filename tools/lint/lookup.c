// SPDX-License-Identifier: GPL-2.0-only
/* Finds what the report says of functions, variables, records and uses in the facts of a unit. */
#include "tools/lint/private.h"

#include <string.h>

const struct plan_entry *lint_entry(const struct plan *plan, const struct lint_unit *unit,
				    const struct facts_symbol *symbol)
{
	const char *name = lint_string(unit, symbol->name), *file = lint_string(unit, symbol->file);

	if (symbol->owner != FACTS_NONE)
		return NULL;
	file = symbol->flags & FACTS_STATIC ? file : NULL;
	return symbol->flags & FACTS_FUNCTION ? plan_function(plan, file, name)
					      : plan_variable(plan, file, "", name, 0);
}

const struct graph_record *lint_record(const struct graph_index *index,
				       const struct lint_unit *unit,
				       const struct facts_record *record)
{
	const GPtrArray *records = graph_index_records(index, lint_string(unit, record->name));

	for (guint i = records ? records->len : 0; i-- > 0;) {
		const struct graph_record *known = g_ptr_array_index(records, i);

		if (strcmp(known->file, lint_string(unit, record->file)) == 0)
			return known;
	}
	return NULL;
}

/* True if a function or variable of that name uses the node; without a name, if any does. */
static bool is_used_by(const struct graph_node *node, const char *name)
{
	for (guint i = 0; i < node->uses_of->len; i++) {
		const struct graph_use *use = g_ptr_array_index(node->uses_of, i);

		if (use->from && (!name || strcmp(use->from->name, name) == 0))
			return true;
	}
	return false;
}

bool lint_is_known_use(const struct graph_index *index, const char *from, const char *to)
{
	const GPtrArray *nodes = graph_index_word(index, to);

	for (guint i = 0; nodes && i < nodes->len; i++) {
		const struct graph_node *node = g_ptr_array_index(nodes, i);

		if (node->kind != GRAPH_MEMBER && strcmp(node->name, to) == 0 &&
		    is_used_by(node, from))
			return true;
	}
	return false;
}

bool lint_is_own_record(const struct graph_index *index, const struct lint_unit *unit,
			const struct facts_record *record)
{
	const struct graph_record *known = lint_record(index, unit, record);

	return (record->flags & FACTS_RECORD_SCHEDULER) &&
	       (!known || known->class != GRAPH_EXTERNAL);
}

bool lint_names_struct(const char *type, const char *name)
{
	g_autofree char *words = g_strconcat("struct ", name, NULL);

	for (const char *at = type; (at = strstr(at, words)); at++) {
		char next = at[strlen(words)];

		if (!g_ascii_isalnum(next) && next != '_')
			return true;
	}
	return false;
}
