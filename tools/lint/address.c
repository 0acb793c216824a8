// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule address-stored: where addresses of functions that exist only in the module are stored.
 *
 * In an extracted tree these are all functions that it defines (vmlinux's function of that
 * name is a different symbol, vmlinux(NAME)). In a kernel's tree they are the functions that
 * the report calls internal or does not know; for an interface function the extractor
 * inserts vmlinux's address.
 *
 * Method: an address is followed from the place where it is first stored through the flows of
 * pointers to functions: locals, parameters and results of the module's functions, also from unit
 * to unit. It is an error if it arrives in
 *
 *   a member of a struct that other code knows, a variable of vmlinux, an argument of a function
 *   that is not in the module.
 *
 * A variable or struct of the module itself vanishes with the module. A constant there may hold the
 * address; anything else is a warning, because its contents can be copied elsewhere. The methods of
 * scheduling classes belong to the module and are restored when it is unloaded.
 *
 * A use that the report already has, and that the extractor left alone, is fine: for example a
 * comparison function passed to code that is compiled into its caller.
 *
 * Limit: the address of data that holds addresses is not followed.
 */
#include "tools/lint/private.h"

#include <string.h>

#define CLASS_RECORD "sched_class"

/* A slot that the address reaches. */
struct step {
	const struct lint_unit *unit;
	uint32_t slot;
};

