/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looks things up in a finished graph: by id, by name and by place.
 *
 * Everything that it returns is borrowed from the graph or the index. The graph must outlive the
 * index.
 */
#ifndef PLUGSCHED_GRAPH_INDEX_H
#define PLUGSCHED_GRAPH_INDEX_H

#include "graph/graph.h"

/* What the graph has in one file. The first three are sorted by line. */
struct graph_index_file {
	GPtrArray *nodes;   /* struct graph_node *: defined in the file */
	GPtrArray *uses;    /* struct graph_use *: uses in the file */
	GPtrArray *sites;   /* struct graph_site *: sites in the file */
	GPtrArray *records; /* struct graph_record *, in the graph's order */
};

struct graph_index {
	const struct graph *graph;
	/* private */
	GHashTable *files;   /* name -> struct graph_index_file * */
	GHashTable *names;   /* word -> GPtrArray of struct graph_node * */
	GHashTable *records; /* name -> GPtrArray of struct graph_record * */
	GHashTable *ids;     /* id -> struct graph_node * */
};

/* Makes the index of a finished graph. graph_index_free() it. */
struct graph_index *graph_index_new(const struct graph *graph);

/* Frees the index, not the graph. Accepts NULL. */
void graph_index_free(struct graph_index *index);

/* What the graph has in a file (name relative to the tree); NULL if it has nothing. */
const struct graph_index_file *graph_index_file(const struct graph_index *index, const char *name);

/* The node with that id, or NULL. */
struct graph_node *graph_index_id(const struct graph_index *index, const char *id);

/*
 * The nodes that a word in a source may stand for (struct graph_node *), in the graph's order; NULL
 * if there are none. A member is found by its own name, without that of its record. A static local
 * is found by its name and by FUNCTION__NAME, its name in a module.
 */
const GPtrArray *graph_index_word(const struct graph_index *index, const char *word);

/* The records of that name (struct graph_record *), or NULL if there are none. */
const GPtrArray *graph_index_records(const struct graph_index *index, const char *name);

/* The record that a member belongs to, or NULL. */
const struct graph_record *graph_index_record_of(const struct graph_index *index,
						 const struct graph_member *member);

/* The name of a node in source text: a member's own name, without that of its record. */
const char *graph_word(const struct graph_node *node);

/*
 * The index of the first node, use or site of a file whose line is `line` or more; the list's
 * length if there is none.
 */
guint graph_index_first_node(const struct graph_index_file *file, unsigned line);
guint graph_index_first_use(const struct graph_index_file *file, unsigned line);
guint graph_index_first_site(const struct graph_index_file *file, unsigned line);

#endif
