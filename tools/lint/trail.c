// SPDX-License-Identifier: GPL-2.0-only
/*
 * Follows an address from the place where it is first put through the flows of pointers: locals,
 * parameters and results of the module's functions, also from unit to unit, and inline functions of
 * headers. A rule says what it means that the address arrives in a slot.
 *
 * Limit: what is stored through a pointer that itself comes from elsewhere is lost.
 */
#include "tools/lint/private.h"

#include "base/search.h"

#include <fnmatch.h>
#include <string.h>

/* A slot that the address reaches, and the slot that it came from. */
struct step {
	const struct lint_unit *unit;
	uint32_t slot, before;
};

static const struct {
	const char *pattern;
	enum lint_keeps keeps;
} keeps[] = {
#define KEEPS(pattern, keeps) { pattern, LINT_##keeps },
#include "tools/lint/keeps.def"
#undef KEEPS
};

enum lint_keeps lint_keeps(const char *function)
{
	for (guint i = 0; i < G_N_ELEMENTS(keeps); i++)
		if (fnmatch(keeps[i].pattern, function, 0) == 0)
			return keeps[i].keeps;
	return LINT_NOTHING;
}

void lint_trail_begin(struct lint_trail *trail)
{
	trail->seen = g_hash_table_new(NULL, NULL);
	trail->todo = g_array_new(FALSE, FALSE, sizeof(struct step));
}

void lint_trail_end(struct lint_trail *trail)
{
	g_hash_table_destroy(trail->seen);
	g_array_unref(trail->todo);
	g_free(trail->where);
}

void lint_trail_arrive(struct lint_trail *trail, bool is_error, char *where)
{
	if (!trail->where || (is_error && !trail->is_error)) {
		g_free(trail->where);
		trail->where = where;
		trail->is_error = is_error;
	} else {
		g_free(where);
	}
}

void lint_trail_arrive_at_result(struct lint_trail *trail, const struct facts_symbol *function)
{
	const struct plan_entry *entry = lint_entry(trail->inputs->plan, trail->unit, function);

	if (entry && entry->node->class == GRAPH_INTERFACE)
		lint_trail_arrive(trail, true,
				  g_strdup_printf("the result of %s(), which vmlinux calls",
						  lint_string(trail->unit, function->name)));
}

bool lint_trail_in_module(const struct lint_trail *trail, const struct facts_symbol *symbol)
{
	const struct plan_entry *entry = lint_entry(trail->inputs->plan, trail->unit, symbol);
	bool is_defined = symbol->flags & FACTS_DEFINED;

	if (trail->inputs->is_extracted && is_defined)
		return true;
	if (entry)
		return entry->fate == PLAN_KEEP || entry->fate == PLAN_COPY ||
		       entry->fate == PLAN_CLASS;
	return is_defined;
}

/* The slot of what holds the member by value, as far as it is known. */
static const struct facts_slot *outermost(const struct lint_trail *trail,
					  const struct facts_slot *slot)
{
	while (slot->kind == FACTS_SLOT_MEMBER && slot->outer != FACTS_NONE)
		slot = &trail->unit->facts->slots[slot->outer];
	return slot;
}

const struct facts_symbol *lint_trail_holder(const struct lint_trail *trail,
					     const struct facts_slot *slot)
{
	slot = outermost(trail, slot);
	return slot->kind == FACTS_SLOT_VARIABLE ? &trail->unit->facts->symbols[slot->of] : NULL;
}

bool lint_trail_is_on_stack(const struct lint_trail *trail, const struct facts_slot *slot)
{
	slot = outermost(trail, slot);
	return slot->kind == FACTS_SLOT_LOCAL || slot->kind == FACTS_SLOT_PARAMETER ||
	       slot->kind == FACTS_SLOT_RETURN;
}

char *lint_trail_member(const struct lint_trail *trail, const struct facts_member *member)
{
	const struct facts_record *record = &trail->unit->facts->records[member->record];

	return g_strdup_printf("%s.%s", lint_string(trail->unit, record->name),
			       lint_string(trail->unit, member->name));
}

/* --- what a variable of the module's own holds */

/* True if the use hands the address of a variable of the module's own to the same call. */
static bool is_own_argument(const struct lint_trail *trail, const struct facts_use *use)
{
	return use->target_kind == FACTS_TARGET_SYMBOL &&
	       !(trail->unit->facts->symbols[use->target].flags & FACTS_FUNCTION) &&
	       lint_trail_in_module(trail, &trail->unit->facts->symbols[use->target]);
}

/* How many parameters of the function are pointers, by its type. */
static unsigned pointer_parameters(const char *type)
{
	const char *open = strchr(type, '(');
	unsigned depth = 0, n = 0;
	bool has_star = false;

	for (const char *at = open; at && *at; at++) {
		depth += *at == '(';
		has_star |= *at == '*';
		depth -= *at == ')';
		if ((*at == ',' && depth == 1) || (*at == ')' && depth == 0)) {
			n += has_star;
			has_star = false;
		}
		if (*at == ')' && depth == 0)
			break;
	}
	return n;
}

