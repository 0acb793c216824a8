/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to emit/: reads the entries of a report. Each function adds what its entry describes to
 * the graph.
 */
#ifndef PLUGSCHED_EMIT_ENTRY_H
#define PLUGSCHED_EMIT_ENTRY_H

#include "emit/field.h"
#include "emit/read.h"

/* A node whose entry names other nodes, which may come after it in the report. */
struct pending {
	struct graph_node *node;
	guint entry;               /* position in the array, from 0 */
	const char *array, *place; /* see struct field_reader */
	const char *via;           /* id, or NULL */
	const char **holders;      /* ids, or NULL */
};

struct entry_reader {
	struct field_reader fields;
	const GPtrArray *items;             /* struct emit_scan_item */
	GArray *pending;                    /* struct pending */
	GHashTable *records;                /* FILE:NAME -> struct graph_record * */
	const struct graph_node *last_from; /* `from` of the call that was read last */
	unsigned next_order; /* order of the next call, if it has the same `from` and gives none */
	struct emit_read *read; /* the result */
};

/* Add a function, a variable and a record. */
void entry_function(struct entry_reader *r, const cJSON *object);
void entry_variable(struct entry_reader *r, const cJSON *object);
void entry_record(struct entry_reader *r, const cJSON *object);

/* Adds a member. Its record must have been read before. */
void entry_member(struct entry_reader *r, const cJSON *object);

/* Add an instance, a use and a site. The nodes that they name must have been read before. */
void entry_instance(struct entry_reader *r, const cJSON *object);
void entry_use(struct entry_reader *r, const cJSON *object);
void entry_site(struct entry_reader *r, const cJSON *object);

/* Sets the pointers to nodes that came later in the report. Call it when all were read. */
void entry_resolve(struct entry_reader *r);

#endif
