// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule address-stored: where addresses of functions that exist only in the module are stored.
 *
 * In an extracted tree these are all functions that it defines (vmlinux's function of that
 * name is a different symbol, vmlinux(NAME)). In a kernel's tree they are the functions that
 * the report calls internal or does not know; for an interface function the extractor
 * inserts vmlinux's address.
 *
 * Method: an address is followed (trail.c) from the place where it is first stored. It is an error
 * if it arrives in
 *
 *   a member of a struct that other code knows, a variable of vmlinux, an argument of a function
 *   that is not in the module.
 *
 * A variable or struct of the module itself vanishes with the module. A constant there may hold the
 * address, unless the unit copies its content to where it stays; anything else is a warning,
 * because its contents can be copied elsewhere. So is a store through a pointer, and a union of
 * which another member is read. The methods of scheduling classes belong to the module and are
 * restored when it is unloaded.
 *
 * A use that the report already has, and that the extractor left alone, is fine: for example a
 * comparison function passed to code that is compiled into its caller.
 */
#include "tools/lint/private.h"

#include <string.h>

#define CLASS_RECORD "sched_class"

static void arrive_at_own(struct lint_trail *trail, const struct facts_symbol *variable,
			  const char *name)
{
	/* a table that the module loader reads */
	bool is_for_loader = variable && (variable->flags & FACTS_USED) && variable->section;

	if (is_for_loader || (variable && lint_trail_carry(trail, variable)) ||
	    (variable && (variable->flags & FACTS_CONST)))
		return;
	lint_trail_arrive(
		trail, false,
		g_strdup_printf(
			"%s, which goes with the module; it must not be copied into what stays",
			name));
}

/* True if the unit reads another member of the union. */
static bool is_read_otherwise(const struct lint_unit *unit, uint32_t number)
{
	const struct facts *facts = unit->facts;
	uint32_t record = facts->members[number].record;

	for (gsize i = 0; (facts->records[record].flags & FACTS_UNION) && i < facts->n_uses; i++) {
		const struct facts_use *use = &facts->uses[i];

		if (use->target_kind == FACTS_TARGET_MEMBER && use->target != number &&
		    facts->members[use->target].record == record && use->kind == FACTS_READ)
			return true;
	}
	return false;
}

/*
 * A record that only the module knows. On the stack it is gone first; a copy of it counts as a
 * variable's.
 */
static void arrive_at_own_record(struct lint_trail *trail, uint32_t number,
				 const struct facts_slot *slot, const char *name)
{
	const struct facts_symbol *holder = slot ? lint_trail_holder(trail, slot) : NULL;
	const struct facts *facts = trail->unit->facts;
	const struct facts_record *record = &facts->records[facts->members[number].record];

	if (is_read_otherwise(trail->unit, number))
		lint_trail_arrive(
			trail, false,
			g_strdup_printf("%s, a union of which another member is read", name));
	else if (!slot || !lint_trail_is_on_stack(trail, slot) ||
		 (record->flags & FACTS_RECORD_COPIED))
		arrive_at_own(trail, holder, name);
}

/* `slot` is the member's; NULL if it is not known. */
static void arrive_at_member(struct lint_trail *trail, uint32_t number,
			     const struct facts_slot *slot)
{
	const struct facts_member *member = &trail->unit->facts->members[number];
	const struct facts_record *record = &trail->unit->facts->records[member->record];
	const struct facts_symbol *holder = slot ? lint_trail_holder(trail, slot) : NULL;
	g_autofree char *name = lint_trail_member(trail, member);

	if (holder && strcmp(lint_string(trail->unit, record->name), CLASS_RECORD) == 0)
		return;
	if (holder && !lint_trail_in_module(trail, holder))
		lint_trail_arrive(trail, true,
				  g_strdup_printf("%s of %s, which lies in vmlinux", name,
						  lint_string(trail->unit, holder->name)));
	else if (lint_is_own_record(trail->inputs->index, trail->unit, record))
		arrive_at_own_record(trail, number, slot, name);
	else
		lint_trail_arrive(
			trail, true,
			g_strdup_printf("%s, which code outside of the module knows", name));
}

