/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What becomes of each of the scheduler's definitions when it is extracted, from the solved graph alone.
 *
 * A function of the module stays. One that stays in vmlinux becomes a declaration if vmlinux has a symbol that can be
 * called; if it has none, as with what is inlined everywhere, the module needs a copy of its own. Init code goes. A variable is
 * vmlinux's, thus a declaration, unless it has no symbol there or is private by choice.
 */
#ifndef PLUGSCHED_PLAN_H
#define PLUGSCHED_PLAN_H

#include "graph/graph.h"

/* Before the name of vmlinux's own, where the module has one of that name too. */
#define VMLINUX_PREFIX "__vmlinux_"

#define PLAN_ERROR g_quark_from_static_string("plan-error-quark")

enum plan_fate {
	PLAN_KEEP,    /* the definition stays as it is: a function of the module, a private variable */
	PLAN_COPY,    /* a function that stays in vmlinux and is needed in the module too: the definition stays, marked */
	PLAN_DECLARE, /* the definition becomes a declaration of vmlinux's */
	PLAN_DROP,    /* it goes without replacement: nothing in the module uses it */
	PLAN_CLASS,   /* a scheduling class: vmlinux's object is declared, the definition is what it will be filled with */
};

struct plan_entry {
	const struct graph_node *node;
	enum plan_fate fate;
	bool is_needed;     /* something that stays in the module's source uses it */
	bool is_redirected; /* function: vmlinux's entry will lead to the module's, so its address is vmlinux's */
	bool is_foreign_address; /* function: code of other files that is compiled into the module takes its address */
	const char *label;  /* symbol under which the module knows vmlinux's; NULL: its plain name */
};

struct plan {
	const struct graph *graph;
	GPtrArray *entries;   /* struct plan_entry *: of the scheduler's functions, then its variables, in the graph's order */
	/* private */
	GHashTable *by_node, *functions, *variables;
	GStringChunk *strings;
};

/*
 * Plans the extraction of a solved graph, which is borrowed. NULL with `error` if the module would need a function that
 * neither can be called in vmlinux nor may be copied.
 */
struct plan *plan_new(const struct graph *graph, GError **error);

/* Accepts NULL. */
void plan_free(struct plan *plan);

/* The entry of a node of the scheduler; NULL for others. */
struct plan_entry *plan_of(const struct plan *plan, const struct graph_node *node);

/* The function of that name which `file` defines; with `file` NULL the one with external linkage. NULL if there is none. */
struct plan_entry *plan_function(const struct plan *plan, const char *file, const char *name);

/*
 * The variable of that name which `file` defines, NULL: the one with external linkage; `owner` is the function of a static
 * local, "" for none, `line` tells static locals of one name apart.
 */
struct plan_entry *plan_variable(const struct plan *plan, const char *file, const char *owner, const char *name,
				 unsigned line);

/* What the entry's node is called in the object files, and its 1-based position among equal names there (0: unique). */
const char *plan_symbol(const struct plan_entry *entry, unsigned *position);

/* "kept", "copied", "declared", "dropped" or "class". */
const char *plan_fate_name(enum plan_fate fate);

#endif
