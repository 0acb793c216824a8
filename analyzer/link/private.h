/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to analyzer/link: the state of one link.
 *
 * link.c has the passes, nodes.c identity, uses.c what counts as a use, flows.c indirect calls, binary.c what vmlinux adds,
 * relocations.c what the objects and the configuration add.
 */
#ifndef PLUGSCHED_LINK_PRIVATE_H
#define PLUGSCHED_LINK_PRIVATE_H

#include "analyzer/link/link.h"

struct link {
	const struct link_input *input;
	struct graph *graph;
	GHashTable *overridden; /* names of weak scheduler functions that vmlinux takes from elsewhere */
	GHashTable *members;    /* keys of members that matter */
	GHashTable *witnesses;  /* member node -> struct graph_use *: its first use outside so far */
	struct indirect *indirect; /* flows of pointers to functions */
	GHashTable *settled;       /* nodes that are described for good; NULL while none is */
	struct graph_node *key_function; /* the member of a static call's key that holds its function, or NULL */
	GHashTable *explained;  /* "object\nsymbol" of relocations that a parsed use explains */
};

/* Which uses of a member by other code go into the graph. */
enum link_interest { LINK_UNKNOWN, LINK_IGNORE, LINK_FIRST_USE, LINK_ALL_USES };

/* One unit while it is linked: nodes of its symbols and members, made on demand. */
struct unit_link {
	struct link *link;
	const struct link_unit *unit;
	unsigned number; /* from 1 */
	const struct facts *facts;
	struct graph_node **symbols, **members;
	uint8_t *interests; /* enum link_interest of each member */
};

static inline const char *string_at(const struct unit_link *u, uint32_t i)
{
	return u->facts->strings[i];
}

static inline bool is_scheduler_symbol(const struct facts_symbol *s)
{
	return (s->flags & FACTS_SCHEDULER) && (s->flags & FACTS_DEFINED);
}

/* Markers that the link discards (__ADDRESSABLE): neither data nor uses. */
static inline bool is_discarded(const struct unit_link *u, const struct facts_symbol *s)
{
	return g_str_has_prefix(string_at(u, s->section), ".discard");
}

/* The node of a symbol of the unit; a definition replaces what a declaration said before. */
struct graph_node *link_symbol_node(struct unit_link *u, uint32_t index);

/* The node of a member of the unit. */
struct graph_node *link_member_node(struct unit_link *u, uint32_t index);

/* The key of a member of the unit; link_member_key() gives the same for its node. Caller frees. */
char *unit_member_key(const struct unit_link *u, uint32_t index);

/* True if a scheduler function or variable makes the use. */
bool link_is_scheduler_use(const struct unit_link *u, const struct facts_use *use);

/* Runs a pass over the units; of those that only matter for members if `with_members_only`. */
void link_for_each_unit(struct link *link, bool with_members_only, void (*pass)(struct unit_link *u));

/* Finds the targets of indirect calls; comes last. `frontier` as for link_graph(). */
void link_resolve_calls(struct link *link, struct indirect_frontier **frontier);

/* Take a use whatever it is of; by other code of a symbol if it matters; by other code of a member if it matters. */
void link_add_whole_use(struct unit_link *u, const struct facts_use *use);
void link_add_outside_symbol_use(struct unit_link *u, const struct facts_use *use);
void link_add_outside_member_use(struct unit_link *u, const struct facts_use *use);

/* What a scheduler object defines for others, wherever its source stands (trace events' come from headers). */
bool link_is_object_symbol(const struct link *link, const char *name);

/* Fills link->overridden from vmlinux. */
void link_find_overridden(struct link *link);

/* Adds to the nodes what vmlinux says of them; then to aliases what holds of their targets. */
void link_take_binary(struct link *link);
void link_take_aliases(struct link *link);

/* Adds which objects name a symbol, and a use for each relocation that no parsed use explains. */
void link_take_relocations(struct link *link);

/* Adds what the configuration forces. */
void link_take_config(struct link *link);

/* A NULL-terminated copy in the graph's strings; the vector is g_free'd. */
const char **link_copy_strings(struct graph *graph, const GPtrArray *strings);

#endif
