// SPDX-License-Identifier: GPL-2.0-only
/* Runs git independently of the user's settings. */
#include "rewriter/folder/git.h"

#include "rewriter/folder/folder.h"

#include <stdarg.h>
#include <string.h>

/* Overrides for settings that would change bytes, ask for a key, or run other programs. */
static const char *const settings[] = {
	"user.name=plugsched",       "user.email=plugsched@localhost",
	"commit.gpgSign=false",      "core.hooksPath=/dev/null",
	"core.autocrlf=false",       "core.safecrlf=false",
	"core.fsmonitor=false",      "gc.auto=0",
	"merge.conflictStyle=merge", "advice.detachedHead=false"
};

static char **environment(const char *index, const char *work)
{
	char **env = g_get_environ();

	env = g_environ_unsetenv(env, "GIT_DIR");
	env = g_environ_unsetenv(env, "GIT_WORK_TREE");
	env = g_environ_unsetenv(env, "GIT_INDEX_FILE");
	env = g_environ_setenv(env, "LC_ALL", "C", TRUE);
	if (index)
		env = g_environ_setenv(env, "GIT_INDEX_FILE", index, TRUE);
	if (work)
		env = g_environ_setenv(env, "GIT_WORK_TREE", work, TRUE);
	return env;
}

/* git runs in another directory than we do, so the path must be absolute. */
static char *git_dir(const char *directory)
{
	g_autofree char *absolute = g_canonicalize_filename(directory, NULL);

	return g_strdup_printf("--git-dir=%s/.git", absolute);
}

char *folder_git(const char *directory, const char *index, const char *work, GError **error, ...)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new();
	g_autofree char *tree = g_canonicalize_filename(work ? work : directory, NULL);
	g_auto(GStrv) env = environment(index, tree);
	g_autofree char *dir = git_dir(directory), *out = NULL, *err = NULL;
	const char *first = NULL, *word;
	va_list arguments;
	int status;

	g_ptr_array_add(words, (gpointer) "git");
	for (guint i = 0; i < G_N_ELEMENTS(settings); i++) {
		g_ptr_array_add(words, (gpointer) "-c");
		g_ptr_array_add(words, (gpointer)settings[i]);
	}
	g_ptr_array_add(words, dir);
	va_start(arguments, error);
	while ((word = va_arg(arguments, const char *))) {
		first = first ? first : word;
		g_ptr_array_add(words, (gpointer)word);
	}
	va_end(arguments);
	g_ptr_array_add(words, NULL);
	if (!g_spawn_sync(directory, (char **)words->pdata, env, G_SPAWN_SEARCH_PATH, NULL, NULL,
			  &out, &err, &status, NULL)) {
		g_set_error(error, FOLDER_ERROR, FOLDER_ERROR_GIT, "git cannot be run; install it");
		return NULL;
	}
	if (!g_spawn_check_wait_status(status, NULL)) {
		g_strchomp(err);
		g_set_error(error, FOLDER_ERROR, FOLDER_ERROR_GIT, "%s: git %s failed: %s",
			    directory, first, *err ? err : g_strchomp(out));
		return NULL;
	}
	g_strchomp(out);
	return g_steal_pointer(&out);
}
