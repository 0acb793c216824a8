/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads parameters and builds results. Missing values and values of a wrong type are
 * RPC_INVALID_PARAMS.
 */
#ifndef PLUGSCHED_LSP_PARAMS_H
#define PLUGSCHED_LSP_PARAMS_H

#include "tools/lsp/server.h"

/* The value at a path of keys, which ends with NULL; NULL if it does not exist. Borrowed. */
const cJSON *params_get(const cJSON *object, ...) G_GNUC_NULL_TERMINATED;

/* The string at `key`; NULL if it is missing or no string. Borrowed. */
const char *params_string(const cJSON *object, const char *key);

/* True if the value is the JSON value true. */
bool params_bool(const cJSON *value);

/* Reads an integer from 0 to 2^31 - 1; false if it is missing or something else. */
bool params_unsigned(const cJSON *object, const char *key, unsigned *number);

/* The document that textDocument.uri names, open or on disk; NULL with `error`. */
struct file *params_file(struct server *server, const cJSON *params, GError **error);

/*
 * The byte offset in the file's text of the position {line, character} at
 * `key`. False with `error`.
 */
bool params_offset(const struct server *server, const struct file *file, const cJSON *object,
		   const char *key, size_t *offset, GError **error);

/* --- results */

/* null, and a position or a range of a text from byte offsets. The caller owns the results. */
cJSON *result_null(void);
cJSON *result_position(const struct server *server, const struct text *text, size_t offset);
cJSON *result_range(const struct server *server, const struct text *text, size_t begin, size_t end);

/* {uri, range}; the caller owns it. */
cJSON *result_location(const struct server *server, const struct view_place *place);

#endif
