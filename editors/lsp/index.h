/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A report by places and by names.
 *
 * Everything in it is borrowed from the report, which must outlive it.
 */
#ifndef PLUGSCHED_LSP_INDEX_H
#define PLUGSCHED_LSP_INDEX_H

#include "emit/read.h"
#include "graph/query/walk.h"

/* What the report says of one file. */
struct index_file {
	GPtrArray *nodes;   /* struct graph_node *: defined there, by line */
	GPtrArray *uses;    /* struct graph_use *: standing there, by line */
	GPtrArray *sites;   /* struct graph_site *: standing there, by line */
	GPtrArray *records; /* struct graph_record * */
};

struct index {
	const struct graph *graph;
	struct walk *walk;
	GHashTable *files;   /* name: struct index_file * */
	GHashTable *names;   /* name: GPtrArray of struct graph_node *; a member is under its own name without the record's */
	GHashTable *records; /* name: GPtrArray of struct graph_record * */
	GHashTable *ids;     /* id: struct graph_node * */
};

struct index *index_new(const struct graph *graph);

/* Accepts NULL. */
void index_free(struct index *index);

/* NULL if the report says nothing of the file. */
const struct index_file *index_file(const struct index *index, const char *name);

/* The name that stands in the text for a node: a member's own without its record. */
const char *index_word(const struct graph_node *node);

/* The first element of a list by line (nodes, uses or sites) whose line is `line` or more. */
guint index_first_node(const struct index_file *file, unsigned line);
guint index_first_use(const struct index_file *file, unsigned line);
guint index_first_site(const struct index_file *file, unsigned line);

/* The record that a member belongs to, or NULL. */
const struct graph_record *index_record_of(const struct index *index, const struct graph_member *member);

#endif
