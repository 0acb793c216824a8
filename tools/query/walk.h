/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Steps in the graph: from a node to those that use it, and to those that it uses.
 *
 * A step is a use, a possible target of an indirect call, an inlined copy, or a relocation.
 */
#ifndef PLUGSCHED_QUERY_WALK_H
#define PLUGSCHED_QUERY_WALK_H

#include "tools/query/query.h"

enum walk_kind {
	WALK_USE,     /* the use in `use` */
	WALK_SITE,    /* `from` may call `to` at `site` */
	WALK_INLINED, /* `from` holds an inlined copy of `to` */
	/* `from` waits in `to`, whose address it was passed; `use`, if set, takes that address */
	WALK_WAIT,
	/*
	 * the object file `object` refers to `to`, which no use in its unit
	 * explains; `from` is NULL
	 */
	WALK_OBJECT,
};

struct walk_step {
	enum walk_kind kind;
	struct graph_node *from, *to; /* `to` is NULL for a site without a known target */
	const struct graph_use *use;
	const struct graph_site *site;
	const char *object;
};

struct walk;

/* Indexes a solved graph, which is borrowed. Free it with walk_free(). */
struct walk *walk_new(const struct graph *graph);

/* Accepts NULL. */
void walk_free(struct walk *walk);

/* The walk of the query; created at the first call. */
struct walk *walk_of(struct query *query);

/* Appends the steps that end at `node`, as struct walk_step. */
void walk_to(const struct walk *walk, struct graph_node *node, GArray *steps);

/* Appends the steps that start at `node`. */
void walk_from(const struct walk *walk, struct graph_node *node, GArray *steps);

/* True for a call or a possible target of an indirect call. */
bool walk_is_call(const struct walk_step *step);

/*
 * True for the steps that show how code leads to code, each only once. `steps` are all steps to a
 * node (`is_up`) or from it; the steps of the node at the other end do as well.
 */
bool walk_is_shown(const GArray *steps, const struct walk_step *step, bool is_up);

/* The step's kind as in the edges of an answer: "call", "may-call", "inlined" ... Static. */
const char *walk_kind_name(const struct walk_step *step);

/* "FILE:LINE"; "" if the place is unknown. For g_free(). */
char *walk_place(const struct walk_step *step);

/* What else there is to say about the step; "" if nothing. For g_free(). */
char *walk_detail(const struct walk_step *step);

/*
 * Adds the step with both its ends to the answer and returns the edge's number; ANSWER_NONE if it
 * has only one end.
 */
int walk_answer(struct answer *answer, const struct walk_step *step);

#endif
