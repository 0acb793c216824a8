/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Facts from sources: one translation unit through libclang, or many in parallel
 * through a cache. The only library that knows libclang.
 */
#ifndef PLUGSCHED_SOURCE_H
#define PLUGSCHED_SOURCE_H

#include "analyzer/config/config.h"
#include "analyzer/source/facts.h"
#include "analyzer/tree/tree.h"

/* What parsing a unit needs to know. All borrowed. */
struct source_context {
	const struct tree *tree;
	const struct config *config;
	const char *tool_version;
};

/*
 * Parses one unit. NULL if it does not parse without error; then `*message` is the first
 * error as "FILE:LINE:COLUMN: what" (caller frees). Safe to call from several threads.
 */
struct facts *source_parse(const struct source_context *context, const struct tree_unit *unit,
			   char **message);

/* Headers that most units begin with, precompiled when it becomes worth while. */
struct source_prefix;

/* Nothing is compiled yet. `context` is borrowed. */
struct source_prefix *source_prefix_new(const struct source_context *context);

/* Frees it and removes its temporary file. Accepts NULL. */
void source_prefix_free(struct source_prefix *prefix);

/* A unit that could not be parsed, and why. */
struct source_failure {
	const struct tree_unit *unit;
	char *message;
};

/* Called from the caller's own thread as units get done; `done` counts from 1 to `total`. */
typedef void source_progress(unsigned done, unsigned total, void *data);

struct source_options {
	unsigned threads;
	const char *cache_dir;     /* absolute, made if missing; NULL: no cache */
	struct source_prefix *prefix; /* NULL: every unit is parsed plainly */
	source_progress *progress; /* may be NULL */
	void *progress_data;
	const volatile int *stop;  /* non-zero: finish the units begun and return; may be NULL */
};

struct source_result {
	GPtrArray *facts;    /* struct facts *, in the order of the units asked for; NULL where it failed */
	GPtrArray *failures; /* struct source_failure *, in that order */
	unsigned parsed;     /* units parsed now */
	unsigned cached;     /* units whose facts came from the cache */
	char *cache_problem; /* first reason why the cache could not be written, or NULL */
};

/* Facts of all `units` (const struct tree_unit *). Never NULL. */
struct source_result *source_collect(const struct source_context *context, const GPtrArray *units,
				     const struct source_options *options);

/* Frees the result and all facts in it. Accepts NULL. */
void source_result_free(struct source_result *result);

#endif
