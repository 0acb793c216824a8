/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The facts of one translation unit: what it defines and what it uses.
 *
 * A unit's facts depend only on the files that it read, its arguments, and which files are the
 * scheduler's, so they can be kept in a file. They are tables of fixed-size rows. Rows name each
 * other by index, and name strings by index into one string table. On disk and in memory they are
 * one GVariant, used in place.
 *
 * What is kept: everything in the scheduler's files, and of other files whatever the unit's own
 * code reaches. An inline function of a header that the unit includes but never calls is no fact
 * about the unit.
 */
#ifndef PLUGSCHED_FACTS_H
#define PLUGSCHED_FACTS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define FACTS_NONE UINT32_MAX

enum facts_symbol_flag {
	FACTS_FUNCTION = 1 << 0, /* else a variable */
	FACTS_DEFINED = 1 << 1,  /* the unit holds its definition; else only a declaration of it */
	FACTS_STATIC = 1 << 2,   /* internal linkage */
	FACTS_INLINE = 1 << 3,   /* declared inline */
	FACTS_WEAK = 1 << 4,
	FACTS_NORETURN = 1 << 5,    /* declared noreturn */
	FACTS_ENDLESS = 1 << 6,     /* holds an endless loop that nothing leaves */
	FACTS_SCHEDULER = 1 << 7,   /* is in one of the scheduler's files */
	FACTS_PERCPU = 1 << 8,      /* by its section */
	FACTS_NOTRACE = 1 << 9,     /* no ftrace entry, by attribute */
	FACTS_NOINSTR = 1 << 10,    /* by its section */
	FACTS_INIT = 1 << 11,       /* by its section: init or exit text */
	FACTS_CONST = 1 << 12,      /* a const variable */
	FACTS_SYSCALL = 1 << 13,    /* made by a SYSCALL_DEFINE */
	FACTS_STATIC_KEY = 1 << 14, /* a static key or an array of them */
	FACTS_USED = 1 << 15,       /* attribute used: the compiler cannot see what refers to it */
	/* attribute error or warning: a call that remains after optimisation does not compile */
	FACTS_TRAP = 1 << 16,
	FACTS_REGISTER = 1 << 17, /* a variable that is a register */
};

/* A function or variable. Strings are indices into the string table; 0 is the empty string. */
struct facts_symbol {
	uint32_t name;
	uint32_t file; /* where it is defined, else where it is first declared */
	uint32_t line;
	uint32_t end_line;  /* last line of the definition; 0 for a declaration */
	uint32_t flags;     /* enum facts_symbol_flag */
	uint32_t type;      /* signature or type, spelled out */
	uint32_t prototype; /* a function's type with typedefs resolved; else 0 */
	uint32_t section;   /* attribute's argument, or 0 */
	uint32_t alias;     /* attribute's argument, or 0 */
	/* name in the object file if declared with asm("label"); else 0 */
	uint32_t label;
	uint32_t owner; /* symbol of the function that holds a static local, or FACTS_NONE */
};

enum facts_record_flag {
	FACTS_UNION = 1 << 0,
	FACTS_RECORD_SCHEDULER = 1 << 1, /* defined in one of the scheduler's files */
	/* copied as a whole: a member's value may have been put there without naming the member */
	FACTS_RECORD_COPIED = 1 << 2,
	/* a pointer to another record was made one to it, or the other way round */
	FACTS_RECORD_CAST = 1 << 3,
};

struct facts_record {
	uint32_t name; /* tag or typedef name; for an unnamed one its variable, or outer.member */
	uint32_t file;
	uint32_t line;
	uint32_t flags; /* enum facts_record_flag */
	uint32_t size;  /* bytes */
	uint32_t align; /* bytes */
};

enum facts_member_flag {
	/* lies in a union; if the unit reads a scheduler's file, the members beside it have rows */
	FACTS_MEMBER_SHARED = 1 << 0,
};

/* A member of a record. Members of an anonymous member belong to the named record around it. */
struct facts_member {
	uint32_t record;
	uint32_t name;
	uint32_t type;
	uint32_t line;
	uint32_t offset; /* bits from the start of `record` */
	uint32_t width;  /* bits of a bit-field; 0 for other members */
	uint32_t size;   /* bytes; 0 for a bit-field and for an array without length */
	uint32_t flags;  /* enum facts_member_flag */
};

