/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The solved graph written down: the JSON report for programs, the summary for people.
 *
 * Both come from the same graph. The report holds nothing that depends on the run (time, paths, number of
 * threads), so equal input gives equal bytes; and all that the boundary depends on, so that read.h can read it back to be
 * solved again. docs/boundary.schema.json describes it.
 */
#ifndef PLUGSCHED_EMIT_H
#define PLUGSCHED_EMIT_H

#include "graph/graph.h"

#include <stdio.h>

/* What the report's head says of its format. */
#define EMIT_SCHEMA "plugsched-boundary"
#define EMIT_VERSION 3

#define EMIT_ERROR emit_error_quark()
GQuark emit_error_quark(void);

enum emit_error {
	EMIT_ERROR_IO,     /* the report could not be read or written; what was there before is untouched */
	EMIT_ERROR_FORMAT, /* what was read is not a report, or of another version, or damaged */
};

/* Something that makes the report incomplete. */
struct emit_problem {
	const char *code;    /* "unit-not-parsed", "facts-missing", "no-vmlinux", "object-missing" */
	const char *file;    /* which file, relative to the tree; "" if none */
	const char *message; /* what happened and what to do */
};

/* Where the report comes from. All borrowed; NULL strings are written as null. */
struct emit_provenance {
	const char *tool_version;
	const char *kernel_release;
	const char *build_id;
	const char *config_hash;
	const GPtrArray *scheduler_files; /* char *: patterns */
	const GArray *problems;           /* struct emit_problem */
};

/* What one run cost. */
struct emit_run {
	double wall_seconds, cpu_seconds;
	long peak_kib;
	unsigned units_known, units_used, units_parsed, units_cached;
};

/*
 * Writes the report to `path`, or to stdout if it is "-". A file is written aside and renamed, so a
 * failure or an interruption leaves an earlier report as it was. `stop` (may be NULL) is looked at
 * between entries and ends the work with an error.
 */
bool emit_report(const struct graph *graph, const struct emit_provenance *provenance, const char *path,
		 const volatile int *stop, GError **error);

/* Prints counts by class, the busiest interface functions, what stays and why, and the run's cost. */
void emit_summary(FILE *out, const struct graph *graph, const struct emit_provenance *provenance,
		  const struct emit_run *run);

#endif
