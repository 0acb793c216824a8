// SPDX-License-Identifier: GPL-2.0-only
/*
 * Indirect calls: the flows of pointers to functions in all units become one set of slots (graph/indirect.h).
 *
 * A static call (linux/static_call.h) looks like a direct call of its trampoline, __SCT__NAME; it calls what was put into
 * the key of the same name, __SCK__NAME. A key whose address some object keeps, as tracepoints do, may be
 * changed by anyone.
 */
#include "analyzer/link/private.h"

#include "graph/indirect.h"

#include <string.h>

#define TRAMPOLINE_PREFIX "__SCT__"
#define KEY_PREFIX "__SCK__"
#define KEY_RECORD "static_call_key"

/* One unit's slots. */
struct unit_flows {
	struct unit_link *unit;
	struct indirect *indirect;
	unsigned *slots; /* by the unit's number; 0: not made yet, or unknown */
};

static bool is_key_function(const struct graph_node *node)
{
	const struct graph_member *member = graph_as_member((struct graph_node *)node);

	return member && strcmp(member->record, KEY_RECORD) == 0;
}

static unsigned slot_of(struct unit_flows *f, uint32_t index)
{
	static const enum indirect_slot_kind kinds[] = {
		[FACTS_SLOT_UNKNOWN] = INDIRECT_UNKNOWN,     [FACTS_SLOT_VARIABLE] = INDIRECT_VARIABLE,
		[FACTS_SLOT_LOCAL] = INDIRECT_LOCAL,         [FACTS_SLOT_PARAMETER] = INDIRECT_PARAMETER,
		[FACTS_SLOT_RETURN] = INDIRECT_RETURN,       [FACTS_SLOT_MEMBER] = INDIRECT_MEMBER,
		[FACTS_SLOT_ARGUMENT] = INDIRECT_ARGUMENT,
	};
	const struct facts *facts = f->unit->facts;
	const struct facts_slot *slot = index == FACTS_NONE ? NULL : &facts->slots[index];
	struct indirect_key key;

	if (!slot || slot->kind == FACTS_SLOT_UNKNOWN)
		return INDIRECT_NOWHERE;
	if (f->slots[index])
		return f->slots[index];
	key = (struct indirect_key){ .kind = kinds[slot->kind], .index = slot->index };
	if (slot->kind == FACTS_SLOT_MEMBER)
		key.node = link_member_node(f->unit, slot->of);
	else if (slot->kind == FACTS_SLOT_ARGUMENT)
		key.type_called = facts->strings[slot->of];
	else
		key.node = link_symbol_node(f->unit, slot->of);
	if (slot->kind == FACTS_SLOT_LOCAL || slot->kind == FACTS_SLOT_PARAMETER || slot->kind == FACTS_SLOT_RETURN)
		key.unit = facts->symbols[slot->of].flags & FACTS_STATIC ? f->unit->number : 0;
	if (slot->kind == FACTS_SLOT_MEMBER && slot->outer != FACTS_NONE)
		key.outer = slot_of(f, slot->outer);
	f->slots[index] = indirect_slot(f->indirect, &key, slot->type != 0 || is_key_function(key.node));
	return f->slots[index];
}

static void add_call(struct unit_flows *f, const struct facts_use *use, const char *signature, unsigned slot,
		     bool is_static_call)
{
	struct indirect_call call = {
		.site = {
			.from = link_symbol_node(f->unit, use->from),
			.file = string_at(f->unit, use->file),
			.line = use->line,
			.signature = signature,
		},
		.slot = slot,
		.is_static_call = is_static_call,
		.is_inside = f->unit->unit->is_scheduler || f->unit->link->input->is_whole,
	};

	indirect_add_call(f->indirect, &call);
}

/* The variable of that name outside all functions, or NULL. */
static struct graph_node *key_variable(const struct unit_flows *f, const char *name)
{
	g_autofree char *key = g_strconcat(KEY_PREFIX, name, NULL);

