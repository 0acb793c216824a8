// SPDX-License-Identifier: GPL-2.0-only
/*
 * Escapes: where the addresses of data get that the scheduler's code takes.
 *
 * Each unit tells the steps that an address can go in it (struct facts_escape). Here they are
 * joined by what they have in common: members, variables, parameters and results. From each place
 * where an address is taken, everything is noted that it can reach; from each container_of(),
 * everything that its pointer can come from. Of several ways to the same end one is kept. Whether
 * an end is reason enough is for the boundary to say: it depends on the classes.
 *
 * A member or variable that other code uses is an end: what happens behind it is not looked at.
 */
#include "analyzer/link/private.h"

#include <string.h>

/* A slot that all units know. */
struct stop_key {
	uint32_t kind; /* enum facts_slot_kind */
	struct graph_node *node;
	uint32_t index;
};

struct stop {
	struct stop_key key;
	bool is_assembly; /* an argument of inline assembly */
	GArray *to;       /* unsigned: stops that a pointer gets to from here */
	GArray *from;     /* unsigned: where one comes from */
	unsigned seen;    /* number of the last search that met it */
};

struct link_escapes {
	GPtrArray *stops; /* struct stop * */
	GHashTable *by_key;
	GHashTable *foreign; /* nodes that other code uses */
	GHashTable *known;   /* "NODE STOP WAY" of the escapes in the graph */
	GArray *todo;        /* unsigned: stops to go on from */
	unsigned number;     /* number of the search */
};

static guint key_hash(gconstpointer data)
{
	const struct stop_key *key = data;

	return (guint)((guintptr)key->node >> 4) * 31 + key->kind * 7 + key->index;
}

static gboolean key_equal(gconstpointer left, gconstpointer right)
{
	const struct stop_key *l = left, *r = right;

	return l->kind == r->kind && l->node == r->node && l->index == r->index;
}

static void stop_free(gpointer data)
{
	struct stop *stop = data;

	g_array_unref(stop->to);
	g_array_unref(stop->from);
	g_free(stop);
}

static struct stop *stop_at(const struct link_escapes *e, unsigned i)
{
	return g_ptr_array_index(e->stops, i);
}

static unsigned stop_of(struct unit_link *u, uint32_t index)
{
	struct link_escapes *e = u->link->escapes;
	const struct facts_slot *slot = &u->facts->slots[index];
	struct stop_key key = { .kind = slot->kind };
	bool is_assembly = false;
	struct stop *stop;
	gpointer found;

	if (slot->kind == FACTS_SLOT_MEMBER)
		key.node = link_member_node(u, slot->of);
	else if (slot->kind == FACTS_SLOT_ARGUMENT)
		key.index = is_assembly = !*string_at(u, slot->of);
	else if (slot->kind != FACTS_SLOT_UNKNOWN)
		key.node = link_symbol_node(u, slot->of);
	if (slot->kind == FACTS_SLOT_PARAMETER)
		key.index = slot->index;
	if (g_hash_table_lookup_extended(e->by_key, &key, NULL, &found))
		return GPOINTER_TO_UINT(found);
	stop = g_new0(struct stop, 1);
	stop->key = key;
	stop->is_assembly = is_assembly;
	stop->to = g_array_new(FALSE, FALSE, sizeof(unsigned));
	stop->from = g_array_new(FALSE, FALSE, sizeof(unsigned));
	g_ptr_array_add(e->stops, stop);
	g_hash_table_insert(e->by_key, &stop->key, GUINT_TO_POINTER(e->stops->len - 1));
	return e->stops->len - 1;
}

/* Adds the steps of pointers. Only the scheduler's own units matter: other code is an end. */
static void add_steps(struct unit_link *u)
{
	for (gsize i = 0; u->unit->is_scheduler && i < u->facts->n_escapes; i++) {
		const struct facts_escape *row = &u->facts->escapes[i];
		unsigned of, slot;

		if (row->kind != FACTS_ESCAPE_POINTER)
			continue;
		of = stop_of(u, row->of);
		slot = stop_of(u, row->slot);
		g_array_append_val(stop_at(u->link->escapes, of)->to, slot);
		g_array_append_val(stop_at(u->link->escapes, slot)->from, of);
	}
}

/* True if an address goes on from there within the scheduler's code. */
static bool goes_on(const struct link_escapes *e, const struct stop *stop)
{
	switch (stop->key.kind) {
	case FACTS_SLOT_PARAMETER:
	case FACTS_SLOT_RETURN:
		return stop->key.node->is_scheduler;
	case FACTS_SLOT_MEMBER:
	case FACTS_SLOT_VARIABLE:
		return !g_hash_table_contains(e->foreign, stop->key.node);
	default:
		return false;
	}
}

/* One way of an address. */
struct way_out {
	const struct facts_use *use; /* takes the address, or names the member of container_of() */
	struct graph_use escape;     /* what is the same wherever it goes */
	bool is_backward;            /* from container_of() to where its pointer comes from */
};

static char *describe_argument(const struct unit_link *u, const struct way_out *way,
			       const struct stop *stop)
{
	const struct facts_use *use = way->use;

	if (use->sink == FACTS_SINK_ARGUMENT && use->sink_target != FACTS_NONE && use->sink_name &&
	    u->symbols[use->sink_target] == stop->key.node)
		return g_strdup_printf("argument %s of %s", string_at(u, use->sink_name),
				       stop->key.node->name);
	return g_strdup_printf("argument %u of %s", stop->key.index + 1, stop->key.node->name);
}