static void arrive_at_variable(struct lint_trail *trail, const struct facts_symbol *variable)
{
	const char *name = lint_string(trail->unit, variable->name);

	if (lint_trail_in_module(trail, variable))
		arrive_at_own(trail, variable, name);
	else
		lint_trail_arrive(trail, true, g_strdup_printf("%s, which lies in vmlinux", name));
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
	else if (!lint_trail_in_module(trail, function))
		lint_trail_arrive(
			trail, true,
			g_strdup_printf("%s(), which is not in the module and may keep it", name));
}

static bool arrive_at(struct lint_trail *trail, const struct facts_slot *slot)
{
	switch (slot->kind) {
	case FACTS_SLOT_VARIABLE:
		arrive_at_variable(trail, &trail->unit->facts->symbols[slot->of]);
		break;
	case FACTS_SLOT_MEMBER:
		arrive_at_member(trail, slot->of, slot);
		break;
	case FACTS_SLOT_PARAMETER:
		arrive_at_parameter(trail, slot);
		break;
	case FACTS_SLOT_RETURN:
		lint_trail_arrive_at_result(trail, &trail->unit->facts->symbols[slot->of]);
		break;
	case FACTS_SLOT_ARGUMENT:
		lint_trail_arrive(
			trail, false,
			g_strdup("a function that is called through a pointer, and may keep it"));
		break;
	default: /* a local: only followed */
		break;
	}
	return true;
}

/*
 * An address in a place where pointers are not followed, such as a record that is copied, or as a
 * number: only the first step is known.
 */
static void arrive_unfollowed(struct lint_trail *trail)
{
	const struct facts_use *use = trail->use;
	const struct facts_symbol *callee;

	if (use->sink == FACTS_SINK_INIT || use->sink == FACTS_SINK_ASSIGN) {
		arrive_at_member(trail, use->sink_target, NULL);
		return;
	}
	if (use->slot == FACTS_SLOT_UNKNOWN &&
	    (use->sink == FACTS_SINK_NONE || use->sink == FACTS_SINK_ASSIGN_VAR))
		lint_trail_arrive(
			trail, false,
			g_strdup("memory behind a pointer, which may outlive the module"));
	if (use->sink != FACTS_SINK_ARGUMENT || use->sink_target == FACTS_NONE || !use->sink_name)
		return; /* compared, printed or kept in a local */
	callee = &trail->unit->facts->symbols[use->sink_target];
	if (!lint_trail_in_module(trail, callee))
		lint_trail_arrive(
			trail, false,
			g_strdup_printf(
				"%s() as a number, which is not in the module and may keep it",
				lint_string(trail->unit, callee->name)));
}

/*
 * True for a constant that vmlinux does not have because its compiler folded
 * the values into their uses.
 */
static bool is_folded(const struct lint_trail *trail, const struct facts_symbol *from)
{
	const struct plan_entry *entry =
		(from->flags & FACTS_FUNCTION) ? NULL
					       : lint_entry(trail->inputs->plan, trail->unit, from);

	return entry && !graph_as_variable((struct graph_node *)entry->node)->binary.symbol;
}

/* True if the report has this very use and the extractor leaves it as it is. */
static bool is_left_alone(const struct lint_trail *trail, const struct plan_entry *entry)
{
	const struct facts_symbol *from = trail->use->from == FACTS_NONE
						  ? NULL
						  : &trail->unit->facts->symbols[trail->use->from];

	if (!from || !entry ||
	    !lint_is_known_use(trail->inputs->index, lint_string(trail->unit, from->name),
			       entry->node->name))
		return false;
	return !entry->is_redirected || entry->fate != PLAN_KEEP || is_folded(trail, from);
}

