// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes into a temporary folder and puts it in place: by a rename if nothing was there, through
 * git if an earlier extraction is there.
 *
 * Limit: the temporary folder is removed on failure and on SIGINT, but not on SIGKILL; then
 * .NAME.XXXXXX stays beside the target.
 */
#define _GNU_SOURCE /* nftw */
#include "rewriter/folder/folder.h"

#include "rewriter/folder/history.h"

#include <errno.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct folder {
	char *path;  /* the final place */
	char *aside; /* the temporary folder; NULL once it was put in place */
};

static bool fail_io(const char *path, const char *verb, GError **error)
{
	g_set_error(error, FOLDER_ERROR, FOLDER_ERROR_IO,
		    "%s: cannot %s: %s; free the way or choose another place with -o", path, verb,
		    g_strerror(errno));
	return false;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void folder_end(struct folder *folder)
{
	if (!folder)
		return;
	if (folder->aside)
		nftw(folder->aside, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	g_free(folder->aside);
	g_free(folder->path);
	g_free(folder);
}

static bool is_empty(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);

	return dir && !g_dir_read_name(dir);
}

static bool is_extraction(const char *path)
{
	g_autofree char *record = g_build_filename(path, "EXTRACTED.md", NULL),
			*repository = g_build_filename(path, ".git", NULL);

	return g_file_test(record, G_FILE_TEST_EXISTS) &&
	       g_file_test(repository, G_FILE_TEST_IS_DIR);
}

static bool is_taken(const char *path)
{
	return g_file_test(path, G_FILE_TEST_EXISTS) && !is_empty(path);
}

bool folder_check(const char *path, bool may_merge, GError **error)
{
	enum folder_edits edits;

	if (!is_taken(path))
		return true;
	if (!is_extraction(path)) {
		g_set_error(
			error, FOLDER_ERROR, FOLDER_ERROR_TAKEN,
			"%s: not empty, and not what an earlier extraction left; name another place with -o",
			path);
		return false;
	}
	if (!folder_find_edits(path, &edits, error))
		return false;
	if (edits == FOLDER_UNCOMMITTED || (edits == FOLDER_COMMITS && !may_merge)) {
		g_set_error(error, FOLDER_ERROR, FOLDER_ERROR_TAKEN,
			    "%s: has %s, which are left alone; %s", path,
			    edits == FOLDER_COMMITS ? "commits of yours" : "uncommitted changes",
			    may_merge
				    ? "commit them, then merge"
				    : "commit them and use --merge, or name another place with -o");
		return false;
	}
	return true;
}

struct folder *folder_begin(const char *path, GError **error)
{
	g_autofree char *absolute = g_canonicalize_filename(path, NULL),
			*parent = g_path_get_dirname(absolute);
	g_autofree char *base = g_path_get_basename(absolute);
	g_autofree char *aside = g_strdup_printf("%s/.%s.XXXXXX", parent, base);
	struct folder *folder;

	if (!g_mkdtemp_full(aside, 0777)) {
		fail_io(path, "make a folder beside it", error);
		return NULL;
	}
	folder = g_new0(struct folder, 1);
	folder->path = g_steal_pointer(&absolute);
	folder->aside = g_steal_pointer(&aside);
	return folder;
}

bool folder_write(struct folder *folder, const char *name, const char *text, gsize length,
		  GError **error)
{
	g_autofree char *path = g_build_filename(folder->aside, name, NULL),
			*parent = g_path_get_dirname(path);
	FILE *out;
	bool is_good;

	if (g_mkdir_with_parents(parent, 0777) != 0 || !(out = fopen(path, "w")))
		return fail_io(folder->path, "write there", error);
	is_good = fwrite(text, 1, length, out) == length && fflush(out) == 0 &&
		  fsync(fileno(out)) == 0;
	if (!is_good)
		fail_io(folder->path, "write there", error);
	if (fclose(out) != 0 && is_good)
		is_good = fail_io(folder->path, "write there", error);
	return is_good;
}

static enum folder_result put_new(struct folder *folder, const char *message, GError **error)
{
	if (!folder_begin_history(folder->aside, message, error))
		return FOLDER_FAILED;
	if (rename(folder->aside, folder->path) != 0) {
		fail_io(folder->path, "put it there", error);
		return FOLDER_FAILED;
	}
	g_clear_pointer(&folder->aside, g_free);
	return FOLDER_NEW;
}

enum folder_result folder_commit(struct folder *folder, const char *message, bool may_merge,
				 GError **error)
{
	if (!folder_check(folder->path, may_merge, error))
		return FOLDER_FAILED;
	return is_taken(folder->path) ? folder_go_on(folder->path, folder->aside, message, error)
				      : put_new(folder, message, error);
}
