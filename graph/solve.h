/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to graph/: the parts of boundary_solve(). */
#ifndef PLUGSCHED_GRAPH_SOLVE_H
#define PLUGSCHED_GRAPH_SOLVE_H

#include "graph/boundary.h"

/* The graph and the options, with the defaults filled in. */
struct solve {
	struct graph *graph;
	const char *springboard;
	const char *switch_to;
	unsigned jump_size;
	GHashTable *shared; /* of solve_find_shared(); NULL if no function is decided */
};

/* Sets waits_in, is_schedule and is_handed_wait of every function. */
void solve_waits(const struct solve *solve);

/*
 * True if the function must stay in vmlinux, whatever enters it. Then `*reason` and `*via` (may be
 * NULL) say why.
 */
bool solve_must_stay(const struct solve *solve, struct graph_function *function,
		     enum graph_reason *reason, struct graph_node **via);

/* True if a jump cannot be put at the function's entry. Then `*reason` says why. */
bool solve_cannot_redirect(const struct solve *solve, const struct graph_function *function,
			   enum graph_reason *reason);

/*
 * True if vmlinux has no symbol of the function at which a jump could be put or to which a pointer
 * could lead.
 */
bool solve_has_no_symbol(const struct solve *solve, const struct graph_function *function);

/*
 * True for a function whose code is freed when the kernel has booted: it lies in init or exit text,
 * and so does every function that holds an inlined copy of it. Of other folders' functions, only
 * the attribute is known.
 */
bool solve_is_freed(const struct solve *solve, const struct graph_node *node);

/*
 * The scheduler's functions and variables that vmlinux has at one place with others: node ->
 * GPtrArray of struct graph_node *, all those at the place. Caller unrefs.
 */
GHashTable *solve_find_shared(const struct graph *graph);

/* The first other node at the place of this one that is wanted; NULL if there is none. */
struct graph_node *solve_sharer(const struct solve *solve, const struct graph_node *node,
				bool (*is_wanted)(const struct solve *solve,
						  const struct graph_node *node,
						  struct graph_node *sharer));

/* True if, by the source, both are one function: one is an alias of the other, or both of a third. */
bool solve_is_alias_of(const struct graph_function *left, const struct graph_function *right);

/* True for the function that a module replaces through the stack pivot. */
bool solve_is_springboard(const struct solve *solve, const struct graph_function *function);

/* Sets class, reason and via of a node. */
void solve_decide(struct graph_node *node, enum graph_class class, enum graph_reason reason,
		  struct graph_node *via);

/*
 * True if by this escape code that stays has the address, or may: it is handed to such code or comes
 * from there, it is in memory that such code uses, or nobody knows where it is.
 */
bool solve_gets_out(const struct graph_use *escape);

/* Classifies the variables and members. */
void solve_data(const struct solve *solve);

/* Makes graph->records anew from the members, and classifies them. */
void solve_records(const struct solve *solve);

/* Sets `is_live` and `where` of the scheduler's records, by their classes and the instances. */
void solve_note_live(struct graph *graph);

/* Sets `why` of every node. */
void solve_explain(const struct solve *solve);

#endif
