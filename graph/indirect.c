// SPDX-License-Identifier: GPL-2.0-only
/*
 * Solves which functions an indirect call may reach; indirect.h says what that means.
 *
 * Method: sets of functions grow along the flows until nothing changes. A member has several slots,
 * one for each chain of members around it that was seen. What is put into one chain can be read
 * through every chain that may be the same object. Two chains are compared from the inside
 * outwards, until one of them ends (nothing more is known there), or until a record that is copied
 * as a whole.
 *
 * A call reaches only functions of exactly the type that it calls, because kernels built with
 * CONFIG_CFI_CLANG trap at any other. So a function that gets there through a cast is no target.
 * There is one exception: a function that is put by name into the member that is called, if the
 * member has the called type, is a target whatever its own type: paravirt_nop() stands for
 * functions of many types.
 */
#include "graph/slots.h"

#include <string.h>

static guint key_hash(gconstpointer data)
{
	const struct indirect_key *key = data;

	return (guint)((guintptr)key->node >> 4) * 31 + key->index * 7 + key->outer * 131 +
	       key->unit * 17 + key->kind + (key->type_called ? g_str_hash(key->type_called) : 0);
}

static gboolean key_equal(gconstpointer left, gconstpointer right)
{
	const struct indirect_key *l = left, *r = right;

	return l->kind == r->kind && l->node == r->node && l->index == r->index &&
	       l->unit == r->unit && l->outer == r->outer &&
	       g_strcmp0(l->type_called, r->type_called) == 0;
}

static void slot_free(gpointer data)
{
	struct slot *slot = data;

	g_array_unref(slot->to);
	g_ptr_array_unref(slot->values);
	g_hash_table_destroy(slot->has);
	g_clear_pointer(&slot->put, g_hash_table_destroy);
	g_free(slot);
}

static void array_free(gpointer data)
{
	g_array_unref(data);
}

static void pointers_free(gpointer data)
{
	g_ptr_array_unref(data);
}

/* Adds a slot to the list of a node's slots. */
static void note_slot(GHashTable *table, const struct graph_node *node, unsigned slot)
{
	GArray *slots = g_hash_table_lookup(table, node);

	if (!slots) {
		slots = g_array_new(FALSE, FALSE, sizeof(unsigned));
		g_hash_table_insert(table, (gpointer)node, slots);
	}
	g_array_append_val(slots, slot);
}

unsigned indirect_slot(struct indirect *in, const struct indirect_key *key, bool is_typed)
{
	struct slot *slot;
	gpointer found;

	if (g_hash_table_lookup_extended(in->by_key, key, NULL, &found))
		return GPOINTER_TO_UINT(found);
	slot = g_new0(struct slot, 1);
	slot->key = *key;
	slot->key.type_called = key->type_called ? graph_string(in->graph, key->type_called) : NULL;
	slot->has_unknown = !is_typed;
	slot->to = g_array_new(FALSE, FALSE, sizeof(unsigned));
	slot->values = g_ptr_array_new();
	slot->has = g_hash_table_new(NULL, NULL);
	g_ptr_array_add(in->slots, slot);
	g_hash_table_insert(in->by_key, &slot->key, GUINT_TO_POINTER(in->slots->len - 1));
	if (key->kind == INDIRECT_MEMBER)
		note_slot(in->chains, key->node, in->slots->len - 1);
	else if (key->kind == INDIRECT_PARAMETER)
		note_slot(in->parameters, key->node, in->slots->len - 1);
	return in->slots->len - 1;
}

void indirect_declare(struct indirect *in, unsigned slot, const char *type)
{
	slot_at(in, slot)->type = graph_string(in->graph, type);
}

struct indirect *indirect_new(struct graph *graph)
{
	struct indirect *in = g_new0(struct indirect, 1);

