// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule interface-signature, and rule external-layout for variables: evaluates the answers to the
 * questions of checks.c.
 *
 * A definition that contradicts its own declaration in a header is an error of the
 * compiler. If that error is where an interface function of another type is defined, the
 * type is reported as the cause.
 */
#include "tools/lint/private.h"

#include "rewriter/source/source.h"

#include <string.h>

/*
 * The unit's definition of that function: under its own name, or under the name that it has if
 * headers take its address. NULL if there is none.
 */
static const struct facts_symbol *definition_of(const struct lint_unit *unit, const char *name)
{
	g_autofree char *renamed = g_strconcat(REWRITE_RENAME, name, NULL);
	guint found = GPOINTER_TO_UINT(g_hash_table_lookup(unit->defined, name));

	if (!found)
		found = GPOINTER_TO_UINT(g_hash_table_lookup(unit->defined, renamed));
	return found && (unit->facts->symbols[found - 1].flags & FACTS_FUNCTION)
		       ? &unit->facts->symbols[found - 1]
		       : NULL;
}

/* True if the unit has an error in that line of the file. */
static bool has_error_at(const struct lint_unit *unit, const char *file, unsigned line)
{
	for (guint i = 0; i < unit->errors->len; i++) {
		const struct source_error *error = g_ptr_array_index(unit->errors, i);

		if (error->line == line && strcmp(error->file, file) == 0)
			return true;
	}
	return false;
}

static void find_changed(const struct lint_unit *unit, const struct lint_check *check,
			 const struct facts_symbol *symbol, struct lint_texts *texts,
			 struct lint_result *result)
{
	const struct graph_function *f = graph_as_function((struct graph_node *)check->entry->node);
	const char *file = lint_string(unit, symbol->file), *type = lint_string(unit, symbol->type);
	bool is_other = strcmp(type, f->signature) != 0;
	struct lint_finding *finding;

	if (!check->has_failed && !(is_other && has_error_at(unit, file, symbol->line)))
		return;
	finding = lint_find(result, LINT_RULE_SIGNATURE,
			    lint_place_of(texts, file, symbol->line, f->node.name), f->node.file,
			    f->node.name,
			    "%s() is entered from vmlinux and must stay %s; here it is %s (%s)",
			    f->node.name, f->signature, type, graph_cause(f->node.why));
	lint_relate_users(finding, &f->node, texts);
}

static bool is_defined_elsewhere(const struct lint_module *module, const char *name)
{
	for (guint i = 0; i < module->units->len; i++) {
		const struct lint_unit *unit = g_ptr_array_index(module->units, i);

		if (unit->facts && definition_of(unit, name))
			return true;
	}
	return false;
}

/*
 * The line behind the function that stood before it in its file, as far as the unit
 * still has that function.
 */
static unsigned former_line(const struct graph *graph, const struct lint_unit *unit,
			    const struct graph_function *f)
{
	const struct facts_symbol *before = NULL;

	for (guint i = 0; i < graph->functions->len; i++) { /* sorted by file and line */
		const struct graph_function *other = g_ptr_array_index(graph->functions, i);
		const struct facts_symbol *symbol;

		if (other == f)
			break;
		if (strcmp(other->node.file, f->node.file) != 0 ||
		    !(symbol = definition_of(unit, other->node.name)))
			continue;
		if (strcmp(lint_string(unit, symbol->file), f->node.file) == 0)
			before = symbol;
	}
	return before ? before->end_line + 1 : 1;
}

static void find_gone(const struct lint_inputs *inputs, const struct lint_module *module,
		      const struct lint_unit *unit, const struct graph_function *f,
		      struct lint_texts *texts, struct lint_result *result)
{
	struct lint_place place =
		lint_place_of(texts, f->node.file, former_line(inputs->graph, unit, f), "");
	struct lint_finding *finding;

	if (is_defined_elsewhere(module, f->node.name)) {
		g_free(place.path);
		return;
	}
	finding = lint_find(result, LINT_RULE_SIGNATURE, place, f->node.file, f->node.name,
			    "%s() is gone, and vmlinux enters it as %s (%s)", f->node.name,
			    f->signature, graph_cause(f->node.why));
	lint_relate_users(finding, &f->node, texts);
}

