/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to graph/: the slots of an analysis. indirect.c fills and solves, frontier.c looks at the solution. */
#ifndef PLUGSCHED_GRAPH_SLOTS_H
#define PLUGSCHED_GRAPH_SLOTS_H

#include "graph/indirect.h"

struct slot {
	struct indirect_key key;
	const char *type;    /* of the functions it is declared for, or NULL */
	bool has_unknown;    /* something unknown may stand in it */
	bool is_queued;
	GHashTable *put;     /* functions that were put into it by name; NULL: none */
	GArray *to;          /* unsigned: slots it flows to */
	GPtrArray *values;   /* struct graph_node *: in order of arrival */
	GHashTable *has;     /* the same as a set */
	unsigned n_from;     /* flows into it */
	unsigned from;       /* the last of them */
};

struct indirect {
	struct graph *graph;
	GPtrArray *slots;        /* struct slot * */
	GHashTable *by_key;      /* struct indirect_key -> index */
	GHashTable *candidates;  /* prototype -> GPtrArray of functions whose address is taken */
	GHashTable *by_parameters; /* the same by the prototype's parameters alone */
	GHashTable *prototypes;  /* function -> prototype */
	GHashTable *copied;      /* members of records that are copied as a whole */
	GHashTable *chains;      /* member -> GArray of unsigned: its slots */
	GHashTable *parameters;  /* function -> GArray of unsigned: slots of its parameters */
	GArray *calls;           /* struct indirect_call */
	GArray *queue;           /* unsigned */
};

static inline struct slot *slot_at(const struct indirect *in, unsigned i)
{
	return g_ptr_array_index(in->slots, i);
}

/* The parameters at the end of a prototype, with their parentheses. */
const char *slots_parameters(const char *prototype);

#endif
