/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to analyzer/source: parsing with a key and digests, the key itself, and the search for
 * given facts.
 */
#ifndef PLUGSCHED_SOURCE_PARSE_H
#define PLUGSCHED_SOURCE_PARSE_H

#include "analyzer/source/source.h"

/* Fills in the digest of a file (named as tree_path() does); all zero if it cannot be read. */
typedef void parse_digest(const char *path, uint32_t digest[4], void *data);

/*
 * Like source_parse(), but it stores the cache key and the digests of the inputs, and uses the
 * precompiled headers of `prefix` where they fit. `digest` and `prefix` may be NULL. If `errors` is
 * not NULL, a unit with errors gives facts too, and its errors (struct source_error) are added
 * there.
 */
struct facts *parse_unit(const struct source_context *context, const struct tree_unit *unit,
			 struct source_prefix *prefix, const char *key, parse_digest *digest,
			 void *data, GPtrArray *errors, char **message);

/* Frees a struct source_error; for arrays of them. */
void source_error_free(gpointer data);

/* The text that all keys of a run are made from. Caller frees. */
char *source_key_base(const struct source_context *context);

/* Ways of parsing. The facts of a unit differ between them in the list of files read. */
#define SOURCE_KEY_PLAIN "plain"
#define SOURCE_KEY_PREFIX "prefix"

/*
 * The key of a unit's facts when it is parsed in one of these ways. `base` is from
 * source_key_base(). Caller frees.
 */
char *source_key(const char *base, const struct source_context *context,
		 const struct tree_unit *unit, const char *way);

/*
 * The path of the unit's facts among those given; the store owns it. If there are none, NULL, and
 * `*message` says why and what to do (caller frees). Safe to call from several threads.
 */
const char *source_store_find(const struct source_store *store, const struct tree_unit *unit,
			      const char *key, char **message);

/*
 * Call this before threads parse. The first index of a process makes libclang list its targets. If
 * two threads do so at once, the list may end up without an end.
 */
void parse_prepare(void);

#endif
