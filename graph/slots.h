/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to graph/: the slots of an analysis. indirect.c fills and solves them, frontier.c reads
 * the solution.
 */
#ifndef PLUGSCHED_GRAPH_SLOTS_H
#define PLUGSCHED_GRAPH_SLOTS_H

#include "graph/indirect.h"

struct slot {
	struct indirect_key key;
	const char *type;  /* type of the functions that it is declared for, or NULL */
	bool has_unknown;  /* something unknown may be in it */
	bool is_queued;    /* it is in the queue */
	GHashTable *put;   /* set of the functions that were put into it by name; NULL: none */
	GArray *to;        /* unsigned: slots that it flows to */
	GPtrArray *values; /* struct graph_node *: functions that may be in it, as they came */
	GHashTable *has;   /* the same functions, as a set */
	unsigned n_from;   /* number of flows into it */
	unsigned from;     /* slot that the last of them comes from */
};

struct indirect {
	struct graph *graph;
	GPtrArray *slots;       /* struct slot * */
	GHashTable *by_key;     /* struct indirect_key -> index */
	GHashTable *candidates; /* prototype -> GPtrArray of functions whose address is taken */
	/* the same, by the parameters of the prototype only (indirect_parameters()) */
	GHashTable *by_parameters;
	GHashTable *prototypes; /* function -> prototype */
	GHashTable *copied;     /* set of the members of records that are copied as a whole */
	GHashTable *chains;     /* member -> GArray of unsigned: its slots */
	GHashTable *parameters; /* function -> GArray of unsigned: slots of its parameters */
	GArray *calls;          /* struct indirect_call */
	GArray *queue;          /* unsigned: slots whose change is to be passed on */
};

static inline struct slot *slot_at(const struct indirect *in, unsigned i)
{
	return g_ptr_array_index(in->slots, i);
}

/* The parameters at the end of a prototype, with their parentheses. Points into it. */
const char *indirect_parameters(const char *prototype);

#endif
