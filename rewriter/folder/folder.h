/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A directory of generated sources under git: written whole or not at all, and never over an edit.
 *
 * The directory's own repository has the branch `extracted`, which only ever gets what was generated, and the developer's
 * branch, which starts from it. A second extraction is a commit on `extracted`; the developer's branch takes it over by fast-forward
 * if nothing was edited, by a merge if that is asked for. git keeps both sides.
 */
#ifndef PLUGSCHED_REWRITER_FOLDER_H
#define PLUGSCHED_REWRITER_FOLDER_H

#include <glib.h>
#include <stdbool.h>

#define FOLDER_ERROR g_quark_from_static_string("folder-error-quark")

enum folder_error {
	FOLDER_ERROR_IO,       /* cannot be written */
	FOLDER_ERROR_TAKEN,    /* something else is there, or edits are */
	FOLDER_ERROR_CONFLICT, /* merged as far as git could; conflicts are left to be resolved */
	FOLDER_ERROR_GIT,      /* git is missing or failed */
};

struct folder;

/* A folder beside `path` in which to write; NULL with `error` if there can be none. */
struct folder *folder_begin(const char *path, GError **error);

/* Writes one file of it; folders in `name` are made. */
bool folder_write(struct folder *folder, const char *name, const char *text, gsize length, GError **error);

/* What became of it. */
enum folder_result { FOLDER_FAILED, FOLDER_NEW, FOLDER_SAME, FOLDER_UPDATED, FOLDER_MERGED };

/*
 * Puts it in place with `message` as the commit's. What was there before is untouched on failure, but for a merge with
 * conflicts.
 */
enum folder_result folder_commit(struct folder *folder, const char *message, bool may_merge, GError **error);

/* Frees it and removes what was not put in place. Accepts NULL. */
void folder_end(struct folder *folder);

/* Fails early, with the same errors as folder_commit(), if it could not be put there. */
bool folder_check(const char *path, bool may_merge, GError **error);

#endif
