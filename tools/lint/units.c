// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds the units that the files asked for are part of. For the scheduler's own files the #include
 * "..." lines tell. For other files it is not known before the units are parsed; then all units are
 * parsed, and those that did not read the file are dropped.
 */
#include "tools/lint/private.h"

#include "analyzer/select/words.h"

#include <string.h>

/* Adds the file and, recursively, the files that it includes with quotes. */
static void add_included(const struct linter *linter, struct words *words, const char *file,
			 GHashTable *files)
{
	const struct word_file *found;
	g_autofree char *path = NULL, *folder = NULL;

	if (!g_hash_table_add(files, g_strdup(file)))
		return;
	path = tree_file(linter->inputs->tree, file);
	folder = g_path_get_dirname(path);
	found = words_file(words, file);
	for (guint i = 0; i < found->quoted->len; i++) {
		g_autofree char *name = tree_path(linter->inputs->tree, folder,
						  g_ptr_array_index(found->quoted, i));

		if (config_is_scheduler_file(linter->inputs->config, name))
			add_included(linter, words, name, files);
	}
}

/* The scheduler's files that are part of a unit: a set of char *. Caller destroys it. */
static GHashTable *files_of(const struct linter *linter, struct words *words,
			    const struct tree_unit *unit)
{
	GHashTable *files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	add_included(linter, words, unit->source, files);
	return files;
}

void lint_unit_free(gpointer data)
{
	struct lint_unit *unit = data;

	g_array_unref(unit->checks);
	g_array_unref(unit->feature_answers);
	g_ptr_array_unref(unit->errors);
	g_clear_pointer(&unit->defined, g_hash_table_destroy);
	g_free(unit);
}

static struct lint_unit *add_unit(GPtrArray *units, const struct tree_unit *tree_unit)
{
	struct lint_unit *unit = g_new0(struct lint_unit, 1);

	unit->unit = tree_unit;
	unit->checks = g_array_new(FALSE, FALSE, sizeof(struct lint_check));
	unit->feature_answers = g_array_new(FALSE, TRUE, sizeof(bool));
	unit->errors = g_ptr_array_new();
	g_ptr_array_add(units, unit);
	return unit;
}

/* The file's name in the tree; NULL with `error` if there is no such file. Caller frees. */
static char *name_file(const struct linter *linter, const char *file, GError **error)
{
	g_autofree char *path = lint_resolve(file),
			*name = tree_path(linter->inputs->tree, NULL, path);

	if (g_file_test(path, G_FILE_TEST_EXISTS) || lint_given(linter->inputs, name))
		return g_steal_pointer(&name);
	g_set_error(error, LINT_ERROR_DOMAIN, 0,
		    "%s: no such file; name files of the tree that are to be checked", file);
	return NULL;
}

static bool name_files(struct linter *linter, GError **error)
{
	const char *const *files = linter->inputs->options->files;

	for (; files && *files; files++) {
		char *name = name_file(linter, *files, error);

		if (!name)
			return false;
		g_ptr_array_add(linter->wanted, name);
	}
	return true;
}

static bool has_wanted(const struct linter *linter, GHashTable *files, GHashTable *found)
{
	bool has = false;

	for (guint i = 0; i < linter->wanted->len; i++)
		if (g_hash_table_contains(files, g_ptr_array_index(linter->wanted, i))) {
			g_hash_table_add(found, g_ptr_array_index(linter->wanted, i));
			has = true;
		}
	return has;
}

static void add_all(struct linter *linter)
{
	g_ptr_array_set_size(linter->units, 0);
	for (guint i = 0; i < linter->inputs->units->len; i++)
		add_unit(linter->units, g_ptr_array_index(linter->inputs->units, i));
}

bool lint_choose_units(struct linter *linter, GError **error)
{
	g_autoptr(GHashTable) found = g_hash_table_new(g_str_hash, g_str_equal);
	struct words *words;

	linter->units = g_ptr_array_new_with_free_func(lint_unit_free);
	if (!name_files(linter, error))
		return false;
	words = words_new(linter->inputs->tree);
	for (guint i = 0; linter->wanted->len && i < linter->inputs->units->len; i++) {
		g_autoptr(GHashTable) files =
			files_of(linter, words, g_ptr_array_index(linter->inputs->units, i));

		if (has_wanted(linter, files, found))
			add_unit(linter->units, g_ptr_array_index(linter->inputs->units, i));
	}
	words_free(words);
	linter->is_filtered = g_hash_table_size(found) < linter->wanted->len;
	if (!linter->wanted->len || linter->is_filtered)
		add_all(linter);
	return true;
}

