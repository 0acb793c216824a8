// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two branches of an extracted folder: what was extracted, and what the developer made of it.
 *
 * Method: the files of a new extraction are committed in a repository of their own, where no ignore
 * or attribute file of the folder's repository is in force, but with the objects of that one. So a
 * commit holds exactly the bytes that were written. The developer has commits of their own if their
 * branch has other contents than the extraction that it began from.
 */
#include "rewriter/folder/history.h"

#include "rewriter/folder/git.h"

#include <string.h>

#define BRANCH "extracted" /* holds what was generated and nothing else */
#define REFERENCE "refs/heads/" BRANCH

/* Runs git for its effect only: the output is discarded. */
#define GIT(directory, ...)                                                                       \
	({                                                                                        \
		g_autofree char *printed = folder_git(directory, NULL, error, __VA_ARGS__, NULL); \
		printed != NULL;                                                                  \
	})

/* --- the branch of extractions */

static char *fail(GError **error, const char *path, const char *what)
{
	g_set_error(error, FOLDER_ERROR, FOLDER_ERROR_GIT, "%s: %s", path, what);
	return NULL;
}

/* The commit of the branch in the repositories that this one was cloned from. Caller frees. */
static char *find_remote(const char *path, GError **error)
{
	g_autofree char *found =
		folder_git(path, NULL, error, "for-each-ref", "--format=%(objectname)",
			   "refs/remotes/*/" BRANCH, NULL);
	g_auto(GStrv) commits = found ? g_strsplit(found, "\n", -1) : NULL;

	if (!found)
		return NULL;
	if (!*found)
		return fail(
			error, path,
			"has no branch " BRANCH
			", which holds what earlier extractions wrote; get it from where the folder was cloned: git fetch "
			"origin " BRANCH ":" BRANCH);
	for (char **other = commits + 1; *other; other++)
		if (strcmp(*other, commits[0]) != 0)
			return fail(
				error, path,
				"several remotes have a branch " BRANCH
				", and they differ; make one from the right one: git branch " BRANCH
				" REMOTE/" BRANCH);
	return g_strdup(commits[0]);
}

/*
 * The commit of the last extraction; NULL with `error` if there is none. A clone has it only as a
 * branch of the repository that it was cloned from. Caller frees.
 */
static char *last_extraction(const char *path, GError **error)
{
	g_autofree char *head = folder_git(path, NULL, NULL, "symbolic-ref", "-q", "HEAD", NULL);
	char *commit = NULL;

	if (!g_strcmp0(head, REFERENCE))
		return fail(
			error, path,
			"the branch " BRANCH
			" is checked out, which holds nothing but extractions; switch to a branch of your own, as with git "
			"switch main");
	commit = folder_git(path, NULL, NULL, "rev-parse", "-q", "--verify", REFERENCE "^{commit}",
			    NULL);
	return commit ? commit : find_remote(path, error);
}

/* --- edits */

/* True with `*same` if both commits have the same contents. */
static bool compare(const char *path, const char *left, const char *right, bool *same,
		    GError **error)
{
	g_autofree char *left_name = g_strconcat(left, "^{tree}", NULL),
			*right_name = g_strconcat(right, "^{tree}", NULL);
	g_autofree char *left_tree = folder_git(path, NULL, error, "rev-parse", left_name, NULL);
	g_autofree char *right_tree =
		left_tree ? folder_git(path, NULL, error, "rev-parse", right_name, NULL) : NULL;

	*same = !g_strcmp0(left_tree, right_tree);
	return right_tree != NULL;
}

bool folder_find_edits(const char *path, enum folder_edits *edits, GError **error)
{
	g_autofree char *last = last_extraction(path, error), *begun = NULL;
	g_autofree char *dirty = last ? folder_git(path, NULL, error, "status", "--porcelain",
						   "--untracked-files=normal", NULL)
				      : NULL;
	bool same;

	if (!dirty)
		return false;
	begun = folder_git(path, NULL, NULL, "merge-base", last, "HEAD", NULL);
	if (!compare(path, begun ? begun : last, "HEAD", &same, error))
		return false;
	*edits = *dirty ? FOLDER_UNCOMMITTED : same ? FOLDER_NO_EDITS : FOLDER_COMMITS;
	return true;
}

/* --- commits */

/*
 * Writes the files of `folder` as a tree, by a new repository there. The objects go to `objects`,
 * or to that repository if it is NULL. Caller frees.
 */
