/* SPDX-License-Identifier: GPL-2.0-only */
/* What a report of plugsched-analyze says about the compared functions. */
#ifndef PLUGSCHED_COMPARE_REPORTED_H
#define PLUGSCHED_COMPARE_REPORTED_H

#include <glib.h>
#include <stdbool.h>

struct reported;

/*
 * Reads a report. It must belong to the vmlinux with that build-id; else NULL with `error`. Free it
 * with reported_free().
 */
struct reported *reported_open(const char *path, const char *build_id, GError **error);

/* Accepts NULL. */
void reported_free(struct reported *reported);

/*
 * The class of the scheduler's function of that name and file name: "interface", "internal" or
 * "external". NULL if the report has no such function.
 */
const char *reported_class(const struct reported *reported, const char *file, const char *name);

/*
 * If vmlinux has no symbol for the function, the number of functions that hold an
 * inlined copy of it; else 0.
 */
unsigned reported_inlined_everywhere(const struct reported *reported, const char *file,
				     const char *name);

/* True if vmlinux has `callee` inlined into `caller`. */
bool reported_is_inlined(const struct reported *reported, const char *caller, const char *callee);

#endif
