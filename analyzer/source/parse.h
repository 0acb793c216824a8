/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to analyzer/source: parsing with a cache's key and digests. */
#ifndef PLUGSCHED_SOURCE_PARSE_H
#define PLUGSCHED_SOURCE_PARSE_H

#include "analyzer/source/source.h"

/* Gives the digest of a file (as tree_path() names it); all zero if it cannot be read. */
typedef void parse_digest(const char *path, uint32_t digest[4], void *data);

/*
 * As source_parse(), with the cache key and the inputs' digests stored, and from the precompiled headers of
 * `prefix` where they fit. `digest` and `prefix` may be NULL.
 */
struct facts *parse_unit(const struct source_context *context, const struct tree_unit *unit,
			 struct source_prefix *prefix, const char *key, parse_digest *digest, void *data, char **message);

#endif
