/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The whole analysis: from a kernel tree to a solved graph and its report.
 */
#ifndef PLUGSCHED_ANALYZE_H
#define PLUGSCHED_ANALYZE_H

#include <glib.h>
#include <stdbool.h>

#define ANALYZE_ERROR g_quark_from_static_string("analyze-error-quark")

/* The exit status of plugsched-analyze. */
enum analyze_status {
	ANALYZE_DONE = 0,
	ANALYZE_INCOMPLETE = 1, /* there is a report, and it says what is missing */
	ANALYZE_FAILED = 2,     /* no report; an earlier one is untouched */
};

struct analyze_options {
	const char *kernel;    /* source tree */
	const char *build;     /* build tree; NULL if it is the source tree */
	const char *config;    /* file of overrides, or NULL */
	const char *output;    /* file, or "-" */
	const char *cache_dir; /* NULL: no cache */
	char *const *facts;    /* files and folders that hold the facts of all units,
	                          NULL-terminated; NULL: parse the units */
	unsigned threads;
	bool is_whole;            /* all of the kernel goes into the graph,
	                          not only what touches the scheduler */
	bool is_exhaustive;       /* parse every unit */
	bool is_quiet;            /* print neither progress nor summary */
	bool has_progress;        /* draw a progress bar on stderr */
	const volatile int *stop; /* not 0: stop soon; a signal handler sets it; may be NULL */
};

/* Analyses the kernel and writes the report to options->output. Sets `error` on ANALYZE_FAILED. */
enum analyze_status analyze(const struct analyze_options *options, GError **error);

#endif