/* True if another unit of the module defines it. */
static bool is_defined_elsewhere(struct lint_trail *trail, const struct facts_symbol *symbol,
				 const struct plan_entry *entry)
{
	const char *name = lint_string(trail->unit, symbol->label ? symbol->label : symbol->name);

	if ((symbol->flags & (FACTS_STATIC | FACTS_INLINE)) || !(symbol->flags & FACTS_SCHEDULER) ||
	    g_hash_table_contains(trail->inputs->outside, name))
		return false;
	return (entry && entry->fate == PLAN_KEEP) ||
	       lint_definer(trail->inputs, name, trail->module, trail->texts);
}

/* True if the function's address leads into the module. */
static bool is_module_only(struct lint_trail *trail, const struct facts_symbol *symbol,
			   const struct plan_entry *entry)
{
	bool is_own = (symbol->flags & FACTS_DEFINED) && (symbol->flags & FACTS_SCHEDULER);

	if (!(symbol->flags & FACTS_FUNCTION) || (symbol->flags & FACTS_INIT))
		return false;
	if (!trail->inputs->is_extracted && entry && entry->node->class != GRAPH_INTERNAL)
		return false; /* the extractor inserts vmlinux's address there */
	return is_own ||
	       (!(symbol->flags & FACTS_DEFINED) && is_defined_elsewhere(trail, symbol, entry));
}

static void report(const struct lint_trail *trail, const struct facts_symbol *symbol,
		   const struct plan_entry *entry, struct lint_result *result)
{
	const char *name = lint_string(trail->unit, symbol->name),
		   *file = lint_string(trail->unit, trail->use->file);
	bool has_entry = entry && entry->is_redirected && trail->inputs->is_extracted;
	struct lint_finding *finding;

	finding =
		lint_find(result, LINT_RULE_ADDRESS,
			  lint_place_of(trail->texts, file, trail->use->line, name),
			  lint_string(trail->unit, symbol->file), name,
			  "the address of %s%s() is put into %s",
			  has_entry ? "the module's own " : "the module-only ", name, trail->where);
	finding->level = trail->is_error ? LINT_LEVEL_ERROR : LINT_LEVEL_WARNING;
	if (has_entry) {
		g_free(finding->help);
		finding->help = g_strdup_printf(
			"Write vmlinux(%s): vmlinux's entry leads to the module's function while that is loaded.",
			name);
	}
	lint_relate(finding,
		    lint_place_of(trail->texts, lint_string(trail->unit, symbol->file),
				  symbol->line, name),
		    "%s() is defined here", name);
}

static void check_use(const struct lint_inputs *inputs, const struct lint_unit *unit,
		      const struct facts_use *use, struct lint_module *module,
		      struct lint_texts *texts, struct lint_result *result)
{
	const struct facts_symbol *symbol = &unit->facts->symbols[use->target];
	const struct plan_entry *entry = lint_entry(inputs->plan, unit, symbol);
	struct lint_trail trail = {
		.inputs = inputs, .unit = unit, .use = use, .module = module, .texts = texts
	};

	if (!is_module_only(&trail, symbol, entry) || is_left_alone(&trail, entry))
		return;
	lint_trail_begin(&trail);
	if (use->slot == FACTS_NONE || use->slot == FACTS_SLOT_UNKNOWN)
		arrive_unfollowed(&trail);
	else
		lint_trail_walk(&trail, arrive_at);
	if (trail.where)
		report(&trail, symbol, entry, result);
	lint_trail_end(&trail);
}

void lint_addresses(const struct lint_inputs *inputs, const struct lint_unit *unit,
		    struct lint_module *module, struct lint_texts *texts,
		    struct lint_result *result)
{
	for (gsize i = 0; i < unit->facts->n_uses; i++) {
		const struct facts_use *use = &unit->facts->uses[i];

		if (use->kind == FACTS_ADDRESS && use->target_kind == FACTS_TARGET_SYMBOL)
			check_use(inputs, unit, use, module, texts, result);
	}
}