static void check_function(const struct lint_inputs *inputs, const struct lint_module *module,
			   const struct lint_unit *unit, const struct lint_check *check,
			   struct lint_texts *texts, struct lint_result *result)
{
	const struct graph_function *f = graph_as_function((struct graph_node *)check->entry->node);
	const struct facts_symbol *symbol = definition_of(unit, f->node.name);

	if (symbol)
		find_changed(unit, check, symbol, texts, result);
	/* with errors, it may be in text that the compiler did not understand */
	else if (!unit->errors->len)
		find_gone(inputs, module, unit, f, texts, result);
}

/*
 * The unit's declaration of the variable of that name, preferably in the scheduler's own files;
 * NULL if the unit does not use it.
 */
static const struct facts_symbol *declaration_of(const struct lint_unit *unit, const char *name,
						 bool is_local)
{
	const struct facts_symbol *found = NULL;

	for (gsize i = 0; i < unit->facts->n_symbols; i++) {
		const struct facts_symbol *symbol = &unit->facts->symbols[i];
		bool is_it = !(symbol->flags & FACTS_FUNCTION) &&
			     (symbol->owner == FACTS_NONE || is_local) &&
			     strcmp(lint_string(unit, symbol->name), name) == 0;

		if (is_it && (!found || (symbol->flags & FACTS_SCHEDULER)))
			found = symbol;
	}
	return found;
}

/* The compiler's error that two declarations of the variable disagree; NULL if there is none. */
static const struct source_error *disagreement(const struct lint_unit *unit, const char *name)
{
	g_autofree char *begin =
		g_strdup_printf("redeclaration of '%s' with a different type", name);

	for (guint i = 0; i < unit->errors->len; i++) {
		const struct source_error *error = g_ptr_array_index(unit->errors, i);

		if (g_str_has_prefix(error->message, begin))
			return error;
	}
	return NULL;
}

/* True if the layout of the variable's own record was already reported: that finding says more. */
static bool is_of_found_record(const struct lint_result *result, const struct graph_variable *v)
{
	for (guint i = 0; i < result->findings->len; i++) {
		const struct lint_finding *finding = g_ptr_array_index(result->findings, i);
		const char *colon = strrchr(finding->id, ':');

		if (finding->rule == LINT_RULE_LAYOUT && colon &&
		    lint_names_struct(v->type, colon + 1))
			return true;
	}
	return false;
}

static void check_variable(const struct lint_inputs *inputs, const struct lint_unit *unit,
			   const struct lint_check *check, struct lint_texts *texts,
			   struct lint_result *result)
{
	const struct graph_variable *v = graph_as_variable((struct graph_node *)check->entry->node);
	g_autofree char *name = plan_variable_name(inputs->plan, check->entry);
	const struct source_error *error = disagreement(unit, name);
	const struct facts_symbol *found = declaration_of(unit, name, *v->owner);
	const char *file = error   ? error->file
			   : found ? lint_string(unit, found->file)
				   : v->node.file;
	unsigned line = error ? error->line : found ? found->line : 1;
	struct lint_finding *finding;

	if ((!check->has_failed && !error) || is_of_found_record(result, v))
		return;
	finding = lint_find(result, LINT_RULE_LAYOUT, lint_place_of(texts, file, line, name),
			    v->node.file, v->node.name,
			    "%s lies in vmlinux, where it is %s of %" G_GUINT64_FORMAT
			    " bytes; here it has another %s",
			    name, v->type, v->binary.size,
			    check->has_failed && !*v->owner ? "size" : "type");
	lint_relate_users(finding, &v->node, texts);
}

void lint_signatures(const struct lint_inputs *inputs, const struct lint_module *module,
		     const struct lint_unit *unit, struct lint_texts *texts,
		     struct lint_result *result)
{
	for (guint i = 0; i < unit->checks->len; i++) {
		const struct lint_check *check = &g_array_index(unit->checks, struct lint_check, i);

		if (check->entry->node->kind == GRAPH_FUNCTION)
			check_function(inputs, module, unit, check, texts, result);
		else
			check_variable(inputs, unit, check, texts, result);
	}
}
