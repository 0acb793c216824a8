// SPDX-License-Identifier: GPL-2.0-only
/*
 * The configuration in memory: its defaults, questions about it, freeing it. read.c fills it from a
 * file.
 *
 * Method: patterns go to fnmatch() with FNM_PATHNAME, so "*" stays within one folder. Limits: a
 * path is compared as it is written; it has to be relative to the tree, without "./".
 */
#include <fnmatch.h>
#include <string.h>

#include "analyzer/config/config.h"

G_DEFINE_QUARK(config - error - quark, config_error)

struct config *config_new(void)
{
	struct config *config = g_new0(struct config, 1);

	config->files = g_ptr_array_new_with_free_func(g_free);
	config->sidecars = g_ptr_array_new_with_free_func(g_free);
	config->interface_prefix = g_ptr_array_new_with_free_func(g_free);
	config->force_interface = g_ptr_array_new_with_free_func(g_free);
	config->force_external = g_ptr_array_new_with_free_func(g_free);
	config->inherit = g_ptr_array_new_with_free_func(g_free);
	config->private = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(config->files, g_strdup("kernel/sched/*.c"));
	g_ptr_array_add(config->files, g_strdup("kernel/sched/*.h"));
	return config;
}

void config_free(struct config *config)
{
	if (!config)
		return;
	g_ptr_array_unref(config->files);
	g_ptr_array_unref(config->sidecars);
	g_ptr_array_unref(config->interface_prefix);
	g_ptr_array_unref(config->force_interface);
	g_ptr_array_unref(config->force_external);
	g_ptr_array_unref(config->inherit);
	g_ptr_array_unref(config->private);
	g_free(config);
}

/*
 * fnmatch() is slow in a multibyte locale, and most files differ from a pattern before its first
 * wildcard: compare that part first.
 */
static bool matches(const char *pattern, const char *file)
{
	size_t literal = strcspn(pattern, "*?[\\");

	return strncmp(pattern, file, literal) == 0 && fnmatch(pattern, file, FNM_PATHNAME) == 0;
}

static bool matches_any(const GPtrArray *patterns, const char *file)
{
	for (guint i = 0; i < patterns->len; i++)
		if (matches(g_ptr_array_index(patterns, i), file))
			return true;
	return false;
}

bool config_is_scheduler_file(const struct config *config, const char *file)
{
	return matches_any(config->files, file) || matches_any(config->sidecars, file);
}

static int compare_strings(gconstpointer left, gconstpointer right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/*
 * Neither the order of the patterns nor which of the two lists holds one changes which files are
 * the scheduler's, so neither changes the hash.
 */
char *config_files_hash(const struct config *config)
{
	g_autoptr(GPtrArray) patterns = g_ptr_array_new();
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	g_ptr_array_extend(patterns, config->files, NULL, NULL);
	g_ptr_array_extend(patterns, config->sidecars, NULL, NULL);
	g_ptr_array_sort(patterns, compare_strings);
	for (guint i = 0; i < patterns->len; i++) {
		const char *pattern = g_ptr_array_index(patterns, i);

		if (i && !strcmp(pattern, g_ptr_array_index(patterns, i - 1)))
			continue;
		g_checksum_update(sum, (const guchar *)pattern, (gssize)strlen(pattern) + 1);
	}
	return g_strdup(g_checksum_get_string(sum));
}
