/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The typed call and data graph around the scheduler, and the boundary drawn in it.
 *
 * Nodes are functions, variables and struct members; uses are the edges between them. The graph
 * knows nothing of where it came from (libclang, ELF) nor of how it is written down (JSON).
 * All nodes, uses and strings belong to the graph and live until graph_free().
 *
 * Order of work: graph_new, add nodes and uses, graph_finish (sorts and numbers),
 * boundary_solve (boundary.h), read.
 * A graph read from a report (emit/read.h) was finished before: graph_adopt instead.
 */
#ifndef PLUGSCHED_GRAPH_H
#define PLUGSCHED_GRAPH_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum graph_node_kind {
	GRAPH_FUNCTION,
	GRAPH_VARIABLE,
	GRAPH_MEMBER,
};

/* The paper's sets (ASPLOS'23, section 4): variables and members are internal or external only. */
enum graph_class {
	GRAPH_INTERNAL,
	GRAPH_INTERFACE,
	GRAPH_EXTERNAL,
};

/* Why a node is in its class; codes and sentences are in reasons.def. */
enum graph_reason {
#define REASON(symbol, code, text) GRAPH_REASON_##symbol,
#include "graph/reasons.def"
#undef REASON
};

enum graph_use_kind {
	GRAPH_CALL,       /* direct call */
	GRAPH_INDIRECT,   /* call through the pointer kept in `to` */
	GRAPH_ADDRESS,    /* address taken */
	GRAPH_READ,
	GRAPH_WRITE,
	GRAPH_READ_WRITE,
	GRAPH_OBJECT,     /* a relocation of the object `file`, whose source is not C or was not parsed */
	GRAPH_CLONE,      /* the code of `from` in vmlinux enters `detail`, a clone or second copy of `to`: a jump at its
	                     symbol does not catch that; `file` and `line` are those of `from` */
};

/* What all nodes have. */
struct graph_node {
	enum graph_node_kind kind;
	const char *id;    /* unique; made by graph_finish(): FILE:NAME, FILE:FUNCTION.NAME, FILE:RECORD.MEMBER */
	const char *name;
	const char *file;  /* where it is defined, else first declared; relative to the tree */
	unsigned line;     /* 0 if unknown */
	bool is_scheduler; /* defined in one of the scheduler's files */
	enum graph_class class;
	enum graph_reason reason;
	const char *why;          /* one plain sentence */
	struct graph_node *via;   /* the node that forces the class, or NULL */
	GPtrArray *uses_of;       /* struct graph_use *: uses whose target this is; by graph_finish() */
	GPtrArray *uses_by;       /* struct graph_use *: uses this node makes; by graph_finish() */
};

/* What the binary says of a function or variable of the scheduler. */
struct graph_binary {
	bool is_known;        /* a vmlinux was read and knows it */
	const char *symbol;   /* NULL: no symbol under its own name */
	uint64_t address;     /* at link time */
	uint64_t size;        /* bytes */
	uint64_t room;        /* bytes up to the next symbol */
	unsigned position;    /* 1-based among symbols of that name; 0: the name is unique */
	const char *cold;     /* symbol of its .cold part, or NULL */
	const char **clones;  /* NULL-terminated, or NULL */
	bool has_endbr, has_fentry, is_patched, is_init, is_noinstr, is_sched_text, is_exported, is_overridden;
	bool is_percpu;
};

/* Bytes at a function's entry that a redirection leaves alone: endbr64, and the five that ftrace patches. */
static inline unsigned graph_entry_size(const struct graph_binary *binary)
{
	return (binary->has_endbr ? 4 : 0) + (binary->has_fentry ? 5 : 0);
}