enum facts_use_kind {
	FACTS_CALL, /* direct call of a function */
	/*
	 * call through a pointer; the target is the member or variable with the pointer, if known
	 */
	FACTS_INDIRECT,
	FACTS_ADDRESS, /* address taken */
	FACTS_READ,
	FACTS_WRITE,
	FACTS_READ_WRITE,
	/*
	 * a string's address is put somewhere; no target. Only in facts with all members, which are
	 * never kept
	 */
	FACTS_LITERAL,
};

enum facts_target {
	FACTS_TARGET_NONE,
	FACTS_TARGET_SYMBOL,
	FACTS_TARGET_MEMBER,
};

/* Where the address of a function or variable went. */
enum facts_sink {
	FACTS_SINK_NONE,       /* compared, discarded or unknown */
	FACTS_SINK_INIT,       /* initialiser of the member `sink_target` */
	FACTS_SINK_INIT_VAR,   /* initialiser of the variable `sink_name` */
	FACTS_SINK_ASSIGN,     /* assigned to the member `sink_target` */
	FACTS_SINK_ASSIGN_VAR, /* assigned to the variable `sink_name` */
	/*
	 * argument of the function `sink_target` (FACTS_NONE: of an indirect call), for its
	 * parameter `sink_name`
	 */
	FACTS_SINK_ARGUMENT,
	FACTS_SINK_RETURN, /* returned */
};

/* A place that may hold a pointer. */
enum facts_slot_kind {
	FACTS_SLOT_UNKNOWN,   /* memory or an expression of which nothing is known; always row 0 */
	FACTS_SLOT_VARIABLE,  /* static storage: `of` is the symbol */
	FACTS_SLOT_LOCAL,     /* `of` is the function, `index` counts its locals */
	FACTS_SLOT_PARAMETER, /* `of` is the function, `index` the parameter's position */
	FACTS_SLOT_RETURN,    /* what the function `of` returns */
	/*
	 * `of` is the member, `outer` the slot that holds its record by value, if known; a local
	 * variable only in facts with all members
	 */
	FACTS_SLOT_MEMBER,
	/* argument `index` of a call through a pointer to functions of type `of` (a string) */
	FACTS_SLOT_ARGUMENT,
};

/* A row for a slot. An array counts as its elements. */
struct facts_slot {
	uint32_t kind; /* enum facts_slot_kind */
	uint32_t of;
	uint32_t index;
	uint32_t outer; /* index of a slot; FACTS_NONE if there is none or it is not known */
	uint32_t type;  /* for a slot that holds pointers to functions, their prototype; else 0 */
};

/*
 * A value goes from one slot into another. At least one is for pointers to functions, except in
 * facts with all members, which have all flows.
 */
struct facts_flow {
	uint32_t from;
	uint32_t to;
};

enum facts_use_flag {
	FACTS_IN_ENDLESS_LOOP = 1 << 0,  /* is in the body of an endless loop */
	FACTS_IN_FOREIGN_MACRO = 1 << 1, /* a call in a macro of another file, like wait_event() */
};

struct facts_use {
	/* function, or variable with the initialiser, that holds the use; FACTS_NONE: none */
	uint32_t from;
	uint32_t kind;        /* enum facts_use_kind */
	uint32_t target_kind; /* enum facts_target */
	uint32_t target;      /* index into symbols or members */
	uint32_t file;
	uint32_t line;
	uint32_t sink;        /* enum facts_sink */
	uint32_t sink_target; /* index of a member or symbol, or FACTS_NONE: see enum facts_sink */
	uint32_t sink_name;   /* see enum facts_sink */
	uint32_t type;        /* FACTS_INDIRECT: signature of the called function */
	/*
	 * FACTS_INDIRECT: the slot called through; FACTS_ADDRESS, FACTS_LITERAL: the slot that the
	 * address goes into; FACTS_NONE: none
	 */
	uint32_t slot;
	uint32_t flags; /* enum facts_use_flag */
};

