// SPDX-License-Identifier: GPL-2.0-only
/*
 * A run as a list of stages:
 *
 *   1. open the folder, the report and the kernel;
 *   2. choose the units;
 *   3. append the questions to the compiler to each unit's text;
 *   4. parse;
 *   5. apply the rules unit by unit;
 *   6. report errors that no finding explains;
 *   7. sort the findings.
 */
#include "tools/lint/private.h"

#include <string.h>

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

void lint_unit_take(struct lint_unit *unit, const struct facts *facts)
{
	unit->facts = facts;
	if (facts)
		unit->defined = index_defined(unit);
}

static const struct source_failure *failure_of(const struct linter *linter,
					       const struct tree_unit *unit)
{
	for (guint i = 0; i < linter->parsed->failures->len; i++) {
		const struct source_failure *failure =
			g_ptr_array_index(linter->parsed->failures, i);

		if (failure->unit == unit)
			return failure;
	}
	return NULL;
}

static bool parse(struct linter *linter, GError **error)
{
	g_autoptr(GPtrArray) units = g_ptr_array_new();
	struct source_options options = { .threads = linter->inputs->options->threads,
					  .takes_broken = true,
					  .stop = linter->inputs->options->stop };

	if (!lint_read_features(linter, error))
		return false;
	lint_lay_over(linter);
	for (guint i = 0; i < linter->units->len; i++) {
		const struct lint_unit *unit = g_ptr_array_index(linter->units, i);

		g_ptr_array_add(units, (gpointer)unit->unit);
	}
	linter->parsed = source_collect(&linter->context, units, &options);
	for (guint i = 0; i < linter->units->len; i++) {
		struct lint_unit *unit = g_ptr_array_index(linter->units, i);

		lint_unit_take(unit, g_ptr_array_index(linter->parsed->facts, i));
		lint_take_errors(linter, unit);
	}
	if (!linter->inputs->options->stop || !*linter->inputs->options->stop)
		return true;
	g_set_error(error, LINT_ERROR_DOMAIN, 0, "interrupted");
	return false;
}

/*
 * True if there is a finding where the compiler reports an error: the finding
 * says more than the error.
 */
static bool is_explained(const struct linter *linter, const struct lint_place *place)
{
	for (guint i = 0; i < linter->result->findings->len; i++) {
		const struct lint_finding *finding = g_ptr_array_index(linter->result->findings, i);

		if (finding->place.line == place->line &&
		    strcmp(finding->place.path, place->path) == 0)
			return true;
	}
	return false;
}

/* Reports one error for each unit, because the errors behind the first often follow from it. */
static void report_errors(struct linter *linter, const struct lint_unit *unit)
{
	for (guint i = 0; i < unit->errors->len; i++) {
		const struct source_error *error = g_ptr_array_index(unit->errors, i);
		struct lint_place place =
			lint_place_of(linter->texts, error->file, error->line, "");

		if (is_explained(linter, &place)) {
			g_free(place.path);
			continue;
		}
		place.column = error->column ? error->column : 1;
		place.end_column = MAX(place.end_column, place.column);
		lint_problem(linter->result, place.path, place.line, "unit %s does not parse: %s",
			     unit->unit->source, error->message);
		lint_find(linter->result, LINT_RULE_BROKEN, place, unit->unit->source, "",
			  "unit %s does not parse: %s", unit->unit->source, error->message);
		return;
	}
}

static bool check_unit(struct linter *linter, struct lint_unit *unit, GError **error)
{
	const struct source_failure *failure = failure_of(linter, unit->unit);
	g_autofree char *path = lint_path(linter->inputs, unit->unit->source);

	if (!unit->facts) {
		lint_problem(linter->result, path, 0, "unit does not parse: %s",
			     failure ? failure->message : "no reason is known");
		return true;
	}
	g_ptr_array_add(linter->result->units, g_path_get_basename(unit->unit->source));
	lint_layouts(linter, unit);
	lint_signatures(linter, unit);
	lint_addresses(linter, unit);
	lint_strings(linter, unit);
	lint_stays(linter, unit);
	lint_effects(linter, unit);
	lint_features(linter, unit);
	lint_config(linter, unit);
	if (!lint_symbols(linter, unit, error))
		return false;
	report_errors(linter, unit);
	return true;
}

static bool run(struct linter *linter, const struct lint_options *options, GError **error)
{
	linter->inputs = lint_inputs_open(options, linter->result, error);
	if (!linter->inputs)
		return false;
	linter->result->folder = g_strdup(linter->inputs->folder);
	linter->texts = lint_texts_new(linter->inputs);
	linter->context = (struct source_context){
		.tree = linter->inputs->tree,
		.config = linter->inputs->config,
		.tool_version = PLUGSCHED_VERSION,
		.has_all_members = true,
	};
	if (!lint_choose_units(linter, error) || !parse(linter, error))
		return false;
	lint_drop_units(linter);
	for (guint i = 0; i < linter->units->len; i++)
		if (!check_unit(linter, g_ptr_array_index(linter->units, i), error))
			return false;
	lint_finish(linter->result);
	return true;
}

static void result_free(gpointer result)
{
	source_result_free(result);
}

static void linter_clear(struct linter *linter)
{
	g_clear_pointer(&linter->units, g_ptr_array_unref);
	g_hash_table_destroy(linter->nowhere);
	g_ptr_array_unref(linter->others);
	g_ptr_array_unref(linter->others_parsed);
	source_result_free(linter->parsed);
	lint_texts_free(linter->texts);
	g_ptr_array_unref(linter->wanted);
	g_array_unref(linter->overlays);
	g_ptr_array_unref(linter->laid);
	features_free(linter->features);
	image_free(linter->vmlinux);
	g_clear_pointer(&linter->config_known, g_hash_table_destroy);
	g_clear_pointer(&linter->kconfig, g_hash_table_destroy);
	lint_inputs_free(linter->inputs);
}

struct lint_result *lint(const struct lint_options *options, GError **error)
{
	struct linter linter = {
		.result = lint_result_new(),
		.overlays = g_array_new(FALSE, FALSE, sizeof(struct source_overlay)),
		.laid = g_ptr_array_new_with_free_func(g_free),
		.wanted = g_ptr_array_new_with_free_func(g_free),
		.others = g_ptr_array_new_with_free_func(lint_unit_free),
		.others_parsed = g_ptr_array_new_with_free_func(result_free),
		.nowhere = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	};
	bool is_good = run(&linter, options, error);

	linter_clear(&linter);
	if (is_good)
		return linter.result;
	lint_result_free(linter.result);
	return NULL;
}
