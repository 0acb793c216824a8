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
	g_autofree char *path = lint_path(linter->inputs, unit->unit->source);

	if (!unit->facts) {
		lint_problem(linter->result, path, 0, "unit does not parse: %s",
			     unit->failure ? unit->failure : "no reason is known");
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
	linter->module = lint_choose_units(linter->inputs, error);
	if (!linter->module ||
	    !lint_read_features(linter->inputs, linter->texts, &linter->vmlinux, &linter->features,
				error) ||
	    !lint_parse_units(linter->inputs, linter->features, linter->module, linter->texts,
			      error))
		return false;
	lint_drop_units(linter->inputs, linter->module, linter->result);
	for (guint i = 0; i < linter->module->units->len; i++)
		if (!check_unit(linter, g_ptr_array_index(linter->module->units, i), error))
			return false;
	lint_finish(linter->result);
	return true;
}

static void linter_clear(struct linter *linter)
{
	g_clear_pointer(&linter->config_known, g_hash_table_destroy);
	g_clear_pointer(&linter->kconfig, g_hash_table_destroy);
	lint_module_free(linter->module);
	features_free(linter->features);
	image_free(linter->vmlinux);
	lint_texts_free(linter->texts);
	lint_inputs_free(linter->inputs);
}

struct lint_result *lint(const struct lint_options *options, GError **error)
{
	struct linter linter = { .result = lint_result_new() };
	bool is_good = run(&linter, options, error);

	linter_clear(&linter);
	if (is_good)
		return linter.result;
	lint_result_free(linter.result);
	return NULL;
}
