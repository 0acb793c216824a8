// SPDX-License-Identifier: GPL-2.0-only
/*
 * The boundary solver.
 *
 * Functions: those that must stay are external from the start. Then this is repeated until nothing
 * changes: if a function is entered from outside the module (by other code, a pointer, a table, an
 * external function of the scheduler), it is interface if a jump can be put at its entry, else it
 * is external too. A function that nothing enters is internal. In both cases it is external instead
 * if a copy of it remains in a function that stays, if code that stays enters a clone of it, or if
 * its code is that of a function that stays. The set of external functions only grows, so the loop
 * ends, and the result does not depend on the order of work. A call by code that is freed when the
 * kernel has booted does not count.
 *
 * Data and records are solved after that, by data.c and records.c.
 */
#include "graph/boundary.h"

#include "graph/solve.h"

#include <string.h>

static bool is_external(const struct graph_node *node)
{
	return node->class == GRAPH_EXTERNAL;
}

void solve_decide(struct graph_node *node, enum graph_class class, enum graph_reason reason,
		  struct graph_node *via)
{
	node->class = class;
	node->reason = reason;
	node->via = via;
}

/* True if the address is in the initialiser of a scheduling class, whose contents are replaced. */
static bool is_class_method(const struct graph_use *use)
{
	const struct graph_member *member = graph_as_member(use->kept_in);
	const struct graph_variable *class = graph_as_variable(use->from);

	return member && strcmp(member->record, "sched_class") == 0 && class &&
	       class->node.is_scheduler && g_str_has_suffix(class->type, "struct sched_class");
}

static bool call_enters(const struct solve *solve, const struct graph_use *use,
			enum graph_reason *reason)
{
	*reason = use->from->is_scheduler ? GRAPH_REASON_CALLED_BY_EXTERNAL
					  : GRAPH_REASON_CALLED_FROM_OUTSIDE;
	return is_external(use->from) && !solve_is_freed(solve, use->from);
}

/*
 * Finds how a use enters the function that it names. False if it does not enter it. If a function
 * whose address is taken has no out-of-line copy (for example a comparison passed to an inline
 * rb_add()), it was compiled into the code that takes the address: that counts as a call.
 */
static bool use_enters(const struct solve *solve, const struct graph_use *use,
		       enum graph_reason *reason)
{
	const struct graph_function *from = graph_as_function(use->from);

	switch (use->kind) {
	case GRAPH_OBJECT:
		*reason = GRAPH_REASON_NAMED_BY_OBJECT;
		return true;
	case GRAPH_ADDRESS:
		if (solve->graph->has_binary && from &&
		    solve_has_no_symbol(solve, graph_as_function(use->to)))
			return call_enters(solve, use, reason);
		*reason = is_class_method(use) ? GRAPH_REASON_SCHED_CLASS
					       : GRAPH_REASON_ADDRESS_TAKEN;
		return true;
	case GRAPH_CALL:
		return call_enters(solve, use, reason);
	default:
		return false;
	}
}

/* Reasons why a function is entered. If several apply, the first of this list is reported. */
static const enum graph_reason entry_order[] = {
	GRAPH_REASON_FORCED_INTERFACE,
	GRAPH_REASON_SPRINGBOARD,
	GRAPH_REASON_SYSCALL,
	GRAPH_REASON_SCHED_CLASS,
	GRAPH_REASON_CALLED_FROM_OUTSIDE,
	GRAPH_REASON_EXPORTED,
	GRAPH_REASON_NAMED_BY_OBJECT,
	GRAPH_REASON_ADDRESS_TAKEN,
	GRAPH_REASON_CALLED_BY_EXTERNAL,
	GRAPH_REASON_MARKED_USED,
};

static unsigned entry_rank(enum graph_reason reason)
{
	unsigned i = 0;

	while (entry_order[i] != reason)
		i++;
	return i;
}

struct entry {
	bool is_entered; /* something outside the module enters the function */
	bool needs_jump; /* by something other than the contents of a scheduling class */
	enum graph_reason reason;
	struct graph_node *via;
};

static void enter(struct entry *entry, enum graph_reason reason, struct graph_node *via)
{
	entry->needs_jump |= reason != GRAPH_REASON_SCHED_CLASS;
	if (entry->is_entered && entry_rank(entry->reason) <= entry_rank(reason))
		return;
	entry->is_entered = true;
	entry->reason = reason;
	entry->via = via;
}

/*
 * True for a call after the switch of stacks in its function. There vmlinux's own copy continues,
 * even if the function is replaced.
 */
