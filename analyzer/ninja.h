/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A build file for ninja that makes the report from facts of single units, on as many machines as
 * ninja can use.
 */
#ifndef PLUGSCHED_NINJA_H
#define PLUGSCHED_NINJA_H

#include <glib.h>
#include <stdbool.h>

struct ninja_options {
	const char *kernel; /* source tree */
	const char *build;  /* build tree; NULL if it is the source tree */
	const char *config; /* file of overrides, or NULL */
	const char *output; /* the report; NULL: boundary.json beside the build file */
	const char *path;   /* the build file */
};

/*
 * Writes the build file; one that has the same content already is not touched. Its commands run in
 * its folder, and the facts go to facts/ there. False with `error` if the tree cannot be opened, if
 * a path cannot be written for ninja, or if a program is missing.
 */
bool ninja_write(const struct ninja_options *options, GError **error);

#endif
