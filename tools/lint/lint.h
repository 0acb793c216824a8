/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What may not be done at a line of the scheduler: an edited tree held against the report of the kernel it was taken from.
 *
 * The tree is an extracted scheduler (plugsched-extract) or a kernel's own source. Its units are parsed as the kernel's build compiled
 * them, and what the compiler understood is compared with the report: types of interface functions, layouts that vmlinux's code knows,
 * where addresses of functions go, what has to be linked. Nothing is built and nothing is written.
 */
#ifndef PLUGSCHED_LINT_H
#define PLUGSCHED_LINT_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

#define LINT_ERROR_DOMAIN g_quark_from_static_string("lint-error-quark")

/* What can be found; codes and texts are in rules.def. */
enum lint_rule {
#define RULE(symbol, code, level, text, help) LINT_RULE_##symbol,
#include "tools/lint/rules.def"
#undef RULE
	LINT_RULES,
};

enum lint_level {
	LINT_LEVEL_ERROR,   /* the module must not be made like this */
	LINT_LEVEL_WARNING, /* it cannot be told, or it depends on what other code does */
};

struct lint_options {
	const char *folder;            /* the tree */
	const char *const *files;      /* NULL-terminated: only the units that these are part of; NULL: all */
	const char *kernel, *build;    /* NULL: what an extracted tree's Makefile says, else the folder */
	const char *report;            /* NULL: boundary.json in the folder */
	const char *const *overlays;   /* NULL-terminated FILE=CONTENT: the text of CONTENT stands for FILE's; may be NULL */
	unsigned threads;
	const volatile int *stop;      /* set by a signal handler */
};

/* A place in a file; lines and columns count from 1, columns in bytes, the end is exclusive. */
struct lint_place {
	char *path;     /* absolute */
	unsigned line, column, end_column;
};

/* Another place that has to do with a finding. */
struct lint_related {
	struct lint_place place;
	char *message;
};

struct lint_finding {
	enum lint_rule rule;
	enum lint_level level;
	struct lint_place place;
	char *message;      /* one line: what is wrong, and who relies on it */
	char *id;           /* of what the report calls it, or would: FILE:NAME */
	char *help;         /* what to do instead */
	GPtrArray *related; /* struct lint_related * */
};

/* Something that could not be checked. */
struct lint_problem {
	char *path;         /* absolute, or as it was given */
	unsigned line;      /* 0: none */
	char *message;
};

struct lint_result {
	char *folder;        /* absolute */
	GPtrArray *findings; /* struct lint_finding *, sorted by path and line, without duplicates */
	GPtrArray *problems; /* struct lint_problem * */
	GPtrArray *units;    /* char *: checked, as the tree names them below the scheduler's folder */
	bool has_error;      /* a finding of level error is among them */
};

/* Checks. NULL with `error` if the inputs do not allow it. */
struct lint_result *lint(const struct lint_options *options, GError **error);

/* Accepts NULL. */
void lint_result_free(struct lint_result *result);

enum lint_format {
	LINT_TEXT,
	LINT_JSON,
	LINT_SARIF,
};

/* Writes it; `shown` is what the folder was called by who asked, for texts. */
void lint_write(FILE *out, const struct lint_result *result, const char *shown, enum lint_format format);

/* "interface-signature". */
const char *lint_rule_code(enum lint_rule rule);
const char *lint_rule_text(enum lint_rule rule);
const char *lint_rule_help(enum lint_rule rule);

/* "error" or "warning". */
const char *lint_level_name(enum lint_level level);

#endif
