/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes the solved graph: the JSON report for programs, and the summary for people.
 *
 * Both come from the same graph. The report holds nothing that depends on the run (time, paths,
 * number of threads), so equal input gives equal bytes. It holds everything that the boundary
 * depends on, so that read.h can read it back and the graph can be solved again.
 * docs/boundary.schema.json describes it.
 */
#ifndef PLUGSCHED_EMIT_H
#define PLUGSCHED_EMIT_H

#include "graph/graph.h"

#include <stdio.h>

/* The name and version of the format, as the report's head has them. */
#define EMIT_SCHEMA "plugsched-boundary"
#define EMIT_VERSION 3

#define EMIT_ERROR emit_error_quark()
GQuark emit_error_quark(void);

enum emit_error {
	EMIT_ERROR_IO,     /* cannot be read or written; an earlier report is untouched */
	EMIT_ERROR_FORMAT, /* the text is not a report, has another version, or is damaged */
};

/* Something that makes the report incomplete. */
struct emit_problem {
	/*
	 * "unit-not-parsed", "facts-missing", "no-vmlinux", "object-missing" or
	 * "object-without-source"
	 */
	const char *code;
	const char *file;    /* the file concerned, relative to the tree; "" if none */
	const char *message; /* what happened and what to do */
};

/* What the report was made from. All borrowed; a NULL string is written as null. */
struct emit_provenance {
	const char *tool_version;
	const char *kernel_release;
	const char *build_id;
	const char *config_hash;
	const GPtrArray *scheduler_files; /* char *: patterns */
	const GArray *problems;           /* struct emit_problem */
};

/* What one run cost, for the summary. */
struct emit_run {
	double wall_seconds, cpu_seconds;
	long peak_kib; /* largest resident memory */
	unsigned units_known, units_used, units_parsed, units_cached;
};

/*
 * Writes the report to `path`, or to stdout if that is "-". A file is first written under another
 * name and then renamed, so a failure or an interruption leaves an earlier report as it was. `stop`
 * (may be NULL) is tested between entries; if it is not 0, the work ends with an error.
 */
bool emit_report(const struct graph *graph, const struct emit_provenance *provenance,
		 const char *path, const volatile int *stop, GError **error);

/*
 * Prints the counts by class, the most used interface functions, what remains external and why, and
 * what the run cost.
 */
void emit_summary(FILE *out, const struct graph *graph, const struct emit_provenance *provenance,
		  const struct emit_run *run);

#endif