	in->graph = graph;
	in->slots = g_ptr_array_new_with_free_func(slot_free);
	in->by_key = g_hash_table_new(key_hash, key_equal);
	in->candidates = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, pointers_free);
	in->by_parameters = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, pointers_free);
	in->prototypes = g_hash_table_new(NULL, NULL);
	in->copied = g_hash_table_new(NULL, NULL);
	in->chains = g_hash_table_new_full(NULL, NULL, NULL, array_free);
	in->parameters = g_hash_table_new_full(NULL, NULL, NULL, array_free);
	in->calls = g_array_new(FALSE, FALSE, sizeof(struct indirect_call));
	in->queue = g_array_new(FALSE, FALSE, sizeof(unsigned));
	indirect_slot(in, &(struct indirect_key){ .kind = INDIRECT_UNKNOWN }, false);
	return in;
}

void indirect_free(struct indirect *in)
{
	if (!in)
		return;
	g_hash_table_destroy(in->by_key);
	g_ptr_array_unref(in->slots);
	g_hash_table_destroy(in->candidates);
	g_hash_table_destroy(in->by_parameters);
	g_hash_table_destroy(in->prototypes);
	g_hash_table_destroy(in->copied);
	g_hash_table_destroy(in->chains);
	g_hash_table_destroy(in->parameters);
	g_array_unref(in->calls);
	g_array_unref(in->queue);
	g_free(in);
}

const char *indirect_parameters(const char *prototype)
{
	const char *at = prototype + strlen(prototype);
	unsigned depth = 0;

	while (at > prototype) {
		at--;
		if (*at == ')')
			depth++;
		else if (*at == '(' && --depth == 0)
			break;
	}
	return at;
}

static void add_candidate(GHashTable *table, const char *type, struct graph_node *function)
{
	GPtrArray *functions = g_hash_table_lookup(table, type);

	if (!functions) {
		functions = g_ptr_array_new();
		g_hash_table_insert(table, (gpointer)type, functions);
	}
	g_ptr_array_add(functions, function);
}

void indirect_take_address(struct indirect *in, struct graph_node *function, const char *prototype)
{
	const char *kept = graph_string(in->graph, prototype);

	if (g_hash_table_contains(in->prototypes, function))
		return;
	g_hash_table_insert(in->prototypes, function, (gpointer)kept);
	add_candidate(in->candidates, kept, function);
	add_candidate(in->by_parameters, indirect_parameters(kept), function);
}

static bool add_value(struct slot *slot, struct graph_node *function)
{
	if (!g_hash_table_add(slot->has, function))
		return false;
	g_ptr_array_add(slot->values, function);
	return true;
}

static void put(struct slot *slot, struct graph_node *function)
{
	if (!slot->put)
		slot->put = g_hash_table_new(NULL, NULL);
	g_hash_table_add(slot->put, function);
}

void indirect_put(struct indirect *in, unsigned slot, struct graph_node *function)
{
	if (slot == INDIRECT_NOWHERE)
		return;
	put(slot_at(in, slot), function);
	add_value(slot_at(in, slot), function);
}

void indirect_expose(struct indirect *in, unsigned slot)
{
	slot_at(in, slot)->has_unknown = true;
}

void indirect_expose_member(struct indirect *in, const struct graph_node *member)
{
	const GArray *chains = g_hash_table_lookup(in->chains, member);

	for (guint i = 0; chains && i < chains->len; i++)
		indirect_expose(in, g_array_index(chains, unsigned, i));
}

void indirect_flow(struct indirect *in, unsigned from, unsigned to)
{
	struct slot *source = slot_at(in, from), *target = slot_at(in, to);

	if (to == INDIRECT_NOWHERE || from == to)
		return;
	if (from == INDIRECT_NOWHERE) {
		target->has_unknown = true;
		return;
	}
	for (guint i = 0; i < source->to->len; i++)
		if (g_array_index(source->to, unsigned, i) == to)
			return;
	g_array_append_val(source->to, to);
	target->n_from++;
	target->from = from;
}

