// SPDX-License-Identifier: GPL-2.0-only
/*
 * The frontier: if only a part of the kernel's code was analysed, what in the rest can change the
 * result?
 *
 * "Inside" is the code whose calls are to be resolved. These functions matter: those whose address
 * is taken somewhere and that have a type which is called inside, and all functions of the
 * scheduler. Wherever they were seen to go, whoever may read that place matters too. The caller
 * collects what the frontier names, solves again, and repeats this until the frontier names nothing
 * new. The result is then the same as for the whole kernel.
 *
 * Limits: code that was left out could make a pointer from an integer or an untyped pointer and put
 * it into a slot that a call inside reads. Then that call's layer should be the widest one. This is
 * not searched for.
 */
#include "graph/slots.h"

struct frontier_walk {
	const struct indirect *in;
	struct indirect_frontier *frontier;
};

static void add(GHashTable *set, const char *name)
{
	if (!g_hash_table_contains(set, name))
		g_hash_table_add(set, g_strdup(name));
}

static bool is_global(const struct graph_node *node)
{
	const struct graph_function *function = graph_as_function((struct graph_node *)node);
	const struct graph_variable *variable = graph_as_variable((struct graph_node *)node);

	return (function && !function->is_static) || (variable && !variable->is_static);
}

static void add_global(GHashTable *set, const struct graph_node *node)
{
	if (is_global(node))
		add(set, node->name);
}

/* Adds to the frontier everything that may read the slot. */
static void need_readers(struct frontier_walk *w, const struct slot *slot)
{
	const struct indirect_key *key = &slot->key;

	switch (key->kind) {
	case INDIRECT_PARAMETER:
		add_global(w->frontier->defined, key->node);
		break;
	case INDIRECT_VARIABLE:
	case INDIRECT_RETURN:
		add_global(w->frontier->used, key->node);
		break;
	case INDIRECT_MEMBER:
		add(w->frontier->members, key->node->name);
		break;
	case INDIRECT_ARGUMENT:
		add(w->frontier->signatures, key->type_called);
		break;
	default:
		break;
	}
}

/* The same signature with any result. A static call ignores the result type of its target. */
static void add_any_result(GHashTable *set, const char *signature)
{
	g_autofree char *any = g_strconcat("? ", indirect_parameters(signature), NULL);

	add(set, any);
}

/* Adds the types that are called inside, and the names of static calls' keys. */
static void need_callees(struct frontier_walk *w)
{
	for (guint i = 0; i < w->in->calls->len; i++) {
		const struct indirect_call *call =
			&g_array_index(w->in->calls, struct indirect_call, i);
		unsigned outer = slot_at(w->in, call->slot)->key.outer;

		if (!call->is_inside)
			continue;
		add(w->frontier->signatures, call->site.signature);
		if (call->is_static_call && call->has_unknown)
			add_any_result(w->frontier->signatures, call->site.signature);
		if (call->is_static_call && outer) { /* a key is changed only by its name */
			add_global(w->frontier->used, slot_at(w->in, outer)->key.node);
			add_global(w->frontier->defined, slot_at(w->in, outer)->key.node);
		}
	}
}

/* True if the slot holds a function of the scheduler, or one that a call inside may reach. */
static bool is_followed(const struct frontier_walk *w, const struct slot *slot)
{
	for (guint i = 0; i < slot->values->len; i++) {
		const struct graph_node *function = g_ptr_array_index(slot->values, i);
		const char *prototype = g_hash_table_lookup(w->in->prototypes, function);

		if (function->is_scheduler ||
		    (prototype && g_hash_table_contains(w->frontier->signatures, prototype)))
			return true;
	}
	return false;
}

/* Adds the targets that were found: only the unit that defines one tells which node it is. */
static void need_targets(struct frontier_walk *w)
{
	for (guint i = 0; i < w->in->graph->sites->len; i++) {
		const struct graph_site *site = g_ptr_array_index(w->in->graph->sites, i);

		for (guint t = 0; t < site->targets->len; t++)
			add_global(w->frontier->defined, g_ptr_array_index(site->targets, t));
		for (guint t = 0; t < site->through->len; t++)
			add_global(w->frontier->defined, g_ptr_array_index(site->through, t));
	}
}

struct indirect_frontier *indirect_frontier_new(const struct indirect *in)
{
	struct indirect_frontier *frontier = g_new0(struct indirect_frontier, 1);
	struct frontier_walk w = { .in = in, .frontier = frontier };

	frontier->defined = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	frontier->used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	frontier->members = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	frontier->signatures = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	need_callees(&w);
	for (guint i = 1; i < in->slots->len; i++)
		if (is_followed(&w, slot_at(in, i)))
			need_readers(&w, slot_at(in, i));
	need_targets(&w);
	return frontier;
}

void indirect_frontier_free(struct indirect_frontier *frontier)
{
	if (!frontier)
		return;
	g_hash_table_destroy(frontier->defined);
	g_hash_table_destroy(frontier->used);
	g_hash_table_destroy(frontier->members);
	g_hash_table_destroy(frontier->signatures);
	g_free(frontier);
}
