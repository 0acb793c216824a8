// SPDX-License-Identifier: GPL-2.0-only
/*
 * Questions to the compiler: static assertions behind the text of a unit, one per line, and
 * declarations that must agree with those in its functions. Only the compiler can decide whether
 * two types are compatible; comparing their spelling cannot. The abi_check.h and check_end.h of an
 * extracted scheduler make gcc check the same.
 *
 * A failed assertion is an error in the question's line. A question about something that the unit
 * does not see, such as a variable that it does not declare, gets no answer.
 */
#include "tools/lint/private.h"

#include <string.h>

/* What the compiler says of an assertion that fails. */
#define FAILED "static assertion failed"
#define DISAGREES "redeclaration of "

static bool is_identifier(const char *name)
{
	return *name &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") ==
		       strlen(name);
}

static bool has_record(const char *name, const void *index)
{
	return graph_index_records(index, name) != NULL;
}

/*
 * A static local of vmlinux that the function now declares: it is declared once more, with
 * vmlinux's type. NULL if that cannot be asked. Caller frees.
 */
static char *question_local(const struct lint_inputs *inputs, const struct plan_entry *entry,
			    const struct graph_variable *v)
{
	g_autofree char *name = plan_variable_name(inputs->plan, entry);

	return inputs->is_extracted && plan_can_name(v->type, has_record, inputs->index)
		       ? g_strdup_printf("extern __typeof__(%s) %s;\n", v->type, name)
		       : NULL;
}

/* The question about an entry of the plan; NULL if there is none for this unit. Caller frees. */
static char *question(const struct lint_inputs *inputs, const struct plan_entry *entry,
		      const struct tree_unit *unit)
{
	const struct graph_function *f = graph_as_function((struct graph_node *)entry->node);
	const struct graph_variable *v = graph_as_variable((struct graph_node *)entry->node);

	if (!is_identifier(entry->node->name) || strcmp(f ? f->unit : v->unit, unit->source) != 0)
		return NULL;
	if (f && entry->fate == PLAN_KEEP && f->node.class == GRAPH_INTERFACE)
		return g_strdup_printf(
			"_Static_assert(__builtin_types_compatible_p(__typeof__(%s), __typeof__(%s)), \"\");\n",
			f->node.name, f->signature);
	if (v && entry->fate == PLAN_DECLARE && v->binary.size && *v->owner)
		return question_local(inputs, entry, v);
	if (v && entry->fate == PLAN_DECLARE && v->binary.size)
		return g_strdup_printf("_Static_assert(sizeof(%s) == %" G_GUINT64_FORMAT
				       ", \"\");\n",
				       v->node.name, v->binary.size);
	return NULL;
}

char *lint_ask(const struct lint_inputs *inputs, const struct features *features,
	       struct lint_unit *unit, struct lint_texts *texts)
{
	GString *text = g_string_new(lint_text(texts, unit->unit->source));

	unit->lines = lint_count_lines(text->str);
	g_string_append_c(text, '\n');
	for (guint i = 0; i < inputs->plan->entries->len; i++) {
		struct lint_check check = { .entry = g_ptr_array_index(inputs->plan->entries, i) };
		g_autofree char *line = question(inputs, check.entry, unit->unit);

		if (!line)
			continue;
		g_string_append(text, line);
		g_array_append_val(unit->checks, check);
	}
	lint_ask_values(inputs->values, unit, text);
	lint_ask_features(features, unit, text);
	return g_string_free(text, FALSE);
}

/*
 * True if the compiler could not evaluate the assertion, because the unit does not see something.
 * Any other error there has its cause before the questions.
 */
static bool is_no_answer(const char *message)
{
	return g_str_has_prefix(message, "use of undeclared identifier") ||
	       g_str_has_prefix(message, "invalid application of 'sizeof'");
}

static void take_error(struct lint_unit *unit, struct source_error *error)
{
	bool is_behind = strcmp(error->file, unit->unit->source) == 0 && error->line > unit->lines;
	guint i = error->line - unit->lines - 1;

	if (is_behind && i < unit->checks->len && is_no_answer(error->message))
		return;
	if (is_behind && i < unit->checks->len &&
	    (g_str_has_prefix(error->message, FAILED) ||
	     g_str_has_prefix(error->message, DISAGREES))) {
		g_array_index(unit->checks, struct lint_check, i).has_failed = true;
		return;
	}
	if (is_behind &&
	    lint_take_value(unit, error->line, g_str_has_prefix(error->message, FAILED)))
		return;
	if (is_behind && unit->features_line && error->line >= unit->features_line) {
		lint_take_feature(unit, error->line);
		return;
	}
	if (is_behind) { /* something is left open at the text's end */
		error->line = unit->lines;
		error->column = 1;
	}
	g_ptr_array_add(unit->errors, error);
}

void lint_take_errors(struct lint_unit *unit, struct source_result *parsed)
{
	for (guint i = 0; i < parsed->errors->len; i++) {
		struct source_error *error = g_ptr_array_index(parsed->errors, i);

		if (error->unit == unit->unit)
			take_error(unit, error);
	}
}
