/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The answer to a question: nodes, edges between them, and rows for reading.
 *
 * Every question fills one of these structures, and every output format (text, JSON, dot,
 * GraphML) is written from it, so all formats say the same. A row has a depth and a
 * sentence, and names the node or edge that it is about. The nodes and edges are the part of
 * the graph that the rows describe.
 */
#ifndef PLUGSCHED_QUERY_ANSWER_H
#define PLUGSCHED_QUERY_ANSWER_H

#include "graph/graph.h"

#include <stdio.h>

#define ANSWER_NONE (-1) /* no node or edge */

/*
 * Strings belong to the queried graph, which must outlive the answer, or to the answer. "" means
 * that there is nothing to say.
 */
struct answer_node {
	/* kind: "function", "variable", "member", "record" or "object" */
	const char *id, *kind, *name, *file;
	unsigned line;
	const char *class, *reason, *why;
	/* a function's signature, the type of data, or a record's size and alignment */
	const char *type;
	const char *change; /* what the question says that it becomes */
};

struct answer_edge {
	int from, to;
	const char *kind; /* the kind of a use, or "inlined", "waits" and the like */
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
	const char *role; /* the row's meaning for the question: "subject", "link", "caller" ... */
	unsigned depth;
	bool is_head;           /* starts a paragraph */
	const char *text;       /* without indentation */
	int node, edge;         /* may be ANSWER_NONE */
	enum graph_class class; /* class of the changed entry; only in rows of "diff" */
	GArray *values;         /* struct answer_value; NULL if there are none */
};

struct answer {
	const char *question;
	GPtrArray *words;  /* const char *: the arguments of the question */
	GArray *nodes;     /* struct answer_node */
	GArray *edges;     /* struct answer_edge */
	GPtrArray *rows;   /* struct answer_row */
	bool is_negative;  /* "there is no path", "they differ": makes the exit status 1 */
	GHashTable *known; /* private: struct graph_node or graph_record -> its number + 1 */
	GStringChunk *strings;
};

/* An empty answer. `question` is borrowed. Free it with answer_free(). */
struct answer *answer_new(const char *question);

/* Accepts NULL. */
void answer_free(struct answer *answer);

/* Copies a string for the lifetime of the answer. */
const char *answer_string(struct answer *answer, const char *string);

/* The number of a graph's node or record in the answer, to which it is added if needed. */
int answer_node(struct answer *answer, const struct graph_node *node);
int answer_record(struct answer *answer, const struct graph_record *record);

/* True if the answer has the node. */
bool answer_has_node(const struct answer *answer, const struct graph_node *node);

/* The number of the node for an object file; it is added if needed. */
int answer_object(struct answer *answer, const char *path);

/* Sets what becomes of a node. */
void answer_change(struct answer *answer, int node, const char *change);

/* Adds an edge and returns its number. `file` and `detail` may be "". */
int answer_edge(struct answer *answer, const struct answer_edge *edge);

/* Adds a row; it belongs to the answer. */
struct answer_row *answer_row(struct answer *answer, const char *role, unsigned depth,
			      const char *format, ...) G_GNUC_PRINTF(4, 5);

/* Adds a row that starts a paragraph. */
struct answer_row *answer_head(struct answer *answer, const char *role, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

/* Add a named value to a row. `key` must be a constant string. */
void answer_text(struct answer *answer, struct answer_row *row, const char *key, const char *text);
void answer_number(struct answer_row *row, const char *key, double number);

enum answer_format {
	ANSWER_TEXT,
	ANSWER_JSON,
	ANSWER_DOT,
	ANSWER_GRAPHML,
	ANSWER_SARIF, /* only for "diff": the changes as results */
};

/* Writes the answer. The caller checks `out` for errors. */
void answer_write(FILE *out, const struct answer *answer, enum answer_format format);

#endif
