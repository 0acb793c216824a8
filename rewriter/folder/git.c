// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs git independently of the user's settings.
 *
 * Method: git gets none of the variables that it reads, but for those that say where its own
 * programs and the settings are. Settings that would change what is done are overridden; those of
 * ownership (safe.directory) must stay, and so must what the user ignores: callers say "add -f".
 *
 * Limits: settings that name a branch (branch.NAME.mergeOptions) stay in force where no option of
 * "git merge" overrides them.
 */
#include "rewriter/folder/git.h"

#include "rewriter/folder/folder.h"

#include <stdarg.h>
#include <string.h>

/*
 * Overrides for settings that would change bytes, the kind of a merge or of a repository, ask for a
 * key, or run other programs.
 */
static const char *const settings[] = { "user.name=plugsched",
					"user.email=plugsched@localhost",
					"commit.gpgSign=false",
					"core.hooksPath=/dev/null",
					"core.autocrlf=false",
					"core.safecrlf=false",
					"core.fsmonitor=false",
					"gc.auto=0",
					"merge.conflictStyle=merge",
					"advice.detachedHead=false",
					"core.attributesFile=/dev/null",
					"rerere.autoUpdate=false",
					"color.ui=false",
					"init.defaultObjectFormat=sha1",
					"init.defaultRefFormat=files" };

/* Variables that git may have from its user: where its programs are, and which settings to read. */
static const char *const kept[] = { "GIT_EXEC_PATH", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM",
				    "GIT_CONFIG_NOSYSTEM", NULL };

static char **environment(const char *objects, const char *work)
{
	g_auto(GStrv) names = g_listenv();
	char **env = g_get_environ();

	for (char **name = names; *name; name++)
		if (g_str_has_prefix(*name, "GIT_") && !g_strv_contains(kept, *name))
			env = g_environ_unsetenv(env, *name);
	env = g_environ_setenv(env, "LC_ALL", "C", TRUE);
	env = g_environ_setenv(env, "GIT_ATTR_NOSYSTEM", "1", TRUE);
	env = g_environ_setenv(env, "GIT_WORK_TREE", work, TRUE);
	if (objects)
		env = g_environ_setenv(env, "GIT_OBJECT_DIRECTORY", objects, TRUE);
	return env;
}

/* git runs in another directory than we do, so the path must be absolute. */
static char *git_dir(const char *directory)
{
	g_autofree char *absolute = g_canonicalize_filename(directory, NULL);

	return g_strdup_printf("--git-dir=%s/.git", absolute);
}

char *folder_git(const char *directory, const char *objects, GError **error, ...)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new();
	g_autofree char *tree = g_canonicalize_filename(directory, NULL);
	g_auto(GStrv) env = environment(objects, tree);
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
