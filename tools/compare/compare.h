/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is the module's code what vmlinux's is? Each function of the module that vmlinux has too is compared with it,
 * instruction by instruction, and what differs gets a cause.
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

/* One instruction with names for numbers, and how far into the function it is. */
struct compare_line {
	char *text; /* NULL: the function has no further instruction */
	uint64_t offset;
};

struct compare_function {
	const char *name;     /* the module's symbol */
	const char *file;     /* the STT_FILE that it stands below, NULL for a global one */
	const char *class;    /* the boundary's: "interface", "internal", "external"; NULL without */
	const char *partner;  /* vmlinux's symbol, NULL if there is none */
	enum compare_verdict verdict;
	unsigned instructions;         /* of the module's */
	unsigned partner_instructions; /* of vmlinux's */
	unsigned differing;            /* a replaced instruction counts once */
	struct compare_line module, vmlinux; /* the first difference */
	enum compare_cause cause;
	char *detail;         /* the cause in words; for what only the module has, why; or NULL */
};

struct comparison {
	char *vmlinux, *module; /* paths */
	char *vmlinux_build_id; /* NULL without one */
	GPtrArray *functions;   /* struct compare_function *, by name, then file, then place in the module */
	unsigned verdicts[COMPARE_VERDICTS];
	unsigned causes[COMPARE_CAUSES];
	/* private */
	void *sides;
};

struct compare_options {
	const char *vmlinux, *module;
	const char *boundary; /* a report of plugsched-analyze; NULL: without one */
};

/* Does all the work; NULL with an error if it cannot be done. */
struct comparison *compare_run(const struct compare_options *options, GError **error);

/* Accepts NULL. */
void comparison_free(struct comparison *comparison);

const char *compare_verdict_name(enum compare_verdict verdict);
const char *compare_cause_name(enum compare_cause cause);
const char *compare_cause_text(enum compare_cause cause);

/* Writes it for people or for programs; what is identical only with `is_all`. */
void compare_write_text(const struct comparison *comparison, bool is_all, FILE *out);
void compare_write_json(const struct comparison *comparison, bool is_all, FILE *out);

#endif
