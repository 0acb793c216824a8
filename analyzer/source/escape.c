// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the scheduler's code lets addresses of data go.
 *
 * An address follows the flows of its slot (slot.c). Locals, and parameters and results of inline
 * functions of other code's headers, are passed through: their code is compiled into the caller.
 * Every other slot that is met ends the way and becomes a row. So the rows are steps between slots
 * that other units know too; the link joins the steps.
 *
 * container_of() goes the other way: whoever hands over the pointer has the member's address, also
 * if nobody was seen to take it. From there the flows are followed backwards.
 *
 * Limits: what memcpy() and the like copy is not followed.
 */
#include "analyzer/source/visit.h"

struct escape_search {
	struct unit *unit;
	unsigned *first;  /* by slot: where its flows begin in `order`; one more at the end */
	unsigned *order;  /* numbers of the flows, sorted by the slot that the search leaves */
	bool is_backward; /* flows are followed from where they lead to where they come from */
	unsigned *seen;   /* by slot: number of the last search that met it */
	unsigned number;  /* number of the search */
	GArray *todo;     /* uint32_t: slots to go on from */
};

static const struct facts_slot *slot_row(const struct unit *unit, uint32_t slot)
{
	return &g_array_index(unit->tables.slots, struct facts_slot, slot);
}

/* True if the code of the function is compiled into those of the scheduler that call it. */
static bool is_transparent(struct unit *unit, uint32_t function)
{
	uint32_t flags = unit_symbol_row(unit, function)->flags;

	return (flags & FACTS_DEFINED) && (flags & FACTS_INLINE) && !(flags & FACTS_SCHEDULER);
}

static bool is_passed_through(struct unit *unit, const struct facts_slot *slot)
{
	switch (slot->kind) {
	case FACTS_SLOT_LOCAL:
		return true;
	case FACTS_SLOT_PARAMETER:
	case FACTS_SLOT_RETURN:
		return is_transparent(unit, slot->of);
	default:
		return false;
	}
}

static uint32_t end_of(const struct escape_search *s, unsigned flow, bool is_far)
{
	const struct facts_flow *row =
		&g_array_index(s->unit->tables.flows, struct facts_flow, flow);

	return is_far == s->is_backward ? row->from : row->to;
}

/* Sorts the flows by the slot that the search leaves. */
static void search_begin(struct escape_search *s, struct unit *unit, bool is_backward)
{
	guint slots = unit->tables.slots->len, flows = unit->tables.flows->len;

	*s = (struct escape_search){ .unit = unit, .is_backward = is_backward };
	s->first = g_new0(unsigned, slots + 2);
	s->order = g_new(unsigned, flows + 1);
	s->seen = g_new0(unsigned, slots + 1);
	s->todo = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	for (guint i = 0; i < flows; i++)
		s->first[end_of(s, i, false) + 2]++;
	for (guint i = 2; i <= slots + 1; i++)
		s->first[i] += s->first[i - 1];
	for (guint i = 0; i < flows; i++) /* first[n + 1] grows to its final value */
		s->order[s->first[end_of(s, i, false) + 1]++] = i;
}

static void search_clear(struct escape_search *s)
{
	g_free(s->first);
	g_free(s->order);
	g_free(s->seen);
	g_array_free(s->todo, TRUE);
}

static void add_row(struct unit *unit, enum facts_escape_kind kind, uint32_t of, uint32_t slot)
{
	struct facts_escape row = { kind, of, slot };

	g_array_append_val(unit->tables.escapes, row);
}

/* Meets a slot: goes through it, or makes a row of it. */
static void meet(struct escape_search *s, uint32_t slot, enum facts_escape_kind kind, uint32_t of)
{
	if (s->seen[slot] == s->number)
		return;
	s->seen[slot] = s->number;
	if (is_passed_through(s->unit, slot_row(s->unit, slot)))
		g_array_append_val(s->todo, slot);
	else if (!effects_are_known(s->unit, slot_row(s->unit, slot)))
		add_row(s->unit, kind, of, slot);
}

static void leave(struct escape_search *s, uint32_t slot, enum facts_escape_kind kind, uint32_t of)
{
	for (unsigned i = s->first[slot]; i < s->first[slot + 1]; i++)
		meet(s, end_of(s, s->order[i], true), kind, of);
}

static void go_on(struct escape_search *s, enum facts_escape_kind kind, uint32_t of)
{
	while (s->todo->len) {
		uint32_t slot = g_array_index(s->todo, uint32_t, s->todo->len - 1);

		g_array_set_size(s->todo, s->todo->len - 1);
		leave(s, slot, kind, of);
	}
}

static bool is_data_address(struct unit *unit, const struct facts_use *use)
{
	if (use->slot == FACTS_NONE || use->kind == FACTS_INDIRECT || use->from == FACTS_NONE ||
	    !(unit_symbol_row(unit, use->from)->flags & FACTS_SCHEDULER))
		return false;
	return use->target_kind == FACTS_TARGET_MEMBER ||
	       !(unit_symbol_row(unit, use->target)->flags & FACTS_FUNCTION);
}

static void find_addresses(struct escape_search *s)
{
	const GArray *uses = s->unit->tables.uses;

	for (guint i = 0; i < uses->len; i++) {
		const struct facts_use *use = &g_array_index(uses, struct facts_use, i);

		if (!is_data_address(s->unit, use))
			continue;
		s->number++;
		meet(s, use->slot, FACTS_ESCAPE_ADDRESS, i);
		go_on(s, FACTS_ESCAPE_ADDRESS, i);
	}
}

static void find_pointers(struct escape_search *s)
{
	for (guint i = 0; i < s->unit->tables.slots->len; i++) {
		if (i == FACTS_SLOT_UNKNOWN || is_passed_through(s->unit, slot_row(s->unit, i)))
			continue;
		s->number++;
		leave(s, i, FACTS_ESCAPE_POINTER, i);
		go_on(s, FACTS_ESCAPE_POINTER, i);
	}
}

/* Replaces the pointers of container_of() by the slots that they come from. */
static void find_containers(struct unit *unit)
{
	struct escape_search s;
	guint n = unit->tables.escapes->len;

	search_begin(&s, unit, true);
	for (guint i = 0; i < n; i++) {
		struct facts_escape row =
			g_array_index(unit->tables.escapes, struct facts_escape, i);

		s.number++;
		meet(&s, row.slot, FACTS_ESCAPE_CONTAINER, row.of);
		go_on(&s, FACTS_ESCAPE_CONTAINER, row.of);
	}
	g_array_remove_range(unit->tables.escapes, 0, n);
	search_clear(&s);
}

void escapes_note_container(struct unit *unit, guint first, uint32_t slot)
{
	for (guint i = first; i < unit->tables.uses->len; i++) {
		const struct facts_use *use =
			&g_array_index(unit->tables.uses, struct facts_use, i);

		if (use->kind == FACTS_ADDRESS && use->target_kind == FACTS_TARGET_MEMBER &&
		    use->slot == FACTS_NONE && use->from != FACTS_NONE &&
		    (unit_symbol_row(unit, use->from)->flags & FACTS_SCHEDULER))
			add_row(unit, FACTS_ESCAPE_CONTAINER, i, slot);
	}
}

void escapes_find(struct unit *unit)
{
	struct escape_search s;

	find_containers(unit);
	if (!unit->sees_scheduler)
		return;
	search_begin(&s, unit, false);
	find_addresses(&s);
	find_pointers(&s);
	search_clear(&s);
}