void indirect_note_copied(struct indirect *in, const struct graph_node *member)
{
	g_hash_table_add(in->copied, (gpointer)member);
}

void indirect_add_call(struct indirect *in, const struct indirect_call *call)
{
	struct indirect_call copy = *call;

	copy.site.file = graph_string(in->graph, call->site.file);
	copy.site.signature = graph_string(in->graph, call->site.signature);
	g_array_append_val(in->calls, copy);
}

/* True if what is put into one chain of a member may be read through the other. */
static bool may_be_same(const struct indirect *in, const struct slot *left,
			const struct slot *right)
{
	while (left->key.outer && right->key.outer) {
		if (g_hash_table_contains(in->copied, left->key.node))
			return true;
		left = slot_at(in, left->key.outer);
		right = slot_at(in, right->key.outer);
		if (left->key.node != right->key.node)
			return false;
	}
	return true;
}

static void enqueue(struct indirect *in, unsigned i)
{
	struct slot *slot = slot_at(in, i);

	if (slot->is_queued)
		return;
	slot->is_queued = true;
	g_array_append_val(in->queue, i);
}

/* Adds what one slot holds to another. True if that got something new. */
static bool pour(const struct slot *from, struct slot *to)
{
	bool changed = from->has_unknown && !to->has_unknown;

	to->has_unknown |= from->has_unknown;
	for (guint i = 0; i < from->values->len; i++)
		changed |= add_value(to, g_ptr_array_index(from->values, i));
	return changed;
}

/*
 * Reads through a chain of a member what was put into all chains that may be the same. The chains
 * themselves keep only what was put into them, because "may be the same" is not transitive: a chain
 * whose end is unknown may be either of two that cannot be each other.
 */
static void read_chains(const struct indirect *in, unsigned slot, struct slot *read)
{
	const struct slot *chain = slot_at(in, slot);
	const GArray *chains = g_hash_table_lookup(in->chains, chain->key.node);

	for (guint i = 0; i < chains->len; i++) {
		const struct slot *other = slot_at(in, g_array_index(chains, unsigned, i));

		if (!may_be_same(in, chain, other))
			continue;
		pour(other, read);
		for (guint v = 0; other->put && v < other->values->len; v++)
			if (g_hash_table_contains(other->put, g_ptr_array_index(other->values, v)))
				put(read, g_ptr_array_index(other->values, v));
	}
}

static struct slot *slot_temporary(void)
{
	struct slot *slot = g_new0(struct slot, 1);

	slot->to = g_array_new(FALSE, FALSE, sizeof(unsigned));
	slot->values = g_ptr_array_new();
	slot->has = g_hash_table_new(NULL, NULL);
	return slot;
}

/* What may be read from a slot. Caller frees with slot_free(). */
static struct slot *read_slot(const struct indirect *in, unsigned i)
{
	struct slot *read = slot_temporary();

	if (slot_at(in, i)->key.kind == INDIRECT_MEMBER)
		read_chains(in, i, read);
	else
		pour(slot_at(in, i), read);
	return read;
}

static void pass_on(struct indirect *in, unsigned i)
{
	const struct slot *slot = slot_at(in, i);
	struct slot *read;

	if (!slot->to->len)
		return;
	read = read_slot(in, i);
	for (guint t = 0; t < slot->to->len; t++) {
		unsigned to = g_array_index(slot->to, unsigned, t);

		if (pour(read, slot_at(in, to)))
			enqueue(in, to);
	}
	slot_free(read);
}

/*
 * Passes on a change of a slot: to where the slot flows and, for a member, to where all chains flow
 * that may be the same.
 */
