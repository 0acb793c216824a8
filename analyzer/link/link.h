/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The link step: facts of units and facts of the binary become one graph.
 */
#ifndef PLUGSCHED_LINK_H
#define PLUGSCHED_LINK_H

#include "analyzer/binary/binary.h"
#include "analyzer/config/config.h"
#include "analyzer/source/facts.h"
#include "graph/graph.h"
#include "graph/indirect.h"

/* A unit's facts and what the link takes from them. */
struct link_unit {
	const struct facts *facts;
	const char *object; /* relative to the build tree; "" if unknown or not built */
	bool is_scheduler;  /* it holds scheduler code */
	/* of the unit's uses take only those of members in link_input.undecided */
	bool members_only;
};

struct link_input {
	const struct config *config;
	const struct binary *binary;   /* NULL without vmlinux */
	const struct objects *objects; /* NULL without objects */
	GArray *units;                 /* struct link_unit, in a fixed order */
	bool is_whole;                 /* everything goes in, not only what touches the scheduler */
	/* keys (link_member_key) of members for which an outside user is searched; may be NULL */
	GHashTable *undecided;
	/* names of records -> object without a source that knows their members; may be NULL */
	GHashTable *sourceless;
	const GArray *leads; /* struct binary_lead: uses that only vmlinux shows; may be NULL */
};

/*
 * Builds and finishes the graph, which borrows nothing from the input; graph_free() it. It holds
 * every function, variable and record of the scheduler's files with all their uses. Of other code
 * it holds only what touches those, and of its uses of other records' members only the first one
 * for each member. A use of a scheduler symbol by an outside unit counts only if the unit's object
 * has a relocation for it. A relocation that no parsed use explains becomes a use of its own
 * (GRAPH_OBJECT). `frontier` (may be NULL) receives what more units could add to graph->sites;
 * indirect_frontier_free() it.
 */
struct graph *link_graph(const struct link_input *input, struct indirect_frontier **frontier);

/* The key of a member in link_input.undecided. Caller frees. */
char *link_member_key(const struct graph_member *member);

#endif