struct graph_function {
	struct graph_node node;
	unsigned end_line;
	const char *unit;      /* translation unit it is compiled in; "" for a header's */
	const char *signature;
	const char *section;   /* by attribute; "" if none */
	const char *alias;     /* by attribute; "" if none */
	bool is_defined;       /* a definition was seen */
	bool is_static, is_inline, is_weak, is_syscall, is_notrace;
	bool is_used;          /* attribute used: entered by what no compiler sees, as BPF programs enter kfuncs */
	bool is_init, is_noinstr, is_noreturn, is_endless; /* by attribute or body */
	GPtrArray *unknown_calls; /* const char *: signatures it calls through pointers of unknown origin (a
	                             parameter, a local, an expression); NULL if there are none */
	bool is_forced_interface, is_forced_external;      /* by the configuration */
	struct graph_binary binary;
	GPtrArray *inlined_into; /* struct graph_node *: concrete functions that hold a copy of it, by graph_finish()
	                            sorted by id; may be NULL */
	const char **objects;    /* NULL-terminated: objects of other folders whose relocations name it; may be NULL */
	/* left by boundary_solve(): */
	struct graph_function *waits_in; /* a waiting primitive: the callee it waits in; else NULL */
	bool is_schedule;                /* of the schedule() family */
	bool is_handed_wait;             /* it waits by calling the function it is handed, `waits_in` */
};

struct graph_variable {
	struct graph_node node;
	const char *unit, *type, *section;
	const char *owner;   /* function of a static local; "" for a file's variable */
	bool is_defined, is_static, is_percpu, is_const, is_static_key;
	bool is_forced_private; /* by the configuration */
	bool is_private;     /* the module gets its own copy instead of inheriting vmlinux's */
	struct graph_binary binary;
	const char **objects;
};

struct graph_member {
	struct graph_node node; /* name is RECORD.MEMBER */
	const char *record, *member, *type;
	unsigned offset; /* bits */
	unsigned width;  /* bits of a bit-field, else 0 */
	unsigned size;   /* bytes; 0 for a bit-field and for an array without length */
	bool is_union;   /* the record is a union */
	unsigned record_size, record_align; /* bytes */
};

/* Where an object of a record is, or where a pointer to one comes from. */
enum graph_instance_kind {
	GRAPH_INSTANCE_HELD,    /* `by`, a variable with static storage or a member, is one or an array of them */
	GRAPH_INSTANCE_STACK,   /* `by`, a function, has one as local variable, parameter, result or value */
	GRAPH_INSTANCE_POINTER, /* `by` makes a pointer to one of something else, `source`; without `source`, `by` is other code's function
				   that gives pointers, or a member of a union that is one */
	GRAPH_INSTANCE_KEPT,    /* `by`, a variable or a member, is a pointer to one */
};

struct graph_instance {
	const char *record;   /* the scheduler's own */
	const char *file;     /* where that is defined; "" if only its name is known */
	enum graph_instance_kind kind;
	struct graph_node *by;
	const char *source;   /* "kzalloc()", "void *"; "" if nothing to say */
	unsigned line;        /* in the file of `by` */
};

/* A struct or union that has members in the graph. */
struct graph_record {
	const char *name, *file;
	bool is_union, is_scheduler;
	unsigned size, align;   /* bytes */
	enum graph_class class; /* internal: its layout may change; external: it may not */
	enum graph_reason reason;
	const char *why;
	GPtrArray *members;     /* struct graph_member *, borrowed */
};

struct graph_use {
	enum graph_use_kind kind;
	struct graph_node *from;  /* NULL for GRAPH_OBJECT */
	struct graph_node *to;
	const char *file;         /* where the use stands; for GRAPH_OBJECT the object */
	unsigned line;
	const char *detail;       /* where an address goes, or the signature called; "" if nothing to say */
	bool in_endless_loop;     /* stands in the body of an endless loop */
	bool in_foreign_macro;    /* a call written in a macro of another file */
	bool is_thread_entry;     /* the address is handed over as the main function of a kernel thread */
	struct graph_node *handed_to; /* function that gets the address as an argument, or NULL */
	struct graph_node *kept_in;   /* member that an initialiser or assignment puts the address into, or NULL */
	unsigned order;           /* of a call: position among the calls of `from`, in source order; by graph_finish()
	                             from any numbers that grow along the source */
};

/* What decided the targets of an indirect call, from the widest answer to the narrowest. */
enum graph_layer {
	GRAPH_LAYER_SIGNATURE,   /* every function of that signature whose address is taken: the pointer's origin is unknown */
	GRAPH_LAYER_VALUE,       /* what is ever put into the variable, parameter or return value called */
	GRAPH_LAYER_MEMBER,      /* what is ever put into the member called through */
	GRAPH_LAYER_CHAIN,       /* the same, told apart by the members around it */
	GRAPH_LAYER_STATIC_CALL, /* what is ever put into the static call's key */
};

