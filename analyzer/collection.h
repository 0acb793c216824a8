/* SPDX-License-Identifier: GPL-2.0-only */
/* The facts of the units that were asked for so far. */
#ifndef PLUGSCHED_COLLECTION_H
#define PLUGSCHED_COLLECTION_H

#include "analyzer/analyze.h"
#include "analyzer/problems.h"
#include "analyzer/source/source.h"
#include "emit/emit.h"

struct collection {
	const struct facts **facts; /* by unit of the tree; NULL where there are none */
	uint8_t *is_asked;          /* by unit: its facts were asked for */
	struct emit_run run;        /* units_known, units_used, units_parsed, units_cached */
	const struct analyze_options *options;
	/* private */
	struct source_context context;
	struct source_prefix *prefix; /* NULL if no shortcut is taken */
	struct source_store *store;   /* NULL without --facts */
	GPtrArray *results;           /* struct source_result *; they own the facts */
};

/*
 * An empty collection for the units of this tree. All arguments are borrowed. NULL with `error` if
 * the files of --facts cannot be read. collection_free() it.
 */
struct collection *collection_new(const struct tree *tree, const struct config *config,
				  const struct analyze_options *options, GError **error);

/* True if the facts of all units are collected, not only those of units that can matter. */
bool collection_takes_all(const struct analyze_options *options);

/*
 * Adds the facts of the units whose flag in `wanted` is set. Units without facts become problems.
 * `what` is the word beside the progress bar. Fails when it is interrupted, and when --facts holds
 * facts of none of these units.
 */
bool collection_add(struct collection *collection, const uint8_t *wanted, const char *what,
		    struct problems *problems, GError **error);

/*
 * Does so for the units that were not asked for before, and clears the flags of the others in
 * `wanted`. `*is_new` tells whether there were any.
 */
bool collection_add_new(struct collection *collection, uint8_t *wanted, bool *is_new,
			struct problems *problems, GError **error);

/* Accepts NULL. */
void collection_free(struct collection *collection);

#endif
