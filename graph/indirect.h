/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which functions an indirect call may reach.
 *
 * Slots are places for pointers to functions. Functions are put into slots, and what is in one slot
 * flows to others. The order of events and the different objects of a record are not told apart (a
 * field-based inclusion analysis). The answer has layers (after multi-layer type analysis, Lu and
 * Hu, CCS'19). From the narrowest to the widest they are: a member within the members around it; a
 * member; a variable or parameter; and, if what is in the slot may come from an unknown place,
 * every function of the called type whose address is taken.
 *
 * Order of calls, all before graph_finish(): indirect_new(), add everything, indirect_solve()
 * (fills graph->sites), indirect_free().
 */
#ifndef PLUGSCHED_INDIRECT_H
#define PLUGSCHED_INDIRECT_H

#include "graph/graph.h"

struct indirect;

enum indirect_slot_kind {
	INDIRECT_UNKNOWN, /* nothing is known about what is there */
	INDIRECT_VARIABLE,
	INDIRECT_LOCAL,
	INDIRECT_PARAMETER,
	INDIRECT_RETURN,
	INDIRECT_MEMBER,
	INDIRECT_ARGUMENT, /* argument of calls through a pointer of type `type_called` */
};

/* What identifies a slot. Equal keys mean the same slot. */
struct indirect_key {
	enum indirect_slot_kind kind;
	/* variable, member, or function that has the local, parameter or result */
	const struct graph_node *node;
	unsigned index;          /* number of the local, parameter or argument */
	const char *type_called; /* for INDIRECT_ARGUMENT; else NULL */
	/*
	 * for a local, parameter or result of a static function its unit, because each unit has its
	 * own copy; else 0
	 */
	unsigned unit;
	unsigned outer; /* INDIRECT_MEMBER: slot with the record by value, or 0 */
};

/* The slot that always exists: places about which nothing is known. */
#define INDIRECT_NOWHERE 0

/* Starts an analysis. `graph` is borrowed, and gets the sites. indirect_free() it. */
struct indirect *indirect_new(struct graph *graph);

/* Frees it. Accepts NULL. */
void indirect_free(struct indirect *indirect);

/*
 * The slot of that key, made if need be. With `is_typed` it is for pointers to functions, and holds
 * only what the functions below put there.
 */
unsigned indirect_slot(struct indirect *indirect, const struct indirect_key *key, bool is_typed);

/* Notes that the slot is declared as a pointer to functions of that type. */
void indirect_declare(struct indirect *indirect, unsigned slot, const char *type);

/* Notes that the address of `function` is taken. `prototype` is its type. */
void indirect_take_address(struct indirect *indirect, struct graph_node *function,
			   const char *prototype);

/* Puts the address of `function` into a slot. */
void indirect_put(struct indirect *indirect, unsigned slot, struct graph_node *function);

/* Adds a flow: what is in `from` gets into `to`. */
void indirect_flow(struct indirect *indirect, unsigned from, unsigned to);

/* Notes that records with this member are copied, so the members around it say nothing. */
void indirect_note_copied(struct indirect *indirect, const struct graph_node *member);

/* Notes that the slot may also be changed by unknown code. */
void indirect_expose(struct indirect *indirect, unsigned slot);

/* The same for every slot of the member that was made so far. */
void indirect_expose_member(struct indirect *indirect, const struct graph_node *member);

/* An indirect call. */
struct indirect_call {
	struct graph_site site; /* all but layer, through, targets and is_partial */
	unsigned slot;          /* the slot that is called; INDIRECT_NOWHERE: unknown */
	bool is_static_call;
	bool has_unknown; /* set by indirect_solve(): it may reach any function of its type */
	/* all its targets matter; else only those of the scheduler's functions that flow to it */
	bool is_inside;
};

/* Adds a copy of a call and of its strings. */
void indirect_add_call(struct indirect *indirect, const struct indirect_call *call);

/* Follows all flows and adds the sites to the graph. */
void indirect_solve(struct indirect *indirect);

/* What the answer depends on and code left out may add to: sets of char *, owned. */
struct indirect_frontier {
	/* names of global functions and variables: units that define one matter */
	GHashTable *defined;
	/* names of global functions and variables: units that use one matter */
	GHashTable *used;
	GHashTable *members; /* "RECORD.MEMBER": units that read one matter */
	/*
	 * types of functions: units that take the address of such a function matter; the result
	 * type may be ?, for any
	 */
	GHashTable *signatures;
};

/*
 * The frontier of the solution; call it after indirect_solve(). It borrows nothing.
 * indirect_frontier_free() it.
 */
struct indirect_frontier *indirect_frontier_new(const struct indirect *indirect);

/* Frees the frontier. Accepts NULL. */
void indirect_frontier_free(struct indirect_frontier *frontier);

#endif
