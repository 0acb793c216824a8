// SPDX-License-Identifier: GPL-2.0-only
/*
 * A run as a list of stages:
 *
 *   1. open the folder, the report and the kernel;
 *   2. choose the units;
 *   3. read vmlinux's features;
 *   4. parse the units, each with the questions to the compiler behind its text;
 *   5. apply the rules unit by unit;
 *   6. report errors that no finding explains;
 *   7. sort the findings.
 */
#include "tools/lint/private.h"

#include <string.h>

/* A run. Stages and rules get only those parts that they read or write. */
struct linter {
	struct lint_result *result;
	struct lint_inputs *inputs;
	struct lint_texts *texts;
	struct lint_module *module;
	struct image *vmlinux;     /* NULL until something has to be looked up there */
	struct features *features; /* vmlinux's; NULL if there is nothing to compare with them */
	struct lint_kconfig *kconfig;
};

/*
 * True if there is a finding where the compiler reports an error: the finding
 * says more than the error.
 */
static bool is_explained(const struct lint_result *result, const struct lint_place *place)
{
	for (guint i = 0; i < result->findings->len; i++) {
		const struct lint_finding *finding = g_ptr_array_index(result->findings, i);

		if (finding->place.line == place->line &&
		    strcmp(finding->place.path, place->path) == 0)
			return true;
	}
	return false;
}

/* Reports one error for each unit, because the errors behind the first often follow from it. */
static void report_errors(const struct lint_unit *unit, struct lint_texts *texts,
			  struct lint_result *result)
{
	for (guint i = 0; i < unit->errors->len; i++) {
		const struct source_error *error = g_ptr_array_index(unit->errors, i);
		struct lint_place place = lint_place_of(texts, error->file, error->line, "");

		if (is_explained(result, &place)) {
			g_free(place.path);
			continue;
		}
		place.column = error->column ? error->column : 1;
		place.end_column = MAX(place.end_column, place.column);
		lint_count_points(texts, error->file, &place);
		lint_problem(result, place.path, place.line, "unit %s does not parse: %s",
			     unit->unit->source, error->message);
		lint_find(result, LINT_RULE_BROKEN, place, unit->unit->source, "",
			  "unit %s does not parse: %s", unit->unit->source, error->message);
		return;
	}
}

static bool check_unit(struct linter *linter, struct lint_unit *unit, GError **error)
{
	const struct lint_inputs *inputs = linter->inputs;
	struct lint_texts *texts = linter->texts;
	struct lint_result *result = linter->result;
	g_autofree char *path = lint_path(inputs, unit->unit->source);

	if (!unit->facts) {
		lint_problem(result, path, 0, "unit does not parse: %s",
			     unit->failure ? unit->failure : "no reason is known");
		return true;
	}
	g_ptr_array_add(result->units, g_path_get_basename(unit->unit->source));
	lint_layouts(inputs, unit, texts, result);
	lint_signatures(inputs, linter->module, unit, texts, result);
	lint_addresses(inputs, unit, linter->module, texts, result);
	lint_stored(inputs, unit, linter->module, texts, result);
	lint_sections(inputs, unit, texts, result);
	lint_waits(inputs, unit, texts, result);
	lint_values(inputs, inputs->values, unit, texts, result);
	lint_stays(inputs, unit, texts, result);
	lint_effects(inputs, unit, texts, result);
	lint_features(inputs, linter->features, unit, texts, result);
	lint_config(inputs, unit, linter->kconfig, texts, result);
	if (!lint_symbols(inputs, unit, linter->module, &linter->vmlinux, texts, result, error))
		return false;
	report_errors(unit, texts, result);
	return true;
}

/* Opens, chooses and parses. False with `error` if the inputs do not allow it. */
static bool prepare(struct linter *linter, const struct lint_options *options, GError **error)
{
	const struct lint_inputs *inputs;

	inputs = linter->inputs = lint_inputs_open(options, linter->result, error);
	if (!inputs)
		return false;
	linter->result->folder = g_strdup(inputs->folder);
	linter->texts = lint_texts_new(inputs);
	linter->kconfig = lint_kconfig_new();
	linter->module = lint_choose_units(inputs, error);
	if (!linter->module ||
	    !lint_read_features(inputs, linter->texts, &linter->vmlinux, &linter->features, error))
		return false;
	return lint_parse_units(inputs, linter->features, linter->module, linter->texts, error);
}

static bool run(struct linter *linter, const struct lint_options *options, GError **error)
{
	if (!prepare(linter, options, error))
		return false;
	lint_drop_units(linter->inputs, linter->module, linter->result);
	for (guint i = 0; i < linter->module->units->len; i++)
		if (!check_unit(linter, g_ptr_array_index(linter->module->units, i), error))
			return false;
	lint_finish(linter->result);
	return true;
}

/* Frees all but the result. */
static void linter_clear(struct linter *linter)
{
	lint_kconfig_free(linter->kconfig);
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
