/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to emit/: what reading a report takes from each entry. Each function adds what it takes to the graph. */
#ifndef PLUGSCHED_EMIT_ENTRY_H
#define PLUGSCHED_EMIT_ENTRY_H

#include "emit/field.h"
#include "emit/read.h"

/* A node whose entry names others, which may come after it. */
struct pending {
	struct graph_node *node;
	guint entry;
	const char *array, *place;
	const char *via;    /* id, or NULL */
	const char **holders; /* ids, or NULL */
};

struct reader {
	struct field_reader fields;
	const GPtrArray *items;  /* struct scan_item */
	GArray *pending;         /* struct pending */
	GHashTable *records;     /* FILE:NAME: struct graph_record */
	const struct graph_node *last_from; /* of the edges read */
	unsigned next_order;
	struct emit_read *read;
};

void entry_function(struct reader *r, const cJSON *object);
void entry_variable(struct reader *r, const cJSON *object);
void entry_record(struct reader *r, const cJSON *object);

/* Its record must have been read. */
void entry_member(struct reader *r, const cJSON *object);

/* What these name must have been read. */
void entry_instance(struct reader *r, const cJSON *object);
void entry_use(struct reader *r, const cJSON *object);
void entry_site(struct reader *r, const cJSON *object);

/* Finds what entries named that came before it was read. */
void entry_resolve(struct reader *r);

#endif
