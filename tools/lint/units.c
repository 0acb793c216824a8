// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds the units that the files asked for are part of, and parses them. For the scheduler's own
 * files the #include "..." lines tell. For other files it is not known before the units are parsed;
 * then all units are parsed, and those that did not read the file are dropped.
 *
 * The units' texts are parsed with the questions behind them. boundary.h is parsed as an empty
 * file, and the header before each unit as the text that lint_check_begin_text() gives.
 */
#include "tools/lint/private.h"

#include "analyzer/select/words.h"

#include <string.h>

/* --- a unit */

static void unit_free(gpointer data)
{
	struct lint_unit *unit = data;

	g_array_unref(unit->checks);
	g_array_unref(unit->feature_answers);
	g_array_unref(unit->value_answers);
	g_ptr_array_unref(unit->errors);
	g_clear_pointer(&unit->defined, g_hash_table_destroy);
	g_clear_pointer(&unit->flows, g_array_unref);
	g_free(unit);
}

static void add_unit(GPtrArray *units, const struct tree_unit *tree_unit)
{
	struct lint_unit *unit = g_new0(struct lint_unit, 1);

	unit->unit = tree_unit;
	unit->checks = g_array_new(FALSE, FALSE, sizeof(struct lint_check));
	unit->feature_answers = g_array_new(FALSE, TRUE, sizeof(bool));
	unit->value_answers = g_array_new(FALSE, TRUE, sizeof(bool));
	unit->errors = g_ptr_array_new();
	g_ptr_array_add(units, unit);
}

/*
 * The names that the unit defines in the scheduler's files; definitions in the
 * kernel's headers do not count.
 */
static GHashTable *index_defined(const struct lint_unit *unit)
{
	GHashTable *defined = g_hash_table_new(g_str_hash, g_str_equal);

	for (gsize i = 0; i < unit->facts->n_symbols; i++) {
		const struct facts_symbol *symbol = &unit->facts->symbols[i];

		if ((symbol->flags & (FACTS_DEFINED | FACTS_SCHEDULER)) ==
			    (FACTS_DEFINED | FACTS_SCHEDULER) &&
		    symbol->owner == FACTS_NONE)
			g_hash_table_insert(defined, (gpointer)lint_string(unit, symbol->name),
					    GUINT_TO_POINTER((guint)i + 1));
	}
	return defined;
}

static gint compare_flows(gconstpointer left, gconstpointer right)
{
	const struct facts_flow *l = left, *r = right;

	if (l->from != r->from)
		return l->from < r->from ? -1 : 1;
	return l->to < r->to ? -1 : l->to > r->to;
}

static GArray *sort_flows(const struct facts *facts)
{
	GArray *flows = g_array_new(FALSE, FALSE, sizeof(struct facts_flow));

	g_array_append_vals(flows, facts->flows, (guint)facts->n_flows);
	g_array_sort(flows, compare_flows);
	return flows;
}

/* --- the units to check */

/* Adds the file and, recursively, the files that it includes with quotes. */
static void add_included(const struct lint_inputs *inputs, const char *file, struct words *words,
			 GHashTable *files)
{
	const struct word_file *found;
	g_autofree char *path = NULL, *folder = NULL;

	if (!g_hash_table_add(files, g_strdup(file)))
		return;
	path = tree_file(inputs->tree, file);
	folder = g_path_get_dirname(path);
	found = words_file(words, file);
	for (guint i = 0; i < found->quoted->len; i++) {
		g_autofree char *name =
			tree_path(inputs->tree, folder, g_ptr_array_index(found->quoted, i));

		if (config_is_scheduler_file(inputs->config, name))
			add_included(inputs, name, words, files);
	}
}

/* The scheduler's files that are part of a unit: a set of char *. Caller destroys it. */
static GHashTable *files_of(const struct lint_inputs *inputs, const struct tree_unit *unit,
			    struct words *words)
{
	GHashTable *files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	add_included(inputs, unit->source, words, files);
	return files;
}

