/* SPDX-License-Identifier: GPL-2.0-only */
/* What a report of plugsched-analyze knows of the functions compared. */
#ifndef PLUGSCHED_COMPARE_BOUNDARY_H
#define PLUGSCHED_COMPARE_BOUNDARY_H

#include <glib.h>
#include <stdbool.h>

struct boundary;

/* Reads a report; it has to be of the vmlinux with that build-id. */
struct boundary *boundary_open(const char *path, const char *build_id, GError **error);

/* Accepts NULL. */
void boundary_free(struct boundary *boundary);

/* "interface", "internal" or "external": the class of the scheduler's function of that name and file name; NULL if it has none. */
const char *boundary_class(const struct boundary *boundary, const char *file, const char *name);

/* How many functions of vmlinux hold a copy of one that has no symbol there; 0 if it is not such a one. */
unsigned boundary_inlined_everywhere(const struct boundary *boundary, const char *file, const char *name);

/* Does vmlinux have `callee` inlined into `caller`? */
bool boundary_is_inlined(const struct boundary *boundary, const char *caller, const char *callee);

#endif
