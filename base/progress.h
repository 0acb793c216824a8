/* SPDX-License-Identifier: GPL-2.0-only */
/* A progress bar on stderr: how many are done, of how many, and the time left. */
#ifndef PLUGSCHED_PROGRESS_H
#define PLUGSCHED_PROGRESS_H

#include <glib.h>
#include <stdbool.h>

struct progress {
	const char *what;   /* what is counted, such as "units" */
	bool is_drawn;      /* false: write nothing */
	gint64 begin, last; /* microseconds, monotonic: start, and last time that it was drawn */
};

/* Starts the clock. */
void progress_begin(struct progress *progress);

/*
 * Redraws the bar, at most ten times a second. `data` is a struct progress; the signature is
 * that of source_progress.
 */
void progress_show(unsigned done, unsigned total, void *data);

/* Clears the line. */
void progress_end(struct progress *progress);

#endif