/* The file's name in the tree; NULL with `error` if there is no such file. Caller frees. */
static char *name_file(const struct lint_inputs *inputs, const char *file, GError **error)
{
	g_autofree char *path = lint_resolve(file), *name = tree_path(inputs->tree, NULL, path);

	if (g_file_test(path, G_FILE_TEST_EXISTS) || lint_given(inputs, name))
		return g_steal_pointer(&name);
	g_set_error(error, LINT_ERROR_DOMAIN, 0,
		    "%s: no such file; name files of the tree that are to be checked", file);
	return NULL;
}

/* Adds the files asked for, as the tree names them. False with `error` if one does not exist. */
static bool name_files(const struct lint_inputs *inputs, GPtrArray *names, GError **error)
{
	const char *const *files = inputs->options->files;

	for (; files && *files; files++) {
		char *name = name_file(inputs, *files, error);

		if (!name)
			return false;
		g_ptr_array_add(names, name);
	}
	return true;
}

/* True if one of the wanted files is among `files`. Adds those that are to `found`. */
static bool has_wanted(const GPtrArray *wanted, GHashTable *files, GHashTable *found)
{
	bool has = false;

	for (guint i = 0; i < wanted->len; i++)
		if (g_hash_table_contains(files, g_ptr_array_index(wanted, i))) {
			g_hash_table_add(found, g_ptr_array_index(wanted, i));
			has = true;
		}
	return has;
}

static void choose(const struct lint_inputs *inputs, struct lint_module *module)
{
	g_autoptr(GHashTable) found = g_hash_table_new(g_str_hash, g_str_equal);
	struct words *words = words_new(inputs->tree);

	for (guint i = 0; module->wanted->len && i < inputs->units->len; i++) {
		const struct tree_unit *unit = g_ptr_array_index(inputs->units, i);
		g_autoptr(GHashTable) files = files_of(inputs, unit, words);

		if (has_wanted(module->wanted, files, found))
			add_unit(module->units, unit);
	}
	words_free(words);
	module->is_filtered = g_hash_table_size(found) < module->wanted->len;
	if (module->wanted->len && !module->is_filtered)
		return;
	g_ptr_array_set_size(module->units, 0);
	for (guint i = 0; i < inputs->units->len; i++)
		add_unit(module->units, g_ptr_array_index(inputs->units, i));
}

static void result_free(gpointer result)
{
	source_result_free(result);
}

struct lint_module *lint_choose_units(const struct lint_inputs *inputs, GError **error)
{
	struct lint_module *module = g_new0(struct lint_module, 1);

	module->units = g_ptr_array_new_with_free_func(unit_free);
	module->wanted = g_ptr_array_new_with_free_func(g_free);
	module->others = g_ptr_array_new_with_free_func(unit_free);
	module->parsed = g_ptr_array_new_with_free_func(result_free);
	module->nowhere = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	module->overlays = g_array_new(FALSE, FALSE, sizeof(struct source_overlay));
	module->laid = g_ptr_array_new_with_free_func(g_free);
	if (name_files(inputs, module->wanted, error)) {
		choose(inputs, module);
		return module;
	}
	lint_module_free(module);
	return NULL;
}

void lint_module_free(struct lint_module *module)
{
	if (!module)
		return;
	g_ptr_array_unref(module->units);
	g_ptr_array_unref(module->wanted);
	g_ptr_array_unref(module->others);
	g_ptr_array_unref(module->parsed);
	g_hash_table_destroy(module->nowhere);
	g_array_unref(module->overlays);
	g_ptr_array_unref(module->laid);
	g_free(module);
}

/* The files that the unit read: a set of const char *. Caller destroys it. */
static GHashTable *files_read(const struct lint_unit *unit)
{
	GHashTable *files = g_hash_table_new(g_str_hash, g_str_equal);

	for (gsize i = 0; unit->facts && i < unit->facts->n_inputs; i++)
		g_hash_table_add(files, (gpointer)lint_string(unit, unit->facts->inputs[i].path));
	return files;
}

