/* SPDX-License-Identifier: GPL-2.0-only */
/* Parameters taken apart and results put together. What is missing or of a wrong type is RPC_INVALID_PARAMS. */
#ifndef PLUGSCHED_LSP_PARAMS_H
#define PLUGSCHED_LSP_PARAMS_H

#include "tools/lsp/server.h"

/* The value under a path of keys that ends in NULL; NULL if it is not there. */
const cJSON *params_get(const cJSON *object, ...) G_GNUC_NULL_TERMINATED;

/* The string there; NULL if it is none. */
const char *params_string(const cJSON *object, const char *key);

bool params_bool(const cJSON *value);

/* A whole number from 0 to 2^31 - 1; false if it is none. */
bool params_unsigned(const cJSON *object, const char *key, unsigned *number);

/* The document that textDocument.uri names, open or on disk. */
struct file *params_file(struct server *server, const cJSON *params, GError **error);

/* The byte of the file's text that {line, character} under `key` stands for. */
bool params_offset(const struct server *server, const struct file *file, const cJSON *object, const char *key, size_t *offset,
		   GError **error);

/* --- results */

cJSON *result_null(void);
cJSON *result_position(const struct server *server, const struct text *text, size_t offset);
cJSON *result_range(const struct server *server, const struct text *text, size_t begin, size_t end);

/* {uri, range} */
cJSON *result_location(const struct server *server, const struct view_place *place);

#endif
