/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to rewriter/folder: git as a program. */
#ifndef PLUGSCHED_REWRITER_GIT_H
#define PLUGSCHED_REWRITER_GIT_H

#include <glib.h>
#include <stdbool.h>

/*
 * Runs git in `directory` with the arguments, ended by NULL; `index` (may be NULL) is another index file and `work` (may be NULL)
 * another work tree. Gives what it printed, without the last line's end; NULL with `error` if it failed. Caller frees.
 */
char *git(const char *directory, const char *index, const char *work, GError **error, ...) G_GNUC_NULL_TERMINATED;

#endif
