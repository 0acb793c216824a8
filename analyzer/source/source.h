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

/* A text that stands for a file's, such as what an editor has not saved. All borrowed. */
struct source_overlay {
	const char *path; /* absolute; there need not be such a file */
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
	bool has_all_members; /* facts name all members of the records they name, other code's too; such facts are never kept */
};

/* The overlay of a file (as tree_path() names it), or NULL. */
const struct source_overlay *source_overlay_of(const struct source_context *context, const char *file);

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

/* How files of facts are named; a folder is searched for these. */
#define SOURCE_FACTS_SUFFIX ".facts"

/*
 * The key of a unit's facts, parsed plainly: a digest of all that decides them apart from the contents of files. It is
 * the same wherever the trees lie. Caller frees.
 */
char *source_unit_key(const struct source_context *context, const struct tree_unit *unit);

/* Facts of units as files, made elsewhere. */
struct source_store;

/*
 * Looks through files and folders (NULL-terminated). NULL with `error` if a folder cannot be read or no file
 * holds facts; a damaged file is one that is not there.
 */
struct source_store *source_store_open(char *const *given, GError **error);

/* Accepts NULL. */
void source_store_free(struct source_store *store);

/* What the compiler says of a unit that is not C. */
struct source_error {
	const struct tree_unit *unit;
	char *file;       /* as tree_path() names it; the unit's if the compiler names none */
	unsigned line, column; /* from 1; 0 if the compiler names none */
	char *message;
};

/* A unit that could not be parsed, or whose facts were not given, and why. */
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
	const struct source_store *store; /* take facts from here and parse nothing; NULL: parse */
	bool takes_broken;         /* a unit with errors gives facts of what the compiler understood, which are not kept */
	bool has_digests;          /* the facts name their inputs' digests, as needed for keeping them, also without a cache */
	source_progress *progress; /* may be NULL */
	void *progress_data;
	const volatile int *stop;  /* non-zero: finish the units begun and return; may be NULL */
};

struct source_result {
	GPtrArray *facts;    /* struct facts *, in the order of the units asked for; NULL where it failed */
	GPtrArray *failures; /* struct source_failure *, in that order */
	GPtrArray *errors;   /* struct source_error *, in that order: of units whose facts are broken */
	unsigned parsed;     /* units parsed now */
	unsigned cached;     /* units whose facts came from the cache, or were looked for among those given */
	char *cache_problem; /* first reason why the cache could not be written, or NULL */
};

/* Facts of all `units` (const struct tree_unit *). Never NULL. */
struct source_result *source_collect(const struct source_context *context, const GPtrArray *units,
				     const struct source_options *options);

/* Frees the result and all facts in it. Accepts NULL. */
void source_result_free(struct source_result *result);

#endif
