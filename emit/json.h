/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to emit/: makes JSON objects of nodes, records, uses and sites. The caller frees them
 * with cJSON_Delete().
 */
#ifndef PLUGSCHED_EMIT_JSON_H
#define PLUGSCHED_EMIT_JSON_H

#include "emit/emit.h"

#include <cjson/cJSON.h>

/* The entries of the report's arrays, as docs/boundary.schema.json describes them. */
cJSON *json_function(const struct graph_function *function);
cJSON *json_variable(const struct graph_variable *variable);
cJSON *json_member(const struct graph_member *member);

cJSON *json_instance(const struct graph_instance *instance);
cJSON *json_record(const struct graph_record *record);

/*
 * `next` is the order that a reader assumes for a call without "order". The entry has "order" only
 * if it differs.
 */
cJSON *json_use(const struct graph_use *use, unsigned next);

cJSON *json_site(const struct graph_site *site);

/* Adds a string, or null for NULL. */
void json_add_string(cJSON *object, const char *key, const char *value);

#endif
