/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A finished graph by id, by name and by place.
 *
 * Everything in it is borrowed from the graph, which must outlive it.
 */
#ifndef PLUGSCHED_GRAPH_INDEX_H
#define PLUGSCHED_GRAPH_INDEX_H

#include "graph/graph.h"

/* What the graph says of one file, each by line. */
struct graph_index_file {
	GPtrArray *nodes;   /* struct graph_node *: defined there */
	GPtrArray *uses;    /* struct graph_use *: standing there */
	GPtrArray *sites;   /* struct graph_site *: standing there */
	GPtrArray *records; /* struct graph_record * */
};

struct graph_index {
	const struct graph *graph;
	/* private */
	GHashTable *files;   /* name: struct graph_index_file * */
	GHashTable *names;   /* word: GPtrArray of struct graph_node * */
	GHashTable *records; /* name: GPtrArray of struct graph_record * */
	GHashTable *ids;     /* id: struct graph_node * */
};

struct graph_index *graph_index_new(const struct graph *graph);

/* Accepts NULL. */
void graph_index_free(struct graph_index *index);

/* NULL if the graph says nothing of the file. */
const struct graph_index_file *graph_index_file(const struct graph_index *index, const char *name);

/* The node of that id, or NULL. */
struct graph_node *graph_index_id(const struct graph_index *index, const char *id);

/*
 * The nodes that a word in a source may stand for, in the graph's order: struct graph_node *, or NULL if there are none. A member is
 * under its own name without the record's, a static local also under FUNCTION__NAME, as it is called in a module.
 */
const GPtrArray *graph_index_word(const struct graph_index *index, const char *word);

/* The records of that name: struct graph_record *, or NULL if there are none. */
const GPtrArray *graph_index_records(const struct graph_index *index, const char *name);

/* The record that a member belongs to, or NULL. */
const struct graph_record *graph_index_record_of(const struct graph_index *index, const struct graph_member *member);

/* The name that stands in the text for a node: a member's own without its record. */
const char *graph_word(const struct graph_node *node);

/* The first element of a list whose line is `line` or more. */
guint graph_index_first_node(const struct graph_index_file *file, unsigned line);
guint graph_index_first_use(const struct graph_index_file *file, unsigned line);
guint graph_index_first_site(const struct graph_index_file *file, unsigned line);

#endif