	return graph_find(f->unit->link->graph, GRAPH_VARIABLE, key);
}

static void add_static_call(struct unit_flows *f, const struct facts_use *use, const struct facts_symbol *trampoline)
{
	const char *name = string_at(f->unit, trampoline->name) + strlen(TRAMPOLINE_PREFIX);
	struct graph_node *variable = key_variable(f, name);
	struct indirect_key outer = { .kind = INDIRECT_VARIABLE, .node = variable };
	struct indirect_key key = { .kind = INDIRECT_MEMBER, .node = f->unit->link->key_function };
	unsigned slot = INDIRECT_NOWHERE;

	if (variable && key.node) {
		key.outer = indirect_slot(f->indirect, &outer, false);
		slot = indirect_slot(f->indirect, &key, true);
	}
	add_call(f, use, string_at(f->unit, trampoline->prototype), slot, slot != INDIRECT_NOWHERE);
}

/* An address kept in a variable's initialiser: of a key, then anybody may change it. */
static void take_data_address(struct unit_flows *f, const struct facts_use *use, const struct facts_symbol *target)
{
	const struct facts_symbol *holder = &f->unit->facts->symbols[use->from];
	struct indirect_key outer = { .kind = INDIRECT_VARIABLE };
	struct indirect_key key = { .kind = INDIRECT_MEMBER, .node = f->unit->link->key_function };

	if ((holder->flags & FACTS_FUNCTION) || !g_str_has_prefix(string_at(f->unit, target->name), KEY_PREFIX) ||
	    !key.node)
		return;
	outer.node = link_symbol_node(f->unit, use->target);
	key.outer = indirect_slot(f->indirect, &outer, false);
	indirect_expose(f->indirect, indirect_slot(f->indirect, &key, true));
}

static void add_symbol_use(struct unit_flows *f, const struct facts_use *use)
{
	const struct facts_symbol *target = &f->unit->facts->symbols[use->target];
	const char *name = string_at(f->unit, target->name);

	if (use->kind == FACTS_CALL && g_str_has_prefix(name, TRAMPOLINE_PREFIX)) {
		add_static_call(f, use, target);
	} else if (use->kind == FACTS_ADDRESS && !(target->flags & FACTS_FUNCTION)) {
		take_data_address(f, use, target);
	} else if (use->kind == FACTS_ADDRESS && !g_str_has_prefix(name, TRAMPOLINE_PREFIX)) {
		struct graph_node *function = link_symbol_node(f->unit, use->target);

		indirect_take_address(f->indirect, function, string_at(f->unit, target->prototype));
		indirect_put(f->indirect, slot_of(f, use->slot), function);
	}
}

void link_add_flows(struct unit_link *u)
{
	struct unit_flows f = { .unit = u, .indirect = u->link->indirect,
				.slots = g_new0(unsigned, u->facts->n_slots + 1) };

	for (gsize i = 0; i < u->facts->n_uses; i++) {
		const struct facts_use *use = &u->facts->uses[i];

		if (use->from == FACTS_NONE || is_discarded(u, &u->facts->symbols[use->from]))
			continue;
		if (use->kind == FACTS_INDIRECT)
			add_call(&f, use, string_at(u, use->type), slot_of(&f, use->slot), false);
		else if (use->target_kind == FACTS_TARGET_SYMBOL)
			add_symbol_use(&f, use);
	}
	for (gsize i = 0; i < u->facts->n_flows; i++)
		indirect_flow(f.indirect, slot_of(&f, u->facts->flows[i].from), slot_of(&f, u->facts->flows[i].to));
	for (gsize i = 0; i < u->facts->n_members; i++)
		if (u->members[i] && (u->facts->records[u->facts->members[i].record].flags & FACTS_RECORD_COPIED))
			indirect_note_copied(f.indirect, u->members[i]);
	g_free(f.slots);
}
