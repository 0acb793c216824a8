/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to analyzer/source: parsing with a key and digests, and the key. */
#ifndef PLUGSCHED_SOURCE_PARSE_H
#define PLUGSCHED_SOURCE_PARSE_H

#include "analyzer/source/source.h"

/* Gives the digest of a file (as tree_path() names it); all zero if it cannot be read. */
typedef void parse_digest(const char *path, uint32_t digest[4], void *data);

/*
 * As source_parse(), with the cache key and the inputs' digests stored, and from the precompiled headers of
 * `prefix` where they fit. `digest` and `prefix` may be NULL. With `errors` a unit with errors gives facts, too, and its errors
 * (struct source_error) are added there.
 */
struct facts *parse_unit(const struct source_context *context, const struct tree_unit *unit,
			 struct source_prefix *prefix, const char *key, parse_digest *digest, void *data, GPtrArray *errors,
			 char **message);

/* For arrays of struct source_error. */
void source_error_free(gpointer error);

/* The text that all keys of a run begin with. Caller frees. */
char *source_key_base(const struct source_context *context);

/* Ways of parsing, which give facts that differ in the files read. */
#define SOURCE_KEY_PLAIN "plain"
#define SOURCE_KEY_PREFIX "prefix"

/* The key of a unit's facts when parsed in that way. Caller frees. */
char *source_key(const char *base, const struct source_context *context, const struct tree_unit *unit,
		 const char *way);

/* The path of the unit's facts among those given, or NULL with the reason and the cure. Thread-safe. */
const char *store_find(const struct source_store *store, const struct tree_unit *unit, const char *key,
		       char **message);

/*
 * To be called before threads parse: the first index of a process makes libclang list its targets, and two threads that do
 * so at once can leave a list that has no end.
 */
void parse_prepare(void);

#endif