/* Lays a text over a file, in place of one that lies there. Takes both strings over. */
static void lay_over(struct linter *linter, char *path, char *text)
{
	struct source_overlay overlay = { path, text, strlen(text) };
	guint at = 0;

	g_ptr_array_add(linter->laid, path);
	g_ptr_array_add(linter->laid, text);
	while (at < linter->overlays->len &&
	       strcmp(g_array_index(linter->overlays, struct source_overlay, at).path, path) != 0)
		at++;
	if (at == linter->overlays->len)
		g_array_set_size(linter->overlays, at + 1);
	g_array_index(linter->overlays, struct source_overlay, at) = overlay;
}

void lint_lay_over(struct linter *linter)
{
	for (guint i = 0; i < linter->inputs->given->len; i++)
		g_array_append_vals(linter->overlays, g_ptr_array_index(linter->inputs->given, i),
				    1);
	for (guint i = 0; i < linter->units->len; i++) {
		struct lint_unit *unit = g_ptr_array_index(linter->units, i);

		lay_over(linter, lint_path(linter->inputs, unit->unit->source),
			 lint_ask(linter, unit));
	}
	lay_over(linter, g_build_filename(linter->inputs->folder, LINT_CHECK_BEGIN, NULL),
		 lint_check_begin_text(linter->inputs->graph));
	if (linter->inputs->is_extracted)
		lay_over(linter, g_build_filename(linter->inputs->folder, "boundary.h", NULL),
			 g_strdup(""));
	linter->context.overlays = (const struct source_overlay *)(void *)linter->overlays->data;
	linter->context.n_overlays = linter->overlays->len;
}

static bool has_read(const struct facts *facts, const char *file)
{
	for (gsize i = 0; facts && i < facts->n_inputs; i++)
		if (strcmp(facts->strings[facts->inputs[i].path], file) == 0)
			return true;
	return false;
}

void lint_drop_units(struct linter *linter)
{
	g_autoptr(GHashTable) found = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = linter->units->len; linter->is_filtered && i-- > 0;) {
		const struct lint_unit *unit = g_ptr_array_index(linter->units, i);
		bool is_wanted = false;

		for (guint j = 0; j < linter->wanted->len; j++)
			if (has_read(unit->facts, g_ptr_array_index(linter->wanted, j))) {
				g_hash_table_add(found, g_ptr_array_index(linter->wanted, j));
				is_wanted = true;
			}
		if (!is_wanted)
			g_ptr_array_remove_index(linter->units, i);
	}
	for (guint j = 0; linter->is_filtered && j < linter->wanted->len; j++) {
		const char *file = g_ptr_array_index(linter->wanted, j);
		g_autofree char *path = lint_path(linter->inputs, file);

		if (!g_hash_table_contains(found, file))
			lint_problem(
				linter->result, path, 0,
				"is part of no unit of the scheduler, so it cannot be checked");
	}
}

static bool has_unit(const GPtrArray *units, const struct tree_unit *unit)
{
	for (guint i = 0; i < units->len; i++)
		if (((const struct lint_unit *)g_ptr_array_index(units, i))->unit == unit)
			return true;
	return false;
}

/* True if a .c file of the unit contains the word. */
static bool has_word(struct linter *linter, struct words *words, const struct tree_unit *unit,
		     const char *word)
{
	g_autoptr(GHashTable) files = files_of(linter, words, unit);
	GHashTableIter iter;
	gpointer file;

	g_hash_table_iter_init(&iter, files);
	while (g_hash_table_iter_next(&iter, &file, NULL))
		if (g_str_has_suffix(file, ".c") && strstr(lint_text(linter->texts, file), word))
			return true;
	return false;
}

void lint_parse_others(struct linter *linter, const char *word)
{
	struct source_options options = { .threads = linter->inputs->options->threads,
					  .takes_broken = true,
					  .stop = linter->inputs->options->stop };
	g_autoptr(GPtrArray) units = g_ptr_array_new();
	struct words *words = words_new(linter->inputs->tree);
	struct source_result *parsed;

	for (guint i = 0; i < linter->inputs->units->len; i++) {
		struct tree_unit *unit = g_ptr_array_index(linter->inputs->units, i);

		if (!has_unit(linter->units, unit) && !has_unit(linter->others, unit) &&
		    has_word(linter, words, unit, word))
			g_ptr_array_add(units, unit);
	}
	words_free(words);
	if (!units->len)
		return;
	parsed = source_collect(&linter->context, units, &options);
	g_ptr_array_add(linter->others_parsed, parsed);
	for (guint i = 0; i < units->len; i++)
		lint_unit_take(add_unit(linter->others, g_ptr_array_index(units, i)),
			       g_ptr_array_index(parsed->facts, i));
}
