// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting primitives: functions that wait on their caller's behalf.
 *
 * Such a function is always on some sleeping task's stack, so it can never be replaced. "Can reach
 * schedule()" would be far too wide, because every mutex does. These count:
 *
 *   - the schedule() family: a function that calls the springboard or a member of the family and
 *     has "schedule" in its name, in whatever file (schedule_timeout, io_schedule);
 *   - a scheduler function that calls a member of the family;
 *   - a scheduler function that calls a waiting function of the scheduler;
 *   - a function that receives a waiting function as an argument and that calls, itself or through
 *     callees in its own file, a pointer of unknown origin (__wait_on_bit and bit_wait);
 *   - a function in the file of such a one that calls the same signature in this way: who passes
 *     it the pointer may be a module that is not loaded yet (__wait_on_bit_lock).
 *
 * Of these, a function that waits only by a jump at its end (binary.ends_in) is not on the stack
 * meanwhile. It can be replaced; its callers wait all the same.
 *
 * A function that sleeps in another file's code only for a moment does not count: the stack check
 * retries. The macros of wait_event() call schedule() in the function that uses them, so that
 * counts. affine_move_task waits in this way for another thread; with a few tasks that change their
 * affinity on a busy machine, a task was in it at each of 101 attempts.
 */
#include "graph/solve.h"

#include <string.h>

static bool in_same_file(const struct graph_function *left, const struct graph_function *right)
{
	return left->node.file == right->node.file ||
	       strcmp(left->node.file, right->node.file) == 0;
}

/*
 * Marks the schedule() family: the springboard, and its direct and indirect callers with "schedule"
 * in their names.
 */
static void mark_family(const struct solve *solve)
{
	g_autoptr(GPtrArray) work = g_ptr_array_new();

	for (guint i = 0; i < solve->graph->functions->len; i++) {
		struct graph_function *function = g_ptr_array_index(solve->graph->functions, i);

		if (solve_is_springboard(solve, function))
			g_ptr_array_add(work, function);
	}
	while (work->len) {
		struct graph_function *member = g_ptr_array_steal_index(work, work->len - 1);

		if (member->is_schedule)
			continue;
		member->is_schedule = true;
		for (guint i = 0; i < member->node.uses_of->len; i++) {
			const struct graph_use *use = g_ptr_array_index(member->node.uses_of, i);
			struct graph_function *caller = graph_as_function(use->from);

			if (use->kind == GRAPH_CALL && caller &&
			    strstr(caller->node.name, "schedule"))
				g_ptr_array_add(work, caller);
		}
	}
}

struct waits {
	const struct solve *solve;
	GPtrArray *work; /* waiting functions, in the order in which they were found */
};

static void mark_waiting(struct waits *w, struct graph_function *function,
			 struct graph_function *callee, bool is_handed)
{
	if (!function->node.is_scheduler || function->waits_in || function == callee ||
	    solve_is_springboard(w->solve, function))
		return;
	function->waits_in = callee;
	function->is_handed_wait = is_handed;
	g_ptr_array_add(w->work, function);
}

/* True if `function` is `end`, or waits in it directly or through others. */
static bool waits_through(const struct graph_function *function, const struct graph_function *end)
{
	while (function && function != end)
		function = function->waits_in;
	return function == end;
}

static void mark_handed(struct waits *w, struct graph_function *function,
			struct graph_function *handed)
{
	if (function->is_handed_wait &&
	    strlen(handed->node.name) < strlen(function->waits_in->node.name) &&
	    !waits_through(handed, function))
		function->waits_in = handed; /* of all functions that it receives, the sentence
		                                names the one with the shortest name */
	else
		mark_waiting(w, function, handed, true);
}

static bool calls_signature(const struct graph_function *function, const char *signature)
{
	for (guint i = 0; function->unknown_calls && i < function->unknown_calls->len; i++)
		if (strcmp(g_ptr_array_index(function->unknown_calls, i), signature) == 0)
			return true;
	return false;
}

/* Marks who calls a waiting function that `function` receives: itself, or callees in its file. */
static void follow_handed(struct waits *w, struct graph_function *function,
			  struct graph_function *handed)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
	g_autoptr(GPtrArray) work = g_ptr_array_new();

	g_ptr_array_add(work, function);
	while (work->len) {
		struct graph_function *at = g_ptr_array_steal_index(work, work->len - 1);

		if (!at->node.is_scheduler || !in_same_file(at, function) ||
		    !g_hash_table_add(seen, at))
			continue;
		if (at->unknown_calls)
			mark_handed(w, at, handed);
		for (guint i = 0; i < at->node.uses_by->len; i++) {
			const struct graph_use *use = g_ptr_array_index(at->node.uses_by, i);

			/* in damaged facts, something else may be called */
			if (use->kind == GRAPH_CALL && graph_as_function(use->to))
				g_ptr_array_add(work, graph_as_function(use->to));
		}
	}
}

/* Marks other functions of the file that call this signature through a pointer. */
static void follow_signature(struct waits *w, struct graph_function *function,
			     struct graph_function *handed)
{
	const GPtrArray *functions = w->solve->graph->functions;

	for (guint i = 0; function->node.is_scheduler && i < functions->len; i++) {
		struct graph_function *other = g_ptr_array_index(functions, i);

		if (in_same_file(other, function) && calls_signature(other, handed->signature))
			mark_handed(w, other, handed);
	}
}

static void spread(struct waits *w, struct graph_function *waiting)
{
	for (guint i = 0; i < waiting->node.uses_of->len; i++) {
		const struct graph_use *use = g_ptr_array_index(waiting->node.uses_of, i);
		struct graph_function *user = graph_as_function(use->from),
				      *receiver = graph_as_function(use->handed_to);

		if (use->kind == GRAPH_CALL && user)
			mark_waiting(w, user, waiting, false);
		/* damaged facts may hand it to something else than a function */
		if (use->kind != GRAPH_ADDRESS || !receiver)
			continue;
		follow_handed(w, receiver, waiting);
		follow_signature(w, receiver, waiting);
	}
}

void solve_waits(const struct solve *solve)
{
	GPtrArray *functions = solve->graph->functions;
	struct waits w = { solve, g_ptr_array_new() };
	guint next = 0;

	for (guint i = 0; i < functions->len; i++) {
		struct graph_function *function = g_ptr_array_index(functions, i);

		function->waits_in = NULL;
		function->is_handed_wait = function->is_schedule = false;
	}
	mark_family(solve);
	for (guint i = 0; i < functions->len; i++) {
		struct graph_function *function = g_ptr_array_index(functions, i);

		if (function->is_schedule)
			g_ptr_array_add(w.work, function);
	}
	while (next < w.work->len) /* breadth first, so that the sentences name the shortest way */
		spread(&w, g_ptr_array_index(w.work, next++));
	g_ptr_array_unref(w.work);
}
