/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finds changes to the scheduler that may not be made: compares an edited tree with the report of
 * the kernel that it was taken from.
 *
 * The tree is an extracted scheduler (plugsched-extract) or a kernel's own source. Its units are
 * parsed as the kernel's build compiled them. What the compiler understood is compared with the
 * report: the types of interface functions, the layouts that vmlinux's code knows, where addresses
 * of functions are stored, and what has to be linked. Nothing is built and nothing is written.
 */
#ifndef PLUGSCHED_LINT_H
#define PLUGSCHED_LINT_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

#define LINT_ERROR_DOMAIN g_quark_from_static_string("lint-error-quark")

/* The rules; their codes and texts are in rules.def. */
enum lint_rule {
#define RULE(symbol, code, level, text, help) LINT_RULE_##symbol,
#include "tools/lint/rules.def"
#undef RULE
	LINT_RULES,
};

enum lint_level {
	LINT_LEVEL_ERROR,   /* the module must not be made like this */
	LINT_LEVEL_WARNING, /* the fault cannot be proven, or depends on what other code does */
};

struct lint_options {
	const char *folder; /* the tree */
	/* NULL-terminated: check only the units that these files are part of; NULL: all units */
	const char *const *files;
	/* NULL: what an extracted tree's Makefile says, else the folder */
	const char *kernel, *build;
	const char *report; /* NULL: boundary.json in the folder */
	/*
	 * NULL-terminated list of FILE=CONTENT: the text of the file CONTENT
	 * replaces FILE's; may be NULL
	 */
	const char *const *overlays;
	unsigned threads;
	const volatile int *stop; /* set by a signal handler */
};

/* A place in a file. Lines and columns count from 1, columns in bytes; end_column is exclusive. */
struct lint_place {
	char *path; /* absolute */
	unsigned line, column, end_column;
	/* the same columns in Unicode code points, for SARIF; a byte that is not UTF-8 is one */
	unsigned point, end_point;
};

/* Another place that a finding refers to. */
struct lint_related {
	struct lint_place place;
	char *message;
};

struct lint_finding {
	enum lint_rule rule;
	enum lint_level level;
	struct lint_place place;
	char *message;      /* one line: what is wrong, and who relies on it */
	char *id;           /* FILE:NAME, as the report has it or would have it */
	char *help;         /* what to do instead */
	GPtrArray *related; /* struct lint_related * */
};

/* Something that could not be checked. */
struct lint_problem {
	char *path;    /* absolute, or as it was given */
	unsigned line; /* 0 if there is none */
	char *message;
};

struct lint_result {
	char *folder; /* absolute */
	/* struct lint_finding *, sorted by path and line, without duplicates */
	GPtrArray *findings;
	GPtrArray *problems; /* struct lint_problem * */
	/* char *: the units that were checked, by their names below the scheduler's folder */
	GPtrArray *units;
	bool has_error; /* some finding has level error */
};

/*
 * Runs the checks. NULL with `error` if the inputs do not allow it. Free the result with
 * lint_result_free().
 */
struct lint_result *lint(const struct lint_options *options, GError **error);

/* Accepts NULL. */
void lint_result_free(struct lint_result *result);

enum lint_format {
	LINT_TEXT,
	LINT_JSON,
	LINT_SARIF,
};

/*
 * Writes the result. `shown` is the folder's name as the user gave it; it is
 * used in the text format.
 */
void lint_write(FILE *out, const struct lint_result *result, const char *shown,
		enum lint_format format);

/* A rule's code, such as "interface-signature", its text and its help. Static. */
const char *lint_rule_code(enum lint_rule rule);
const char *lint_rule_text(enum lint_rule rule);
const char *lint_rule_help(enum lint_rule rule);

/* "error" or "warning". Static. */
const char *lint_level_name(enum lint_level level);

#endif
