// SPDX-License-Identifier: GPL-2.0-only
/*
 * What keeps a function in vmlinux: obstacles to replacing it at all, and obstacles to a jump at
 * its entry. Each is a predicate with its reason code. The tables say in which order they are
 * tried; the first that applies is reported.
 */
#include "graph/solve.h"

#include <string.h>

bool solve_is_springboard(const struct solve *solve, const struct graph_function *function)
{
	return function->node.is_scheduler && strcmp(function->node.name, solve->springboard) == 0;
}

bool solve_is_freed(const struct solve *solve, const struct graph_node *node)
{
	const struct graph_function *f = graph_as_function((struct graph_node *)node);

	if (!f)
		return false;
	if (f->binary.symbol || !f->node.is_scheduler || !solve->graph->has_binary)
		return f->binary.symbol ? f->binary.is_init : f->is_init;
	for (guint i = 0; f->inlined_into && i < f->inlined_into->len; i++) {
		const struct graph_function *holder =
			graph_as_function(g_ptr_array_index(f->inlined_into, i));

		if (holder->binary.symbol ? !holder->binary.is_init : !holder->is_init)
			return false;
	}
	return f->is_init;
}

static bool is_outside(const struct solve *solve, struct graph_function *f, struct graph_node **via)
{
	(void)solve;
	(void)via;
	return !f->node.is_scheduler;
}

static bool is_forced_external(const struct solve *solve, struct graph_function *f,
			       struct graph_node **via)
{
	(void)solve;
	(void)via;
	return f->is_forced_external;
}

static bool is_overridden(const struct solve *solve, struct graph_function *f,
			  struct graph_node **via)
{
	(void)solve;
	(void)via;
	return f->binary.is_overridden;
}

static bool is_init(const struct solve *solve, struct graph_function *f, struct graph_node **via)
{
	(void)solve;
	(void)via;
	return f->is_init || f->binary.is_init;
}

static bool is_noinstr(const struct solve *solve, struct graph_function *f, struct graph_node **via)
{
	(void)solve;
	(void)via;
	return f->is_noinstr || f->binary.is_noinstr;
}

static bool never_returns(const struct solve *solve, struct graph_function *f,
			  struct graph_node **via)
{
	(void)solve;
	(void)via;
	return !f->is_forced_interface && (f->is_noreturn || f->is_endless);
}

/*
 * True if the use is a call of `f` in an endless loop, and `f` waits there: the thread of that loop
 * sleeps in it.
 */
static bool is_loop_body(const struct solve *solve, const struct graph_function *f,
			 const struct graph_use *use)
{
	return use->kind == GRAPH_CALL && use->in_endless_loop && use->from->is_scheduler &&
	       f->waits_in && !solve_is_springboard(solve, f->waits_in);
}

/* True if the function is a thread's main function or waits in a thread's endless loop. */
static bool is_thread(const struct solve *solve, struct graph_function *f, struct graph_node **via)
{
	if (f->is_forced_interface)
		return false;
	for (guint i = 0; i < f->node.uses_of->len; i++) {
		const struct graph_use *use = g_ptr_array_index(f->node.uses_of, i);

		if (use->is_thread_entry || is_loop_body(solve, f, use)) {
			*via = use->is_thread_entry ? use->handed_to : use->from;
			return true;
		}
	}
	return false;
}

static bool waits(const struct solve *solve, struct graph_function *f, struct graph_node **via)
{
	if (f->is_forced_interface || solve_is_springboard(solve, f) || !f->waits_in ||
	    f->binary.ends_in)
		return false;
	*via = &f->waits_in->node;
	return true;
}

static const struct {
	bool (*is_met)(const struct solve *solve, struct graph_function *f,
		       struct graph_node **via);
	enum graph_reason reason;
} obstacles[] = {
	{ is_outside, GRAPH_REASON_OUTSIDE }, { is_overridden, GRAPH_REASON_OVERRIDDEN },
	{ is_init, GRAPH_REASON_INIT_TEXT },  { is_forced_external, GRAPH_REASON_FORCED_EXTERNAL },
	{ is_noinstr, GRAPH_REASON_NOINSTR }, { never_returns, GRAPH_REASON_NORETURN },
	{ is_thread, GRAPH_REASON_THREAD },   { waits, GRAPH_REASON_WAITS },
};

bool solve_must_stay(const struct solve *solve, struct graph_function *function,
		     enum graph_reason *reason, struct graph_node **via)
{
	*via = NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(obstacles); i++)
		if (obstacles[i].is_met(solve, function, via)) {
			*reason = obstacles[i].reason;
			return true;
		}
	return false;
}

bool solve_has_no_symbol(const struct solve *solve, const struct graph_function *f)
{
	if (!solve->graph->has_binary)
		return f->is_inline && f->is_static;
	return !f->binary.symbol;
}

bool solve_cannot_redirect(const struct solve *solve, const struct graph_function *function,
			   enum graph_reason *reason)
{
	const struct graph_binary *binary = &function->binary;

	if (solve_has_no_symbol(solve, function)) {
		*reason = binary->clones && binary->clones[0] ? GRAPH_REASON_ABI_CHANGED
							      : GRAPH_REASON_NO_SYMBOL;
		return true;
	}
	if (binary->symbol && binary->room < graph_entry_size(binary) + solve->jump_size) {
		*reason = GRAPH_REASON_TOO_SHORT;
		return true;
	}
	if (binary->symbol && binary->is_patched) {
		*reason = GRAPH_REASON_PATCHED;
		return true;
	}
	return false;
}