static void propagate(struct indirect *in, unsigned i)
{
	const struct slot *slot = slot_at(in, i);
	const GArray *chains;

	if (slot->key.kind != INDIRECT_MEMBER) {
		pass_on(in, i);
		return;
	}
	chains = g_hash_table_lookup(in->chains, slot->key.node);
	for (guint c = 0; c < chains->len; c++)
		if (may_be_same(in, slot, slot_at(in, g_array_index(chains, unsigned, c))))
			pass_on(in, g_array_index(chains, unsigned, c));
}

/* Lets an argument of calls flow to the same parameter of the function, in all its copies. */
static void connect_argument(struct indirect *in, unsigned argument,
			     const struct graph_node *function)
{
	const GArray *parameters = g_hash_table_lookup(in->parameters, function);

	for (guint i = 0; parameters && i < parameters->len; i++) {
		unsigned parameter = g_array_index(parameters, unsigned, i);

		if (slot_at(in, parameter)->key.index == slot_at(in, argument)->key.index)
			indirect_flow(in, argument, parameter);
	}
}

/* Lets arguments of calls flow to every function of the type whose address is taken. */
static void connect_arguments(struct indirect *in)
{
	for (guint i = 0; i < in->slots->len; i++) {
		const struct indirect_key *key = &slot_at(in, i)->key;
		const GPtrArray *functions;

		if (key->kind != INDIRECT_ARGUMENT)
			continue;
		functions = g_hash_table_lookup(in->candidates, key->type_called);
		for (guint f = 0; functions && f < functions->len; f++)
			connect_argument(in, i, g_ptr_array_index(functions, f));
	}
}

/* Where a local gets its value from, if it gets it from one place only; else the slot itself. */
static unsigned origin(const struct indirect *in, unsigned i)
{
	for (unsigned steps = 0; steps < in->slots->len; steps++) {
		const struct slot *slot = slot_at(in, i);

		if (slot->key.kind != INDIRECT_LOCAL || slot->n_from != 1 || slot->put)
			return i;
		i = slot->from;
	}
	return i;
}

/*
 * True if the function's type lets the call reach it. A static call is patched into the text as a
 * direct call, so only the parameters count. Tracepoints need this: their probes return nothing
 * where the call returns an int.
 */
static bool has_type(const struct indirect *in, struct graph_node *function,
		     const struct indirect_call *call)
{
	const char *prototype = g_hash_table_lookup(in->prototypes, function);

	if (!prototype || !call->is_static_call)
		return prototype && strcmp(prototype, call->site.signature) == 0;
	return strcmp(indirect_parameters(prototype), indirect_parameters(call->site.signature)) ==
	       0;
}

/*
 * Adds the functions that were put by name into what the call reads. They are meant to be called
 * there, so their types do not matter.
 */
static void add_put(const struct indirect *in, GHashTable *targets, unsigned slot)
{
	struct slot *read = read_slot(in, slot);

	for (guint i = 0; read->put && i < read->values->len; i++)
		if (g_hash_table_contains(read->put, g_ptr_array_index(read->values, i)))
			g_hash_table_add(targets, g_ptr_array_index(read->values, i));
	slot_free(read);
}

static void add_targets(const struct indirect *in, GHashTable *targets, const GPtrArray *functions,
			const struct indirect_call *call)
{
	for (guint i = 0; functions && i < functions->len; i++)
		if (has_type(in, g_ptr_array_index(functions, i), call))
			g_hash_table_add(targets, g_ptr_array_index(functions, i));
}

/* All functions of the called type whose address is taken; NULL if there are none. */
static const GPtrArray *candidates(const struct indirect *in, const struct indirect_call *call)
{
	return call->is_static_call ? g_hash_table_lookup(in->by_parameters,
							  indirect_parameters(call->site.signature))
				    : g_hash_table_lookup(in->candidates, call->site.signature);
}

/* True if the member may hold functions that cannot be read through this chain. */
static bool is_narrowed(const struct indirect *in, unsigned i, const struct slot *read)
{
	const GArray *chains = g_hash_table_lookup(in->chains, slot_at(in, i)->key.node);

	for (guint c = 0; c < chains->len; c++) {
		const struct slot *other = slot_at(in, g_array_index(chains, unsigned, c));

		for (guint v = 0; v < other->values->len; v++)
			if (!g_hash_table_contains(read->has, g_ptr_array_index(other->values, v)))
				return true;
	}
	return false;
}

