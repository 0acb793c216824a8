/* SPDX-License-Identifier: GPL-2.0-only */
/* A result written whole or not at all. */
#ifndef PLUGSCHED_EMIT_OUTPUT_H
#define PLUGSCHED_EMIT_OUTPUT_H

#include "emit/emit.h"

struct output {
	const char *what;                        /* for messages: "the report" */
	void (*write)(FILE *out, void *data);    /* may stop early if `stop` says so */
	void *data;
	const volatile int *stop;                /* may be NULL; not 0: nothing is put in place, with an error */
};

/*
 * Writes to `path`, or to stdout if it is "-". A file is written aside and renamed, so a failure or an
 * interruption leaves an earlier one as it was. Pipes and devices are written to as they are.
 */
bool output_write(const struct output *output, const char *path, GError **error);

#endif
