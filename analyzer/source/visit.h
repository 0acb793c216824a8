/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to analyzer/source: what the parts of the descent over expressions share.
 *
 * visit.c descends, initialiser.c knows initialiser lists, variable.c local variables, loop.c endless loops.
 */
#ifndef PLUGSCHED_SOURCE_VISIT_H
#define PLUGSCHED_SOURCE_VISIT_H

#include "analyzer/source/unit.h"

/* How the value of an expression is used. */
enum access {
	ACCESS_READ,
	ACCESS_WRITE,
	ACCESS_READ_WRITE,
	ACCESS_ADDRESS,
	ACCESS_CALL,
};

struct place {
	enum access access;
	bool is_behind;      /* the value is dereferenced next ... */
	enum access behind;  /* ... and what it points to is used so */
	bool is_array_base;  /* the expression is subscripted: an array in it does not decay to an address */
	enum facts_sink sink; /* where an address goes */
	uint32_t sink_target;
	uint32_t sink_name;
	uint32_t flags;      /* enum facts_use_flag */
	uint32_t from;       /* symbol that holds the expression */
};

/* The children of a cursor, collected: visitors that need to know a child's position. */
struct children {
	CXCursor *items;
	unsigned n, room;
	CXCursor inline_items[6];
};

/* Collects the children of a cursor; children_clear() afterwards. */
void children_get(struct children *children, CXCursor parent);
void children_clear(struct children *children);

/* The same place with nothing said about the value: it is read. */
static inline struct place place_plain(struct place place)
{
	return (struct place){ .access = ACCESS_READ, .flags = place.flags, .from = place.from };
}

/* Records one use; nothing if no one wrote the value down. `type` is the signature of an indirect call. */
void visit_add_use(struct unit *unit, CXCursor cursor, struct place place, enum facts_use_kind kind,
		   enum facts_target target_kind, uint32_t target, uint32_t type);

/* Visits an expression or statement whose value is used as `place` says. */
void visit(struct unit *unit, CXCursor cursor, struct place place);

/* An initialiser list. */
void visit_initialisers(struct unit *unit, CXCursor cursor, struct place place);

/* A variable's declaration, with its initialiser and its cleanup function. */
void visit_variable(struct unit *unit, CXCursor variable, struct place place);

/* A loop; marks the function around it if nothing leaves it. */
void visit_loop(struct unit *unit, CXCursor loop, struct place place);

/* True if a variable lives as long as the program. */
bool visit_has_static_storage(CXCursor variable);

#endif
