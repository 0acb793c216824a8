// SPDX-License-Identifier: GPL-2.0-only
/*
 * Facts that plugsched-facts left in files, found by their key.
 *
 * Method: each file is loaded once to learn its key and then released; whoever needs its facts
 * loads it again. The names of the files do not matter, so facts from several machines can be put
 * together. The names serve only messages.
 *
 * Limits: a damaged file does not tell which unit it belonged to, so it is named where facts are
 * missing. Two files with the same key hold the same facts, unless a source changed in between;
 * then the first by name may hide the second.
 */
#include "analyzer/source/parse.h"

#include <string.h>

struct source_store {
	GHashTable *paths;   /* key -> path */
	GHashTable *sources; /* unit's source -> name of a file with its facts, whatever the key */
	GPtrArray *damaged;  /* char *: names of files */
};

/*
 * One file. Messages may get into the report, so they use a name that does not say where the given
 * folder lies.
 */
struct store_file {
	char *path;
	const char *name; /* the end of `path`: what is below the given folder, or the last part */
};

#define REMAKE "make it again (plugsched-analyze --ninja, then ninja; or plugsched-facts)"

static void file_free(gpointer data)
{
	struct store_file *file = data;

	g_free(file->path);
	g_free(file);
}

static void add_file(GPtrArray *files, const char *path, size_t name)
{
	struct store_file *file = g_new0(struct store_file, 1);

	file->path = g_strdup(path);
	file->name = file->path + name;
	g_ptr_array_add(files, file);
}

static gint compare_files(gconstpointer left, gconstpointer right)
{
	const struct store_file *l = *(struct store_file *const *)left,
				*r = *(struct store_file *const *)right;

	return strcmp(l->path, r->path);
}

/*
 * Lists all files of facts below a folder. `name` is the offset where the name of a file in the
 * given folder begins.
 */
static bool list_folder(const char *folder, size_t name, GPtrArray *files, GError **error)
{
	g_autoptr(GDir) directory = g_dir_open(folder, 0, error);
	const char *entry;
	bool is_good = directory != NULL;

	while (is_good && (entry = g_dir_read_name(directory))) {
		g_autofree char *path = g_strconcat(folder, "/", entry, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_DIR) &&
		    g_file_test(path, G_FILE_TEST_IS_SYMLINK))
			continue; /* it may lead back to a folder above */
		if (g_file_test(path, G_FILE_TEST_IS_DIR))
			is_good = list_folder(path, name, files, error);
		else if (g_str_has_suffix(entry, SOURCE_FACTS_SUFFIX))
			add_file(files, path, name);
	}
	return is_good;
}

static bool list_all(char *const *given, GPtrArray *files, GError **error)
{
	for (; *given; given++) {
		const char *slash = strrchr(*given, '/');

		if (!g_file_test(*given, G_FILE_TEST_IS_DIR))
			add_file(files, *given, slash ? (size_t)(slash + 1 - *given) : 0);
		else if (!list_folder(*given, strlen(*given) + 1, files, error))
			return false;
	}
	g_ptr_array_sort(files, compare_files);
	return true;
}

static void take_file(struct source_store *store, const struct store_file *file)
{
	struct facts *facts = facts_load(file->path);

	if (!facts) {
		g_ptr_array_add(store->damaged, g_strdup(file->name));
		return;
	}
	if (!g_hash_table_contains(store->paths, facts->key))
		g_hash_table_insert(store->paths, g_strdup(facts->key), g_strdup(file->path));
	g_hash_table_insert(store->sources, g_strdup(facts->source), g_strdup(file->name));
	facts_free(facts);
}

static bool check_some(const struct source_store *store, char *const *given, GError **error)
{
	if (g_hash_table_size(store->paths))
		return true;
	if (store->damaged->len)
		g_set_error(
			error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			"%s: cannot be read as facts of this version of plugsched-facts; " REMAKE,
			(char *)g_ptr_array_index(store->damaged, 0));
	else
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
			    "%s: holds no *" SOURCE_FACTS_SUFFIX
			    "; run ninja with the build.ninja of plugsched-analyze --ninja, "
			    "or name another place with --facts",
			    *given);
	return false;
}

struct source_store *source_store_open(char *const *given, GError **error)
{
	struct source_store *store = g_new0(struct source_store, 1);
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(file_free);
	bool is_good;

	store->paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	store->sources = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	store->damaged = g_ptr_array_new_with_free_func(g_free);
	is_good = list_all(given, files, error);
	for (guint i = 0; is_good && i < files->len; i++)
		take_file(store, g_ptr_array_index(files, i));
	if (is_good && check_some(store, given, error))
		return store;
	source_store_free(store);
	return NULL;
}

void source_store_free(struct source_store *store)
{
	if (!store)
		return;
	g_hash_table_destroy(store->paths);
	g_hash_table_destroy(store->sources);
	g_ptr_array_unref(store->damaged);
	g_free(store);
}

/* The damaged file with the unit's name, else the first damaged one; NULL if none is damaged. */
static const char *damaged_file(const struct source_store *store, const struct tree_unit *unit)
{
	g_autofree char *name = g_strconcat(unit->object, SOURCE_FACTS_SUFFIX, NULL);

	for (guint i = 0; i < store->damaged->len; i++)
		if (g_str_has_suffix(g_ptr_array_index(store->damaged, i), name))
			return g_ptr_array_index(store->damaged, i);
	return store->damaged->len ? g_ptr_array_index(store->damaged, 0) : NULL;
}

const char *source_store_find(const struct source_store *store, const struct tree_unit *unit,
			      const char *key, char **message)
{
	const char *path = g_hash_table_lookup(store->paths, key), *other;

	if (path)
		return path;
	if ((other = g_hash_table_lookup(store->sources, unit->source)))
		*message = g_strdup_printf(
			"%s: was made with other arguments, by another version, or for other "
			"scheduler files (--config); " REMAKE,
			other);
	else if ((other = damaged_file(store, unit)))
		*message = g_strdup_printf(
			"%s: cannot be read as facts of this version of plugsched-facts; " REMAKE,
			other);
	else
		*message = g_strdup("none of the files given holds them; " REMAKE);
	return NULL;
}
