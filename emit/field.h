/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to emit/: typed access to the fields of one entry of a report.
 *
 * The first fault is kept with its place and everything after it gives harmless values (an empty string, 0, NULL), so an
 * entry is read without a check at each step; `error` is looked at once, at its end.
 */
#ifndef PLUGSCHED_EMIT_FIELD_H
#define PLUGSCHED_EMIT_FIELD_H

#include "emit/flags.h"
#include "graph/graph.h"

#include <cjson/cJSON.h>

struct field_reader {
	const char *name;     /* of the file */
	const char *text;     /* the whole report, to count lines */
	const char *place;    /* where the entry begins in it */
	const char *array;    /* that the entry stands in; NULL: the head */
	guint entry;          /* position in it, from 0 */
	struct graph *graph;  /* owns the strings */
	GHashTable *nodes;    /* id: struct graph_node */
	GError *error;        /* the first fault, or NULL */
};

/* Keeps a fault of the entry, unless there is one already. */
void field_fail(struct field_reader *r, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A string that must be there; the graph owns it. */
const char *field_string(struct field_reader *r, const cJSON *object, const char *key);

/* A string that may be missing or null: then NULL. */
const char *field_optional(struct field_reader *r, const cJSON *object, const char *key);

/* A whole number from 0 to `max`, at most 2^53; 0 if it is missing and `is_needed` is false. */
uint64_t field_number(struct field_reader *r, const cJSON *object, const char *key, bool is_needed, uint64_t max);

bool field_bool(struct field_reader *r, const cJSON *object, const char *key);

/* Index of the string under `key` in `names`, `n` of them. */
unsigned field_word(struct field_reader *r, const cJSON *object, const char *key, const char *const *names, unsigned n);

/* An array that may be missing: then NULL. */
const cJSON *field_array(struct field_reader *r, const cJSON *object, const char *key);

/* The strings of an array that may be missing (then NULL), as a NULL-terminated vector for g_free(). */
const char **field_strings(struct field_reader *r, const cJSON *object, const char *key);

/* Sets the bools of `of` from the array under `key`. */
void field_flags(struct field_reader *r, const cJSON *object, const char *key, const struct flag *flags, void *of);

/* The node that an id names; NULL if none does, which is a fault. */
struct graph_node *field_node(struct field_reader *r, const char *id, const char *key);

/* The nodes that an array of ids names, put into `nodes`; functions only if `are_functions`. */
void field_nodes(struct field_reader *r, const cJSON *object, const char *key, bool are_functions, GPtrArray *nodes);

#endif
