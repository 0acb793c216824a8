// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules data-stored and string-stored: addresses of the module's variables and strings that are put
 * where they may outlive it.
 *
 * The module's memory is freed when it goes. What may outlive it is a record that vmlinux has too,
 * unless it lies on the stack or is itself the module's; a variable of vmlinux; and what a function
 * outside keeps (keeps.def). Addresses are followed (trail.c), also into inline functions of
 * headers: there, what a call gets besides counts. list_add() of the module's own node to the
 * module's own list leaves nothing behind.
 *
 * Where the extracted source stores strings, the extractor has inserted vmlinux's own, so strings
 * of a kernel's tree are not looked at.
 *
 * Limits: of functions outside only the name is known, and nothing is said of those that no pattern
 * fits. A string that is handed to such a function is not looked at.
 */
#include "tools/lint/private.h"

#include <string.h>

/* True if the step comes from an inline function of a header, which stores what it was handed. */
static bool is_in_header(const struct lint_trail *trail)
{
	const struct facts_slot *before = trail->before;

	return before &&
	       (before->kind == FACTS_SLOT_LOCAL || before->kind == FACTS_SLOT_PARAMETER) &&
	       !(trail->unit->facts->symbols[before->of].flags & FACTS_SCHEDULER);
}

/* The record is on the stack, or a variable of the module's own: a copy of it may stay. */
static void arrive_in_own(struct lint_trail *trail, const struct facts_slot *slot)
{
	const struct facts *facts = trail->unit->facts;
	const struct facts_symbol *holder = lint_trail_holder(trail, slot);
	const struct facts_member *member = &facts->members[slot->of];
	const struct facts_record *record = &facts->records[member->record];
	g_autofree char *name = lint_trail_member(trail, member);

	if (holder)
		lint_trail_carry(trail, holder);
	else if ((record->flags & FACTS_RECORD_COPIED) &&
		 !lint_is_own_record(trail->inputs->index, trail->unit, record))
		lint_trail_arrive(
			trail, true,
			g_strdup_printf(
				"%s on the stack, and whole records of this type are copied",
				name));
}

/* False if the address goes no further. */
static bool arrive_at_member(struct lint_trail *trail, const struct facts_slot *slot)
{
	const struct facts_symbol *holder = lint_trail_holder(trail, slot);
	const struct facts_member *member = &trail->unit->facts->members[slot->of];
	const struct facts_record *record = &trail->unit->facts->records[member->record];
	g_autofree char *name = lint_trail_member(trail, member);

	if ((holder && lint_trail_in_module(trail, holder)) ||
	    lint_trail_is_on_stack(trail, slot)) {
		arrive_in_own(trail, slot);
		return true;
	}
	if (holder)
		lint_trail_arrive(trail, true,
				  g_strdup_printf("%s of %s, which lies in vmlinux", name,
						  lint_string(trail->unit, holder->name)));
	else if (lint_is_own_record(trail->inputs->index, trail->unit, record))
		return true;
	else if (!is_in_header(trail) || !lint_trail_is_among_own(trail, trail->use))
		lint_trail_arrive(trail, true,
				  g_strdup_printf("%s, which may outlive the module", name));
	return false;
}

/* What for each CPU is added to an address, as this_cpu_ptr() does, does not hold it. */
static bool is_offset(const struct lint_unit *unit, const struct facts_symbol *variable)
{
	return (variable->flags & FACTS_PERCPU) && !strchr(lint_string(unit, variable->type), '*');
}

/* False if the address goes no further. */
static bool arrive_at_variable(struct lint_trail *trail, const struct facts_symbol *variable)
{
	const char *name = lint_string(trail->unit, variable->name);

	if (is_offset(trail->unit, variable))
		return false;
	if (!lint_trail_in_module(trail, variable))
		lint_trail_arrive(trail, true, g_strdup_printf("%s, which lies in vmlinux", name));
	else
		lint_trail_carry(trail, variable);
	return true;
}

static void arrive_at_parameter(struct lint_trail *trail, const struct facts_slot *slot)
{
	const struct facts_symbol *function = &trail->unit->facts->symbols[slot->of];
	const char *name = lint_string(trail->unit, function->name);
	const struct lint_unit *other =
		function->flags & FACTS_DEFINED
			? NULL
			: lint_definer(trail->inputs, name, trail->module, trail->texts);

	if (other)
		lint_trail_follow_into(trail, other, name, slot->index);
	else if (trail->use->kind != FACTS_LITERAL && lint_keeps(name) == LINT_ADDRESS &&
		 !lint_trail_in_module(trail, function))
		lint_trail_arrive(
			trail, true,
			g_strdup_printf("what %s() keeps, which is not in the module", name));
}

static bool arrive_at(struct lint_trail *trail, const struct facts_slot *slot)
{
	switch (slot->kind) {
	case FACTS_SLOT_VARIABLE:
		return arrive_at_variable(trail, &trail->unit->facts->symbols[slot->of]);
	case FACTS_SLOT_MEMBER:
		return arrive_at_member(trail, slot);
	case FACTS_SLOT_PARAMETER:
		arrive_at_parameter(trail, slot);
		return true;
	case FACTS_SLOT_RETURN:
		lint_trail_arrive_at_result(trail, &trail->unit->facts->symbols[slot->of]);
		return true;
	default: /* a local, or what is handed through a pointer: only followed */
		return true;
	}
}

