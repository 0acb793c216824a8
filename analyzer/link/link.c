// SPDX-License-Identifier: GPL-2.0-only
/*
 * The link step.
 *
 * Passes: definitions of the scheduler; uses by the scheduler, which say which members matter; uses
 * by all other code; where addresses go; places where records are kept; what the binary knows; aliases; relocations
 * that are still unexplained; the configuration; indirect calls.
 */
#include "analyzer/link/private.h"

static bool is_defined_by_object(const struct unit_link *u, const struct facts_symbol *s)
{
	return (s->flags & FACTS_DEFINED) && !(s->flags & FACTS_STATIC) && u->unit->is_scheduler &&
	       link_is_object_symbol(u->link, string_at(u, s->name));
}

static void define_scheduler(struct unit_link *u)
{
	for (gsize i = 0; i < u->facts->n_symbols; i++) {
		const struct facts_symbol *s = &u->facts->symbols[i];

		if ((is_scheduler_symbol(s) || is_defined_by_object(u, s)) && !is_discarded(u, s))
			link_symbol_node(u, (uint32_t)i);
	}
	for (gsize i = 0; i < u->facts->n_members; i++)
		if (u->facts->records[u->facts->members[i].record].flags & FACTS_RECORD_SCHEDULER)
			link_member_node(u, (uint32_t)i);
}

static void add_scheduler_uses(struct unit_link *u)
{
	for (gsize i = 0; i < u->facts->n_uses; i++) {
		const struct facts_use *use = &u->facts->uses[i];

		if (use->from != FACTS_NONE && link_is_scheduler_use(u, use) &&
		    !is_discarded(u, &u->facts->symbols[use->from]))
			link_add_whole_use(u, use);
	}
}

/* Adds all uses of the unit, whether they concern the scheduler or not. */
static void add_all_uses(struct unit_link *u)
{
	for (gsize i = 0; i < u->facts->n_uses; i++) {
		const struct facts_use *use = &u->facts->uses[i];

		if (use->from != FACTS_NONE && !is_discarded(u, &u->facts->symbols[use->from]))
			link_add_whole_use(u, use);
	}
}

static void add_outside_uses(struct unit_link *u)
{
	for (gsize i = 0; i < u->facts->n_uses; i++) {
		const struct facts_use *use = &u->facts->uses[i];

		if (use->from == FACTS_NONE || link_is_scheduler_use(u, use) ||
		    is_discarded(u, &u->facts->symbols[use->from]))
			continue;
		if (use->target_kind == FACTS_TARGET_MEMBER)
			link_add_outside_member_use(u, use);
		else if (use->target_kind == FACTS_TARGET_SYMBOL && !u->unit->members_only)
			link_add_outside_symbol_use(u, use);
	}
}

static const enum graph_instance_kind instance_kinds[] = {
	[FACTS_INSTANCE_STACK] = GRAPH_INSTANCE_STACK,
	[FACTS_INSTANCE_VARIABLE] = GRAPH_INSTANCE_HELD,
	[FACTS_INSTANCE_MEMBER] = GRAPH_INSTANCE_HELD,
	[FACTS_INSTANCE_POINTER] = GRAPH_INSTANCE_POINTER,
	[FACTS_INSTANCE_UNION] = GRAPH_INSTANCE_POINTER,
	[FACTS_INSTANCE_KEPT_MEMBER] = GRAPH_INSTANCE_KEPT,
	[FACTS_INSTANCE_KEPT_VARIABLE] = GRAPH_INSTANCE_KEPT,
};

static bool is_by_member(const struct facts_instance *n)
{
	return n->kind == FACTS_INSTANCE_MEMBER || n->kind == FACTS_INSTANCE_UNION ||
	       n->kind == FACTS_INSTANCE_KEPT_MEMBER;
}

static void add_instances(struct unit_link *u)
{
	for (gsize i = 0; i < u->facts->n_instances; i++) {
		const struct facts_instance *n = &u->facts->instances[i];
		const struct facts_record *r = &u->facts->records[n->record];
		struct graph_instance instance = {
			.record = string_at(u, r->name),
			.file = r->size ? string_at(u, r->file) : "",
			.kind = instance_kinds[n->kind],
			.source = string_at(u, n->source),
			.line = n->line,
		};

		if (!is_by_member(n) && is_discarded(u, &u->facts->symbols[n->by]))
			continue;
		instance.by =
			is_by_member(n) ? link_member_node(u, n->by) : link_symbol_node(u, n->by);
		graph_instance_add(u->link->graph, &instance);
	}
}

void link_for_each_unit(struct link *link, bool with_members_only,
			void (*pass)(struct unit_link *u))
{
	for (guint i = 0; i < link->input->units->len; i++) {
		const struct link_unit *unit =
			&g_array_index(link->input->units, struct link_unit, i);
		struct unit_link u = {
			.link = link, .unit = unit, .number = i + 1, .facts = unit->facts
		};

		if (!unit->facts || (unit->members_only && !with_members_only))
			continue;
		u.symbols = g_new0(struct graph_node *, u.facts->n_symbols + 1);
		u.members = g_new0(struct graph_node *, u.facts->n_members + 1);
		u.interests = g_new0(uint8_t, u.facts->n_members + 1);
		pass(&u);
		g_free(u.symbols);
		g_free(u.members);
		g_free(u.interests);
	}
}

static void add_witnesses(struct link *link)
{
	GHashTableIter iter;
	gpointer use;

	g_hash_table_iter_init(&iter, link->witnesses);
	while (g_hash_table_iter_next(&iter, NULL, &use))
		graph_use_add(link->graph, use);
}

struct graph *link_graph(const struct link_input *input, struct indirect_frontier **frontier)
{
	struct link link = { .input = input, .graph = graph_new() };

	link.overridden = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	link.members = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	link.witnesses = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	link.explained = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	link_find_overridden(&link);
	link_for_each_unit(&link, false, define_scheduler);
	if (input->is_whole) {
		link_for_each_unit(&link, true, add_all_uses);
	} else {
		link_for_each_unit(&link, false, add_scheduler_uses);
		link_for_each_unit(&link, true, add_outside_uses);
		add_witnesses(&link);
	}
	link_add_escapes(&link);
	link_for_each_unit(&link, true, add_instances);
	if (input->binary)
		link_take_binary(&link);
	link_take_aliases(&link);
	if (input->objects)
		link_take_relocations(&link);
	link_take_config(&link);
	link_resolve_calls(&link, frontier);
	graph_finish(link.graph);
	g_hash_table_destroy(link.overridden);
	g_hash_table_destroy(link.members);
	g_hash_table_destroy(link.witnesses);
	g_hash_table_destroy(link.explained);
	return link.graph;
}
