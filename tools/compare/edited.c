// SPDX-License-Identifier: GPL-2.0-only
/*
 * Differences that follow from the rewriter's edits.
 *
 * Within a unit the compiler can look into a function whose address is taken, and knows all
 * uses of a static variable. The module uses vmlinux's function and variable, which its
 * compiler sees only from outside.
 *
 * Limit: that a function names such a function or variable is taken for the cause of its
 * difference; nothing else in it is examined.
 */
#include "tools/compare/edited.h"

#include "tools/compare/name.h"
#include "tools/compare/target.h"

#include <string.h>

char *edited_entry(const struct pair *pair)
{
	if (pair->module_only != 1 || pair->vmlinux_only != 0 || pair->partners[0] >= 0 ||
	    strcmp(body_line(pair->module, 0)->shape, "endbr64") != 0)
		return NULL;
	return g_strdup("begins with endbr64, for the interface table holds its address");
}

static bool is_vmlinux_function(const struct pair *pair, const char *name)
{
	g_autofree char *normal = name_normal(name);
	const GPtrArray *symbols = side_named(pair->vmlinux->side, normal);

	return symbols && symbols->len &&
	       ((const struct image_symbol *)g_ptr_array_index(symbols, 0))->is_function;
}

/* True for a static object of vmlinux that the module does not define. */
static bool is_declared_variable(const struct pair *pair, const char *name)
{
	g_autofree char *normal = name_normal(name);
	const GPtrArray *theirs = side_named(pair->vmlinux->side, normal),
			*ours = side_named(pair->module->side, normal);
	const struct image_symbol *symbol =
		theirs && theirs->len ? g_ptr_array_index(theirs, 0) : NULL;

	return symbol && symbol->is_object && !symbol->is_global && !(ours && ours->len);
}

/* The first name in the module's body for which `is_one` is true. */
static const char *find_name(const struct pair *pair,
			     bool (*is_one)(const struct pair *pair, const char *name))
{
	for (guint i = 0; i < pair->module->lines->len; i++) {
		const struct body_line *line = body_line(pair->module, i);

		for (guint k = 0; k < line->instruction->field_count; k++) {
			const char *name = target_name(pair->module, line, k, NULL);

			if (name && !line->instruction->fields[k].is_branch && is_one(pair, name))
				return name;
		}
	}
	return NULL;
}

char *edited_address(const struct pair *pair)
{
	const char *name = find_name(pair, is_vmlinux_function);
	g_autofree char *normal = name ? name_normal(name) : NULL;

	return name ? g_strdup_printf(
			      "names vmlinux's address of %s, into which the compiler cannot look",
			      normal)
		    : NULL;
}

char *edited_variable(const struct pair *pair)
{
	const char *name = find_name(pair, is_declared_variable);
	g_autofree char *normal = name ? name_normal(name) : NULL;

	return name ? g_strdup_printf(
			      "uses %s, which is static beside it in vmlinux and only declared here",
			      normal)
		    : NULL;
}
