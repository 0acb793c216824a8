// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions of vmlinux by the types of their parameters.
 *
 * Which functions could a call through a pointer of unknown origin reach, in units that were not parsed? DWARF knows the
 * parameters of every function. Its types and those of the C text are brought to a form coarse enough that
 * equal types always have equal shapes; different types may, too.
 */
#include "analyzer/binary/internal.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <string.h>

/* --- from the text of a type */

/* The tag after `struct ` or `union ` if the text begins so, else NULL. */
static const char *tag_of(const char *type)
{
	static const char *const keywords[] = { "struct ", "union " };

	for (size_t i = 0; i < G_N_ELEMENTS(keywords); i++)
		if (g_str_has_prefix(type, keywords[i]))
			return type + strlen(keywords[i]);
	return NULL;
}

static const char *skip_qualifiers(const char *type)
{
	static const char *const qualifiers[] = { " ", "const ", "volatile " };
	bool found = true;

	while (found) {
		found = false;
		for (size_t i = 0; i < G_N_ELEMENTS(qualifiers); i++)
			if (g_str_has_prefix(type, qualifiers[i])) {
				type += strlen(qualifiers[i]);
				found = true;
			}
	}
	return type;
}

static void add_parameter(GString *shape, const char *type)
{
	const char *tag, *end;

	if (shape->len)
		g_string_append_c(shape, ',');
	type = skip_qualifiers(type);
	tag = tag_of(type);
	if (strcmp(type, "...") == 0) {
		g_string_append_c(shape, '.');
	} else if (!strpbrk(type, "*[(")) {
		g_string_append_c(shape, tag ? 's' : 'i');
	} else {
		g_string_append_c(shape, 'p');
		end = tag ? strchr(tag, ' ') : NULL;
		if (end && tag[0] != '(' && strcmp(end, " *") == 0)
			g_string_append_printf(shape, ":%.*s", (int)(end - tag), tag);
	}
}

/* Where the parameters begin: behind the parenthesis that the last one closes. */
static const char *parameters_begin(const char *prototype)
{
	const char *at = prototype + strlen(prototype);
	unsigned depth = 0;

	while (at > prototype) {
		at--;
		if (*at == ')')
			depth++;
		else if (*at == '(' && --depth == 0)
			return at + 1;
	}
	return at;
}

char *binary_parameter_shape(const char *prototype)
{
	GString *shape = g_string_new(NULL);
	const char *begin = parameters_begin(prototype);
	unsigned depth = 0;

	if (g_str_has_prefix(begin, "void)"))
		return g_string_free(shape, FALSE);
	for (const char *at = begin; *at; at++) {
		if (depth == 0 && (*at == ',' || *at == ')')) {
			g_autofree char *type = g_strndup(begin, (gsize)(at - begin));

			g_strchomp(type);
			add_parameter(shape, type);
			begin = at + 1;
			if (*at == ')')
				break;
		}
		if (*at == '(')
			depth++;
		else if (*at == ')')
			depth--;
	}
	return g_string_free(shape, FALSE);
}

/* --- from DWARF */

/* The type of an entry without typedefs and qualifiers; false for void. */
static bool peeled_type(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attribute;

	if (!dwarf_attr_integrate(die, DW_AT_type, &attribute) || !dwarf_formref_die(&attribute, type))
		return false;
	return dwarf_peel_type(type, type) == 0;
}

static bool is_record(Dwarf_Die *type)
{
	return dwarf_tag(type) == DW_TAG_structure_type || dwarf_tag(type) == DW_TAG_union_type;
}

static void add_dwarf_parameter(GString *shape, Dwarf_Die *parameter)
{
	Dwarf_Die type, pointee;

	if (shape->len)
		g_string_append_c(shape, ',');
	if (!peeled_type(parameter, &type)) {
		g_string_append_c(shape, 'i');
	} else if (dwarf_tag(&type) == DW_TAG_pointer_type) {
		g_string_append_c(shape, 'p');
		if (peeled_type(&type, &pointee) && is_record(&pointee) && dwarf_diename(&pointee))
			g_string_append_printf(shape, ":%s", dwarf_diename(&pointee));
	} else {
		g_string_append_c(shape, is_record(&type) ? 's' : 'i');
	}
}

static void read_shape(Dwarf_Die *function, GString *shape)
{
	Dwarf_Die child;

	g_string_truncate(shape, 0);
	if (dwarf_child(function, &child) != 0)
		return;
	do {
		if (dwarf_tag(&child) == DW_TAG_formal_parameter)
			add_dwarf_parameter(shape, &child);
		else if (dwarf_tag(&child) == DW_TAG_unspecified_parameters)
			g_string_append(shape, shape->len ? ",." : ".");
	} while (dwarf_siblingof(&child, &child) == 0);
}

static bool has_shape(Dwarf_Die *unit, GHashTable *shapes, GString *shape)
{
	Dwarf_Die child;

	if (dwarf_child(unit, &child) != 0)
		return false;
	do {
		if (dwarf_tag(&child) != DW_TAG_subprogram ||
		    !(dwarf_hasattr(&child, DW_AT_low_pc) || dwarf_hasattr(&child, DW_AT_ranges)))
			continue;
		read_shape(&child, shape);
		if (g_hash_table_contains(shapes, shape->str))
			return true;
	} while (dwarf_siblingof(&child, &child) == 0);
	return false;
}

/* Adds the unit's name if it holds such a function. */
static void take_unit(const struct binary *binary, Dwarf_Die *unit, GHashTable *shapes, GString *shape, GHashTable *found)
{
	Dwarf_Attribute attribute;
	const char *name = dwarf_diename(unit);

	if (name && has_shape(unit, shapes, shape))
		g_hash_table_add(found, path_in_tree(binary, dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute)),
						     name));
}

GHashTable *binary_units_by_shape(const struct binary *binary, GHashTable *shapes)
{
	const struct binary_state *state = binary->state;
	GHashTable *found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Dwarf *dwarf = dwarf_begin_elf(state->image.elf, DWARF_C_READ, NULL);
	GString *shape = g_string_new(NULL);
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;

	while (dwarf && dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0)
		take_unit(binary, &die, shapes, shape, found);
	g_string_free(shape, TRUE);
	dwarf_end(dwarf);
	return found;
}
