/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The whole extraction: from a kernel tree and its boundary report to a module's source.
 */
#ifndef PLUGSCHED_EXTRACT_H
#define PLUGSCHED_EXTRACT_H

#include <glib.h>
#include <stdbool.h>

/* Exit status of the command. */
enum extract_status {
	EXTRACT_DONE = 0,
	EXTRACT_CONFLICT = 1, /* merged, and git left conflicts to resolve */
	EXTRACT_FAILED = 2,   /* nothing was written, and the target folder is unchanged */
};

struct extract_options {
	const char *kernel;   /* source tree */
	const char *build;    /* build tree; NULL if it is the source tree */
	const char *boundary; /* the report */
	const char *output;   /* the folder for the module's source */
	unsigned threads;
	bool may_merge;           /* if the target folder has edits, merge with them */
	bool is_dry;              /* write nothing; print the record of the edits */
	bool is_quiet;            /* no summary */
	const volatile int *stop; /* set by a signal handler */
};

/* Runs the extraction. `error` is set for every status except EXTRACT_DONE. */
enum extract_status extract(const struct extract_options *options, GError **error);

#endif
