/* SPDX-License-Identifier: GPL-2.0-only */
/* What a report of plugsched-analyze says about the compared functions. */
#ifndef PLUGSCHED_COMPARE_BOUNDARY_H
#define PLUGSCHED_COMPARE_BOUNDARY_H

#include <glib.h>
#include <stdbool.h>

struct boundary;

/*
 * Reads a report. It must belong to the vmlinux with that build-id; else NULL with `error`. Free it
 * with boundary_free().
 */
struct boundary *boundary_open(const char *path, const char *build_id, GError **error);

/* Accepts NULL. */
void boundary_free(struct boundary *boundary);

/*
 * The class of the scheduler's function of that name and file name: "interface", "internal" or
 * "external". NULL if the report has no such function.
 */
const char *boundary_class(const struct boundary *boundary, const char *file, const char *name);

/*
 * If vmlinux has no symbol for the function, the number of functions that hold an
 * inlined copy of it; else 0.
 */
unsigned boundary_inlined_everywhere(const struct boundary *boundary, const char *file,
				     const char *name);

/* True if vmlinux has `callee` inlined into `caller`. */
bool boundary_is_inlined(const struct boundary *boundary, const char *caller, const char *callee);

#endif