static bool is_in_switch_tail(const struct solve *solve, const struct graph_use *use)
{
	const struct graph_function *from = graph_as_function(use->from);

	if (use->kind != GRAPH_CALL || !from || !from->node.is_scheduler)
		return false;
	for (guint i = 0; i < from->node.uses_by->len; i++) {
		const struct graph_use *other = g_ptr_array_index(from->node.uses_by, i);

		if (other->kind == GRAPH_CALL && other->order < use->order &&
		    strcmp(other->to->name, solve->switch_to) == 0)
			return true;
	}
	return false;
}

static struct entry find_entry(const struct solve *solve, const struct graph_function *f)
{
	struct entry entry = { 0 };

	if (f->is_forced_interface || f->has_interface_prefix)
		enter(&entry, GRAPH_REASON_FORCED_INTERFACE, NULL);
	if (solve_is_springboard(solve, f))
		enter(&entry, GRAPH_REASON_SPRINGBOARD, NULL);
	if (f->is_syscall && !f->is_static)
		enter(&entry, GRAPH_REASON_SYSCALL, NULL);
	if (f->binary.is_exported)
		enter(&entry, GRAPH_REASON_EXPORTED, NULL);
	if (f->is_used)
		enter(&entry, GRAPH_REASON_MARKED_USED, NULL);
	if (f->objects && f->objects[0])
		enter(&entry, GRAPH_REASON_NAMED_BY_OBJECT, NULL);
	for (guint i = 0; i < f->node.uses_of->len; i++) {
		const struct graph_use *use = g_ptr_array_index(f->node.uses_of, i);
		enum graph_reason reason;

		if (use_enters(solve, use, &reason))
			enter(&entry, reason, use->from);
		else if (is_in_switch_tail(solve, use))
			enter(&entry, GRAPH_REASON_CALLED_BY_EXTERNAL, use->from);
	}
	return entry;
}

/* True for code that stays in vmlinux and can still run there. */
static bool still_runs(const struct graph_node *node)
{
	return is_external(node) && node->reason != GRAPH_REASON_INIT_TEXT &&
	       node->reason != GRAPH_REASON_OVERRIDDEN;
}

/*
 * True if code that stays enters a clone or a second copy of the function, where no jump is put.
 * The springboard counts as such code: after the switch of stacks its old code continues.
 */
static bool has_clone_called(const struct solve *solve, const struct graph_function *f,
			     struct graph_node **via)
{
	for (guint i = 0; i < f->node.uses_of->len; i++) {
		const struct graph_use *use = g_ptr_array_index(f->node.uses_of, i);

		if (use->kind != GRAPH_CLONE)
			continue;
		if (still_runs(use->from) ||
		    solve_is_springboard(solve, graph_as_function(use->from))) {
			*via = use->from;
			return true;
		}
	}
	return false;
}

/*
 * True if code that stays and can still run has a copy of the function: inlined, or, for a static
 * function of a header that other code calls, that unit's own copy.
 */
static bool has_copy_outside(const struct solve *solve, const struct graph_function *f,
			     struct graph_node **via)
{
	for (guint i = 0; f->is_static && i < f->node.uses_of->len; i++) {
		const struct graph_use *use = g_ptr_array_index(f->node.uses_of, i);

		if (use->kind == GRAPH_CALL && !use->from->is_scheduler &&
		    !solve_is_freed(solve, use->from)) {
			*via = use->from;
			return true;
		}
	}
	for (guint i = 0; f->inlined_into && i < f->inlined_into->len; i++) {
		struct graph_node *holder = g_ptr_array_index(f->inlined_into, i);

		if (still_runs(holder)) {
			*via = holder;
			return true;
		}
	}
	return false;
}

/*
 * True if code of the function's unit that stays in vmlinux calls it, and gcc may have compiled that
 * by what the function does to registers. The module's function may do something else. A function
 * of a header may be of any unit.
 */
static bool is_called_by_registers(const struct solve *solve, const struct graph_function *f,
				   struct graph_node **via)
{
	for (guint i = 0; f->binary.has_ipa_ra && i < f->node.uses_of->len; i++) {
		const struct graph_use *use = g_ptr_array_index(f->node.uses_of, i);
		const struct graph_function *from = graph_as_function(use->from);
		enum graph_reason reason;

		if (use->kind != GRAPH_CALL || !from ||
		    (*from->unit && *f->unit && strcmp(from->unit, f->unit) != 0))
			continue;
		if (call_enters(solve, use, &reason) || is_in_switch_tail(solve, use)) {
			*via = use->from;
			return true;
		}
	}
	return false;
}

static bool is_running_sharer(const struct solve *solve, const struct graph_node *node,
			      struct graph_node *sharer)
{
	(void)solve;
	(void)node;
	return still_runs(sharer);
}

