/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is the module's code the same as vmlinux's? Each function of the module that vmlinux also has is
 * compared instruction by instruction, and each difference gets a cause.
 */
#ifndef PLUGSCHED_COMPARE_H
#define PLUGSCHED_COMPARE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define COMPARE_SCHEMA "plugsched-compare"
#define COMPARE_VERSION 1

#define COMPARE_ERROR compare_error_quark()
GQuark compare_error_quark(void);

enum compare_error {
	COMPARE_ERROR_KIND,     /* vmlinux is not linked, or the module is */
	COMPARE_ERROR_MISMATCH, /* the files do not belong together */
	COMPARE_ERROR_EMPTY,    /* there is nothing to compare */
};

enum compare_verdict {
	COMPARE_IDENTICAL,
	COMPARE_DIFFERENT,
	COMPARE_ONLY_MODULE, /* vmlinux has no function of that name */
	COMPARE_VERDICTS,
};

enum compare_cause {
#define CAUSE(symbol, code, text) CAUSE_##symbol,
#include "tools/compare/causes.def"
#undef CAUSE
	COMPARE_CAUSES,
};

/* An instruction with names in place of numbers, and its byte offset in the function. */
struct compare_line {
	char *text; /* NULL: the function has no further instruction */
	uint64_t offset;
};

struct compare_function {
	const char *name; /* the module's symbol */
	const char *file; /* its STT_FILE symbol's name; NULL for a global symbol */
	/* from the boundary: "interface", "internal", "external"; NULL without one */
	const char *class;
	const char *partner; /* vmlinux's symbol, NULL if there is none */
	enum compare_verdict verdict;
	unsigned instructions;               /* in the module's function */
	unsigned partner_instructions;       /* in vmlinux's */
	unsigned differing;                  /* a replaced instruction counts once */
	struct compare_line module, vmlinux; /* the first difference */
	enum compare_cause cause;
	/* the cause in words, or why only the module has the function; may be NULL */
	char *detail;
};

struct comparison {
	char *vmlinux, *module; /* paths */
	char *vmlinux_build_id; /* NULL if it has none */
	/* struct compare_function *, sorted by name, file and place in the module */
	GPtrArray *functions;
	unsigned verdicts[COMPARE_VERDICTS];
	unsigned causes[COMPARE_CAUSES];
	/* private */
	void *sides;
};

struct compare_options {
	const char *vmlinux, *module;
	const char *boundary; /* a report of plugsched-analyze; may be NULL */
};

/*
 * Does the whole comparison. NULL with `error` if it cannot be done. Free it with
 * compare_free().
 */
struct comparison *compare_run(const struct compare_options *options, GError **error);

/* Accepts NULL. */
void compare_free(struct comparison *comparison);

/*
 * The machine-readable names of a verdict and a cause, and the meaning of a cause in words. Static.
 */
const char *compare_verdict_name(enum compare_verdict verdict);
const char *compare_cause_name(enum compare_cause cause);
const char *compare_cause_text(enum compare_cause cause);

/*
 * Writes the comparison for people or for programs. Identical functions are
 * written only with `is_all`.
 */
void compare_write_text(const struct comparison *comparison, bool is_all, FILE *out);
void compare_write_json(const struct comparison *comparison, bool is_all, FILE *out);

#endif
