// SPDX-License-Identifier: GPL-2.0-only
/*
 * What becomes of data whose address is taken: it is read, written, or it cannot be known.
 *
 * atomic_inc(&rq->nr_iowait) takes an address and passes it to a function of a header, which writes
 * there; so do list_add(), per_cpu_ptr() and similar functions. Every slot that may hold an address
 * gets the accesses that are made through it. It also gets those made through the slots it flows
 * to: they are passed backwards along the flows until nothing changes. If an address is taken and
 * goes into a slot, the accesses of that slot are what happens to the data.
 *
 * A function of another file may do anything with what it receives, unless its parameter points to
 * const. Only the unit's own text decides, so a unit's facts do not depend on which other units are
 * parsed.
 */
#include "analyzer/source/visit.h"

#include <string.h>

/* Functions of the compiler and its library: what they do to data behind pointer parameters. */
static const struct {
	const char *name;
	uint8_t effects[2];
} known[] = {
	{ "memset", { EFFECT_WRITE, 0 } },
	{ "memcpy", { EFFECT_WRITE, EFFECT_READ } },
	{ "memmove", { EFFECT_WRITE, EFFECT_READ } },
};

/* Finds what a function without a body does, by its name. False if the name is not known. */
static bool known_effect(const char *name, uint32_t parameter, uint8_t *effect)
{
	static const char *const prefixes[] = { "__builtin_", "__" };

	for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
		if (g_str_has_prefix(name, prefixes[i])) {
			name += strlen(prefixes[i]);
			break;
		}
	for (size_t i = 0; i < G_N_ELEMENTS(known) && parameter < 2; i++)
		if (strcmp(known[i].name, name) == 0) {
			*effect = known[i].effects[parameter];
			return true;
		}
	return false;
}

bool effects_are_known(struct unit *unit, const struct facts_slot *slot)
{
	const struct facts_symbol *function;
	uint8_t effect;

	if (slot->kind != FACTS_SLOT_PARAMETER)
		return false;
	function = unit_symbol_row(unit, slot->of);
	return !(function->flags & FACTS_DEFINED) &&
	       known_effect(unit_string_at(unit, function->name), slot->index, &effect);
}

/* What may happen to the data behind a slot because of the slot's kind, whatever it flows to. */
static uint8_t own_effect(struct unit *unit, const struct facts_slot *slot, uint8_t known_so_far)
{
	const struct facts_symbol *function;
	uint8_t effect;

	switch (slot->kind) {
	case FACTS_SLOT_UNKNOWN:
	case FACTS_SLOT_MEMBER:
	case FACTS_SLOT_VARIABLE:
		return EFFECT_KEPT;
	case FACTS_SLOT_ARGUMENT:
		return EFFECT_UNKNOWN;
	case FACTS_SLOT_PARAMETER:
		function = unit_symbol_row(unit, slot->of);
		if (function->flags & FACTS_DEFINED)
			return 0;
		if (known_effect(unit_string_at(unit, function->name), slot->index, &effect))
			return effect;
		return known_so_far & EFFECT_CONST ? EFFECT_READ : EFFECT_UNKNOWN;
	case FACTS_SLOT_RETURN: /* the callers may be in other units */
		return unit_symbol_row(unit, slot->of)->flags & FACTS_STATIC ? 0 : EFFECT_UNKNOWN;
	default:
		return 0;
	}
}

static void propagate(struct unit *unit)
{
	const GArray *flows = unit->tables.flows;
	bool changed = true;

	while (changed) {
		changed = false;
		for (guint i = flows->len; i-- > 0;) { /* values mostly flow down the text */
			const struct facts_flow *flow = &g_array_index(flows, struct facts_flow, i);
			uint8_t *from = &g_array_index(unit->effects, uint8_t, flow->from);
			uint8_t to =
				g_array_index(unit->effects, uint8_t, flow->to) & EFFECT_PASSED_ON;

			if (flow->from != FACTS_SLOT_UNKNOWN && (*from | to) != *from) {
				*from |= to;
				changed = true;
			}
		}
	}
}

static void refine(struct facts_use *use, uint8_t effect)
{
	bool reads = effect & EFFECT_READ, writes = effect & EFFECT_WRITE;

	if (!reads && !writes)
		return;
	if ((reads && writes) || (effect & EFFECT_UNKNOWN))
		use->kind = FACTS_READ_WRITE;
	else
		use->kind = reads ? FACTS_READ : FACTS_WRITE;
}

void effects_apply(struct unit *unit)
{
	for (guint i = 0; i < unit->tables.slots->len; i++) {
		uint8_t *effect = &g_array_index(unit->effects, uint8_t, i);

		*effect |= own_effect(
			unit, &g_array_index(unit->tables.slots, struct facts_slot, i), *effect);
	}
	propagate(unit);
	for (guint i = 0; i < unit->tables.uses->len; i++) {
		struct facts_use *use = &g_array_index(unit->tables.uses, struct facts_use, i);
		bool is_function = use->target_kind == FACTS_TARGET_SYMBOL &&
				   (unit_symbol_row(unit, use->target)->flags & FACTS_FUNCTION);

		if (use->kind == FACTS_ADDRESS && use->slot != FACTS_NONE && !is_function)
			refine(use, g_array_index(unit->effects, uint8_t, use->slot));
	}
}
