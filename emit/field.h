/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to emit/: typed access to the fields of one entry of a report.
 *
 * The first fault is kept with its place. A faulty field gives a harmless value (an empty string,
 * 0, false or NULL), so an entry is read without a check after each step; `error` is tested once,
 * at its end.
 */
#ifndef PLUGSCHED_EMIT_FIELD_H
#define PLUGSCHED_EMIT_FIELD_H

#include "emit/flags.h"
#include "graph/graph.h"

#include <cjson/cJSON.h>

struct field_reader {
	const char *name;    /* name of the file, for messages */
	const char *text;    /* the whole report, to count lines */
	const char *place;   /* where the entry begins in `text` */
	const char *array;   /* array that the entry is in; NULL: the head */
	guint entry;         /* position of the entry in the array, from 0 */
	struct graph *graph; /* owns the strings that are read */
	GHashTable *nodes;   /* id -> struct graph_node * */
	GError *error;       /* the first fault, or NULL */
};

/* Records a fault of the entry, unless there is an earlier one. */
void field_fail(struct field_reader *r, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A string that must exist. The graph owns it. */
const char *field_string(struct field_reader *r, const cJSON *object, const char *key);

/* A string that may be missing or null; then NULL. The graph owns it. */
const char *field_optional(struct field_reader *r, const cJSON *object, const char *key);

/* A whole number from 0 to `max`, at most 2^53. If missing 0, and a fault if `is_needed`. */
uint64_t field_number(struct field_reader *r, const cJSON *object, const char *key, bool is_needed,
		      uint64_t max);

/* A bool that must exist. */
bool field_bool(struct field_reader *r, const cJSON *object, const char *key);

/* The index in `names`, which has `n` words, of the string under `key`. It must exist. */
unsigned field_word(struct field_reader *r, const cJSON *object, const char *key,
		    const char *const *names, unsigned n);

/* An array that may be missing; then NULL. The cJSON document owns it. */
const cJSON *field_array(struct field_reader *r, const cJSON *object, const char *key);

/*
 * The strings of an array that may be missing (then NULL), as a NULL-terminated vector. Caller
 * frees the vector with g_free(); the graph owns the strings.
 */
const char **field_strings(struct field_reader *r, const cJSON *object, const char *key);

/*
 * Sets all bools of the struct `of` that `flags` lists, from the array of words under `key`. A
 * missing array counts as an empty one.
 */
void field_flags(struct field_reader *r, const cJSON *object, const char *key,
		 const struct flag *flags, void *of);

/* The node that has this id; NULL if none has, which is a fault. `key` is for the message. */
struct graph_node *field_node(struct field_reader *r, const char *id, const char *key);

/*
 * Adds the nodes that an array of ids names to `nodes`. The array may be missing. With
 * `are_functions` they must be functions.
 */
void field_nodes(struct field_reader *r, const cJSON *object, const char *key, bool are_functions,
		 GPtrArray *nodes);

#endif