/* In words, what the stop is. Caller frees. */
static char *describe(const struct unit_link *u, const struct way_out *way, const struct stop *stop)
{
	const char *verb = way->is_backward ? "comes from" : "gets into";

	switch (stop->key.kind) {
	case FACTS_SLOT_PARAMETER:
		return describe_argument(u, way, stop);
	case FACTS_SLOT_RETURN:
		return g_strdup_printf("result of %s", stop->key.node->name);
	case FACTS_SLOT_MEMBER:
	case FACTS_SLOT_VARIABLE:
		return g_strdup_printf("%s %s", verb, stop->key.node->name);
	case FACTS_SLOT_ARGUMENT:
		return g_strdup(stop->is_assembly ? "operand of inline assembly"
						  : "argument of an indirect call");
	default:
		return g_strdup_printf("%s memory that is not followed", verb);
	}
}

/* Fills in who else then has the address. False if the stop is only a step. */
static bool fill_end(const struct way_out *way, const struct stop *stop, struct graph_use *escape)
{
	bool is_argument = stop->key.kind == FACTS_SLOT_PARAMETER;

	if (stop->key.kind == FACTS_SLOT_MEMBER || stop->key.kind == FACTS_SLOT_VARIABLE)
		escape->kept_in = stop->key.node;
	if (!is_argument && stop->key.kind != FACTS_SLOT_RETURN)
		return true;
	if (!stop->key.node->is_scheduler || (is_argument && !way->is_backward)) {
		escape->handed_to = stop->key.node;
		return true;
	}
	/* what a function gets from its callers, or gives to them */
	escape->is_with_caller = true;
	escape->from = stop->key.node;
	escape->file = stop->key.node->file;
	escape->line = stop->key.node->line;
	return is_argument == way->is_backward;
}

static void add_escape(struct unit_link *u, const struct way_out *way, unsigned number)
{
	struct link_escapes *e = u->link->escapes;
	const struct stop *stop = stop_at(e, number);
	struct graph_use escape = way->escape;
	g_autofree char *detail = NULL, *key = NULL;

	if (stop->key.node == escape.to || !fill_end(way, stop, &escape))
		return;
	key = g_strdup_printf("%p %u %d", (void *)escape.to, number, way->is_backward);
	if (!g_hash_table_add(e->known, g_steal_pointer(&key)))
		return;
	detail = describe(u, way, stop);
	escape.detail = detail;
	graph_use_add(u->link->graph, &escape);
}

static void meet(struct unit_link *u, const struct way_out *way, unsigned number)
{
	struct link_escapes *e = u->link->escapes;
	struct stop *stop = stop_at(e, number);

	if (stop->seen == e->number)
		return;
	stop->seen = e->number;
	add_escape(u, way, number);
	if (goes_on(e, stop))
		g_array_append_val(e->todo, number);
}

static void follow(struct unit_link *u, const struct way_out *way, unsigned first)
{
	struct link_escapes *e = u->link->escapes;

	e->number++;
	meet(u, way, first);
	while (e->todo->len) {
		unsigned number = g_array_index(e->todo, unsigned, e->todo->len - 1);
		const struct stop *stop = stop_at(e, number);
		const GArray *next = way->is_backward ? stop->from : stop->to;

		g_array_set_size(e->todo, e->todo->len - 1);
		for (guint i = 0; i < next->len; i++)
			meet(u, way, g_array_index(next, unsigned, i));
	}
}

static void add_escapes(struct unit_link *u)
{
	for (gsize i = 0; i < u->facts->n_escapes; i++) {
		const struct facts_escape *row = &u->facts->escapes[i];
		struct way_out way = { .is_backward = row->kind == FACTS_ESCAPE_CONTAINER };

		if (row->kind == FACTS_ESCAPE_POINTER)
			continue;
		way.use = &u->facts->uses[row->of];
		if (way.use->from == FACTS_NONE || !link_is_scheduler_use(u, way.use) ||
		    is_discarded(u, &u->facts->symbols[way.use->from]))
			continue;
		way.escape = (struct graph_use){
			.kind = GRAPH_ESCAPE,
			.from = link_symbol_node(u, way.use->from),
			.to = link_target_node(u, way.use),
			.file = string_at(u, way.use->file),
			.line = way.use->line,
		};
		follow(u, &way, stop_of(u, row->slot));
	}
}

/* Collects the members and variables that other code uses. */
static GHashTable *foreign_nodes(const struct link *link)
{
	GHashTable *nodes = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < link->graph->uses->len; i++) {
		const struct graph_use *use = g_ptr_array_index(link->graph->uses, i);

		if (use->from && !use->from->is_scheduler)
			g_hash_table_add(nodes, use->to);
	}
	return nodes;
}

void link_add_escapes(struct link *link)
{
	struct link_escapes e = {
		.stops = g_ptr_array_new_with_free_func(stop_free),
		.by_key = g_hash_table_new(key_hash, key_equal),
		.foreign = foreign_nodes(link),
		.known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		.todo = g_array_new(FALSE, FALSE, sizeof(unsigned)),
	};

	link->escapes = &e;
	link_for_each_unit(link, false, add_steps);
	link_for_each_unit(link, false, add_escapes);
	link->escapes = NULL;
	g_hash_table_destroy(e.by_key);
	g_ptr_array_unref(e.stops);
	g_hash_table_destroy(e.foreign);
	g_hash_table_destroy(e.known);
	g_array_unref(e.todo);
}
