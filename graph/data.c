// SPDX-License-Identifier: GPL-2.0-only
/*
 * The class of data: variables and members.
 *
 * What only the module's functions use is internal. What code that stays uses is external, and so is
 *  - what is named in the initialiser of an external variable;
 *  - what shares bytes with an external member, as in a union: a use of one is a use of the other;
 *  - data whose address code that stays has: as an argument, as a result, or in memory that it uses;
 *  - a variable that vmlinux has at one place with an external one.
 * This is repeated until nothing changes, because some data are external by others.
 *
 * What the scheduler's init code reads or writes does not count: its text has been freed.
 *
 * Runs when the functions have their classes.
 */
#include "graph/overlap.h"
#include "graph/solve.h"

#include <string.h>

static bool is_external(const struct graph_node *node)
{
	return node->class == GRAPH_EXTERNAL;
}

/*
 * True if the scheduler's init code reads or writes the data. That code has been freed, and has left
 * nothing but values, as the scheduler's other functions have. An address may still be somewhere.
 */
static bool is_over(const struct solve *solve, const struct graph_use *use)
{
	return (use->kind == GRAPH_READ || use->kind == GRAPH_WRITE ||
		use->kind == GRAPH_READ_WRITE) &&
	       use->from->is_scheduler && solve_is_freed(solve, use->from);
}

/* Finds how a use makes data external. False if it does not. */
static bool use_exposes(const struct solve *solve, const struct graph_use *use,
			enum graph_reason *reason)
{
	if (!use->from || !is_external(use->from)) {
		*reason = GRAPH_REASON_NAMED_BY_OBJECT;
		return !use->from;
	}
	if (is_over(solve, use))
		return false;
	if (use->from->kind != GRAPH_FUNCTION && use->from->is_scheduler)
		*reason = GRAPH_REASON_HELD_BY_EXTERNAL;
	else
		*reason = use->from->is_scheduler ? GRAPH_REASON_USED_BY_EXTERNAL
						  : GRAPH_REASON_USED_OUTSIDE;
	return true;
}

/* True if the variable names a section other than plain data: a table that the linker collects. */
static bool is_in_linker_table(const struct graph_variable *v)
{
	static const char *const plain[] = { ".data",      ".bss",         ".rodata",
					     ".init.data", ".init.rodata", ".ref.data" };

	if (!*v->section)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(plain); i++)
		if (g_str_has_prefix(v->section, plain[i]))
			return false;
	return true;
}

static struct graph_node *holder_of(const struct graph_use *escape)
{
	return escape->handed_to ? escape->handed_to
	       : escape->kept_in ? escape->kept_in
				 : escape->from;
}

bool solve_gets_out(const struct graph_use *escape)
{
	if (escape->handed_to || escape->kept_in)
		return is_external(holder_of(escape));
	return !escape->is_with_caller || escape->from->class != GRAPH_INTERNAL;
}

/* Finds a use that makes the data external. */
static bool is_used_outside(const struct solve *solve, struct graph_node *node)
{
	enum graph_reason reason;

	for (guint i = 0; i < node->uses_of->len; i++) {
		const struct graph_use *use = g_ptr_array_index(node->uses_of, i);

		if (use->kind == GRAPH_ESCAPE || !use_exposes(solve, use, &reason))
			continue;
		solve_decide(node, GRAPH_EXTERNAL, reason, use->from);
		return true;
	}
	return false;
}

/* The same for a way that its address goes. */
static bool has_escaped(struct graph_node *node)
{
	for (guint i = 0; i < node->uses_of->len; i++) {
		const struct graph_use *use = g_ptr_array_index(node->uses_of, i);

		if (use->kind != GRAPH_ESCAPE || !solve_gets_out(use))
			continue;
		solve_decide(node, GRAPH_EXTERNAL, GRAPH_REASON_ESCAPES, holder_of(use));
		return true;
	}
	return false;
}

/* True if the object file or other modules name the variable. */
static bool is_linked_to(struct graph_node *node)
{
	const struct graph_variable *v = graph_as_variable(node);

	if (!v || !(v->binary.is_exported || (v->objects && v->objects[0])))
		return false;
	solve_decide(node, GRAPH_EXTERNAL,
		     v->binary.is_exported ? GRAPH_REASON_EXPORTED : GRAPH_REASON_NAMED_BY_OBJECT,
		     NULL);
	return true;
}

static bool is_external_sharer(const struct solve *solve, const struct graph_node *node,
			       struct graph_node *sharer)
{
	(void)solve;
	(void)node;
	return is_external(sharer);
}

/* Decides one variable or member anew. True if it has become external. */
static bool update_data(const struct solve *solve, struct graph_node *node)
{
	const struct graph_variable *variable = graph_as_variable(node);
	struct graph_node *sharer;

	if (is_external(node))
		return false;
	/* other code's variable, or a member of other code without a use */
	if (!node->is_scheduler && (variable || !node->uses_of->len)) {
		solve_decide(node, GRAPH_EXTERNAL, GRAPH_REASON_OUTSIDE, NULL);
		return true;
	}
	if (variable && is_in_linker_table(variable)) {
		solve_decide(node, GRAPH_EXTERNAL, GRAPH_REASON_LINKER_TABLE, NULL);
		return true;
	}
	if (is_used_outside(solve, node) || is_linked_to(node) || has_escaped(node))
		return true;
	sharer = solve_sharer(solve, node, is_external_sharer);
	if (sharer) {
		solve_decide(node, GRAPH_EXTERNAL, GRAPH_REASON_SAME_PLACE, sharer);
		return true;
	}
	solve_decide(node, GRAPH_INTERNAL,
		     node->uses_of->len ? GRAPH_REASON_USED_INSIDE : GRAPH_REASON_UNUSED, NULL);
	return false;
}

/* Makes external what lies in the bytes of an external member. True if anything has changed. */
static bool spread(const struct overlap *overlap, struct graph_member *member)
{
	const GPtrArray *others = overlap_of(overlap, member);
	bool changed = false;

	if (!is_external(&member->node) || member->node.reason == GRAPH_REASON_OUTSIDE)
		return false;
	for (guint i = 0; others && i < others->len; i++) {
		struct graph_node *other = g_ptr_array_index(others, i);

		if (is_external(other))
			continue;
		solve_decide(other, GRAPH_EXTERNAL, GRAPH_REASON_OVERLAPS, &member->node);
		changed = true;
	}
	return changed;
}

static bool update_all(const struct solve *solve, const struct overlap *overlap)
{
	GPtrArray *arrays[] = { solve->graph->variables, solve->graph->members };
	bool changed = false;

	for (size_t a = 0; a < G_N_ELEMENTS(arrays); a++)
		for (guint i = 0; i < arrays[a]->len; i++)
			changed |= update_data(solve, g_ptr_array_index(arrays[a], i));
	for (guint i = 0; i < solve->graph->members->len; i++)
		changed |= spread(overlap, g_ptr_array_index(solve->graph->members, i));
	return changed;
}

void solve_data(const struct solve *solve)
{
	GPtrArray *arrays[] = { solve->graph->variables, solve->graph->members };
	struct overlap *overlap = overlap_new(solve->graph);

	for (size_t a = 0; a < G_N_ELEMENTS(arrays); a++)
		for (guint i = 0; i < arrays[a]->len; i++)
			solve_decide(g_ptr_array_index(arrays[a], i), GRAPH_INTERNAL,
				     GRAPH_REASON_UNUSED, NULL);
	while (update_all(solve, overlap))
		;
	overlap_free(overlap);
}