static enum graph_layer layer_of(const struct indirect *in, const struct indirect_call *call,
				 unsigned slot, const struct slot *read)
{
	if (read->has_unknown)
		return GRAPH_LAYER_SIGNATURE;
	if (call->is_static_call)
		return GRAPH_LAYER_STATIC_CALL;
	if (slot_at(in, slot)->key.kind != INDIRECT_MEMBER)
		return GRAPH_LAYER_VALUE;
	return slot_at(in, slot)->key.outer && is_narrowed(in, slot, read) ? GRAPH_LAYER_CHAIN
									   : GRAPH_LAYER_MEMBER;
}

static void add_through(const struct indirect *in, struct graph_site *site, unsigned slot)
{
	for (; slot != INDIRECT_NOWHERE; slot = slot_at(in, slot)->key.outer) {
		const struct indirect_key *key = &slot_at(in, slot)->key;

		if (key->kind != INDIRECT_MEMBER && key->kind != INDIRECT_VARIABLE)
			return;
		g_ptr_array_add(site->through, (gpointer)key->node);
	}
}

static gboolean is_foreign(gpointer key, gpointer value, gpointer data)
{
	const struct graph_node *function = key;

	(void)value;
	(void)data;
	return !function->is_scheduler;
}

static void add_site(struct indirect *in, const struct indirect_call *call, enum graph_layer layer,
		     unsigned slot, GHashTable *targets)
{
	struct graph_site described = call->site, *site;
	GHashTableIter iter;
	gpointer function;

	described.layer = layer;
	described.is_partial = !call->is_inside;
	site = graph_site_add(in->graph, &described);
	add_through(in, site, slot);
	g_hash_table_iter_init(&iter, targets);
	while (g_hash_table_iter_next(&iter, &function, NULL))
		g_ptr_array_add(site->targets, function);
}

static void resolve(struct indirect *in, struct indirect_call *call)
{
	g_autoptr(GHashTable) targets = g_hash_table_new(NULL, NULL);
	unsigned slot = origin(in, call->slot);
	struct slot *read = read_slot(in, call->slot);
	enum graph_layer layer = layer_of(in, call, slot, read);

	call->has_unknown = read->has_unknown;
	add_targets(in, targets, read->values, call);
	if (slot_at(in, slot)->type && strcmp(slot_at(in, slot)->type, call->site.signature) == 0)
		add_put(in, targets, slot);
	if (!call->is_inside) {
		g_hash_table_foreach_remove(targets, is_foreign, NULL);
		if (layer == GRAPH_LAYER_SIGNATURE)
			layer = slot_at(in, slot)->key.kind == INDIRECT_MEMBER ? GRAPH_LAYER_MEMBER
									       : GRAPH_LAYER_VALUE;
		if (g_hash_table_size(targets))
			add_site(in, call, layer, slot, targets);
	} else {
		if (layer == GRAPH_LAYER_SIGNATURE)
			add_targets(in, targets, candidates(in, call), call);
		add_site(in, call, layer, slot, targets);
	}
	slot_free(read);
}

void indirect_solve(struct indirect *in)
{
	connect_arguments(in);
	for (guint i = 1; i < in->slots->len; i++)
		enqueue(in, i);
	while (in->queue->len) {
		unsigned i = g_array_index(in->queue, unsigned, in->queue->len - 1);

		g_array_set_size(in->queue, in->queue->len - 1);
		slot_at(in, i)->is_queued = false;
		propagate(in, i);
	}
	for (guint i = 0; i < in->calls->len; i++)
		resolve(in, &g_array_index(in->calls, struct indirect_call, i));
}