static char *write_tree(const char *folder, const char *objects, GError **error)
{
	g_autofree char *added = NULL;

	if (!GIT(folder, "init", "-q", "-b", "main", "--template="))
		return NULL;
	added = folder_git(folder, objects, error, "add", "-A", "-f", NULL);
	return added ? folder_git(folder, objects, error, "write-tree", NULL) : NULL;
}

bool folder_begin_history(const char *path, const char *message, GError **error)
{
	g_autofree char *tree = write_tree(path, NULL, error);
	g_autofree char *commit =
		tree ? folder_git(path, NULL, error, "commit-tree", "-m", message, tree, NULL)
		     : NULL;

	return commit && GIT(path, "update-ref", REFERENCE, commit) &&
	       GIT(path, "update-ref", "refs/heads/main", commit);
}

/* A commit after `last` with the files of `aside`; `last` if they are the same. Caller frees. */
static char *commit_aside(const char *path, const char *aside, const char *last,
			  const char *message, GError **error)
{
	g_autofree char *objects =
		folder_git(path, NULL, error, "rev-parse", "--path-format=absolute", "--git-path",
			   "objects", NULL);
	g_autofree char *old = g_strconcat(last, "^{tree}", NULL);
	g_autofree char *old_tree =
		objects ? folder_git(path, NULL, error, "rev-parse", old, NULL) : NULL;
	g_autofree char *tree = old_tree ? write_tree(aside, objects, error) : NULL;

	if (!tree)
		return NULL;
	if (!strcmp(tree, old_tree))
		return g_strdup(last);
	return folder_git(path, NULL, error, "commit-tree", "-p", last, "-m", message, tree, NULL);
}

/* --- taking an extraction over */

/* True if the developer's branch has the commit already. */
static bool has_taken(const char *path, const char *commit)
{
	g_autofree char *common = folder_git(path, NULL, NULL, "merge-base", commit, "HEAD", NULL);

	return !g_strcmp0(common, commit);
}

/* The files with conflicts, in one line; NULL or empty if there are none. Caller frees. */
static char *find_conflicts(const char *path)
{
	char *conflicts =
		folder_git(path, NULL, NULL, "diff", "--name-only", "--diff-filter=U", NULL);

	return conflicts ? g_strdelimit(conflicts, "\n", ' ') : NULL;
}

/* Merges, whatever kind of merge the user has configured. */
static bool merge(const char *path, const char *message, GError **error)
{
	return GIT(path, "merge", "-q", "--ff", "--commit", "--no-edit", "--no-squash", "--no-log",
		   "--no-verify-signatures", "--no-signoff", "--no-autostash",
		   "--no-overwrite-ignore", "--strategy=recursive", "-m", message, BRANCH);
}

/* Says why a merge failed. Without conflicts, the branch of extractions is put back to `before`. */
static void fail_merge(const char *path, const char *before, GError *cause, GError **error)
{
	g_autofree char *conflicts = find_conflicts(path), *done = NULL;

	if (conflicts && *conflicts) {
		g_error_free(cause);
		g_set_error(
			error, FOLDER_ERROR, FOLDER_ERROR_CONFLICT,
			"%s: merged, with conflicts in: %s; resolve them and commit, or take the merge back with git merge --abort",
			path, conflicts);
		return;
	}
	done = before ? folder_git(path, NULL, NULL, "update-ref", REFERENCE, before, NULL)
		      : folder_git(path, NULL, NULL, "update-ref", "-d", REFERENCE, NULL);
	g_propagate_error(error, cause);
}

/* Takes the branch of extractions over. `before` is its commit before this run; NULL: none. */
static enum folder_result take_over(const char *path, const char *before, enum folder_edits edits,
				    GError **error)
{
	GError *cause = NULL;

	if (!merge(path,
		   edits == FOLDER_COMMITS ? "Merge a new extraction"
					   : "Take a new extraction over",
		   &cause)) {
		fail_merge(path, before, cause, error);
		return FOLDER_FAILED;
	}
	return edits == FOLDER_COMMITS ? FOLDER_MERGED : FOLDER_UPDATED;
}

enum folder_result folder_go_on(const char *path, const char *aside, const char *message,
				GError **error)
{
	g_autofree char *last = last_extraction(path, error);
	g_autofree char *before =
		folder_git(path, NULL, NULL, "rev-parse", "-q", "--verify", REFERENCE, NULL);
	g_autofree char *commit = last ? commit_aside(path, aside, last, message, error) : NULL;
	enum folder_edits edits;

	if (!commit || !folder_find_edits(path, &edits, error) ||
	    !GIT(path, "update-ref", REFERENCE, commit))
		return FOLDER_FAILED;
	return has_taken(path, commit) ? FOLDER_SAME : take_over(path, before, edits, error);
}
