/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The typed graph of calls and data around the scheduler, and the boundary in it.
 *
 * Nodes are functions, variables and struct members; uses are the edges between them. The graph
 * does not know where it came from (libclang, ELF), nor how it is written (JSON). All nodes, uses
 * and strings belong to the graph and live until graph_free().
 *
 * Order of calls: graph_new(), add nodes and uses, graph_finish() (sorts and makes ids),
 * boundary_solve() (boundary.h), then read it. For a graph that was read from a report
 * (emit/read.h), graph_adopt() replaces graph_finish().
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

/* The sets of the paper (ASPLOS'23, section 4). Data are only internal or external. */
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
	GRAPH_CALL,     /* direct call */
	GRAPH_INDIRECT, /* call through the pointer that is kept in `to` */
	GRAPH_ADDRESS,  /* address taken */
	GRAPH_READ,
	GRAPH_WRITE,
	GRAPH_READ_WRITE,
	/* a relocation of the object `file`, whose source is not C or was not parsed */
	GRAPH_OBJECT,
	/*
	 * the code of `from` in vmlinux enters `detail`, a clone or second copy of `to`; a jump at
	 * the symbol of `to` does not catch that. `file` and `line` are those of `from`
	 */
	GRAPH_CLONE,
	/*
	 * the address of `to` goes further than its user tells: to `handed_to`, into `kept_in`, to
	 * the callers of `from`, or, if it is none of these, nobody knows where
	 */
	GRAPH_ESCAPE,
};

/* What all nodes have. */
struct graph_node {
	enum graph_node_kind kind;
	/*
	 * unique; made by graph_finish(): FILE:NAME, FILE:FUNCTION.NAME or FILE:RECORD.MEMBER, with
	 * #2 and so on if taken
	 */
	const char *id;
	const char *name;
	const char *file;  /* where it is defined, else first declared; relative to the tree */
	unsigned line;     /* 0 if unknown */
	bool is_scheduler; /* defined in one of the scheduler's files */
	enum graph_class class;
	enum graph_reason reason;
	const char *why;        /* one sentence that begins with the class */
	struct graph_node *via; /* the node that forces the class, or NULL */
	GPtrArray *uses_of;     /* struct graph_use *: uses of this node; by graph_finish() */
	GPtrArray *uses_by;     /* struct graph_use *: uses that it makes; by graph_finish() */
};

/* What vmlinux says about a function or variable of the scheduler. */
struct graph_binary {
	bool is_known;       /* vmlinux was read and has it */
	const char *symbol;  /* NULL: no symbol under its own name */
	uint64_t address;    /* address of the symbol at link time */
	uint64_t size;       /* bytes */
	uint64_t room;       /* bytes from the entry to the next symbol */
	unsigned position;   /* from 1 among symbols of that name; 0: the name is unique */
	const char *cold;    /* symbol of its .cold part, or NULL */
	const char **clones; /* NULL-terminated names of symbols, or NULL */
	/*
	 * of a function that waits: it does so only by a jump to this symbol at its end, and is not
	 * on the stack meanwhile; NULL: it is on the stack, or that is not known
	 */
	const char *ends_in;
	/* callers in its unit may rely on registers that it leaves alone (gcc's -fipa-ra) */
	bool has_ipa_ra;
	bool has_endbr, has_fentry, is_patched, is_init, is_noinstr, is_sched_text, is_exported,
		is_overridden;
	bool is_percpu;
};

/*
 * How many bytes at a function's entry a redirection leaves alone: endbr64, and the five that
 * ftrace patches.
 */
static inline unsigned graph_entry_size(const struct graph_binary *binary)
{
	return (binary->has_endbr ? 4 : 0) + (binary->has_fentry ? 5 : 0);
}

struct graph_function {
	struct graph_node node;
	unsigned end_line;
	const char *unit; /* translation unit that it is compiled in; "" in a header */
	const char *signature;
	const char *section; /* by attribute; "" if none */
	const char *alias;   /* by attribute; "" if none */
	bool is_defined;     /* a definition was seen */
	bool is_static, is_inline, is_weak, is_syscall, is_notrace;
	/* attribute used: something unknown to the compiler enters it, as BPF enters kfuncs */
	bool is_used;
	bool is_init, is_noinstr, is_noreturn, is_endless; /* by attribute or body */
	/*
	 * const char *: signatures that it calls through pointers of unknown origin (a parameter, a
	 * local, an expression); NULL if there are none
	 */
	GPtrArray *unknown_calls;
	bool is_forced_interface, is_forced_external; /* by the configuration, which names it */
	/* its name begins with a prefix of the configuration: interface unless it must stay */
	bool has_interface_prefix;
	struct graph_binary binary;
	/*
	 * struct graph_node *: concrete functions that hold an inlined copy of it; graph_finish()
	 * sorts them by id; may be NULL
	 */
	GPtrArray *inlined_into;
	/* NULL-terminated: objects outside the scheduler with relocations to it; may be NULL */
	const char **objects;
	/* set by boundary_solve(): */
	/* for a function that waits for its caller: the callee that it waits in; else NULL */
	struct graph_function *waits_in;
	bool is_schedule;    /* it belongs to the schedule() family */
	bool is_handed_wait; /* it waits by calling `waits_in`, which it receives */
};

