/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to graph/: the parts of boundary_solve(). */
#ifndef PLUGSCHED_GRAPH_SOLVE_H
#define PLUGSCHED_GRAPH_SOLVE_H

#include "graph/boundary.h"

/* Options with the defaults filled in. */
struct solve {
	struct graph *graph;
	const char *springboard;
	const char *switch_to;
	unsigned jump_size;
};

/* Fills waits_in and is_handed_wait of every function. */
void solve_waits(const struct solve *solve);

/* Fills `*reason` and `*via` and is true if the function must stay in vmlinux whatever enters it. */
bool solve_must_stay(const struct solve *solve, struct graph_function *function, enum graph_reason *reason,
		     struct graph_node **via);

/* Fills `*reason` and is true if a jump cannot be put at the function's entry. */
bool solve_cannot_redirect(const struct solve *solve, const struct graph_function *function,
			   enum graph_reason *reason);

/* True if there is nothing in vmlinux that a jump or a pointer could lead to. */
bool solve_has_no_symbol(const struct solve *solve, const struct graph_function *function);

/* True for the function that a module replaces through the stack pivot. */
bool solve_is_springboard(const struct solve *solve, const struct graph_function *function);

/* Fills graph->records. */
void solve_records(const struct solve *solve);

/* Writes every node's sentence. */
void solve_explain(const struct solve *solve);

#endif
