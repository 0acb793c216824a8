/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to analyzer/source: what the parts of the descent over expressions share.
 *
 * visit.c descends, call.c knows calls, copy.c copied records, initialiser.c initialiser lists, variable.c local variables,
 * loop.c endless loops, assembly.c inline assembly, instance.c objects of records; slot.c has the places pointers stand in, effect.c what happens behind them.
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
	uint32_t to;         /* slot that the value goes into; FACTS_NONE: it goes nowhere */
	CXType called;       /* ACCESS_CALL: the function type called */
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
	return (struct place){ .access = ACCESS_READ, .to = FACTS_NONE, .flags = place.flags, .from = place.from };
}

/* Records one use; nothing if no one wrote the value down. `type` is the signature of an indirect call. */
void visit_add_use(struct unit *unit, CXCursor cursor, struct place place, enum facts_use_kind kind,
		   enum facts_target target_kind, uint32_t target, uint32_t type);

/* Records a call through the pointer that `slot` holds; its type is `place.called`. */
void visit_add_indirect(struct unit *unit, CXCursor cursor, struct place place, uint32_t slot,
			enum facts_target target_kind, uint32_t target);

/* Visits an expression or statement whose value is used as `place` says. */
void visit(struct unit *unit, CXCursor cursor, struct place place);

/* The expression or variable at `cursor` gets `value`; nothing happens unless it is a record. */
void visit_copy(struct unit *unit, CXCursor cursor, CXCursor value, struct place place);

/* An initialiser list. */
void visit_initialisers(struct unit *unit, CXCursor cursor, struct place place);

/* A variable's declaration, with its initialiser and its cleanup function. */
void visit_variable(struct unit *unit, CXCursor variable, struct place place);

/* A loop; marks the function around it if nothing leaves it. */
void visit_loop(struct unit *unit, CXCursor loop, struct place place);

/* A call. */
void visit_call(struct unit *unit, CXCursor cursor, struct place place);

/* Inline assembly. */
void visit_asm(struct unit *unit, CXCursor cursor, struct place place);

/* What happens behind the addresses that a slot holds; bits. */
enum effect {
	EFFECT_READ = 1 << 0,
	EFFECT_WRITE = 1 << 1,
	EFFECT_KEPT = 1 << 2,    /* the address is stored where it is not followed */
	EFFECT_UNKNOWN = 1 << 3, /* anything: other code gets it */
	EFFECT_PASSED_ON = EFFECT_READ | EFFECT_WRITE | EFFECT_KEPT | EFFECT_UNKNOWN, /* to where the address came from */
	EFFECT_FILLED = 1 << 4,  /* something flows into the slot */
	EFFECT_CONST = 1 << 5,   /* a parameter that points to const */
};

/* Makes the unit's tables of slots; frees them; ends the work on them: refines uses, drops what the link does not need. */
void slots_begin(struct unit *unit);
void slots_clear(struct unit *unit);
void slots_finish(struct unit *unit);

/*
 * The slot of a variable or parameter; of a member, in the slot `outer` (or FACTS_NONE); of what a function returns; of
 * argument `i` of a call. FACTS_NONE where no pointer can stand.
 */
uint32_t slot_of_variable(struct unit *unit, CXCursor variable, uint32_t from);
uint32_t slot_of_member(struct unit *unit, CXCursor field, uint32_t outer);
uint32_t slot_of_return(struct unit *unit, uint32_t function, CXType type);
uint32_t slot_of_argument(struct unit *unit, CXCursor callee, CXType prototype, unsigned i);

/* The slot for the function of a static call, whose key's address is `key`. */
uint32_t slot_of_static_call(struct unit *unit, CXCursor key, uint32_t from);

/* The slot that an expression names; FACTS_SLOT_UNKNOWN if it names none. */
uint32_t slot_of(struct unit *unit, CXCursor cursor, uint32_t from);

/* A slot of a function that no variable is: where inputs of assembly meet its outputs. */
uint32_t slot_joint(struct unit *unit, uint32_t function);

/* The slot for what code that nobody can look into gets: it may do anything with it. */
uint32_t slot_lost(struct unit *unit);

/* An expression without the parentheses and casts around it. */
CXCursor slot_unwrap(CXCursor expression);

/* True if an expression's value may be a pointer, by its type. */
bool slot_may_hold_pointer(CXCursor expression);

/* An address is put into the slot. */
void slot_fill(struct unit *unit, uint32_t slot);

/* What stands in `from` gets into `to`; either may be FACTS_NONE, then nothing does. */
void slot_flow(struct unit *unit, uint32_t from, uint32_t to);

/* What a slot of type `type` holds is used as `place` says. */
void slot_use(struct unit *unit, uint32_t slot, CXType type, struct place place);

/* Refines the uses that take addresses of data by what happens behind the slots they go to. */
void effects_apply(struct unit *unit);

/*
 * Objects of the scheduler's records (instance.c): a variable with static storage; a local variable or a value in the function or
 * initialiser `from`; what a function is passed and gives; a record's members.
 */
void instance_variable(struct unit *unit, CXCursor variable, uint32_t symbol);
void instance_value(struct unit *unit, CXCursor value, uint32_t from);
void instance_function(struct unit *unit, CXCursor function, uint32_t symbol);
void instance_members(struct unit *unit, CXCursor record);

/* Pointers to such: `value` becomes a value of type `type`; assembly may write the operand. */
void instance_conversion(struct unit *unit, CXType type, CXCursor value, uint32_t from);
void instance_assembled(struct unit *unit, CXCursor operand, uint32_t from);

/* True if a variable lives as long as the program. */
bool visit_has_static_storage(CXCursor variable);

#endif