/* An address in a place where pointers are not followed: only the first step is known. */
static void arrive_unfollowed(struct lint_trail *trail)
{
	const struct facts_use *use = trail->use;

	if (use->slot == FACTS_SLOT_UNKNOWN && use->kind != FACTS_LITERAL &&
	    (use->sink == FACTS_SINK_NONE || use->sink == FACTS_SINK_ASSIGN_VAR))
		lint_trail_arrive(
			trail, false,
			g_strdup("memory behind a pointer, which may outlive the module"));
}

static void report(const struct lint_trail *trail, enum lint_rule rule, const char *what,
		   const char *name, struct lint_result *result)
{
	const char *file = lint_string(trail->unit, trail->use->file);
	struct lint_finding *finding =
		lint_find(result, rule, lint_place_of(trail->texts, file, trail->use->line, name),
			  file, *name ? name : trail->where, "the address of %s%s is put into %s",
			  what, name, trail->where);

	finding->level = trail->is_error ? LINT_LEVEL_ERROR : LINT_LEVEL_WARNING;
}

/* True if the report has a static local of that name and function, which then lies in vmlinux. */
static bool is_known_local(const struct lint_trail *trail, const struct facts_symbol *symbol)
{
	const GPtrArray *nodes =
		graph_index_word(trail->inputs->index, lint_string(trail->unit, symbol->name));
	const char *owner =
		symbol->owner == FACTS_NONE
			? ""
			: lint_string(trail->unit, trail->unit->facts->symbols[symbol->owner].name);

	for (guint i = 0; *owner && nodes && i < nodes->len; i++) {
		const struct graph_variable *v = graph_as_variable(g_ptr_array_index(nodes, i));

		if (v && strcmp(v->owner, owner) == 0 &&
		    strcmp(v->node.name, lint_string(trail->unit, symbol->name)) == 0)
			return true;
	}
	return false;
}

/* True if the use is of a variable that vanishes with the module, and is new. */
static bool is_module_only(const struct lint_trail *trail)
{
	const struct facts_use *use = trail->use;
	const struct facts_symbol *symbols = trail->unit->facts->symbols,
				  *symbol = &symbols[use->target];
	const struct plan_entry *entry = lint_entry(trail->inputs->plan, trail->unit, symbol);

	if ((symbol->flags & FACTS_FUNCTION) || !(symbol->flags & FACTS_DEFINED) ||
	    !(symbol->flags & FACTS_SCHEDULER) || !lint_trail_in_module(trail, symbol) ||
	    (!trail->inputs->is_extracted && is_known_local(trail, symbol)))
		return false;
	return !entry || use->from == FACTS_NONE ||
	       !lint_is_known_use(trail->inputs->index,
				  lint_string(trail->unit, symbols[use->from].name),
				  entry->node->name);
}

/* True if a function of the scheduler's files puts the string somewhere. */
static bool is_stored_string(const struct lint_trail *trail)
{
	const struct facts_use *use = trail->use;
	const struct facts_symbol *from =
		use->from == FACTS_NONE ? NULL : &trail->unit->facts->symbols[use->from];

	/* else it is the initial value of a table, or in an inline function of a header */
	return trail->inputs->is_extracted && from && (from->flags & FACTS_FUNCTION) &&
	       (from->flags & FACTS_SCHEDULER);
}

static void check_use(struct lint_trail *trail, struct lint_result *result)
{
	const struct facts_use *use = trail->use;
	bool is_string = use->kind == FACTS_LITERAL;

	if (is_string ? !is_stored_string(trail) : !is_module_only(trail))
		return;
	lint_trail_begin(trail);
	if (use->slot == FACTS_NONE || use->slot == FACTS_SLOT_UNKNOWN)
		arrive_unfollowed(trail);
	else
		lint_trail_walk(trail, arrive_at);
	if (trail->where && is_string)
		report(trail, LINT_RULE_STRING, "a string of the module", "", result);
	else if (trail->where)
		report(trail, LINT_RULE_DATA, "the module's own ",
		       lint_string(trail->unit, trail->unit->facts->symbols[use->target].name),
		       result);
	lint_trail_end(trail);
}

void lint_stored(const struct lint_inputs *inputs, const struct lint_unit *unit,
		 struct lint_module *module, struct lint_texts *texts, struct lint_result *result)
{
	for (gsize i = 0; i < unit->facts->n_uses; i++) {
		const struct facts_use *use = &unit->facts->uses[i];
		struct lint_trail trail = {
			.inputs = inputs, .unit = unit, .use = use, .module = module, .texts = texts
		};

		if (use->kind == FACTS_LITERAL ||
		    (lint_is_address(use) && use->target_kind == FACTS_TARGET_SYMBOL))
			check_use(&trail, result);
	}
}