/* How far the address of one use was followed, and what is read on the way. */
struct trail {
	const struct lint_inputs *inputs;
	const struct lint_unit *unit; /* the unit of the current step; at first the use's */
	const struct facts_use *use;
	struct lint_module *module; /* its other units may define the functions on the way */
	struct lint_texts *texts;
	GHashTable *seen; /* const struct facts_slot * */
	GArray *todo;     /* struct step */
	char *where;      /* the worst place that it reaches, in words; NULL: none */
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

/*
 * True if the module defines the symbol: this unit does, or another unit of the module
 * according to the report.
 */
static bool is_in_module(const struct trail *trail, const struct facts_symbol *symbol)
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

/* The variable that directly contains the record of a member's slot; NULL if there is none. */
static const struct facts_symbol *holder_of(const struct trail *trail,
					    const struct facts_slot *slot)
{
	const struct facts *facts = trail->unit->facts;

	while (slot->kind == FACTS_SLOT_MEMBER && slot->outer != FACTS_NONE)
		slot = &facts->slots[slot->outer];
	return slot->kind == FACTS_SLOT_VARIABLE ? &facts->symbols[slot->of] : NULL;
}

/* True if only the module knows the record, so that no other code reads its contents. */
static bool is_own_record(const struct trail *trail, const struct facts_record *record)
{
	const struct graph_record *known = lint_record(trail->inputs->index, trail->unit, record);

	return (record->flags & FACTS_RECORD_SCHEDULER) &&
	       (!known || known->class != GRAPH_EXTERNAL);
}

static void arrive_at_own(struct trail *trail, const struct facts_symbol *variable,
			  const char *name)
{
	/* a table that the module loader reads */
	bool is_for_loader = variable && (variable->flags & FACTS_USED) && variable->section;

	if (is_for_loader || (variable && (variable->flags & FACTS_CONST)))
		return;
	arrive(trail, false,
	       g_strdup_printf(
		       "%s, which goes with the module; it must not be copied into what stays",
		       name));
}

/* `holder` is the variable that the member is part of; NULL if it is behind a pointer. */
static void arrive_at_member(struct trail *trail, uint32_t number,
			     const struct facts_symbol *holder)
{
	const struct facts_member *member = &trail->unit->facts->members[number];
	const struct facts_record *record = &trail->unit->facts->records[member->record];
	g_autofree char *name = g_strdup_printf("%s.%s", lint_string(trail->unit, record->name),
						lint_string(trail->unit, member->name));

	if (holder && strcmp(lint_string(trail->unit, record->name), CLASS_RECORD) == 0)
		return;
	if (holder && !is_in_module(trail, holder))
		arrive(trail, true,
		       g_strdup_printf("%s of %s, which lies in vmlinux", name,
				       lint_string(trail->unit, holder->name)));
	else if (is_own_record(trail, record))
		arrive_at_own(trail, holder, name);
	else
		arrive(trail, true,
		       g_strdup_printf("%s, which code outside of the module knows", name));
}

static void arrive_at_variable(struct trail *trail, const struct facts_symbol *variable)
{
	const char *name = lint_string(trail->unit, variable->name);

	if (is_in_module(trail, variable))
		arrive_at_own(trail, variable, name);
	else
		arrive(trail, true, g_strdup_printf("%s, which lies in vmlinux", name));
}

static void follow(struct trail *trail, const struct lint_unit *unit, uint32_t slot)
{
	struct step step = { unit, slot };

	if (slot != FACTS_NONE && slot != FACTS_SLOT_UNKNOWN &&
	    g_hash_table_add(trail->seen, (gpointer)&unit->facts->slots[slot]))
		g_array_append_val(trail->todo, step);
}

/* Follows the address into the parameter of a function that another unit of the module defines. */
static void follow_into(struct trail *trail, const struct lint_unit *unit, const char *name,
			uint32_t index)
{
	const struct facts *facts = unit->facts;

	for (gsize i = 0; i < facts->n_slots; i++) {
		const struct facts_slot *slot = &facts->slots[i];

		if (slot->kind == FACTS_SLOT_PARAMETER && slot->index == index &&
		    strcmp(lint_string(unit, facts->symbols[slot->of].name), name) == 0)
			follow(trail, unit, (uint32_t)i);
	}
}

static void arrive_at_parameter(struct trail *trail, const struct facts_slot *slot)
{
	const struct facts_symbol *function = &trail->unit->facts->symbols[slot->of];
	const char *name = lint_string(trail->unit, function->name);
	const struct lint_unit *other =
		function->flags & FACTS_DEFINED
			? NULL
			: lint_definer(trail->inputs, name, trail->module, trail->texts);

	if (other)
		follow_into(trail, other, name, slot->index);
	else if (!is_in_module(trail, function))
		arrive(trail, true,
		       g_strdup_printf("%s(), which is not in the module and may keep it", name));
}

/*
 * A result is followed to callers in the module; if vmlinux calls the function, the
 * address leaves the module.
 */
static void arrive_at_result(struct trail *trail, const struct facts_symbol *function)
{
	const struct plan_entry *entry = lint_entry(trail->inputs->plan, trail->unit, function);

	if (entry && entry->node->class == GRAPH_INTERFACE)
		arrive(trail, true,
		       g_strdup_printf("the result of %s(), which vmlinux calls",
				       lint_string(trail->unit, function->name)));
}

static void arrive_at(struct trail *trail, const struct facts_slot *slot)
{
	switch (slot->kind) {
	case FACTS_SLOT_VARIABLE:
		arrive_at_variable(trail, &trail->unit->facts->symbols[slot->of]);
		break;
	case FACTS_SLOT_MEMBER:
		arrive_at_member(trail, slot->of, holder_of(trail, slot));
		break;
	case FACTS_SLOT_PARAMETER:
		arrive_at_parameter(trail, slot);
		break;
	case FACTS_SLOT_RETURN:
		arrive_at_result(trail, &trail->unit->facts->symbols[slot->of]);
		break;
	case FACTS_SLOT_ARGUMENT:
		arrive(trail, false,
		       g_strdup("a function that is called through a pointer, and may keep it"));
		break;
	default: /* a local: only followed */
		break;
	}
}

/*
 * An address in a place where pointers are not followed, such as a record that is copied, or as a
 * number: only the first step is known.
 */
static void arrive_unfollowed(struct trail *trail)
{
	const struct facts_use *use = trail->use;
	const struct facts_symbol *callee;

	if (use->sink == FACTS_SINK_INIT || use->sink == FACTS_SINK_ASSIGN) {
		arrive_at_member(trail, use->sink_target, NULL);
		return;
	}
	if (use->sink != FACTS_SINK_ARGUMENT || use->sink_target == FACTS_NONE || !use->sink_name)
		return; /* compared, printed or kept in a local */
	callee = &trail->unit->facts->symbols[use->sink_target];
	if (!is_in_module(trail, callee))
		arrive(trail, false,
		       g_strdup_printf(
			       "%s() as a number, which is not in the module and may keep it",
			       lint_string(trail->unit, callee->name)));
}

static void take_step(struct trail *trail, struct step step)
{
	const struct facts *facts = step.unit->facts;

	trail->unit = step.unit;
	arrive_at(trail, &facts->slots[step.slot]);
	/*
	 * an error is the worst result already, and what such a place holds
	 * goes to very many others
	 */
	for (gsize i = 0; !trail->is_error && i < facts->n_flows; i++)
		if (facts->flows[i].from == step.slot)
			follow(trail, step.unit, facts->flows[i].to);
}

static void walk(struct trail *trail)
{
	const struct lint_unit *unit = trail->unit;

	if (trail->use->slot == FACTS_NONE || trail->use->slot == FACTS_SLOT_UNKNOWN)
		arrive_unfollowed(trail);
	else
		follow(trail, unit, trail->use->slot);
	for (guint i = 0; i < trail->todo->len; i++)
		take_step(trail, g_array_index(trail->todo, struct step, i));
	trail->unit = unit;
}

/*
 * True for a constant that vmlinux does not have because its compiler folded
 * the values into their uses.
 */
static bool is_folded(const struct trail *trail, const struct facts_symbol *from)
{
	const struct plan_entry *entry =
		(from->flags & FACTS_FUNCTION) ? NULL
					       : lint_entry(trail->inputs->plan, trail->unit, from);

	return entry && !graph_as_variable((struct graph_node *)entry->node)->binary.symbol;
}

/* True if the report has this very use and the extractor leaves it as it is. */
static bool is_left_alone(const struct trail *trail, const struct plan_entry *entry)
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
static bool is_defined_elsewhere(struct trail *trail, const struct facts_symbol *symbol,
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
static bool is_module_only(struct trail *trail, const struct facts_symbol *symbol,
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

static void report(const struct trail *trail, const struct facts_symbol *symbol,
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
	struct trail trail = {
		.inputs = inputs, .unit = unit, .use = use, .module = module, .texts = texts
	};

	if (!is_module_only(&trail, symbol, entry) || is_left_alone(&trail, entry))
		return;
	trail.seen = g_hash_table_new(NULL, NULL);
	trail.todo = g_array_new(FALSE, FALSE, sizeof(struct step));
	walk(&trail);
	if (trail.where)
		report(&trail, symbol, entry, result);
	g_hash_table_destroy(trail.seen);
	g_array_unref(trail.todo);
	g_free(trail.where);
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
