/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a question is answered with: nodes, edges between them, and rows that tell it in order.
 *
 * Every question makes one of these, and every form of output (text, JSON, dot, GraphML) is a writer of it, so
 * all forms say the same. Rows are for reading: each has a depth, a sentence, and names the node or edge it is about.
 * Nodes and edges are the piece of the graph that the rows speak of.
 */
#ifndef PLUGSCHED_QUERY_ANSWER_H
#define PLUGSCHED_QUERY_ANSWER_H

#include "graph/graph.h"

#include <stdio.h>

#define ANSWER_NONE (-1) /* no node, no edge */

/* Strings belong to the graph asked, which must outlive the answer, or to the answer. "" if there is nothing to say. */
struct answer_node {
	const char *id, *kind, *name, *file; /* kind: "function", "variable", "member", "record" or "object" */
	unsigned line;
	const char *class, *reason, *why;
	const char *type;   /* a function's signature, the type of data, a record's size and alignment */
	const char *change; /* what the question says becomes of it */
};

struct answer_edge {
	int from, to;
	const char *kind; /* that of a use, or "inlined", "waits" and their like */
	const char *file;
	unsigned line;
	const char *detail;
};

/* A named value of a row: a text, or a number if `text` is NULL. */
struct answer_value {
	const char *key, *text;
	double number;
};

struct answer_row {
	const char *role; /* what the row is to the question: "subject", "link", "caller" ... */
	unsigned depth;
	bool is_head;     /* begins a paragraph */
	const char *text; /* without indentation */
	int node, edge;   /* or ANSWER_NONE */
	enum graph_class class; /* of what changed; in rows of "diff" only */
	GArray *values;   /* struct answer_value; NULL if there are none */
};

struct answer {
	const char *question;
	GPtrArray *words;  /* const char *: its arguments */
	GArray *nodes;     /* struct answer_node */
	GArray *edges;     /* struct answer_edge */
	GPtrArray *rows;   /* struct answer_row */
	bool is_negative;  /* "there is no path", "they differ": exit status 1 */
	GHashTable *known; /* private: struct graph_node or graph_record: its number + 1 */
	GStringChunk *strings;
};


struct answer *answer_new(const char *question);

/* Accepts NULL. */
void answer_free(struct answer *answer);

const char *answer_string(struct answer *answer, const char *string);

/* The number of a node of the graph in the answer; it is added if need be. */
int answer_node(struct answer *answer, const struct graph_node *node);
int answer_record(struct answer *answer, const struct graph_record *record);

/* True if the node is in the answer already. */
bool answer_has_node(const struct answer *answer, const struct graph_node *node);

/* An object file. */
int answer_object(struct answer *answer, const char *path);

/* Says what becomes of a node. */
void answer_change(struct answer *answer, int node, const char *change);

/* Adds an edge; `file`, `detail` may be "". */
int answer_edge(struct answer *answer, const struct answer_edge *edge);

/* Adds a row. */
struct answer_row *answer_row(struct answer *answer, const char *role, unsigned depth, const char *format, ...)
	G_GNUC_PRINTF(4, 5);

/* The same, as the beginning of a paragraph. */
struct answer_row *answer_head(struct answer *answer, const char *role, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Adds a named value to a row; `key` must be a constant. */
void answer_text(struct answer *answer, struct answer_row *row, const char *key, const char *text);
void answer_number(struct answer_row *row, const char *key, double number);

enum answer_format {
	ANSWER_TEXT,
	ANSWER_JSON,
	ANSWER_DOT,
	ANSWER_GRAPHML,
	ANSWER_SARIF, /* of "diff" only: what changed, as results */
};

void answer_write(FILE *out, const struct answer *answer, enum answer_format format);

#endif
