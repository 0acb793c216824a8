/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which functions an indirect call may reach.
 *
 * Slots are places for pointers to functions; functions are put into slots, and what stands in one slot flows to others.
 * The order of things and the different objects of a record are not told apart (a field-based inclusion
 * analysis). The layers of the answer, from the narrowest to the widest (after multi-layer type analysis,
 * Lu and Hu, CCS'19): a member within the members around it, a member, a variable or parameter, and, where what
 * stands in the slot comes from where nothing is known, every function of the called type whose address is taken.
 *
 * Order of work: indirect_new, tell all, indirect_solve (fills graph->sites), indirect_free; before graph_finish().
 */
#ifndef PLUGSCHED_INDIRECT_H
#define PLUGSCHED_INDIRECT_H

#include "graph/graph.h"

struct indirect;

enum indirect_slot_kind {
	INDIRECT_UNKNOWN,   /* nothing is known of what stands there */
	INDIRECT_VARIABLE,
	INDIRECT_LOCAL,
	INDIRECT_PARAMETER,
	INDIRECT_RETURN,
	INDIRECT_MEMBER,
	INDIRECT_ARGUMENT,  /* of calls through a pointer to functions of the type `type_called` */
};

/* What makes a slot the one it is. Equal keys are one slot. */
struct indirect_key {
	enum indirect_slot_kind kind;
	const struct graph_node *node; /* variable, member, or function that has the local, parameter or result */
	unsigned index;                /* of a local, parameter or argument */
	const char *type_called;       /* INDIRECT_ARGUMENT; else NULL */
	unsigned unit;                 /* of a static function's local, parameter or result: each unit has its own copy; else 0 */
	unsigned outer;                /* INDIRECT_MEMBER: slot that holds the record by value; 0: not known */
};

/* The slot that is always there: what nothing is known of. */
#define INDIRECT_NOWHERE 0

/* `graph` is borrowed and gets the sites. */
struct indirect *indirect_new(struct graph *graph);

/* Frees it. Accepts NULL. */
void indirect_free(struct indirect *indirect);

/* The slot of that key; `is_typed`: it is for pointers to functions, and what stands in it is only put there as told. */
unsigned indirect_slot(struct indirect *indirect, const struct indirect_key *key, bool is_typed);

/* The slot is declared as a pointer to functions of that type. */
void indirect_declare(struct indirect *indirect, unsigned slot, const char *type);

/* The address of `function` is taken; `prototype` is its type. */
void indirect_take_address(struct indirect *indirect, struct graph_node *function, const char *prototype);

/* The address is put into a slot. */
void indirect_put(struct indirect *indirect, unsigned slot, struct graph_node *function);

/* What stands in `from` gets into `to`. */
void indirect_flow(struct indirect *indirect, unsigned from, unsigned to);

/* Records of the member's type are copied as a whole, so what stands around it says nothing. */
void indirect_note_copied(struct indirect *indirect, const struct graph_node *member);

/* What is kept in a slot is also changed from where nothing is known. */
void indirect_expose(struct indirect *indirect, unsigned slot);

/* What is known of a call besides its place. */
struct indirect_call {
	struct graph_site site; /* but for layer, members and targets */
	unsigned slot;          /* called through; INDIRECT_NOWHERE: who knows */
	bool is_static_call;
	bool has_unknown;       /* left by indirect_solve(): it may reach any function of its type */
	bool is_inside;         /* all its targets matter; else it is kept only for the scheduler's functions that flow to it */
};

/* Adds a call; strings in it are copied. */
void indirect_add_call(struct indirect *indirect, const struct indirect_call *call);

/* Follows all flows and adds the sites to the graph. */
void indirect_solve(struct indirect *indirect);

/* What the answer depends on and other code may still add to; all sets of char *, owned. */
struct indirect_frontier {
	GHashTable *defined;    /* names of global functions and variables: where they are defined matters */
	GHashTable *used;       /* the same: who uses them matters */
	GHashTable *members;    /* "RECORD.MEMBER": who reads them matters */
	GHashTable *signatures; /* types of functions: who takes the address of one matters; the result may be ? */
};

/* Looks at the solution, after indirect_solve(). Borrows nothing. */
struct indirect_frontier *indirect_frontier_new(const struct indirect *indirect);

/* Accepts NULL. */
void indirect_frontier_free(struct indirect_frontier *frontier);

#endif
