// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule address-stored: where the addresses of functions go that are only in the module.
 *
 * Such a function is any that an extracted tree defines (vmlinux's of that name is vmlinux(NAME), another symbol), and in a kernel's tree
 * what the report calls internal or does not know; there the extractor puts vmlinux's address in place of an interface function's.
 * From the place that an address is put into it is followed through the unit's flows of pointers to functions: locals, parameters and
 * results of the unit's functions. What lies outside is where it must not arrive:
 *
 *   a member of a struct that other code knows, a variable of vmlinux, an argument of a function that is not in the module.
 *
 * A variable or struct of the module's own goes with the module: a constant may hold the address; anything else is a warning, as what it
 * holds can be copied on. The methods of scheduling classes are the module's, and taken back when it goes.
 *
 * What the report has already, and the extractor left alone, is good: a comparison handed to code that is compiled into its caller.
 *
 * Limits: an argument of a function of another unit of the module is not followed further; nor is the address of data that holds
 * addresses.
 */
#include "analyzer/lint/private.h"

#include <string.h>

#define CLASS_RECORD "sched_class"

/* How far the address of a use was followed. */
struct trail {
	struct linter *linter;
	const struct lint_unit *unit;
	const struct facts_use *use;
	GHashTable *seen;     /* slots */
	GArray *todo;         /* uint32_t: slots to look at */
	char *where;          /* the worst place that it arrives at, in words; NULL: none */
	bool is_error;
};

static void arrive(struct trail *trail, bool is_error, char *where)
{
	if (!trail->where || (is_error && !trail->is_error)) {
		g_free(trail->where);
		trail->where = where;
		trail->is_error = is_error;
	} else {
		g_free(where);
	}
}

/* Defined in what becomes the module: by the unit itself, or by the report another unit of it. */
static bool is_in_module(const struct trail *trail, const struct facts_symbol *symbol)
{
	const struct plan_entry *entry = lint_entry(trail->linter, trail->unit, symbol);
	bool is_defined = symbol->flags & FACTS_DEFINED;

	if (trail->linter->is_extracted && is_defined)
		return true;
	if (entry)
		return entry->fate == PLAN_KEEP || entry->fate == PLAN_COPY || entry->fate == PLAN_CLASS;
	return is_defined;
}

/* The variable that holds the record of a member's slot by value, or NULL. */
static const struct facts_symbol *holder_of(const struct trail *trail, const struct facts_slot *slot)
{
	const struct facts *facts = trail->unit->facts;

	while (slot->kind == FACTS_SLOT_MEMBER && slot->outer != FACTS_NONE)
		slot = &facts->slots[slot->outer];
	return slot->kind == FACTS_SLOT_VARIABLE ? &facts->symbols[slot->of] : NULL;
}

/* Only the module knows the record, so that nobody else follows what it holds. */
static bool is_own_record(const struct trail *trail, const struct facts_record *record)
{
	const struct graph_record *known = lint_record(trail->linter, lint_string(trail->unit, record->file),
						       lint_string(trail->unit, record->name));

	return (record->flags & FACTS_RECORD_SCHEDULER) && (!known || known->class != GRAPH_EXTERNAL);
}

static void arrive_at_own(struct trail *trail, const struct facts_symbol *variable, const char *name)
{
	if (variable && (variable->flags & FACTS_CONST))
		return;
	arrive(trail, false, g_strdup_printf("%s, which goes with the module: keep it from being copied into what stays", name));
}

static void arrive_at_member(struct trail *trail, const struct facts_slot *slot)
{
	const struct facts_member *member = &trail->unit->facts->members[slot->of];
	const struct facts_record *record = &trail->unit->facts->records[member->record];
	const struct facts_symbol *holder = holder_of(trail, slot);
	g_autofree char *name = g_strdup_printf("%s.%s", lint_string(trail->unit, record->name), lint_string(trail->unit, member->name));

	if (holder && strcmp(lint_string(trail->unit, record->name), CLASS_RECORD) == 0)
		return;
	if (holder && !is_in_module(trail, holder))
		arrive(trail, true, g_strdup_printf("%s of %s, which lies in vmlinux", name, lint_string(trail->unit, holder->name)));
	else if (is_own_record(trail, record))
		arrive_at_own(trail, holder, name);
	else
		arrive(trail, true, g_strdup_printf("%s, which code outside of the module knows", name));
}

static void arrive_at_variable(struct trail *trail, const struct facts_symbol *variable)
{
	const char *name = lint_string(trail->unit, variable->name);

	if (is_in_module(trail, variable))
		arrive_at_own(trail, variable, name);
	else
		arrive(trail, true, g_strdup_printf("%s, which lies in vmlinux", name));
}

static void arrive_at_parameter(struct trail *trail, const struct facts_symbol *function)
{
	if (!is_in_module(trail, function))
		arrive(trail, true, g_strdup_printf("%s(), which is not in the module and may keep it", lint_string(trail->unit, function->name)));
}

static void arrive_at(struct trail *trail, const struct facts_slot *slot)
{
	const struct facts *facts = trail->unit->facts;

	switch (slot->kind) {
	case FACTS_SLOT_VARIABLE:
		arrive_at_variable(trail, &facts->symbols[slot->of]);
		break;
	case FACTS_SLOT_MEMBER:
		arrive_at_member(trail, slot);
		break;
	case FACTS_SLOT_PARAMETER:
		arrive_at_parameter(trail, &facts->symbols[slot->of]);
		break;
	case FACTS_SLOT_ARGUMENT:
		arrive(trail, false, g_strdup("a function that is called through a pointer, and may keep it"));
		break;
	default: /* a local or a result: followed */
		break;
	}
}

static void follow(struct trail *trail, uint32_t slot)
{
	if (slot != FACTS_NONE && g_hash_table_add(trail->seen, GUINT_TO_POINTER(slot)))
		g_array_append_val(trail->todo, slot);
}

/* An address that became a number or went where no pointer is followed: only its first step is known. */
static void arrive_unfollowed(struct trail *trail)
{
	const struct facts_use *use = trail->use;
	const struct facts_symbol *callee;

	if (use->sink != FACTS_SINK_ARGUMENT || use->sink_target == FACTS_NONE || !use->sink_name)
		return; /* compared, printed or kept in a local */
	callee = &trail->unit->facts->symbols[use->sink_target];
	if (!is_in_module(trail, callee))
		arrive(trail, false, g_strdup_printf("%s() as a number, which is not in the module and may keep it",
						     lint_string(trail->unit, callee->name)));
}

static void walk(struct trail *trail)
{
	const struct facts *facts = trail->unit->facts;

	if (trail->use->slot == FACTS_NONE || trail->use->slot == FACTS_SLOT_UNKNOWN)
		arrive_unfollowed(trail);
	else
		follow(trail, trail->use->slot);
	for (guint i = 0; i < trail->todo->len; i++) {
		uint32_t slot = g_array_index(trail->todo, uint32_t, i);

		arrive_at(trail, &facts->slots[slot]);
		/* what a place outside holds may go anywhere; it is found already, and so much goes through it */
		for (gsize j = 0; !trail->is_error && j < facts->n_flows; j++)
			if (facts->flows[j].from == slot && facts->flows[j].to != FACTS_SLOT_UNKNOWN)
				follow(trail, facts->flows[j].to);
	}
}

/* A constant that vmlinux does not have, as its compiler put the values where they are used. */
static bool is_folded(const struct lint_unit *unit, const struct linter *linter, const struct facts_symbol *from)
{
	const struct plan_entry *entry = (from->flags & FACTS_FUNCTION) ? NULL : lint_entry(linter, unit, from);

	return entry && !graph_as_variable((struct graph_node *)entry->node)->binary.symbol;
}

/* The report has the very use, and the extractor leaves it as it is. */
static bool is_left_alone(struct linter *linter, const struct lint_unit *unit, const struct facts_use *use, const struct plan_entry *entry)
{
	const struct facts_symbol *from = use->from == FACTS_NONE ? NULL : &unit->facts->symbols[use->from];

	if (!from || !entry || !lint_is_known_use(linter, lint_string(unit, from->name), entry->node->name))
		return false;
	return !entry->is_redirected || entry->fate != PLAN_KEEP || is_folded(unit, linter, from);
}

/* Its address leads into the module. */
static bool is_module_only(const struct linter *linter, const struct facts_symbol *symbol, const struct plan_entry *entry)
{
	if (!(symbol->flags & FACTS_FUNCTION) || !(symbol->flags & FACTS_DEFINED) || !(symbol->flags & FACTS_SCHEDULER) ||
	    (symbol->flags & FACTS_INIT))
		return false;
	return linter->is_extracted || !entry || entry->node->class == GRAPH_INTERNAL;
}

static void report(const struct trail *trail, const struct facts_symbol *symbol, const struct plan_entry *entry)
{
	const char *name = lint_string(trail->unit, symbol->name), *file = lint_string(trail->unit, trail->use->file);
	bool has_entry = entry && entry->is_redirected && trail->linter->is_extracted;
	struct lint_finding *finding;

	finding = lint_find(trail->linter, LINT_RULE_ADDRESS, lint_place_of(trail->linter, file, trail->use->line, name),
			    lint_string(trail->unit, symbol->file), name, "the address of %s() leads into the module and is put into %s",
			    has_entry ? "the module's " : name, trail->where);
	if (has_entry) {
		g_free(finding->message);
		g_free(finding->help);
		finding->message = g_strdup_printf("the address of the module's %s() is put into %s", name, trail->where);
		finding->help = g_strdup_printf("Write vmlinux(%s): vmlinux's entry leads to the module's function while that is loaded.", name);
	}
	finding->level = trail->is_error ? LINT_LEVEL_ERROR : LINT_LEVEL_WARNING;
	lint_relate(finding, lint_place_of(trail->linter, lint_string(trail->unit, symbol->file), symbol->line, name), "%s() is defined here",
		    name);
}

static void check_use(struct linter *linter, const struct lint_unit *unit, const struct facts_use *use)
{
	const struct facts_symbol *symbol = &unit->facts->symbols[use->target];
	const struct plan_entry *entry = lint_entry(linter, unit, symbol);
	struct trail trail = { .linter = linter, .unit = unit, .use = use };

	if (!is_module_only(linter, symbol, entry) || is_left_alone(linter, unit, use, entry))
		return;
	trail.seen = g_hash_table_new(NULL, NULL);
	trail.todo = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	walk(&trail);
	if (trail.where)
		report(&trail, symbol, entry);
	g_hash_table_destroy(trail.seen);
	g_array_unref(trail.todo);
	g_free(trail.where);
}

void lint_addresses(struct linter *linter, struct lint_unit *unit)
{
	for (gsize i = 0; i < unit->facts->n_uses; i++) {
		const struct facts_use *use = &unit->facts->uses[i];

		if (use->kind == FACTS_ADDRESS && use->target_kind == FACTS_TARGET_SYMBOL)
			check_use(linter, unit, use);
	}
}
