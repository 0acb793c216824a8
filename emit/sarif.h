/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Results in the Static Analysis Results Interchange Format, SARIF 2.1.0 (OASIS): one run of one
 * tool.
 *
 * Order of calls: sarif_new(), sarif_add_rule() for each rule, then for each result
 * sarif_result_begin() and its places, at last sarif_write() and sarif_free(). All strings are
 * copied.
 */
#ifndef PLUGSCHED_EMIT_SARIF_H
#define PLUGSCHED_EMIT_SARIF_H

#include <stdio.h>

enum sarif_level {
	SARIF_ERROR,
	SARIF_WARNING,
	SARIF_NOTE,
};

struct sarif_rule {
	const char *id;   /* "interface-signature" */
	const char *text; /* a sentence that says what the rule is about */
	const char *help; /* what to do */
	enum sarif_level level;
};

struct sarif_result {
	const char *rule; /* id of a rule that was added */
	enum sarif_level level;
	const char *message;
	const char *help; /* what to do in this case; NULL: only the rule's help applies */
	/*
	 * FILE:NAME that the result is about; the fingerprint is made from it and the rule, because
	 * lines change
	 */
	const char *name;
};

struct sarif_place {
	const char *path; /* relative to the root, or absolute */
	/*
	 * from 1, columns in Unicode code points; end_column is the first one after the place; 0:
	 * not known
	 */
	unsigned line, column, end_column;
	const char *message; /* NULL if there is none */
};

struct sarif;

/*
 * Starts a run. `root` is the absolute directory that relative paths start from (SRCROOT); NULL if
 * it is not known. sarif_free() it.
 */
struct sarif *sarif_new(const char *tool, const char *version, const char *root);

/* Frees it. Accepts NULL. */
void sarif_free(struct sarif *sarif);

/* Adds a rule. Its results must come later. */
void sarif_add_rule(struct sarif *sarif, const struct sarif_rule *rule);

/*
 * Begins a result. Until the next one begins, sarif_location() adds the places where it is, and
 * sarif_related() places that help to understand it.
 */
void sarif_result_begin(struct sarif *sarif, const struct sarif_result *result);
void sarif_location(struct sarif *sarif, const struct sarif_place *place);
void sarif_related(struct sarif *sarif, const struct sarif_place *place);

/*
 * Notes that something kept the tool from doing all its work, so the run counts as not successful.
 * `line` 0: no line.
 */
void sarif_add_problem(struct sarif *sarif, const char *path, unsigned line, const char *message);

/* Writes the whole log to `out`. The caller looks for errors of `out`. */
void sarif_write(FILE *out, const struct sarif *sarif);

#endif
