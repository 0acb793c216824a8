// SPDX-License-Identifier: GPL-2.0-only
/*
 * The prefix maps of the units' commands.
 *
 * -ffile-prefix-map=OLD=NEW makes the compiler write NEW for OLD where a path begins with it, so that
 * the build does not depend on where the trees lie. -fdebug-prefix-map does so in debug information
 * alone. -fmacro-prefix-map changes only __FILE__, so it does not matter here.
 */
#include "analyzer/tree/tree_private.h"

#include <string.h>

static const char *const options[] = { "-ffile-prefix-map=", "-fdebug-prefix-map=" };

/* "OLD=NEW" of the argument; NULL if it is no prefix map. Borrowed. */
static const char *map_of(const char *argument)
{
	for (size_t i = 0; i < G_N_ELEMENTS(options); i++)
		if (g_str_has_prefix(argument, options[i]) &&
		    strchr(argument + strlen(options[i]), '='))
			return argument + strlen(options[i]);
	return NULL;
}

/* The unit's maps, one a line; NULL if it has none. Caller frees. */
static char *maps_of(const struct tree_unit *unit)
{
	GString *maps = NULL;

	for (char **argument = unit->arguments; *argument; argument++) {
		const char *map = map_of(*argument);

		if (map && !maps)
			maps = g_string_new(map);
		else if (map)
			g_string_append_printf(maps, "\n%s", map);
	}
	return maps ? g_string_free(maps, FALSE) : NULL;
}

GHashTable *tree_prefix_maps(const struct tree *tree)
{
	GHashTable *all = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < tree->units->len; i++) {
		const struct tree_unit *unit = g_ptr_array_index(tree->units, i);
		g_autofree char *maps = maps_of(unit);

		if (maps)
			g_hash_table_insert(all, (gpointer)unit->source,
					    g_string_chunk_insert_const(tree->strings, maps));
	}
	return all;
}
