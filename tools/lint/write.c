// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes a result in its three formats: lines like a compiler's, JSON for editors, SARIF for tools
 * that collect results.
 */
#include "tools/lint/lint.h"

#include "emit/sarif.h"

#include <cjson/cJSON.h>
#include <string.h>

#define SCHEMA "plugsched-lint"
#define VERSION 1

/* The path relative to the folder; NULL if it is outside. */
static const char *below(const struct lint_result *result, const char *path)
{
	size_t length = strlen(result->folder);

	return strncmp(path, result->folder, length) == 0 && path[length] == '/' ? path + length + 1
										 : NULL;
}

/* --- text */

/* The path as the user would name it; for g_free(). */
static char *shown_path(const struct lint_result *result, const char *shown, const char *path)
{
	const char *name = below(result, path);

	return name ? g_build_filename(shown, name, NULL) : g_strdup(path);
}

static void write_place(FILE *out, const struct lint_result *result, const char *shown,
			const struct lint_place *place)
{
	g_autofree char *path = shown_path(result, shown, place->path);

	fprintf(out, "%s:%u:%u: ", path, place->line, place->column);
}

static void write_finding(FILE *out, const struct lint_result *result, const char *shown,
			  const struct lint_finding *finding)
{
	write_place(out, result, shown, &finding->place);
	fprintf(out, "%s: %s [%s]\n", lint_level_name(finding->level), finding->message,
		lint_rule_code(finding->rule));
	for (guint i = 0; i < finding->related->len; i++) {
		const struct lint_related *related = g_ptr_array_index(finding->related, i);

		write_place(out, result, shown, &related->place);
		fprintf(out, "note: %s\n", related->message);
	}
	write_place(out, result, shown, &finding->place);
	fprintf(out, "note: %s\n", finding->help);
}

/*
 * Writes the findings, and the problems without a line. A unit that does not parse is among the
 * findings already.
 */
static void write_text(FILE *out, const struct lint_result *result, const char *shown)
{
	for (guint i = 0; i < result->findings->len; i++)
		write_finding(out, result, shown, g_ptr_array_index(result->findings, i));
	for (guint i = 0; i < result->problems->len; i++) {
		const struct lint_problem *problem = g_ptr_array_index(result->problems, i);
		g_autofree char *path = shown_path(result, shown, problem->path);

		if (!problem->line)
			fprintf(out, "%s: %s\n", path, problem->message);
	}
}

/* --- JSON */

/* Replaces bytes that are not UTF-8: file names and compilers' messages may contain any bytes. */
static void add_text(cJSON *object, const char *key, const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);

	cJSON_AddStringToObject(object, key, valid);
}

static cJSON *json_related(const struct lint_related *related)
{
	cJSON *object = cJSON_CreateObject();

	add_text(object, "file", related->place.path);
	cJSON_AddNumberToObject(object, "line", related->place.line);
	add_text(object, "message", related->message);
	return object;
}

static cJSON *json_finding(const struct lint_finding *finding)
{
	cJSON *object = cJSON_CreateObject(), *related;

	add_text(object, "rule", lint_rule_code(finding->rule));
	add_text(object, "level", lint_level_name(finding->level));
	add_text(object, "file", finding->place.path);
	cJSON_AddNumberToObject(object, "line", finding->place.line);
	cJSON_AddNumberToObject(object, "column", finding->place.column);
	cJSON_AddNumberToObject(object, "end_column", finding->place.end_column);
	add_text(object, "message", finding->message);
	add_text(object, "id", finding->id);
	add_text(object, "help", finding->help);
	related = cJSON_AddArrayToObject(object, "related");
	for (guint i = 0; i < finding->related->len; i++)
		cJSON_AddItemToArray(related, json_related(g_ptr_array_index(finding->related, i)));
	return object;
}

static cJSON *json_problem(const struct lint_problem *problem)
{
	cJSON *object = cJSON_CreateObject();

	add_text(object, "file", problem->path);
	cJSON_AddNumberToObject(object, "line", problem->line);
	add_text(object, "message", problem->message);
	return object;
}

static void write_json(FILE *out, const struct lint_result *result)
{
	cJSON *root = cJSON_CreateObject(), *list;
	char *text;

	cJSON_AddStringToObject(root, "schema", SCHEMA);
	cJSON_AddNumberToObject(root, "version", VERSION);
	list = cJSON_AddArrayToObject(root, "findings");
	for (guint i = 0; i < result->findings->len; i++)
		cJSON_AddItemToArray(list, json_finding(g_ptr_array_index(result->findings, i)));
	list = cJSON_AddArrayToObject(root, "problems");
	for (guint i = 0; i < result->problems->len; i++)
		cJSON_AddItemToArray(list, json_problem(g_ptr_array_index(result->problems, i)));
	list = cJSON_AddArrayToObject(root, "units");
	for (guint i = 0; i < result->units->len; i++)
		cJSON_AddItemToArray(list, cJSON_CreateString(g_ptr_array_index(result->units, i)));
	text = cJSON_Print(root);
	fprintf(out, "%s\n", text);
	cJSON_free(text);
	cJSON_Delete(root);
}

/* --- SARIF */

static struct sarif_place sarif_place(const struct lint_result *result,
				      const struct lint_place *place, const char *message)
{
	const char *name = below(result, place->path);

	return (struct sarif_place){
		.path = name ? name : place->path,
		.line = place->line,
		.column = place->point,
		.end_column = place->end_point,
		.message = message,
	};
}

static void add_result(struct sarif *sarif, const struct lint_result *result,
		       const struct lint_finding *finding)
{
	struct sarif_result added = {
		.rule = lint_rule_code(finding->rule),
		.level = finding->level == LINT_LEVEL_ERROR ? SARIF_ERROR : SARIF_WARNING,
		.message = finding->message,
		.help = finding->help,
		.name = finding->id,
	};

	sarif_result_begin(sarif, &added);
	{
		struct sarif_place place = sarif_place(result, &finding->place, NULL);

		sarif_location(sarif, &place);
	}
	for (guint i = 0; i < finding->related->len; i++) {
		const struct lint_related *related = g_ptr_array_index(finding->related, i);
		struct sarif_place place = sarif_place(result, &related->place, related->message);

		sarif_related(sarif, &place);
	}
}

static void write_sarif(FILE *out, const struct lint_result *result)
{
	struct sarif *sarif = sarif_new("plugsched-lint", PLUGSCHED_VERSION, result->folder);

	for (int rule = 0; rule < LINT_RULES; rule++) {
		struct sarif_rule added = { lint_rule_code(rule), lint_rule_text(rule),
					    lint_rule_help(rule),
					    rule == LINT_RULE_BROKEN ? SARIF_WARNING
								     : SARIF_ERROR };

		sarif_add_rule(sarif, &added);
	}
	for (guint i = 0; i < result->findings->len; i++)
		add_result(sarif, result, g_ptr_array_index(result->findings, i));
	for (guint i = 0; i < result->problems->len; i++) {
		const struct lint_problem *problem = g_ptr_array_index(result->problems, i);

		sarif_add_problem(sarif,
				  below(result, problem->path) ? below(result, problem->path)
							       : problem->path,
				  problem->line, problem->message);
	}
	sarif_write(out, sarif);
	sarif_free(sarif);
}

void lint_write(FILE *out, const struct lint_result *result, const char *shown,
		enum lint_format format)
{
	switch (format) {
	case LINT_TEXT:
		write_text(out, result, shown);
		break;
	case LINT_JSON:
		write_json(out, result);
		break;
	case LINT_SARIF:
		write_sarif(out, result);
		break;
	}
}
