/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to emit/: nodes and uses as JSON objects. The caller owns what it gets (cJSON_Delete). */
#ifndef PLUGSCHED_EMIT_JSON_H
#define PLUGSCHED_EMIT_JSON_H

#include "emit/emit.h"

#include <cjson/cJSON.h>

cJSON *json_function(const struct graph_function *function);
cJSON *json_variable(const struct graph_variable *variable);
cJSON *json_member(const struct graph_member *member);

cJSON *json_record(const struct graph_record *record);

cJSON *json_use(const struct graph_use *use);

/* Adds a string, or null for NULL. */
void json_add_string(cJSON *object, const char *key, const char *value);

#endif
