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

#include "rewriter/folder/git.h"

#include <errno.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BRANCH "extracted" /* holds what was generated and nothing else */

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

/* How the developer's version differs from what was generated: "" if it does not. Caller frees. */
static char *find_edits(const char *path, GError **error)
{
	g_autofree char *dirty = folder_git(path, NULL, NULL, error, "status", "--porcelain", NULL);

	if (!dirty)
		return NULL;
	if (*dirty)
		return g_strdup("uncommitted changes");
	g_free(dirty);
	dirty = folder_git(path, NULL, NULL, error, "diff", "--stat", BRANCH, "HEAD", NULL);
	if (!dirty)
		return NULL;
	return g_strdup(*dirty ? "commits of yours" : "");
}

bool folder_check(const char *path, bool may_merge, GError **error)
{
	g_autofree char *edits = NULL;

	if (!is_taken(path))
		return true;
	if (!is_extraction(path)) {
		g_set_error(
			error, FOLDER_ERROR, FOLDER_ERROR_TAKEN,
			"%s: not empty, and not what an earlier extraction left; name another place with -o",
			path);
		return false;
	}
	edits = find_edits(path, error);
	if (!edits)
		return false;
	if (may_merge ? strcmp(edits, "uncommitted changes") == 0 : *edits != '\0') {
		g_set_error(error, FOLDER_ERROR, FOLDER_ERROR_TAKEN,
			    "%s: has %s, which are left alone; %s", path, edits,
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

/* Runs git for its effect only: the output is discarded. */
#define GIT(directory, ...)                                                          \
	({                                                                           \
		g_autofree char *printed =                                           \
			folder_git(directory, NULL, NULL, error, __VA_ARGS__, NULL); \
		printed != NULL;                                                     \
	})

static bool start_history(const char *aside, const char *message, GError **error)
{
	return GIT(aside, "init", "-q", "-b", "main", "--template=") && GIT(aside, "add", "-A") &&
	       GIT(aside, "commit", "-q", "-m", message) && GIT(aside, "branch", BRANCH);
}

static enum folder_result put_new(struct folder *folder, const char *message, GError **error)
{
	if (!start_history(folder->aside, message, error))
		return FOLDER_FAILED;
	if (rename(folder->aside, folder->path) != 0) {
		fail_io(folder->path, "put it there", error);
		return FOLDER_FAILED;
	}
	g_clear_pointer(&folder->aside, g_free);
	return FOLDER_NEW;
}

/*
 * Makes a commit on BRANCH from the temporary folder. Sets `*is_same` if BRANCH already has these
 * contents; then nothing is committed.
 */
static bool commit_aside(const struct folder *folder, const char *message, bool *is_same,
			 GError **error)
{
	g_autofree char *index = g_strconcat(folder->aside, ".index", NULL);
	g_autofree char *added =
		folder_git(folder->path, index, folder->aside, error, "add", "-A", NULL);
	g_autofree char *new_tree =
		added ? folder_git(folder->path, index, folder->aside, error, "write-tree", NULL)
		      : NULL;
	g_autofree char *old_tree = new_tree ? folder_git(folder->path, NULL, NULL, error,
							  "rev-parse", BRANCH "^{tree}", NULL)
					     : NULL;
	g_autofree char *commit = NULL;

	g_unlink(index);
	if (!old_tree)
		return false;
	*is_same = strcmp(new_tree, old_tree) == 0;
	if (*is_same)
		return true;
	commit = folder_git(folder->path, NULL, NULL, error, "commit-tree", "-p", BRANCH, "-m",
			    message, new_tree, NULL);
	return commit && GIT(folder->path, "update-ref", "refs/heads/" BRANCH, commit);
}

static enum folder_result merge(const struct folder *folder, GError **error)
{
	g_autoptr(GError) git_error = NULL;
	g_autofree char *merged = folder_git(folder->path, NULL, NULL, &git_error, "merge", "-q",
					     "-m", "Merge a new extraction", BRANCH, NULL);
	g_autofree char *conflicts = merged ? NULL
					    : folder_git(folder->path, NULL, NULL, NULL, "diff",
							 "--name-only", "--diff-filter=U", NULL);

	if (merged)
		return FOLDER_MERGED;
	if (!conflicts || !*conflicts) {
		g_propagate_error(error, g_steal_pointer(&git_error));
		return FOLDER_FAILED;
	}
	g_strdelimit(conflicts, "\n", ' ');
	g_set_error(
		error, FOLDER_ERROR, FOLDER_ERROR_CONFLICT,
		"%s: merged, with conflicts in: %s; resolve them and commit, or take the merge back with git merge --abort",
		folder->path, conflicts);
	return FOLDER_FAILED;
}

static enum folder_result put_over(struct folder *folder, const char *message, bool may_merge,
				   GError **error)
{
	g_autofree char *edits = find_edits(folder->path, error);
	bool is_same;

	if (!edits || (*edits && !folder_check(folder->path, may_merge, error)) ||
	    !commit_aside(folder, message, &is_same, error))
		return FOLDER_FAILED;
	if (is_same && !*edits)
		return FOLDER_SAME;
	if (!*edits)
		return GIT(folder->path, "merge", "-q", "-m", "Take a new extraction over", BRANCH)
			       ? FOLDER_UPDATED
			       : FOLDER_FAILED;
	return merge(folder, error);
}

enum folder_result folder_commit(struct folder *folder, const char *message, bool may_merge,
				 GError **error)
{
	if (!folder_check(folder->path, may_merge, error))
		return FOLDER_FAILED;
	return is_taken(folder->path) ? put_over(folder, message, may_merge, error)
				      : put_new(folder, message, error);
}
