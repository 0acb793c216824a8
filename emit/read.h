/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads a report back: the solved graph as it was when the report was written, and its provenance.
 *
 * boundary_solve() may be called on the graph again: it gives the same result, or another one after
 * the choices of the configuration were changed. emit_report() on it writes the same bytes that
 * were read.
 *
 * The reader trusts nothing. A wrong type, an unknown word, or an id that no entry or two entries
 * have is an error; its message says where (file, line, array and entry) and what to do. Unknown
 * keys are ignored.
 */
#ifndef PLUGSCHED_EMIT_READ_H
#define PLUGSCHED_EMIT_READ_H

#include "emit/emit.h"

struct emit_read {
	struct graph *graph;               /* finished and solved */
	struct emit_provenance provenance; /* its strings and arrays belong to this struct */
};

/*
 * The bytes of the file `path`, which may be a pipe. NULL with an EMIT_ERROR if it cannot be read.
 * Caller frees.
 */
char *emit_read_text(const char *path, size_t *length, GError **error);

/*
 * Reads the report in `path`, which may be a pipe. NULL with an EMIT_ERROR if there is none or it
 * is damaged. emit_read_free() the result.
 */
struct emit_read *emit_read_file(const char *path, GError **error);

/* The same for a report in memory, any bytes. `name` stands for the file in messages. */
struct emit_read *emit_read_bytes(const char *text, size_t length, const char *name,
				  GError **error);

/* Frees the graph and the provenance. Accepts NULL. */
void emit_read_free(struct emit_read *read);

#endif