/* One indirect call. */
struct graph_site {
	struct graph_node *from;   /* function that holds it */
	const char *file;
	unsigned line;
	const char *signature;     /* canonical type called */
	enum graph_layer layer;
	GPtrArray *through;        /* struct graph_node *: the member or variable called through, then the members around it, outwards */
	GPtrArray *targets;        /* struct graph_node *: functions it may call; by graph_finish() sorted by id */
	bool is_partial;           /* only the scheduler's functions are among the targets, though others may be called */
};

struct graph {
	GPtrArray *functions; /* struct graph_function *, sorted by (file, line, name) after graph_finish() */
	GPtrArray *variables;
	GPtrArray *members;
	GPtrArray *records;   /* struct graph_record *, sorted by (file, name); filled by boundary_solve() */
	GPtrArray *instances; /* struct graph_instance *, sorted by (file, record, kind, by), no duplicates after graph_finish() */
	GPtrArray *uses;      /* struct graph_use *, sorted, no duplicates after graph_finish() */
	GPtrArray *sites;     /* struct graph_site *, sorted by (file, line, from, through) without duplicates after graph_finish() */
	GStringChunk *strings;
	GHashTable *by_key;   /* private */
	bool has_binary;      /* the facts of a vmlinux are in it */
};

struct graph *graph_new(void);

/* Frees the graph and everything in it. Accepts NULL. */
void graph_free(struct graph *graph);

/* A string that lives as long as the graph; NULL gives "". */
const char *graph_string(struct graph *graph, const char *string);

/*
 * The node of that kind under a key that the caller makes up; made empty if there is none, then
 * `*is_new` (may be NULL) is true.
 */
struct graph_node *graph_node(struct graph *graph, enum graph_node_kind kind, const char *key, bool *is_new);

/* The node of that kind and key, or NULL. */
struct graph_node *graph_find(const struct graph *graph, enum graph_node_kind kind, const char *key);

/* Adds a use; strings in it are copied. Gives the graph's own copy. */
struct graph_use *graph_use_add(struct graph *graph, const struct graph_use *use);

/* Adds an object of a record; strings in it are copied. */
void graph_instance_add(struct graph *graph, const struct graph_instance *instance);

/* Adds an indirect call with neither `through` nor targets yet; strings in it are copied. Gives the graph's own copy. */
struct graph_site *graph_site_add(struct graph *graph, const struct graph_site *site);

/*
 * Drops pointers that say no more than others, nodes that no use, no site and no instance names and that are not the scheduler's, sorts nodes and uses, makes ids,
 * removes equal uses (same kind, ends, file and line) and fills uses_of and uses_by.
 */
void graph_finish(struct graph *graph);

/*
 * graph_finish() for a graph that was finished before and is put together again: nodes have ids and stay, those that
 * sort alike in the order in which they were made.
 */
void graph_adopt(struct graph *graph);

static inline struct graph_function *graph_as_function(struct graph_node *node)
{
	return node && node->kind == GRAPH_FUNCTION ? (struct graph_function *)node : NULL;
}

static inline struct graph_variable *graph_as_variable(struct graph_node *node)
{
	return node && node->kind == GRAPH_VARIABLE ? (struct graph_variable *)node : NULL;
}

static inline struct graph_member *graph_as_member(struct graph_node *node)
{
	return node && node->kind == GRAPH_MEMBER ? (struct graph_member *)node : NULL;
}

/* The machine-readable code of a reason, such as "waits". */
const char *graph_reason_code(enum graph_reason reason);

/* What a reason means, in general words. */
const char *graph_reason_text(enum graph_reason reason);

/* "internal", "interface" or "external". */
const char *graph_class_name(enum graph_class class);

/* The part of a node's or record's `why` behind the class, "waits in schedule()" of "external: waits in schedule()". */
const char *graph_cause(const char *why);

/* "function", "variable" or "member". */
const char *graph_kind_name(enum graph_node_kind kind);

/* A function's signature, the type of data. */
const char *graph_type(const struct graph_node *node);

/* "call", "indirect", "address", "read", "write", "read-write", "object" or "clone". */
const char *graph_use_kind_name(enum graph_use_kind kind);

/* "held", "stack", "pointer" or "kept". */
const char *graph_instance_kind_name(enum graph_instance_kind kind);

/* "signature", "value", "member", "chain" or "static-call". */
const char *graph_layer_name(enum graph_layer layer);

#endif
