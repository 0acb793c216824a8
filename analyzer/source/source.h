/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Facts from sources: of one translation unit through libclang, or of many in parallel through a
 * cache. The only library that reads sources with libclang.
 */
#ifndef PLUGSCHED_SOURCE_H
#define PLUGSCHED_SOURCE_H

#include "analyzer/config/config.h"
#include "analyzer/source/facts.h"
#include "analyzer/tree/tree.h"

/* A text that replaces a file's content, such as what an editor has not saved. All borrowed. */
struct source_overlay {
	const char *path; /* absolute; the file need not exist */
	const char *text;
	size_t length;
};

/* What parsing a unit needs to know. All borrowed. */
struct source_context {
	const struct tree *tree;
	const struct config *config;
	const char *tool_version;
	const struct source_overlay *overlays;
	size_t n_overlays;
	/*
	 * the facts have all members of every record that they name, also of other code's records,
	 * and the flows of all pointers; such facts are never kept
	 */
	bool has_all_members;
};

/* The overlay of a file (named as tree_path() does), or NULL. Borrowed. */
const struct source_overlay *source_overlay_of(const struct source_context *context,
					       const char *file);

/*
 * Parses one unit. NULL if there is any error; then `*message` is the first, as "FILE:LINE:COLUMN:
 * what" (caller frees). facts_free() the result. Safe to call from several threads.
 */
struct facts *source_parse(const struct source_context *context, const struct tree_unit *unit,
			   char **message);

/* The headers that most units begin with, precompiled when it becomes worth while. */
struct source_prefix;

/* Creates it without compiling anything yet. `context` is borrowed. source_prefix_free() it. */
struct source_prefix *source_prefix_new(const struct source_context *context);

/* Frees it and removes its temporary folder. Accepts NULL. */
void source_prefix_free(struct source_prefix *prefix);

/* The names of files of facts end so; a folder is searched for these. */
#define SOURCE_FACTS_SUFFIX ".facts"

/*
 * The key of a unit's facts when it is parsed plainly: a digest of everything that decides them
 * except the contents of files. It is the same wherever the trees lie. Caller frees.
 */
char *source_unit_key(const struct source_context *context, const struct tree_unit *unit);

/* Files that hold the facts of units, made earlier or elsewhere. */
struct source_store;

/*
 * Searches the files and folders given (NULL-terminated) for facts. A damaged file is treated as if
 * it did not exist. NULL with `error` if a folder cannot be read or no file holds facts.
 * source_store_free() the result.
 */
struct source_store *source_store_open(char *const *given, GError **error);

/* Frees what source_store_open() returned. Accepts NULL. */
void source_store_free(struct source_store *store);

/* An error that the compiler reports in a unit. */
struct source_error {
	const struct tree_unit *unit;
	char *file; /* named as tree_path() does; the unit's own if the compiler names none */
	unsigned line, column; /* from 1; 0 if the compiler names none */
	char *message;
};

/* A unit that could not be parsed, or whose facts were not among those given, and why. */
struct source_failure {
	const struct tree_unit *unit;
	char *message;
};

/*
 * Called in the thread that called source_collect(), whenever a unit is done. `done` counts from 1
 * to `total`.
 */
typedef void source_progress(unsigned done, unsigned total, void *data);

struct source_options {
	unsigned threads;
	const char *cache_dir;        /* absolute; created if it does not exist; NULL: no cache */
	struct source_prefix *prefix; /* NULL: parse every unit plainly */
	/* take facts from here and parse nothing; NULL: parse */
	const struct source_store *store;
	/* a unit with errors gives facts about what the compiler understood; they are not kept */
	bool takes_broken;
	/* put digests of the inputs into the facts, even without a cache, to keep them */
	bool has_digests;
	source_progress *progress; /* may be NULL */
	void *progress_data;
	const volatile int *stop; /* not 0: finish the units begun and return; may be NULL */
};

struct source_result {
	/* struct facts *, in the order of the units asked for; NULL where there are none */
	GPtrArray *facts;
	GPtrArray *failures; /* struct source_failure *, in the same order */
	/* struct source_error *, in the same order: errors in the units (only with takes_broken) */
	GPtrArray *errors;
	unsigned parsed; /* units parsed in this call */
	/* units whose facts came from the cache, or were looked for in the store, found or not */
	unsigned cached;
	char *cache_problem; /* first reason why the cache could not be written, or NULL */
};

/* Collects the facts of `units` (const struct tree_unit *). Never NULL. source_result_free() it. */
struct source_result *source_collect(const struct source_context *context, const GPtrArray *units,
				     const struct source_options *options);

/* Frees the result and all facts in it. Accepts NULL. */
void source_result_free(struct source_result *result);

#endif