void lint_drop_units(const struct lint_inputs *inputs, struct lint_module *module,
		     struct lint_result *result)
{
	g_autoptr(GHashTable) found = g_hash_table_new(g_str_hash, g_str_equal);

	if (!module->is_filtered)
		return;
	for (guint i = module->units->len; i-- > 0;) {
		g_autoptr(GHashTable) files = files_read(g_ptr_array_index(module->units, i));

		if (!has_wanted(module->wanted, files, found))
			g_ptr_array_remove_index(module->units, i);
	}
	for (guint i = 0; i < module->wanted->len; i++) {
		const char *file = g_ptr_array_index(module->wanted, i);
		g_autofree char *path = lint_path(inputs, file);

		if (!g_hash_table_contains(found, file))
			lint_problem(
				result, path, 0,
				"is part of no unit of the scheduler, so it cannot be checked");
	}
}

/* --- parsing */

/* Lays a text over a file, in place of one that lies there. Takes both strings over. */
static void lay_over(struct lint_module *module, char *path, char *text)
{
	struct source_overlay overlay = { path, text, strlen(text) };
	guint at = 0;

	g_ptr_array_add(module->laid, path);
	g_ptr_array_add(module->laid, text);
	while (at < module->overlays->len &&
	       strcmp(g_array_index(module->overlays, struct source_overlay, at).path, path) != 0)
		at++;
	if (at == module->overlays->len)
		g_array_set_size(module->overlays, at + 1);
	g_array_index(module->overlays, struct source_overlay, at) = overlay;
}

/* Lays over their files all texts that are parsed instead of these. */
static void lay_all_over(const struct lint_inputs *inputs, const struct features *features,
			 struct lint_module *module, struct lint_texts *texts)
{
	for (guint i = 0; i < inputs->given->len; i++)
		g_array_append_vals(module->overlays, g_ptr_array_index(inputs->given, i), 1);
	for (guint i = 0; i < module->units->len; i++) {
		struct lint_unit *unit = g_ptr_array_index(module->units, i);

		lay_over(module, lint_path(inputs, unit->unit->source),
			 lint_ask(inputs, features, unit, texts));
	}
	lay_over(module, g_build_filename(inputs->folder, LINT_CHECK_BEGIN, NULL),
		 lint_check_begin_text(inputs->graph));
	if (inputs->is_extracted)
		lay_over(module, g_build_filename(inputs->folder, "boundary.h", NULL),
			 g_strdup(""));
}

/*
 * Parses units (struct lint_unit *) with the overlays and takes their facts. The module owns the
 * result.
 */
static struct source_result *parse(const struct lint_inputs *inputs, const GPtrArray *units,
				   struct lint_module *module)
{
	const struct source_context context = {
		.tree = inputs->tree,
		.config = inputs->config,
		.tool_version = PLUGSCHED_VERSION,
		.overlays = (const struct source_overlay *)(void *)module->overlays->data,
		.n_overlays = module->overlays->len,
		.has_all_members = true,
	};
	const struct source_options options = { .threads = inputs->options->threads,
						.takes_broken = true,
						.stop = inputs->options->stop };
	g_autoptr(GPtrArray) asked = g_ptr_array_new();
	struct source_result *parsed;

	for (guint i = 0; i < units->len; i++)
		g_ptr_array_add(asked, (gpointer)((struct lint_unit *)units->pdata[i])->unit);
	parsed = source_collect(&context, asked, &options);
	g_ptr_array_add(module->parsed, parsed);
	for (guint i = 0; i < units->len; i++) {
		struct lint_unit *unit = g_ptr_array_index(units, i);

		unit->facts = g_ptr_array_index(parsed->facts, i);
		if (!unit->facts)
			continue;
		unit->defined = index_defined(unit);
		unit->flows = sort_flows(unit->facts);
	}
	return parsed;
}