struct graph_variable {
	struct graph_node node;
	const char *unit, *type, *section;
	const char *owner; /* function of a static local; "" for a variable at file scope */
	bool is_defined, is_static, is_percpu, is_const, is_static_key;
	bool is_forced_private; /* by the configuration */
	bool is_private;        /* the module gets its own copy instead of using vmlinux's */
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

/* Where an object of a record is, or where a pointer to an object comes from. */
enum graph_instance_kind {
	/* `by`, a variable with static storage or a member, is one, or an array of them */
	GRAPH_INSTANCE_HELD,
	/* `by`, a function, has one as a local variable, parameter, result or value */
	GRAPH_INSTANCE_STACK,
	/*
	 * `by` makes a pointer to one from something else, `source`; if `source` is empty, `by` is
	 * a function of other code that gives pointers, or a member of a union that is a pointer
	 */
	GRAPH_INSTANCE_POINTER,
	GRAPH_INSTANCE_KEPT, /* `by`, a variable or a member, is a pointer to one */
};

struct graph_instance {
	const char *record; /* name of a record of the scheduler */
	const char *file;   /* file that defines the record; "" if only its name is known */
	enum graph_instance_kind kind;
	struct graph_node *by;
	const char *source; /* "kzalloc()", "void *"; "" if there is nothing to say */
	unsigned line;      /* in the file of `by` */
};

/* A struct or union that has members in the graph. */
struct graph_record {
	const char *name, *file;
	bool is_union, is_scheduler;
	unsigned size, align;   /* bytes */
	enum graph_class class; /* internal: its layout may change; external: it may not */
	enum graph_reason reason;
	const char *why;
	GPtrArray *members; /* struct graph_member *, borrowed */
	/*
	 * objects of it may exist when a module is loaded; only for the scheduler's records, of
	 * others nobody knows
	 */
	bool is_live;
	GPtrArray *where; /* const struct graph_node *: who has, makes or keeps those; or NULL */
};

struct graph_use {
	enum graph_use_kind kind;
	struct graph_node *from; /* NULL for GRAPH_OBJECT */
	struct graph_node *to;
	const char *file; /* file that holds the use; for GRAPH_OBJECT the object */
	unsigned line;
	/* where an address goes, or the signature that is called; "" if there is nothing to say */
	const char *detail;
	bool in_endless_loop;  /* the use is in the body of an endless loop */
	bool in_foreign_macro; /* a call written in a macro of another file */
	/* the address is passed as the main function of a kernel thread */
	bool is_thread_entry;
	/* an escape: a caller of `from` gives the address to it, or gets it from it */
	bool is_with_caller;
	/*
	 * function that receives it as an argument, or, in an escape, gives it as its result; or
	 * NULL
	 */
	struct graph_node *handed_to;
	/*
	 * member into which an initialiser or assignment puts the address, or, in an escape, member
	 * or variable that it gets into; or NULL
	 */
	struct graph_node *kept_in;
	/*
	 * of a call: position among the calls of `from`, in source order, from 0; graph_finish()
	 * makes it from any numbers that grow along the source
	 */
	unsigned order;
};

/* What decided the targets of an indirect call, from the widest answer to the narrowest. */
enum graph_layer {
	/* every such function whose address is taken: the pointer's origin is unknown */
	GRAPH_LAYER_SIGNATURE,
	/* what is ever put into the variable, parameter or return value that is called */
	GRAPH_LAYER_VALUE,
	GRAPH_LAYER_MEMBER,      /* what is ever put into the member that is called */
	GRAPH_LAYER_CHAIN,       /* the same, but only for the chain of members around it */
	GRAPH_LAYER_STATIC_CALL, /* what is ever put into the static call's key */
};

/* One indirect call. */
struct graph_site {
	struct graph_node *from; /* function that holds the call */
	const char *file;
	unsigned line;
	const char *signature; /* canonical type of the called function */
	enum graph_layer layer;
	/*
	 * struct graph_node *: the member or variable that is called, then those around it, from
	 * the inside outwards
	 */
	GPtrArray *through;
	/* struct graph_node *: functions that it may call; graph_finish() sorts them by id */
	GPtrArray *targets;
	/* the targets are only those of the scheduler's functions; others may be called too */
	bool is_partial;
};

struct graph {
	/*
	 * struct graph_function *; after graph_finish() these three are sorted by (file, line,
	 * name)
	 */
	GPtrArray *functions;
	GPtrArray *variables;
	GPtrArray *members;
	GPtrArray *records; /* struct graph_record *, sorted by (file, name); made by
	                         boundary_solve() */
	/*
	 * struct graph_instance *; after graph_finish() sorted by (file, record, kind, by), with
	 * allocators before other sources, and without duplicates
	 */
	GPtrArray *instances;
	GPtrArray *uses; /* struct graph_use *; after graph_finish() sorted, each once */
	/*
	 * struct graph_site *; after graph_finish() sorted by (file, line, from, signature,
	 * through), without duplicates
	 */
	GPtrArray *sites;
	GStringChunk *strings;
	GHashTable *by_key; /* private */
	bool has_binary;    /* it has the facts of a vmlinux */
};

/* An empty graph. graph_free() it. */
struct graph *graph_new(void);

/* Frees the graph and everything in it. Accepts NULL. */
void graph_free(struct graph *graph);

/* A copy that lives as long as the graph, shared by equal strings; "" for NULL. */
const char *graph_string(struct graph *graph, const char *string);

/*
 * The node of that kind with this key, which the caller chooses. If there is none, an empty one is
 * made and `*is_new` (may be NULL) is true.
 */
struct graph_node *graph_node(struct graph *graph, enum graph_node_kind kind, const char *key,
			      bool *is_new);

/* The node of that kind and key, or NULL. Only before graph_finish(). */
struct graph_node *graph_find(const struct graph *graph, enum graph_node_kind kind,
			      const char *key);

/* Adds a copy of a use and of its strings. Returns the graph's copy. */
struct graph_use *graph_use_add(struct graph *graph, const struct graph_use *use);

/* Adds a copy of an instance and of its strings. */
void graph_instance_add(struct graph *graph, const struct graph_instance *instance);

/*
 * Adds a copy of an indirect call and of its strings, with empty `through` and `targets`. Returns
 * the graph's copy, for the caller to fill those.
 */
struct graph_site *graph_site_add(struct graph *graph, const struct graph_site *site);

/*
 * Finishes the graph. Removes instances of pointers that say nothing new, and nodes that are not
 * the scheduler's and that no use, site, instance or inlined copy names. Sorts nodes, uses,
 * instances and sites, makes ids, removes equal uses (same kind, ends, file, line and detail) and
 * fills uses_of and uses_by.
 */
void graph_finish(struct graph *graph);

/*
 * graph_finish() for a graph that was finished before and is built again from a report: all nodes
 * stay and keep their ids. Nodes that sort equally keep the order in which they were made.
 */
void graph_adopt(struct graph *graph);

/* The node as what it is; NULL if it is NULL or of another kind. */
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

/* True if two members of one record lie in the same bytes, at least in part. */
bool graph_members_overlap(const struct graph_member *left, const struct graph_member *right);

/* The machine-readable code of a reason, such as "waits". */
const char *graph_reason_code(enum graph_reason reason);

/* What a reason means, in general words: the text of reasons.def. */
const char *graph_reason_text(enum graph_reason reason);

/* "internal", "interface" or "external". */
const char *graph_class_name(enum graph_class class);

/*
 * The part of a node's or record's `why` after the class: "waits in schedule()" of "external: waits
 * in schedule()".
 */
const char *graph_cause(const char *why);

/* "function", "variable" or "member". */
const char *graph_kind_name(enum graph_node_kind kind);

/* The signature of a function, or the type of data. */
const char *graph_type(const struct graph_node *node);

/*
 * "call", "indirect", "address", "read", "write", "read-write", "object", "clone" or "escape".
 */
const char *graph_use_kind_name(enum graph_use_kind kind);

/* "held", "stack", "pointer" or "kept". */
const char *graph_instance_kind_name(enum graph_instance_kind kind);

/* "signature", "value", "member", "chain" or "static-call". */
const char *graph_layer_name(enum graph_layer layer);

#endif
