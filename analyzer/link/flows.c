// SPDX-License-Identifier: GPL-2.0-only
/*
 * Indirect calls: the flows of pointers to functions in all units become one set of slots
 * (graph/indirect.h).
 *
 * A static call (linux/static_call.h) looks like a direct call of its trampoline, __SCT__NAME. It
 * really calls the function stored in the key of the same name, __SCK__NAME. If some object keeps
 * the key's address, as tracepoints do, anyone may change that function.
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
	unsigned *slots;  /* by slot number in the unit's facts; 0: not made yet, or unknown */
	GHashTable *keys; /* name of a static call's key -> 1 + index of its symbol in the unit */
};

static bool is_key_function(const struct graph_node *node)
{
	const struct graph_member *member = graph_as_member((struct graph_node *)node);

	return member && strcmp(member->record, KEY_RECORD) == 0;
}

static unsigned slot_of(struct unit_flows *f, uint32_t index)
{
	static const enum indirect_slot_kind kinds[] = {
		[FACTS_SLOT_UNKNOWN] = INDIRECT_UNKNOWN,
		[FACTS_SLOT_VARIABLE] = INDIRECT_VARIABLE,
		[FACTS_SLOT_LOCAL] = INDIRECT_LOCAL,
		[FACTS_SLOT_PARAMETER] = INDIRECT_PARAMETER,
		[FACTS_SLOT_RETURN] = INDIRECT_RETURN,
		[FACTS_SLOT_MEMBER] = INDIRECT_MEMBER,
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
	if (slot->kind == FACTS_SLOT_LOCAL || slot->kind == FACTS_SLOT_PARAMETER ||
	    slot->kind == FACTS_SLOT_RETURN)
		key.unit = facts->symbols[slot->of].flags & FACTS_STATIC ? f->unit->number : 0;
	if (slot->kind == FACTS_SLOT_MEMBER && slot->outer != FACTS_NONE)
		key.outer = slot_of(f, slot->outer);
	f->slots[index] =
		indirect_slot(f->indirect, &key, slot->type != 0 || is_key_function(key.node));
	if (slot->type)
		indirect_declare(f->indirect, f->slots[index], facts->strings[slot->type]);
	return f->slots[index];
}

static void add_call(struct unit_flows *f, const struct facts_use *use, const char *signature,
		     unsigned slot, bool is_static_call)
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

/* The key of a static call, or NULL if the unit does not name it. */
static struct graph_node *key_variable(const struct unit_flows *f, const char *name)
{
	g_autofree char *key = g_strconcat(KEY_PREFIX, name, NULL);
	guint symbol = GPOINTER_TO_UINT(g_hash_table_lookup(f->keys, key));

	return symbol ? link_symbol_node(f->unit, symbol - 1) : NULL;
}

static GHashTable *key_symbols(const struct facts *facts)
{
	GHashTable *keys = g_hash_table_new(g_str_hash, g_str_equal);

	for (gsize i = 0; i < facts->n_symbols; i++) {
		const char *name = facts->strings[facts->symbols[i].name];

		if (!(facts->symbols[i].flags & FACTS_FUNCTION) &&
		    g_str_has_prefix(name, KEY_PREFIX))
			g_hash_table_insert(keys, (gpointer)name, GUINT_TO_POINTER((guint)i + 1));
	}
	return keys;
}

static void add_static_call(struct unit_flows *f, const struct facts_use *use,
			    const struct facts_symbol *trampoline)
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

/*
 * If a variable's initialiser holds the address of a static call's key, anyone may change what the
 * key calls.
 */
static void take_data_address(struct unit_flows *f, const struct facts_use *use,
			      const struct facts_symbol *target)
{
	const struct facts_symbol *holder = &f->unit->facts->symbols[use->from];
	struct indirect_key outer = { .kind = INDIRECT_VARIABLE };
	struct indirect_key key = { .kind = INDIRECT_MEMBER, .node = f->unit->link->key_function };

	if ((holder->flags & FACTS_FUNCTION) ||
	    !g_str_has_prefix(string_at(f->unit, target->name), KEY_PREFIX) || !key.node)
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

static void add_flows(struct unit_link *u)
{
	struct unit_flows f = { .unit = u,
				.indirect = u->link->indirect,
				.slots = g_new0(unsigned, u->facts->n_slots + 1),
				.keys = key_symbols(u->facts) };

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
		indirect_flow(f.indirect, slot_of(&f, u->facts->flows[i].from),
			      slot_of(&f, u->facts->flows[i].to));
	g_free(f.slots);
	g_hash_table_destroy(f.keys);
}

/*
 * Notes members of records that the scheduler's code takes for others: anything may be in them. Of
 * other units it is not looked at, because which of them are parsed must not matter.
 */
static void note_casts(struct unit_link *u)
{
	for (gsize i = 0; u->unit->is_scheduler && i < u->facts->n_members; i++) {
		g_autofree char *key = NULL;
		struct graph_node *member;

		if (!(u->facts->records[u->facts->members[i].record].flags & FACTS_RECORD_CAST))
			continue;
		key = link_unit_member_key(u, (uint32_t)i);
		member = graph_find(u->link->graph, GRAPH_MEMBER, key);
		if (member)
			indirect_expose_member(u->link->indirect, member);
	}
}

/*
 * Notes members whose records the unit copies. Runs after all flows were added: the unit that
 * copies a record need not be one that calls through it.
 */
static void note_copies(struct unit_link *u)
{
	for (gsize i = 0; i < u->facts->n_members; i++) {
		g_autofree char *key = NULL;
		struct graph_node *member;

		if (!(u->facts->records[u->facts->members[i].record].flags & FACTS_RECORD_COPIED))
			continue;
		key = link_unit_member_key(u, (uint32_t)i);
		member = graph_find(u->link->graph, GRAPH_MEMBER, key);
		if (member)
			indirect_note_copied(u->link->indirect, member);
	}
}

/* Finds the member that holds the function of a static call. It is the same in all units. */
static void find_key_function(struct unit_link *u)
{
	for (gsize i = 0; i < u->facts->n_members; i++) {
		const struct facts_member *m = &u->facts->members[i];

		if (strcmp(string_at(u, u->facts->records[m->record].name), KEY_RECORD) == 0 &&
		    strcmp(string_at(u, m->name), "func") == 0)
			u->link->key_function = link_member_node(u, (uint32_t)i);
	}
}

/*
 * The nodes made so far. They keep the place they have, so that the report does not depend on which
 * units are linked for their flows.
 */
static GHashTable *settled_nodes(const struct graph *graph)
{
	const GPtrArray *arrays[] = { graph->functions, graph->variables };
	GHashTable *settled = g_hash_table_new(NULL, NULL);

	for (size_t a = 0; a < G_N_ELEMENTS(arrays); a++)
		for (guint i = 0; i < arrays[a]->len; i++)
			g_hash_table_add(settled, g_ptr_array_index(arrays[a], i));
	return settled;
}

void link_resolve_calls(struct link *link, struct indirect_frontier **frontier)
{
	link->settled = settled_nodes(link->graph);
	link->indirect = indirect_new(link->graph);
	link_for_each_unit(link, true, find_key_function);
	link_for_each_unit(link, true, add_flows);
	link_for_each_unit(link, true, note_copies);
	link_for_each_unit(link, true, note_casts);
	indirect_solve(link->indirect);
	if (frontier)
		*frontier = indirect_frontier_new(link->indirect);
	indirect_free(link->indirect);
	g_hash_table_destroy(link->settled);
}