/* Why the unit could not be parsed; NULL if that is not known. Borrowed. */
static const char *failure_of(const struct source_result *parsed, const struct tree_unit *unit)
{
	for (guint i = 0; i < parsed->failures->len; i++) {
		const struct source_failure *failure = g_ptr_array_index(parsed->failures, i);

		if (failure->unit == unit)
			return failure->message;
	}
	return NULL;
}

bool lint_parse_units(const struct lint_inputs *inputs, const struct features *features,
		      struct lint_module *module, struct lint_texts *texts, GError **error)
{
	const struct lint_options *options = inputs->options;
	struct source_result *parsed;

	lay_all_over(inputs, features, module, texts);
	parsed = parse(inputs, module->units, module);
	for (guint i = 0; i < module->units->len; i++) {
		struct lint_unit *unit = g_ptr_array_index(module->units, i);

		unit->failure = failure_of(parsed, unit->unit);
		lint_take_errors(unit, parsed);
	}
	if (!options->stop || !*options->stop)
		return true;
	g_set_error(error, LINT_ERROR_DOMAIN, 0, "interrupted");
	return false;
}

/* --- units that are not checked */

static bool has_unit(const GPtrArray *units, const struct tree_unit *unit)
{
	for (guint i = 0; i < units->len; i++)
		if (((const struct lint_unit *)g_ptr_array_index(units, i))->unit == unit)
			return true;
	return false;
}

/* True if a .c file of the unit contains the word. */
static bool has_word(const struct lint_inputs *inputs, const struct tree_unit *unit,
		     const char *word, struct words *words, struct lint_texts *texts)
{
	g_autoptr(GHashTable) files = files_of(inputs, unit, words);
	GHashTableIter iter;
	gpointer file;

	g_hash_table_iter_init(&iter, files);
	while (g_hash_table_iter_next(&iter, &file, NULL))
		if (g_str_has_suffix(file, ".c") && strstr(lint_text(texts, file), word))
			return true;
	return false;
}

/*
 * Parses the units of the module that are not parsed yet and whose own files contain the word, and
 * adds them to `others`.
 */
static void parse_others(const struct lint_inputs *inputs, const char *word,
			 struct lint_module *module, struct lint_texts *texts)
{
	GPtrArray *units = g_ptr_array_new();
	struct words *words = words_new(inputs->tree);

	for (guint i = 0; i < inputs->units->len; i++) {
		const struct tree_unit *unit = g_ptr_array_index(inputs->units, i);

		if (!has_unit(module->units, unit) && !has_unit(module->others, unit) &&
		    has_word(inputs, unit, word, words, texts))
			add_unit(units, unit);
	}
	words_free(words);
	if (units->len)
		parse(inputs, units, module);
	g_ptr_array_extend_and_steal(module->others, units);
}

static bool defines(const struct lint_unit *unit, const char *name)
{
	guint found = unit->facts ? GPOINTER_TO_UINT(g_hash_table_lookup(unit->defined, name)) : 0;

	return found && !(unit->facts->symbols[found - 1].flags & FACTS_STATIC);
}

static const struct lint_unit *find_definer(const GPtrArray *units, const char *name)
{
	for (guint i = 0; i < units->len; i++)
		if (defines(g_ptr_array_index(units, i), name))
			return g_ptr_array_index(units, i);
	return NULL;
}

/*
 * Parses, of the units that are not checked, those whose text contains the word. This is rarely
 * needed: a name that neither the report nor the unit itself explains is rare.
 */
const struct lint_unit *lint_definer(const struct lint_inputs *inputs, const char *name,
				     struct lint_module *module, struct lint_texts *texts)
{
	const struct lint_unit *found = find_definer(module->units, name);

	if (!found)
		found = find_definer(module->others, name);
	if (found || g_hash_table_contains(module->nowhere, name))
		return found;
	parse_others(inputs, name, module, texts);
	found = find_definer(module->others, name);
	if (!found)
		g_hash_table_add(module->nowhere, g_strdup(name));
	return found;
}
