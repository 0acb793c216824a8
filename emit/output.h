/* SPDX-License-Identifier: GPL-2.0-only */
/* Writes a result completely or not at all. */
#ifndef PLUGSCHED_EMIT_OUTPUT_H
#define PLUGSCHED_EMIT_OUTPUT_H

#include "emit/emit.h"

struct output {
	const char *what;                     /* what it is called in messages: "the report" */
	void (*write)(FILE *out, void *data); /* writes the content; may end early on `stop` */
	void *data;
	/* may be NULL; if not 0 after `write`, no file is replaced, and it is an error */
	const volatile int *stop;
};

/*
 * Writes to `path`, or to stdout if that is "-". A file is first written under another name and
 * then renamed, so a failure or an interruption leaves an earlier one as it was. Pipes and devices
 * are written to directly. False with an EMIT_ERROR on failure.
 */
bool output_write(const struct output *output, const char *path, GError **error);

#endif