/* Where objects of a record are, and where pointers to objects without a name come from. */
enum facts_instance_kind {
	FACTS_INSTANCE_STACK,    /* a local variable, parameter or value: `by` is the function */
	FACTS_INSTANCE_VARIABLE, /* static storage: `by` is the variable */
	FACTS_INSTANCE_MEMBER,   /* the member `by` holds it by value */
	/*
	 * `by`, a function or variable, makes a pointer to the record from something else,
	 * `source`; if `source` is empty, `by` is a function of other code that gives such pointers
	 */
	FACTS_INSTANCE_POINTER,
	FACTS_INSTANCE_UNION,         /* the member `by` of a union is a pointer to it */
	FACTS_INSTANCE_KEPT_MEMBER,   /* the member `by` is a pointer to it */
	FACTS_INSTANCE_KEPT_VARIABLE, /* the variable `by` is a pointer to it */
};

/*
 * A row about a record of the scheduler. A record of size 0 is known to the unit only by its name.
 * An array counts as its elements.
 */
struct facts_instance {
	uint32_t record;
	uint32_t kind;   /* enum facts_instance_kind */
	uint32_t by;     /* index into symbols or members */
	uint32_t source; /* FACTS_INSTANCE_POINTER: what it is made from, "kzalloc()" or "void *" */
	uint32_t line;
};

enum facts_escape_kind {
	FACTS_ESCAPE_ADDRESS, /* the address taken by the use `of` gets into `slot` */
	/* the pointer in `slot` is one to the member that the use `of` names, as in container_of() */
	FACTS_ESCAPE_CONTAINER,
	FACTS_ESCAPE_POINTER, /* a pointer in the slot `of` gets into `slot` */
};

/*
 * Where the scheduler's code lets addresses of data go, through locals and through functions of
 * headers. A slot of the rows is a variable with static storage, a member, an argument of a call, a
 * parameter or the result of a function that is the scheduler's or that the unit does not define,
 * or the unknown slot. Further ways, from unit to unit, are found by joining the rows.
 */
struct facts_escape {
	uint32_t kind; /* enum facts_escape_kind */
	uint32_t of;   /* index of a use, or of a slot */
	uint32_t slot; /* index of a slot */
};

/* A file that the unit read, and the digest of its content. */
struct facts_input {
	uint32_t path;      /* as tree_path() gives it */
	uint32_t digest[4]; /* first 128 bits of its SHA-256; all 0 if it could not be read or if
	                       none was asked for */
};

/* The facts. `data` owns the rows; all pointers stay valid until facts_free(). */
struct facts {
	const char *source; /* the unit's .c file */
	const char *key;    /* digest of the unit's arguments, the scheduler's files and the tool */
	const char **strings;
	const struct facts_symbol *symbols;
	const struct facts_record *records;
	const struct facts_member *members;
	const struct facts_use *uses;
	const struct facts_slot *slots;
	const struct facts_flow *flows;
	const struct facts_instance *instances;
	const struct facts_escape *escapes;
	const struct facts_input *inputs;
	gsize n_strings, n_symbols, n_records, n_members, n_uses, n_slots, n_flows, n_instances,
		n_escapes, n_inputs;
	GVariant *data;
};

/* The tables while they are filled: GArrays of the rows above, strings as GPtrArray of char *. */
struct facts_tables {
	const char *source, *key;
	GPtrArray *strings;
	GArray *symbols, *records, *members, *uses, *slots, *flows, *instances, *escapes, *inputs;
};

/* Packs a copy of the tables, which can be freed afterwards. facts_free() the result. */
struct facts *facts_new(const struct facts_tables *tables);

/* Frees the facts. Accepts NULL. */
void facts_free(struct facts *facts);

/* Writes the facts to `path`: to a temporary file that is then renamed. False with `error`. */
bool facts_save(const struct facts *facts, const char *path, GError **error);

/*
 * Maps a saved file. NULL if it does not exist, is damaged or has another format; every index is
 * checked, so that such a file never causes a crash. There is no `error`, because that is only a
 * cache miss. facts_free() the result.
 */
struct facts *facts_load(const char *path);

/* The same for the content of a file. It takes its own reference to `file`. */
struct facts *facts_from_bytes(GBytes *file);

#endif
