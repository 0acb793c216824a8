/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to analyzer/source: what the parts of the descent over expressions share.
 *
 * visit.c descends. operator.c visits operators, call.c calls, copy.c copied records, initialiser.c initialiser lists,
 * variable.c declarations of variables, loop.c loops, assembly.c inline assembly. instance.c finds
 * objects of records, slot.c the places that may hold pointers, effect.c what happens to data
 * behind pointers, escape.c where the addresses of data go.
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

/* What is done with the value of the expression that is visited. */
struct place {
	enum access access;
	bool is_behind;     /* the value is dereferenced next */
	enum access behind; /* if so, how what it points to is used */
	/* the expression is subscripted, so an array does not decay to an address */
	bool is_array_base;
	enum facts_sink sink; /* where an address goes; the next two as in struct facts_use */
	uint32_t sink_target;
	uint32_t sink_name;
	uint32_t to;    /* slot that the value goes into; FACTS_NONE: none */
	CXType called;  /* ACCESS_CALL: the type of the called function */
	uint32_t flags; /* enum facts_use_flag */
	uint32_t from;  /* row of the symbol that holds the expression */
};

/* The children of a cursor, for visitors that need to know a child's position. */
struct children {
	CXCursor *items;
	unsigned n, room;
	CXCursor inline_items[6];
};

/* Collects the children of a cursor. children_clear() them. */
void children_get(struct children *children, CXCursor parent);
void children_clear(struct children *children);

/* The same place for a value that is only read and goes nowhere. */
static inline struct place place_plain(struct place place)
{
	return (struct place){
		.access = ACCESS_READ, .to = FACTS_NONE, .flags = place.flags, .from = place.from
	};
}

/* The same place with another access, and nothing dereferenced. */
static inline struct place visit_with_access(struct place place, enum access access)
{
	place.access = access;
	place.is_behind = false;
	return place;
}

static inline bool visit_is_pointer(CXCursor expression)
{
	return clang_getCanonicalType(clang_getCursorType(expression)).kind == CXType_Pointer;
}

/*
 * Records one use. Does nothing for a value that is not written in the source. `type` is the
 * signature of an indirect call, else 0.
 */
void visit_add_use(struct unit *unit, CXCursor cursor, struct place place, enum facts_use_kind kind,
		   enum facts_target target_kind, uint32_t target, uint32_t type);

/* Records a call through the pointer in `slot`. `place.called` is the called function's type. */
void visit_add_indirect(struct unit *unit, CXCursor cursor, struct place place, uint32_t slot,
			enum facts_target target_kind, uint32_t target);

/* Visits an expression or statement whose value is used as `place` says. */
void visit(struct unit *unit, CXCursor cursor, struct place place);

/*
 * Records that `value` is assigned as a whole to the expression or variable at `cursor`. Does
 * nothing unless it is a record.
 */
void visit_copy(struct unit *unit, CXCursor cursor, CXCursor value, struct place place);

/* Records that a record of this type is used as a whole, that is each of its members is. */
void visit_whole(struct unit *unit, CXCursor cursor, CXType type, enum facts_use_kind kind,
		 struct place place);

/*
 * Records what a function like memset() does to members, if `name` is that of one. `call` has the
 * children of the call.
 */
void visit_byte_function(struct unit *unit, const char *name, const struct children *call,
			 struct place place);

/* Visit operators, by the number of operands. */
void visit_unary(struct unit *unit, CXCursor cursor, struct place place);
void visit_binary(struct unit *unit, CXCursor cursor, struct place place);
void visit_conditional(struct unit *unit, CXCursor cursor, struct place place);

/* Visits an initialiser list. */
void visit_initialisers(struct unit *unit, CXCursor cursor, struct place place);

/* Visits a declaration of a variable, with its initialiser and its cleanup function. */
void visit_variable(struct unit *unit, CXCursor variable, struct place place);

/* Visits a loop. Marks the function around it as endless if nothing leaves the loop. */
void visit_loop(struct unit *unit, CXCursor loop, struct place place);

/* Visits a call. */
void visit_call(struct unit *unit, CXCursor cursor, struct place place);

/* Visits inline assembly. */
void visit_asm(struct unit *unit, CXCursor cursor, struct place place);

