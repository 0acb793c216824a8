/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to rewriter/folder: runs the program git. */
#ifndef PLUGSCHED_REWRITER_GIT_H
#define PLUGSCHED_REWRITER_GIT_H

#include <glib.h>
#include <stdbool.h>

/*
 * Runs git in `directory`, which holds the repository, with the given arguments, which end with
 * NULL. New objects go to the folder `objects`, or to the repository if that is NULL. Returns the
 * output without its last newline, or NULL with `error` if git failed. Caller frees.
 */
char *folder_git(const char *directory, const char *objects, GError **error,
		 ...) G_GNUC_NULL_TERMINATED;

#endif
