// SPDX-License-Identifier: GPL-2.0-only
/* Creates, sorts and frees findings and problems. */
#include "tools/lint/private.h"

#include "rewriter/features/features.h"

#include <stdarg.h>
#include <string.h>

#define USERS_SHOWN 3

static const struct {
	const char *code, *text, *help;
	enum lint_level level;
} rules[] = {
#define RULE(symbol, rule_code, rule_level, rule_text, rule_help) \
	[LINT_RULE_##symbol] = { rule_code, rule_text, rule_help, LINT_LEVEL_##rule_level },
#include "tools/lint/rules.def"
#undef RULE
};

const char *lint_rule_code(enum lint_rule rule)
{
	return rules[rule].code;
}

const char *lint_rule_text(enum lint_rule rule)
{
	return rules[rule].text;
}

const char *lint_rule_help(enum lint_rule rule)
{
	return rules[rule].help;
}

const char *lint_level_name(enum lint_level level)
{
	return level == LINT_LEVEL_ERROR ? "error" : "warning";
}

static void related_free(gpointer data)
{
	struct lint_related *related = data;

	g_free(related->place.path);
	g_free(related->message);
	g_free(related);
}

static void finding_free(gpointer data)
{
	struct lint_finding *finding = data;

	g_free(finding->place.path);
	g_free(finding->message);
	g_free(finding->id);
	g_free(finding->help);
	g_ptr_array_unref(finding->related);
	g_free(finding);
}

static void problem_free(gpointer data)
{
	struct lint_problem *problem = data;

	g_free(problem->path);
	g_free(problem->message);
	g_free(problem);
}

struct lint_result *lint_result_new(void)
{
	struct lint_result *result = g_new0(struct lint_result, 1);

	result->findings = g_ptr_array_new_with_free_func(finding_free);
	result->problems = g_ptr_array_new_with_free_func(problem_free);
	result->units = g_ptr_array_new_with_free_func(g_free);
	return result;
}

void lint_result_free(struct lint_result *result)
{
	if (!result)
		return;
	g_ptr_array_unref(result->findings);
	g_ptr_array_unref(result->problems);
	g_ptr_array_unref(result->units);
	g_free(result->folder);
	g_free(result);
}

struct lint_finding *lint_find(struct lint_result *result, enum lint_rule rule,
			       struct lint_place place, const char *file, const char *name,
			       const char *format, ...)
{
	struct lint_finding *finding = g_new0(struct lint_finding, 1);
	va_list arguments;

	finding->rule = rule;
	finding->level = rules[rule].level;
	finding->place = place;
	va_start(arguments, format);
	finding->message = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	finding->id = g_strdup_printf("%s:%s", file, name);
	finding->help = g_strdup(rules[rule].help);
	finding->related = g_ptr_array_new_with_free_func(related_free);
	g_ptr_array_add(result->findings, finding);
	return finding;
}

void lint_relate(struct lint_finding *finding, struct lint_place place, const char *format, ...)
{
	struct lint_related *related = g_new0(struct lint_related, 1);
	va_list arguments;

	related->place = place;
	va_start(arguments, format);
	related->message = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_ptr_array_add(finding->related, related);
}

/*
 * Lines of files outside the scheduler are taken from the report: these files have not changed
 * since it was made.
 */
void lint_relate_users(struct lint_finding *finding, const struct graph_node *node,
		       struct lint_texts *texts)
{
	unsigned shown = 0;

	for (guint i = 0; i < node->uses_of->len && shown < USERS_SHOWN; i++) {
		const struct graph_use *use = g_ptr_array_index(node->uses_of, i);

		if (!use->from || use->from->is_scheduler || !use->line)
			continue;
		lint_relate(
			finding,
			lint_place_of(texts, use->file, use->line,
				      node->kind == GRAPH_MEMBER
					      ? graph_as_member((struct graph_node *)node)->member
					      : node->name),
			"%s in vmlinux relies on it (%s)", use->from->name,
			graph_use_kind_name(use->kind));
		shown++;
	}
}

void lint_problem(struct lint_result *result, const char *path, unsigned line, const char *format,
		  ...)
{
	struct lint_problem *problem = g_new0(struct lint_problem, 1);
	va_list arguments;

	problem->path = g_strdup(path);
	problem->line = line;
	va_start(arguments, format);
	problem->message = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_ptr_array_add(result->problems, problem);
}

static gint compare_findings(gconstpointer left, gconstpointer right)
{
	const struct lint_finding *l = *(struct lint_finding *const *)left,
				  *r = *(struct lint_finding *const *)right;
	int order = strcmp(l->place.path, r->place.path);

	if (!order && l->place.line != r->place.line)
		order = l->place.line < r->place.line ? -1 : 1;
	if (!order && l->place.column != r->place.column)
		order = l->place.column < r->place.column ? -1 : 1;
	if (!order)
		order = (int)l->rule - (int)r->rule;
	if (!order)
		order = strcmp(l->id, r->id);
	return order ? order : strcmp(l->message, r->message);
}

void lint_finish(struct lint_result *result)
{
	GPtrArray *findings = result->findings;

	g_ptr_array_sort(findings, compare_findings);
	for (guint i = 1; i < findings->len;)
		if (compare_findings(&findings->pdata[i - 1], &findings->pdata[i]) == 0)
			g_ptr_array_remove_index(findings, i);
		else
			i++;
	for (guint i = 0; i < findings->len; i++)
		result->has_error |=
			((struct lint_finding *)g_ptr_array_index(findings, i))->level ==
			LINT_LEVEL_ERROR;
}
