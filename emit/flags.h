/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to emit/: the flags of a report's entries, in tables that the writer and the reader
 * share.
 *
 * A table ends with an entry without a name. Its order is the order in the report.
 */
#ifndef PLUGSCHED_EMIT_FLAGS_H
#define PLUGSCHED_EMIT_FLAGS_H

#include <stdbool.h>
#include <stddef.h>

struct flag {
	const char *name;
	size_t offset;    /* offset of the bool in the struct */
	bool is_inverted; /* true: the word means that the bool is false */
};

extern const struct flag flags_function[]; /* of struct graph_function: "attributes" */
extern const struct flag flags_variable[]; /* of struct graph_variable: "attributes" */
extern const struct flag flags_binary[];   /* of struct graph_binary: "flags" */
extern const struct flag flags_call[];     /* of struct graph_use, a call: "flags" */
extern const struct flag flags_address[];  /* of struct graph_use, an address taken: "flags" */

#endif
