// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes the comparison for programs: one object, one function per line, in the order of the text.
 */
#include "tools/compare/compare.h"

#include <cjson/cJSON.h>

static void add_text(cJSON *object, const char *key, const char *value)
{
	if (value)
		cJSON_AddStringToObject(object, key, value);
	else
		cJSON_AddNullToObject(object, key);
}

static void add_line(cJSON *object, const char *key, const struct compare_line *line)
{
	cJSON *json = cJSON_AddObjectToObject(object, key);

	cJSON_AddNumberToObject(json, "offset", (double)line->offset);
	add_text(json, "text", line->text);
}

static cJSON *function_json(const struct compare_function *function)
{
	cJSON *json = cJSON_CreateObject();

	add_text(json, "name", function->name);
	add_text(json, "file", function->file);
	add_text(json, "class", function->class);
	add_text(json, "partner", function->partner);
	add_text(json, "verdict", compare_verdict_name(function->verdict));
	cJSON_AddNumberToObject(json, "instructions", function->instructions);
	cJSON_AddNumberToObject(json, "partner_instructions", function->partner_instructions);
	cJSON_AddNumberToObject(json, "differing", function->differing);
	if (function->verdict == COMPARE_DIFFERENT) {
		add_text(json, "cause", compare_cause_name(function->cause));
		add_line(json, "module", &function->module);
		add_line(json, "vmlinux", &function->vmlinux);
	}
	if (function->detail)
		add_text(json, "detail", function->detail);
	return json;
}

static cJSON *totals_json(const struct comparison *comparison)
{
	cJSON *json = cJSON_CreateObject();
	cJSON *causes;

	cJSON_AddNumberToObject(json, "compared",
				comparison->verdicts[COMPARE_IDENTICAL] +
					comparison->verdicts[COMPARE_DIFFERENT]);
	for (int verdict = 0; verdict < COMPARE_VERDICTS; verdict++)
		cJSON_AddNumberToObject(json, compare_verdict_name(verdict),
					comparison->verdicts[verdict]);
	causes = cJSON_AddObjectToObject(json, "causes");
	for (int cause = CAUSE_NONE + 1; cause < COMPARE_CAUSES; cause++)
		cJSON_AddNumberToObject(causes, compare_cause_name(cause),
					comparison->causes[cause]);
	return json;
}

static void print_json(FILE *out, cJSON *json)
{
	char *text = cJSON_PrintUnformatted(json);

	fputs(text, out);
	cJSON_free(text);
	cJSON_Delete(json);
}

static cJSON *head_json(const struct comparison *comparison)
{
	cJSON *json = cJSON_CreateObject();

	add_text(json, "vmlinux", comparison->vmlinux);
	add_text(json, "build_id", comparison->vmlinux_build_id);
	add_text(json, "module", comparison->module);
	return json;
}

void compare_write_json(const struct comparison *comparison, bool is_all, FILE *out)
{
	const char *separator = "\n";

	fprintf(out, "{\"schema\":\"%s\",\"version\":%d,\n\"files\":", COMPARE_SCHEMA,
		COMPARE_VERSION);
	print_json(out, head_json(comparison));
	fputs(",\n\"functions\":[", out);
	for (guint i = 0; i < comparison->functions->len; i++) {
		const struct compare_function *function = comparison->functions->pdata[i];

		if (!is_all && function->verdict == COMPARE_IDENTICAL)
			continue;
		fputs(separator, out);
		print_json(out, function_json(function));
		separator = ",\n";
	}
	fputs("\n],\n\"totals\":", out);
	print_json(out, totals_json(comparison));
	fputs("}\n", out);
}
