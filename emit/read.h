/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A report read back: the graph as it was when the report was written, solved, with its provenance.
 *
 * boundary_solve() may be called on it again, with the same result or with other choices of the configuration. Writing it
 * with emit_report() gives the bytes that were read.
 *
 * The reader trusts nothing: a wrong type, an unknown word, an id that names nothing or names two entries is an error that says
 * where (file, line, array and entry) and what to do. Keys that it does not know are passed over.
 */
#ifndef PLUGSCHED_EMIT_READ_H
#define PLUGSCHED_EMIT_READ_H

#include "emit/emit.h"

struct emit_read {
	struct graph *graph;
	struct emit_provenance provenance;
};

/* The bytes of the file `path`, which may be a pipe; NULL and an EMIT_ERROR if they cannot be read. Caller frees. */
char *emit_read_text(const char *path, size_t *length, GError **error);

/* Reads the report in `path`, which may be a pipe. NULL and an EMIT_ERROR if there is no good one. */
struct emit_read *emit_read_file(const char *path, GError **error);

/* The same for a report in memory, any bytes; `name` stands for it in messages. */
struct emit_read *emit_read_bytes(const char *text, size_t length, const char *name, GError **error);

/* Frees graph and provenance. Accepts NULL. */
void emit_read_free(struct emit_read *read);

#endif
