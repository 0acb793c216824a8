/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Results in the Static Analysis Results Interchange Format, SARIF 2.1.0 (OASIS): one run of one tool.
 *
 * Order of work: sarif_new, the rules, then for each result sarif_result_begin and its places, sarif_write, sarif_free. All strings are
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
	const char *text; /* a sentence: what it is about */
	const char *help; /* what to do */
	enum sarif_level level;
};

struct sarif_result {
	const char *rule;    /* id of one that was added */
	enum sarif_level level;
	const char *message;
	const char *help;    /* what to do in this case; NULL: the rule's */
	const char *name;    /* FILE:NAME that the result is about: it makes the fingerprint, as lines change */
};

struct sarif_place {
	const char *path;    /* relative to the root, or absolute */
	unsigned line, column, end_column; /* from 1, columns in bytes, the end exclusive; 0: not known */
	const char *message; /* NULL: none */
};

struct sarif;

/* `root` is the absolute directory that relative paths start from (SRCROOT); NULL: it is not known. */
struct sarif *sarif_new(const char *tool, const char *version, const char *root);

/* Accepts NULL. */
void sarif_free(struct sarif *sarif);

void sarif_add_rule(struct sarif *sarif, const struct sarif_rule *rule);

/* A result; sarif_location() and sarif_related() then add to it. */
void sarif_result_begin(struct sarif *sarif, const struct sarif_result *result);
void sarif_location(struct sarif *sarif, const struct sarif_place *place);
void sarif_related(struct sarif *sarif, const struct sarif_place *place);

/* Something kept the tool from doing all its work: the run counts as not successful. `line` 0: none. */
void sarif_add_problem(struct sarif *sarif, const char *path, unsigned line, const char *message);

void sarif_write(FILE *out, const struct sarif *sarif);

#endif
