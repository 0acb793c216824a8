/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Decides from the solved graph alone what becomes of each of the scheduler's definitions in an
 * extraction.
 *
 * A function of the module keeps its definition. A function that stays in vmlinux becomes a
 * declaration if vmlinux has a symbol to call; if it has none, because it is inlined everywhere,
 * the module needs a copy. Init code is dropped. A variable stays in vmlinux and becomes a
 * declaration, unless it has no symbol there or the configuration makes it private.
 */
#ifndef PLUGSCHED_PLAN_H
#define PLUGSCHED_PLAN_H

#include "graph/graph.h"

/*
 * The prefix of the module's name for a symbol of vmlinux, where the plain name is taken or not
 * unique.
 */
#define VMLINUX_PREFIX "__vmlinux_"

#define PLAN_ERROR g_quark_from_static_string("plan-error-quark")

enum plan_fate {
	PLAN_KEEP, /* keep the definition: a function of the module, or a private variable */
	/*
	 * a function that stays in vmlinux and that the module needs too: keep the definition, with
	 * a mark above it
	 */
	PLAN_COPY,
	PLAN_DECLARE, /* replace the definition by a declaration of vmlinux's */
	PLAN_DROP,    /* remove it without replacement: nothing in the module uses it */
	/*
	 * a scheduling class: declare vmlinux's object, and make the definition the contents that
	 * it will be filled with
	 */
	PLAN_CLASS,
};

struct plan_entry {
	const struct graph_node *node;
	enum plan_fate fate;
	bool is_needed; /* text that stays in the module's source uses it */
	/*
	 * function: vmlinux's entry will jump to the module's, so its address is taken from vmlinux
	 */
	bool is_redirected;
	/* function: code of other files that is compiled into the module takes its address */
	bool is_foreign_address;
	const char *label; /* the module's symbol for vmlinux's; NULL if it is the plain name */
};

struct plan {
	const struct graph *graph;
	/*
	 * struct plan_entry *: the scheduler's functions, then its variables, both in the graph's
	 * order
	 */
	GPtrArray *entries;
	/* private */
	GHashTable *by_node, *functions, *variables;
	GStringChunk *strings;
};

/*
 * Plans the extraction of a solved graph, which is borrowed. NULL with `error` if the module would
 * need a function that has no symbol in vmlinux and must not be copied. Free the plan with
 * plan_free().
 */
struct plan *plan_new(const struct graph *graph, GError **error);

/* Accepts NULL. */
void plan_free(struct plan *plan);

/* The entry of a node; NULL if the node is not the scheduler's. */
struct plan_entry *plan_of(const struct plan *plan, const struct graph_node *node);

/*
 * The function of that name that `file` defines, or, with `file` NULL, the one with external
 * linkage. NULL if there is none.
 */
struct plan_entry *plan_function(const struct plan *plan, const char *file, const char *name);

/*
 * The variable of that name that `file` defines, or, with `file` NULL, the one with external
 * linkage. `owner` is the function of a static local, or "" for other variables. `line`
 * distinguishes static locals of one name. NULL if there is none.
 */
struct plan_entry *plan_variable(const struct plan *plan, const char *file, const char *owner,
				 const char *name, unsigned line);

/*
 * The symbol of the entry's node in the object files. `*position` is its 1-based position among
 * symbols of that name; 0 if the name is unique.
 */
const char *plan_symbol(const struct plan_entry *entry, unsigned *position);

/*
 * The name that the module's source uses for a variable of vmlinux: its own name, or OWNER__NAME
 * for a static local, because in C two extern declarations of one name mean one variable, wherever
 * they stand. Caller frees.
 */
char *plan_variable_name(const struct plan *plan, const struct plan_entry *entry);

/*
 * True if a line at a unit's end can name the type: `has_record(name, data)` is true for each struct
 * and union in it, and it is neither of an enum, which may have no name, nor a pointer to code.
 */
bool plan_can_name(const char *type, bool (*has_record)(const char *name, const void *data),
		   const void *data);

/* "kept", "copied", "declared", "dropped" or "class". */
const char *plan_fate_name(enum plan_fate fate);

#endif