/* True for another function that needs a jump at the same place, which would lead elsewhere. */
static bool is_entered_sharer(const struct solve *solve, const struct graph_node *node,
			      struct graph_node *sharer)
{
	const struct graph_function *f = graph_as_function((struct graph_node *)node),
				    *other = graph_as_function(sharer);

	return !solve_is_alias_of(f, other) && find_entry(solve, other).needs_jump;
}

/*
 * True if the function's code in vmlinux is another function's too, and a jump there would take
 * what must not go, or could not tell which of the two is meant.
 */
static bool is_merged(const struct solve *solve, const struct graph_function *f,
		      const struct entry *entry, struct graph_node **via)
{
	*via = solve_sharer(solve, &f->node, is_running_sharer);
	if (!*via && entry->needs_jump)
		*via = solve_sharer(solve, &f->node, is_entered_sharer);
	return *via != NULL;
}

/* Decides one function anew. True if it has become external. */
static bool update_function(const struct solve *solve, struct graph_function *f)
{
	struct entry entry;
	enum graph_reason reason;
	struct graph_node *via = NULL;

	if (is_external(&f->node))
		return false;
	entry = find_entry(solve, f);
	if (has_copy_outside(solve, f, &via)) {
		solve_decide(&f->node, GRAPH_EXTERNAL, GRAPH_REASON_INLINED_OUTSIDE, via);
		return true;
	}
	if (entry.needs_jump && solve_cannot_redirect(solve, f, &reason)) {
		solve_decide(&f->node, GRAPH_EXTERNAL, reason, entry.via);
		return true;
	}
	if (has_clone_called(solve, f, &via)) {
		solve_decide(&f->node, GRAPH_EXTERNAL, GRAPH_REASON_CLONE_CALLED, via);
		return true;
	}
	if (is_called_by_registers(solve, f, &via)) {
		solve_decide(&f->node, GRAPH_EXTERNAL, GRAPH_REASON_IPA_RA, via);
		return true;
	}
	if (is_merged(solve, f, &entry, &via)) {
		solve_decide(&f->node, GRAPH_EXTERNAL, GRAPH_REASON_SAME_PLACE, via);
		return true;
	}
	if (!entry.is_entered) {
		solve_decide(&f->node, GRAPH_INTERNAL,
			     f->node.uses_of->len ? GRAPH_REASON_CALLERS_INSIDE
						  : GRAPH_REASON_UNUSED,
			     NULL);
		return false;
	}
	solve_decide(&f->node, GRAPH_INTERFACE, entry.reason, entry.via);
	return false;
}

static void solve_functions(const struct solve *solve)
{
	GPtrArray *functions = solve->graph->functions;
	bool changed = true;

	for (guint i = 0; i < functions->len; i++) {
		struct graph_function *f = g_ptr_array_index(functions, i);
		enum graph_reason reason;
		struct graph_node *via;

		solve_decide(&f->node, GRAPH_INTERNAL, GRAPH_REASON_UNUSED, NULL);
		if (solve_must_stay(solve, f, &reason, &via))
			solve_decide(&f->node, GRAPH_EXTERNAL, reason, via);
	}
	while (changed) {
		changed = false;
		for (guint i = 0; i < functions->len; i++)
			changed |= update_function(solve, g_ptr_array_index(functions, i));
	}
}

/* A variable is inherited from vmlinux, unless the configuration makes it private. */
static void solve_private(const struct solve *solve)
{
	for (guint i = 0; i < solve->graph->variables->len; i++) {
		struct graph_variable *v = g_ptr_array_index(solve->graph->variables, i);

		v->is_private = v->node.is_scheduler && v->is_forced_private;
	}
}

static struct solve begin_solve(struct graph *graph, const struct boundary_options *options)
{
	return (struct solve){
		.graph = graph,
		.springboard = options->springboard ? options->springboard : "__schedule",
		.switch_to = options->switch_to ? options->switch_to : "__switch_to_asm",
		.jump_size = options->jump_size ? options->jump_size : 5,
	};
}

void boundary_solve(struct graph *graph, const struct boundary_options *options)
{
	struct solve solve = begin_solve(graph, options);

	solve.shared = solve_find_shared(graph);
	solve_waits(&solve);
	solve_functions(&solve);
	solve_data(&solve);
	solve_private(&solve);
	solve_records(&solve);
	solve_explain(&solve);
	g_hash_table_unref(solve.shared);
}

bool boundary_needs_jump(const struct graph *graph, const struct graph_function *function)
{
	/* the graph is only read */
	struct solve solve = begin_solve((struct graph *)graph, &(struct boundary_options){ 0 });

	return function->node.class == GRAPH_INTERFACE && find_entry(&solve, function).needs_jump;
}
