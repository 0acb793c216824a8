/* SPDX-License-Identifier: GPL-2.0-only */
/* A progress bar on stderr: units done, total, time left. */
#ifndef PLUGSCHED_PROGRESS_H
#define PLUGSCHED_PROGRESS_H

#include <glib.h>
#include <stdbool.h>

struct progress {
	const char *what; /* what is counted, such as "units" */
	bool is_drawn;    /* false: nothing is ever written */
	gint64 begin, last; /* microseconds */
};

/* Starts the clock. */
void progress_begin(struct progress *progress);

/* Redraws the bar, at most ten times a second. A source_progress. */
void progress_show(unsigned done, unsigned total, void *progress);

/* Clears the line. */
void progress_end(struct progress *progress);

#endif
