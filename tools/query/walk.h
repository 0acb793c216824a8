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
	WALK_USE,     /* `use` says which */
	WALK_SITE,    /* from may call to at `site` */
	WALK_INLINED, /* from holds an inlined copy of to */
	WALK_WAIT,    /* from waits in to, which it is handed; `use`, if known, is where the address is taken */
	WALK_OBJECT,  /* the object file `object` names to, and no use in its unit explains that; there is no from */
};

struct walk_step {
	enum walk_kind kind;
	struct graph_node *from, *to; /* `to` is NULL for a site without a known target */
	const struct graph_use *use;
	const struct graph_site *site;
	const char *object;
};

struct walk;

struct walk *walk_new(const struct graph *graph);

/* Accepts NULL. */
void walk_free(struct walk *walk);

/* That of the query, made if there is none yet. */
struct walk *walk_of(struct query *query);

/* Appends the steps that end at `node`, as struct walk_step. */
void walk_to(const struct walk *walk, struct graph_node *node, GArray *steps);

/* Appends the steps that begin at `node`. */
void walk_from(const struct walk *walk, struct graph_node *node, GArray *steps);

/* True for a call or a possible target of an indirect call. */
bool walk_is_call(const struct walk_step *step);

/*
 * Of all steps to a node (`is_up`) or from it, true for those that tell how code leads to code, each once. The steps from its
 * other end do as well.
 */
bool walk_is_shown(const GArray *steps, const struct walk_step *step, bool is_up);

/* "call", "site", "inlined" ...: as in the edges of an answer. */
const char *walk_kind_name(const struct walk_step *step);

/* "FILE:LINE"; "" if the place is not known. For g_free(). */
char *walk_place(const struct walk_step *step);

/* What there is to say about it beyond kind and place; "" if nothing. For g_free(). */
char *walk_detail(const struct walk_step *step);

/* Adds the step with both ends to the answer; ANSWER_NONE if it has only one. */
int walk_answer(struct answer *answer, const struct walk_step *step);

#endif
