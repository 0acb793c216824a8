// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which units matter, found without parsing them.
 *
 * By source: the unit's own file and what it includes by quotes, looked for beside the including
 * file and under include/. By objects: relocations are exact.
 *
 * Limits: a scheduler header that is reached only through -I paths, or by angle brackets outside
 * include/, is not seen here. --exhaustive does not depend on any of this.
 */
#include "analyzer/select/select.h"

#include <string.h>

struct selector {
	const struct tree *tree;
	const struct config *config;
	GHashTable *roles; /* file -> role + 1 */
};

/*
 * The name in a line `#include "name"` or `#include <name>`; NULL for any other line. `*quote` gets
 * the opening character. Caller frees.
 */
static char *included_name(const char *line, char *quote)
{
	const char *end;

	line += strspn(line, " \t");
	if (*line != '#')
		return NULL;
	line++;
	line += strspn(line, " \t");
	if (!g_str_has_prefix(line, "include"))
		return NULL;
	line += strlen("include");
	line += strspn(line, " \t");
	if (*line != '"' && *line != '<')
		return NULL;
	*quote = *line;
	end = strpbrk(line + 1, "\">\n");
	return end ? g_strndup(line + 1, (gsize)(end - line - 1)) : NULL;
}

static uint8_t file_role(struct selector *s, const char *file);

static uint8_t included_role(struct selector *s, const char *file, const char *name, char quote)
{
	g_autofree char *directory = g_path_get_dirname(file);
	g_autofree char *from = g_build_filename(s->tree->source_dir, directory, NULL);
	g_autofree char *beside = tree_path(s->tree, from, name);
	g_autofree char *global = g_build_filename("include", name, NULL);
	uint8_t role = SELECT_OTHER;

	if (quote == '"')
		role = file_role(s, beside);
	if (config_is_scheduler_file(s->config, global))
		role = MAX(role, SELECT_USER);
	return role;
}

static uint8_t roles_of_includes(struct selector *s, const char *file)
{
	g_autofree char *text = tree_read_file(s->tree, file, NULL);
	uint8_t role = SELECT_OTHER;

	for (const char *line = text; line;
	     line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
		char quote = 0;
		g_autofree char *name = included_name(line, &quote);

		if (name)
			role = MAX(role, included_role(s, file, name, quote));
	}
	return role;
}

/*
 * SELECT_SCHEDULER for a scheduler's .c file and for a file that includes one; SELECT_USER for a
 * scheduler's header and for a file that includes one.
 */
static uint8_t file_role(struct selector *s, const char *file)
{
	uint8_t role = (uint8_t)GPOINTER_TO_UINT(g_hash_table_lookup(s->roles, file));

	if (role)
		return role - 1;
	/* ends the recursion if files include each other */
	g_hash_table_insert(s->roles, g_strdup(file), GUINT_TO_POINTER(SELECT_OTHER + 1));
	if (config_is_scheduler_file(s->config, file))
		role = g_str_has_suffix(file, ".h") ? SELECT_USER : SELECT_SCHEDULER;
	else
		role = roles_of_includes(s, file);
	g_hash_table_insert(s->roles, g_strdup(file), GUINT_TO_POINTER(role + 1u));
	return role;
}

uint8_t *select_by_source(const struct tree *tree, const struct config *config)
{
	struct selector s = { tree, config,
			      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL) };
	uint8_t *roles = g_new0(uint8_t, tree->units->len + 1);

	for (guint i = 0; i < tree->units->len; i++) {
		const struct tree_unit *unit = g_ptr_array_index(tree->units, i);

		roles[i] = file_role(&s, unit->source);
	}
	g_hash_table_destroy(s.roles);
	return roles;
}

static void add_strings(GHashTable *set, const GPtrArray *strings)
{
	for (guint i = 0; i < strings->len; i++)
		g_hash_table_add(set, g_ptr_array_index(strings, i));
}

void select_by_objects(const struct tree *tree, const struct objects *objects, uint8_t *roles)
{
	g_autoptr(GHashTable) raised = g_hash_table_new(g_str_hash, g_str_equal);
	GHashTableIter iter;
	gpointer users;

	g_hash_table_iter_init(&iter, objects->users);
	while (g_hash_table_iter_next(&iter, NULL, &users))
		add_strings(raised, users);
	add_strings(raised, objects->missing);
	for (guint i = 0; i < tree->units->len; i++) {
		const struct tree_unit *unit = g_ptr_array_index(tree->units, i);

		if (roles[i] == SELECT_OTHER && (unit->asm_offsets || !*unit->object ||
						 g_hash_table_contains(raised, unit->object)))
			roles[i] = SELECT_USER;
	}
}