/* What happens to the data whose addresses a slot holds. These are bits. */
enum data_effect {
	EFFECT_READ = 1 << 0,
	EFFECT_WRITE = 1 << 1,
	EFFECT_KEPT = 1 << 2,    /* the address is stored somewhere, where it is not followed */
	EFFECT_UNKNOWN = 1 << 3, /* other code gets the address and may do anything */
	/* effects that the slots also have from which the address came */
	EFFECT_PASSED_ON = EFFECT_READ | EFFECT_WRITE | EFFECT_KEPT | EFFECT_UNKNOWN,
	EFFECT_FILLED = 1 << 4, /* something flows into the slot */
	EFFECT_CONST = 1 << 5,  /* the slot is a parameter that points to const */
	EFFECT_SHARED = 1 << 6, /* the slot lies in a union */
};

/*
 * Make the unit's tables of slots, free them, and finish them. slots_finish() refines the uses by
 * the effects, then drops the flows and slots that the link does not need.
 */
void slots_begin(struct unit *unit);
void slots_clear(struct unit *unit);
void slots_finish(struct unit *unit);

/*
 * The slot of a variable or parameter; of a member whose record is in the slot `outer` (or
 * FACTS_NONE); of the result of a function; of argument `i` of a call. FACTS_NONE if no pointer can
 * be there.
 */
uint32_t slot_of_variable(struct unit *unit, CXCursor variable, uint32_t from);
uint32_t slot_of_member(struct unit *unit, CXCursor field, uint32_t outer);
uint32_t slot_of_return(struct unit *unit, uint32_t function, CXType type);
uint32_t slot_of_argument(struct unit *unit, CXCursor callee, CXType prototype, unsigned i);

/* The slot for the function of a static call. `key` is an expression for its key's address. */
uint32_t slot_of_static_call(struct unit *unit, CXCursor key, uint32_t from);

/* The slot that an expression names; FACTS_SLOT_UNKNOWN if it names none. */
uint32_t slot_of(struct unit *unit, CXCursor cursor, uint32_t from);

/* A new slot of a function that is not a variable: it joins inputs and outputs of assembly. */
uint32_t slot_joint(struct unit *unit, uint32_t function);

/* The slot for what goes to code that cannot be analysed. That code may do anything with it. */
uint32_t slot_lost(struct unit *unit);

/* An expression without the parentheses and casts around it. */
CXCursor slot_unwrap(CXCursor cursor);

/* True if, by its type, the value of an expression may be a pointer. */
bool slot_may_hold_pointer(CXCursor expression);

/* Notes that an address is put into the slot. */
void slot_fill(struct unit *unit, uint32_t slot);

/* Adds a flow: what is in `from` gets into `to`. Does nothing if one of them is FACTS_NONE. */
void slot_flow(struct unit *unit, uint32_t from, uint32_t to);

/* Notes that what a slot of type `type` holds is used as `place` says. */
void slot_use(struct unit *unit, uint32_t slot, CXType type, struct place place);

/*
 * Turns uses that take the address of data into reads or writes, as far as the effects of the slots
 * they go to tell.
 */
void effects_apply(struct unit *unit);

/*
 * True if the slot is a parameter of a function of the compiler or its library that does to the
 * data behind it only what its name tells.
 */
bool effects_are_known(struct unit *unit, const struct facts_slot *slot);

/*
 * Notes that the members whose addresses the uses from number `first` on name are around the
 * pointer in the slot, as in container_of().
 */
void escapes_note_container(struct unit *unit, guint first, uint32_t slot);

/* Finds where addresses of data go; call it while all flows and slots of uses are there. */
void escapes_find(struct unit *unit);

/*
 * Note objects of the scheduler's records (instance.c): a variable with static storage; a local
 * variable or value in the function or initialiser `from`; parameters and results of a function;
 * members of a record.
 */
void instance_variable(struct unit *unit, CXCursor variable, uint32_t symbol);
void instance_value(struct unit *unit, CXCursor value, uint32_t from);
void instance_function(struct unit *unit, CXCursor function, uint32_t symbol);
void instance_members(struct unit *unit, CXCursor record);

/* Note pointers to such objects: `value` becomes a `type`; assembly may write the operand. */
void instance_conversion(struct unit *unit, CXType type, CXCursor value, uint32_t from);
void instance_assembled(struct unit *unit, CXCursor operand, uint32_t from);

/* True if a variable lives as long as the program. */
bool visit_has_static_storage(CXCursor variable);

#endif
