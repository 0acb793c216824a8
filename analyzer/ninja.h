/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A build file for ninja that makes the report from facts of single units, on as many machines as ninja reaches.
 */
#ifndef PLUGSCHED_NINJA_H
#define PLUGSCHED_NINJA_H

#include <glib.h>
#include <stdbool.h>

struct ninja_options {
	const char *kernel; /* source tree */
	const char *build;  /* build tree, or NULL: the same */
	const char *config; /* file of overrides, or NULL */
	const char *output; /* of the report; NULL: boundary.json beside the build file */
	const char *path;   /* of the build file */
};

/*
 * Writes it; a file that has the same content already is not touched. Commands run in the build file's
 * folder; the facts go to facts/ in it.
 */
bool ninja_write(const struct ninja_options *options, GError **error);

#endif
