/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to rewriter/folder: the branches of an extracted folder. */
#ifndef PLUGSCHED_REWRITER_HISTORY_H
#define PLUGSCHED_REWRITER_HISTORY_H

#include "rewriter/folder/folder.h"

/* What the developer has changed in the folder since it was extracted. */
enum folder_edits {
	FOLDER_NO_EDITS,
	FOLDER_COMMITS,     /* commits on their branch */
	FOLDER_UNCOMMITTED, /* files that are not committed */
};

/*
 * Finds out what the developer has changed. False with `error` if git fails, if the repository has
 * no branch of extractions, or if that is the branch that is checked out.
 */
bool folder_find_edits(const char *path, enum folder_edits *edits, GError **error);

/*
 * Makes a repository of the folder `path`, with all files in it as one commit on both branches.
 */
bool folder_begin_history(const char *path, const char *message, GError **error);

/*
 * Commits the files of the folder `aside` to the branch of extractions of the repository in `path`,
 * and takes that over into the developer's branch: by a fast-forward if that has no commits of its
 * own, else by a merge. If git cannot merge, for another reason than conflicts, the branches are as
 * they were. Makes a repository in `aside`.
 */
enum folder_result folder_go_on(const char *path, const char *aside, const char *message,
				GError **error);

#endif
