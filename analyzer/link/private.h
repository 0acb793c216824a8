/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to analyzer/link: the state of one link.
 *
 * link.c has the passes, nodes.c decides what one node is, uses.c what counts as a use, escapes.c
 * where addresses go. flows.c has indirect calls, binary.c what vmlinux adds, alias.c what other
 * names add, relocations.c what the objects and the configuration add.
 */
#ifndef PLUGSCHED_LINK_PRIVATE_H
#define PLUGSCHED_LINK_PRIVATE_H

#include "analyzer/link/link.h"

struct link {
	const struct link_input *input;
	struct graph *graph;
	GHashTable *overridden;    /* names of weak scheduler functions
	                           that others override in vmlinux */
	GHashTable *members;       /* keys of members that the scheduler uses */
	GHashTable *witnesses;     /* member node -> struct graph_use *: first use outside so far */
	struct indirect *indirect; /* flows of pointers to functions */
	GHashTable *settled;       /* nodes whose description must not change any more; NULL
	                              while there are none */
	/* the member of a static call's key that holds its function; NULL if there is none */
	struct graph_node *key_function;
	struct link_escapes *escapes; /* while escapes.c is at work */
	GHashTable *explained; /* "object\nsymbol" of relocations that a parsed use explains */
};

/* Which uses of a member by code outside the scheduler go into the graph. */
enum link_interest {
	LINK_UNKNOWN,
	LINK_IGNORE,
	LINK_FIRST_USE,
	LINK_ALL_USES
};

/* One unit in one pass. Nodes of its symbols and members are made on demand. */
struct unit_link {
	struct link *link;
	const struct link_unit *unit;
	unsigned number; /* place among the units, from 1 */
	const struct facts *facts;
	struct graph_node **symbols, **members;
	uint8_t *interests; /* enum link_interest of each member */
};

static inline const char *string_at(const struct unit_link *u, uint32_t i)
{
	return u->facts->strings[i];
}

/* True if a scheduler file defines the symbol. */
static inline bool is_scheduler_symbol(const struct facts_symbol *s)
{
	return (s->flags & FACTS_SCHEDULER) && (s->flags & FACTS_DEFINED);
}

/* True for markers that the linker discards (__ADDRESSABLE). They are neither data nor uses. */
static inline bool is_discarded(const struct unit_link *u, const struct facts_symbol *s)
{
	return g_str_has_prefix(string_at(u, s->section), ".discard");
}

/* The node of a symbol of the unit. A definition replaces what a declaration said before. */
struct graph_node *link_symbol_node(struct unit_link *u, uint32_t index);

/* The node of a member of the unit. */
struct graph_node *link_member_node(struct unit_link *u, uint32_t index);

/* The key of a member of the unit, as link_member_key() gives it for its node. Caller frees. */
char *link_unit_member_key(const struct unit_link *u, uint32_t index);

/* True if a scheduler function or variable makes the use. */
bool link_is_scheduler_use(const struct unit_link *u, const struct facts_use *use);

/* The node of the symbol or member that the use names. */
struct graph_node *link_target_node(struct unit_link *u, const struct facts_use *use);

/* Adds where the addresses go that the scheduler takes. Call it when all other uses are there. */
void link_add_escapes(struct link *link);

/* Runs a pass over the units; over those that are members_only if `with_members_only`. */
void link_for_each_unit(struct link *link, bool with_members_only,
			void (*pass)(struct unit_link *u));

/* Finds the targets of indirect calls; the last pass. `frontier` as for link_graph(). */
void link_resolve_calls(struct link *link, struct indirect_frontier **frontier);

/*
 * Add a use to the graph. link_add_whole_use() adds any use. The other two take uses by code
 * outside the scheduler, of a symbol and of a member, and add them only if they matter.
 */
void link_add_whole_use(struct unit_link *u, const struct facts_use *use);
void link_add_outside_symbol_use(struct unit_link *u, const struct facts_use *use);
void link_add_outside_member_use(struct unit_link *u, const struct facts_use *use);

/*
 * True if a scheduler object defines the name for other objects, whichever file its source is in
 * (that of trace events comes from headers).
 */
bool link_is_object_symbol(const struct link *link, const char *name);

/* Fills link->overridden from vmlinux. */
void link_find_overridden(struct link *link);

/* The node of the function of that name in that file, or else of the global one; or NULL. */
struct graph_node *link_find_function(const struct link *link, const char *name, const char *file);

/*
 * The node of a function that has code in vmlinux. If no use has made it known, it is made here: it
 * matters only because of what its code holds.
 */
struct graph_node *link_holder(struct link *link, const char *name, const char *file,
			       unsigned line);

/* Adds to the nodes what vmlinux says about them. */
void link_take_binary(struct link *link);

/*
 * Adds to aliases what holds for their targets, and to functions and variables the uses that are
 * made of them under other names. Call it after link_take_binary().
 */
void link_take_aliases(struct link *link);

/* Adds to symbols the objects that use them, and a use for each unexplained relocation. */
void link_take_relocations(struct link *link);

/* Marks the functions and variables whose class the configuration forces. */
void link_take_config(struct link *link);

/* A NULL-terminated copy; the graph owns its strings. Caller frees the vector with g_free(). */
const char **link_copy_strings(struct graph *graph, const GPtrArray *strings);

#endif