bool lint_trail_is_among_own(const struct lint_trail *trail, const struct facts_use *use)
{
	const struct facts *facts = trail->unit->facts;
	unsigned own = 0;

	if (use->sink != FACTS_SINK_ARGUMENT || use->sink_target == FACTS_NONE)
		return false;
	for (gsize i = 0; i < facts->n_uses; i++) {
		const struct facts_use *other = &facts->uses[i];

		own += lint_is_address(other) && other->from == use->from &&
		       other->line == use->line && other->sink == FACTS_SINK_ARGUMENT &&
		       other->sink_target == use->sink_target && is_own_argument(trail, other);
	}
	return own >=
	       pointer_parameters(lint_string(trail->unit, facts->symbols[use->sink_target].type));
}

/*
 * The record that the variable consists of, if other code knows it and the unit copies such records
 * as a whole; else NULL.
 */
static const struct facts_record *copied_record(const struct lint_trail *trail,
						const struct facts_symbol *variable)
{
	const struct facts *facts = trail->unit->facts;
	const char *type = lint_string(trail->unit, variable->type);

	for (gsize i = 0; i < facts->n_records; i++) {
		const struct facts_record *record = &facts->records[i];

		if ((record->flags & FACTS_RECORD_COPIED) &&
		    !lint_is_own_record(trail->inputs->index, trail->unit, record) &&
		    lint_names_struct(type, lint_string(trail->unit, record->name)))
			return record;
	}
	return NULL;
}

/* The function that the variable's content is copied by to where it stays; NULL if none does. */
static const char *copier_of(const struct lint_trail *trail, const struct facts_symbol *variable)
{
	const struct facts *facts = trail->unit->facts;

	for (gsize i = 0; i < facts->n_uses; i++) {
		const struct facts_use *use = &facts->uses[i];
		const char *name;

		if (!lint_is_address(use) || use->target_kind != FACTS_TARGET_SYMBOL ||
		    &facts->symbols[use->target] != variable || use->sink != FACTS_SINK_ARGUMENT ||
		    use->sink_target == FACTS_NONE)
			continue;
		name = lint_string(trail->unit, facts->symbols[use->sink_target].name);
		if (lint_keeps(name) == LINT_CONTENT && !lint_trail_is_among_own(trail, use))
			return name;
	}
	return NULL;
}

bool lint_trail_carry(struct lint_trail *trail, const struct facts_symbol *variable)
{
	const char *name = lint_string(trail->unit, variable->name),
		   *copier = copier_of(trail, variable);
	const struct facts_record *record = copied_record(trail, variable);

	if (copier)
		lint_trail_arrive(trail, true,
				  g_strdup_printf("%s, whose content %s() copies to where it stays",
						  name, copier));
	else if (record)
		lint_trail_arrive(
			trail, true,
			g_strdup_printf("%s, of a type of which whole records are copied", name));
	else
		return false;
	return true;
}

/* --- the steps */

static void follow(struct lint_trail *trail, const struct lint_unit *unit, uint32_t slot,
		   uint32_t before)
{
	struct step step = { unit, slot, before };

	if (slot != FACTS_NONE && slot != FACTS_SLOT_UNKNOWN &&
	    g_hash_table_add(trail->seen, (gpointer)&unit->facts->slots[slot]))
		g_array_append_val(trail->todo, step);
}

void lint_trail_follow_into(struct lint_trail *trail, const struct lint_unit *unit,
			    const char *name, uint32_t index)
{
	const struct facts *facts = unit->facts;

	for (gsize i = 0; i < facts->n_slots; i++) {
		const struct facts_slot *slot = &facts->slots[i];

		if (slot->kind == FACTS_SLOT_PARAMETER && slot->index == index &&
		    strcmp(lint_string(unit, facts->symbols[slot->of].name), name) == 0)
			follow(trail, unit, (uint32_t)i, FACTS_NONE);
	}
}

static bool is_before(const void *flow, const void *slot)
{
	return ((const struct facts_flow *)flow)->from < *(const uint32_t *)slot;
}

static void take_step(struct lint_trail *trail, struct step step, lint_arrival *arrive)
{
	const GArray *flows = step.unit->flows;

	trail->unit = step.unit;
	trail->before = step.before == FACTS_NONE ? NULL : &step.unit->facts->slots[step.before];
	/*
	 * an error is the worst result already, and what such a place holds
	 * goes to very many others
	 */
	if (!arrive(trail, &step.unit->facts->slots[step.slot]) || trail->is_error)
		return;
	for (guint i = search_array(flows, is_before, &step.slot);
	     i < flows->len && g_array_index(flows, struct facts_flow, i).from == step.slot; i++)
		follow(trail, step.unit, g_array_index(flows, struct facts_flow, i).to, step.slot);
}

void lint_trail_walk(struct lint_trail *trail, lint_arrival *arrive)
{
	const struct lint_unit *unit = trail->unit;

	follow(trail, unit, trail->use->slot, FACTS_NONE);
	for (guint i = 0; i < trail->todo->len; i++)
		take_step(trail, g_array_index(trail->todo, struct step, i), arrive);
	trail->unit = unit;
}
