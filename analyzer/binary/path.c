// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes the names of source files comparable, as the compiler wrote them.
 *
 * "/build/kernel/sched/../smpboot.h" built in "/build" becomes "kernel/smpboot.h", and so does
 * "../src/kernel/smpboot.h" when the sources lie in "/src". The tree may have moved since it was
 * built. The method is purely textual: symbolic links are not followed, and the files need not
 * exist.
 *
 * The prefix maps of a unit's command (-ffile-prefix-map=OLD=NEW) are undone: NEW at the beginning
 * of a path becomes OLD again. A path may also have been written as it stands, and a map to nothing
 * leaves no trace: "kernel/fork.c" may be below OLD or below the build directory. Then it is the one
 * where there is a file.
 */
#include "analyzer/binary/internal.h"

#include <string.h>

/* Strips `folder` from the path if the path lies below it. True if it does. */
static bool strip_folder(char *path, const char *folder)
{
	size_t length = strlen(folder);

	if (!g_str_has_prefix(path, folder))
		return false;
	if (folder[length - 1] != '/' && path[length] != '/')
		return false;
	length += path[length] == '/';
	memmove(path, path + length, strlen(path + length) + 1);
	return true;
}

/* Names the path, which is written without maps. Caller frees. */
static char *plain_name(const struct binary *binary, const char *base, const char *path)
{
	char *full = g_canonicalize_filename(path, base);

	if (!binary->source_dir || !strip_folder(full, binary->source_dir))
		strip_folder(full, base);
	return full;
}

/* --- prefix maps */

GHashTable *binary_distinct_maps(GHashTable *maps)
{
	GHashTable *distinct =
		g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_strfreev);
	GHashTableIter iter;
	gpointer text;

	if (!maps)
		return distinct;
	g_hash_table_iter_init(&iter, maps);
	while (g_hash_table_iter_next(&iter, NULL, &text))
		if (!g_hash_table_contains(distinct, text))
			g_hash_table_insert(distinct, text, g_strsplit(text, "\n", -1));
	return distinct;
}

/* The map that the compiler applies to a path: the last one that fits; NULL if none does. */
static const char *map_for(char *const *maps, const char *path)
{
	const char *found = NULL;

	for (; *maps; maps++)
		if (!strncmp(*maps, path, strcspn(*maps, "=")))
			found = *maps;
	return found;
}

/* The path that `map` turned into `written`; NULL if it did not. Caller frees. */
static char *undo_map(char *const *maps, const char *map, const char *written)
{
	size_t length = strcspn(map, "=");
	const char *new = map + length + 1;
	g_autofree char *path =
		g_str_has_prefix(written, new)
			? g_strdup_printf("%.*s%s", (int)length, map, written + strlen(new))
			: NULL;

	return path && map_for(maps, path) == map ? g_steal_pointer(&path) : NULL;
}

/*
 * What the path was before the maps. Of several answers, the first that is a file; as it stands if
 * no map can have made it. Caller frees.
 */
static char *undo_maps(char *const *maps, const char *base, const char *written)
{
	g_autofree char *plain = g_canonicalize_filename(written, base), *first = NULL;

	if (!map_for(maps, written) && g_file_test(plain, G_FILE_TEST_EXISTS))
		return g_strdup(written);
	for (char *const *map = maps; *map; map++) {
		g_autofree char *path = undo_map(maps, *map, written);
		g_autofree char *full = path ? g_canonicalize_filename(path, base) : NULL;

		if (full && g_file_test(full, G_FILE_TEST_EXISTS))
			return g_steal_pointer(&path);
		if (path && !first)
			first = g_steal_pointer(&path);
	}
	return first ? g_steal_pointer(&first) : g_strdup(written);
}

char *binary_path_in_tree(const struct binary *binary, const struct unit_paths *paths,
			  const char *path)
{
	const char *root = paths->root;
	const char *base = binary->build_dir ? binary->build_dir : root ? root : "/";
	g_autofree char *written = g_strdup(path), *original = NULL;

	if (root && *root)
		strip_folder(written, root); /* the tree may have moved to build_dir */
	if (!paths->maps)
		return plain_name(binary, base, written);
	original = undo_maps(paths->maps, base, written);
	return plain_name(binary, base, original);
}

char *binary_unit_in_tree(const struct binary *binary, const char *root, const char *name,
			  struct unit_paths *paths)
{
	const struct binary_state *state = binary->state;
	GHashTableIter iter;
	gpointer text, maps;

	g_hash_table_iter_init(&iter, state->maps);
	while (g_hash_table_iter_next(&iter, &text, &maps)) {
		g_autofree char *found = NULL;

		*paths = (struct unit_paths){ .root = root, .maps = maps };
		found = binary_path_in_tree(binary, paths, name);
		if (!g_strcmp0(g_hash_table_lookup(binary->maps, found), text))
			return g_steal_pointer(&found);
	}
	*paths = (struct unit_paths){ .root = root };
	return binary_path_in_tree(binary, paths, name);
}
