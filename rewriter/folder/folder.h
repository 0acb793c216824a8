/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A directory of generated sources under git. It is written completely or not at all, and edits in
 * it are never overwritten.
 *
 * The directory has its own repository with two branches: `extracted`, which gets only generated
 * files, and the developer's branch, which starts from it. A second extraction is a commit on
 * `extracted`. If the developer has edited nothing, their branch takes that commit over by a
 * fast-forward; otherwise by a merge, if the caller allows one. git keeps both versions.
 */
#ifndef PLUGSCHED_REWRITER_FOLDER_H
#define PLUGSCHED_REWRITER_FOLDER_H

#include <glib.h>
#include <stdbool.h>

#define FOLDER_ERROR g_quark_from_static_string("folder-error-quark")

enum folder_error {
	FOLDER_ERROR_IO,       /* a file or folder cannot be written */
	FOLDER_ERROR_TAKEN,    /* the folder holds something else, or edits */
	FOLDER_ERROR_CONFLICT, /* merged as far as git could; conflicts are left to resolve */
	FOLDER_ERROR_GIT,      /* git is missing or failed */
};

struct folder;

/*
 * Makes a temporary folder beside `path` to write into. NULL with `error` if that fails. End it
 * with folder_end().
 */
struct folder *folder_begin(const char *path, GError **error);

/* Writes one file into the temporary folder and makes the folders that `name` contains. */
bool folder_write(struct folder *folder, const char *name, const char *text, gsize length,
		  GError **error);

/* What folder_commit() did. */
enum folder_result {
	FOLDER_FAILED,
	FOLDER_NEW,
	FOLDER_SAME,
	FOLDER_UPDATED,
	FOLDER_MERGED
};

/*
 * Puts the folder in place, with `message` as the commit message. On failure, what was there before
 * is untouched, except after a merge with conflicts.
 */
enum folder_result folder_commit(struct folder *folder, const char *message, bool may_merge,
				 GError **error);

/* Frees the folder and removes the temporary files that were not put in place. Accepts NULL. */
void folder_end(struct folder *folder);

/* Checks early whether folder_commit() could put a folder there, and fails with the same errors. */
bool folder_check(const char *path, bool may_merge, GError **error);

#endif
