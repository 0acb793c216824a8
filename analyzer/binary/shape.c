// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds functions of vmlinux by their types.
 *
 * Which functions could a call through a pointer of unknown origin reach, in units that were not
 * parsed? DWARF knows the result and parameters of every function. Its types and those of the C
 * text are brought to the same form (a shape), which is so coarse that equal types always have
 * equal shapes; different types may have equal shapes too.
 */
#include "analyzer/binary/internal.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <string.h>

/* --- from the text of a type */

/* What follows `struct ` or `union ` if the text begins with one of them, else NULL. */
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

/* The size of a number's type in bytes, by the first of these words that its name has. */
static const struct {
	const char *word;
	unsigned size;
} numbers[] = {
	{ "_Bool", 1 },  { "char", 1 }, { "short", 2 }, { "__int128", 16 },
	{ "double", 8 }, { "long", 8 }, { "int", 4 },   { "float", 4 },
};

/* True if one of the words of a type is `word`. */
static bool has_word(const char *type, const char *word)
{
	g_auto(GStrv) words = g_strsplit(type, " ", -1);

	return g_strv_contains((const char *const *)words, word);
}

/*
 * Adds a type that is not a pointer. Records and enumerations look alike, because the name of a
 * typedef of an unnamed one does not say which it is.
 */
static void add_plain(GString *shape, const char *type)
{
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
		if (has_word(type, numbers[i].word)) {
			g_string_append_printf(shape, "i%u", numbers[i].size);
			return;
		}
	g_string_append_c(shape, 'o');
}

static void add_type(GString *shape, const char *type)
{
	const char *tag, *end;

	type = skip_qualifiers(type);
	tag = tag_of(type);
	if (strcmp(type, "...") == 0) {
		g_string_append_c(shape, '.');
	} else if (strcmp(type, "void") == 0 || strcmp(type, "?") == 0) {
		g_string_append_c(shape, *type);
	} else if (!strpbrk(type, "*[(")) {
		add_plain(shape, type);
	} else {
		g_string_append_c(shape, 'p');
		end = tag ? strchr(tag, ' ') : NULL;
		if (end && tag[0] != '(' && strcmp(end, " *") == 0)
			g_string_append_printf(shape, ":%.*s", (int)(end - tag), tag);
	}
}

/* The opening parenthesis that belongs to the last closing one before `end`, or NULL. */
static const char *group_begin(const char *text, const char *end)
{
	unsigned depth = 0;

	while (end > text) {
		end--;
		if (*end == ')')
			depth++;
		else if (*end == '(' && depth && --depth == 0)
			return end;
	}
	return NULL;
}

/*
 * Where the parameters begin. They stand in the last pair of parentheses, unless the function
 * returns a pointer to functions: in `int (*(own))(its)` they are `own`.
 */
static const char *parameters_begin(const char *prototype)
{
	const char *begin = group_begin(prototype, prototype + strlen(prototype)), *inner;

	while (begin && begin > prototype && begin[-1] == ')' &&
	       (inner = group_begin(prototype, begin)) && inner[1] == '*' &&
	       group_begin(inner + 1, begin - 1))
		begin = group_begin(inner + 1, begin - 1);
	return begin ? begin + 1 : prototype + strlen(prototype);
}

/*
 * Adds what the function returns: the text in front of its parameters. For a pointer to functions
 * the type stands around the parameters; the part in front of them is enough.
 */
static void add_result(GString *shape, const char *prototype, const char *parameters)
{
	g_autofree char *type = g_strndup(
		prototype, parameters > prototype ? (gsize)(parameters - 1 - prototype) : 0);

	add_type(shape, g_strchomp(type));
}

char *binary_shape(const char *prototype)
{
	GString *shape = g_string_new(NULL);
	const char *begin = parameters_begin(prototype);
	unsigned depth = 0;

	add_result(shape, prototype, begin);
	if (g_str_has_prefix(begin, "void)"))
		return g_string_free(shape, FALSE);
	for (const char *at = begin; *at; at++) {
		if (depth == 0 && (*at == ',' || *at == ')')) {
			g_autofree char *type = g_strndup(begin, (gsize)(at - begin));

			g_string_append_c(shape, ',');
			add_type(shape, g_strchomp(type));
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

/* The type of an entry without typedefs and qualifiers. False for void. */
static bool peeled_type(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attribute;

	if (!dwarf_attr_integrate(die, DW_AT_type, &attribute) ||
	    !dwarf_formref_die(&attribute, type))
		return false;
	return dwarf_peel_type(type, type) == 0;
}

static bool is_record(Dwarf_Die *type)
{
	return dwarf_tag(type) == DW_TAG_structure_type || dwarf_tag(type) == DW_TAG_union_type;
}

static void add_dwarf_type(GString *shape, Dwarf_Die *holder)
{
	Dwarf_Die type, pointee;
	Dwarf_Word size = 4;

	if (!peeled_type(holder, &type)) {
		g_string_append_c(shape, 'v');
	} else if (dwarf_tag(&type) == DW_TAG_pointer_type) {
		g_string_append_c(shape, 'p');
		if (peeled_type(&type, &pointee) && is_record(&pointee) && dwarf_diename(&pointee))
			g_string_append_printf(shape, ":%s", dwarf_diename(&pointee));
	} else if (is_record(&type) || dwarf_tag(&type) == DW_TAG_enumeration_type) {
		g_string_append_c(shape, 'o');
	} else {
		dwarf_aggregate_size(&type, &size);
		g_string_append_printf(shape, "i%u", (unsigned)size);
	}
}

static void read_shape(Dwarf_Die *function, GString *shape)
{
	Dwarf_Die child;

	g_string_truncate(shape, 0);
	add_dwarf_type(shape, function);
	if (dwarf_child(function, &child) != 0)
		return;
	do {
		if (dwarf_tag(&child) == DW_TAG_formal_parameter) {
			g_string_append_c(shape, ',');
			add_dwarf_type(shape, &child);
		} else if (dwarf_tag(&child) == DW_TAG_unspecified_parameters) {
			g_string_append(shape, ",.");
		}
	} while (dwarf_siblingof(&child, &child) == 0);
}

/* True if `shapes` has the shape, as it is or with "?" as its result. */
static bool is_wanted(GHashTable *shapes, const GString *shape)
{
	g_autofree char *any =
		g_strconcat("?", strchr(shape->str, ',') ? strchr(shape->str, ',') : "", NULL);

	return g_hash_table_contains(shapes, shape->str) || g_hash_table_contains(shapes, any);
}

/*
 * True if the entry is a function with code. A function that gcc merged with an equal one counts
 * too: it still has its name, and the other's code.
 */
static bool is_definition(Dwarf_Die *die)
{
	return dwarf_tag(die) == DW_TAG_subprogram && !dwarf_hasattr(die, DW_AT_declaration);
}

static GHashTable *names_by_shape(Dwarf_Die *unit, GHashTable *shapes, GString *shape)
{
	GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Dwarf_Die child;

	if (dwarf_child(unit, &child) != 0)
		return names;
	do {
		const char *name;

		if (!is_definition(&child))
			continue;
		read_shape(&child, shape);
		name = dwarf_diename(&child); /* its own name, or that of its abstract origin */
		if (name && is_wanted(shapes, shape))
			g_hash_table_add(names, g_strdup(name));
	} while (dwarf_siblingof(&child, &child) == 0);
	return names;
}

/* Adds the unit's functions that have a wanted shape, if there are any. */
static void take_unit(const struct binary *binary, Dwarf_Die *unit, GHashTable *shapes,
		      GString *shape, GHashTable *found)
{
	Dwarf_Attribute attribute;
	const char *name = dwarf_diename(unit);
	GHashTable *names = name ? names_by_shape(unit, shapes, shape) : NULL;
	struct unit_paths paths;

	if (names && g_hash_table_size(names))
		g_hash_table_insert(found,
				    binary_unit_in_tree(binary,
							dwarf_formstring(dwarf_attr(
								unit, DW_AT_comp_dir, &attribute)),
							name, &paths),
				    names);
	else
		g_clear_pointer(&names, g_hash_table_unref);
}

GHashTable *binary_functions_by_shape(const struct binary *binary, GHashTable *shapes)
{
	const struct binary_state *state = binary->state;
	GHashTable *found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
						  (GDestroyNotify)g_hash_table_unref);
	Dwarf *dwarf = dwarf_begin_elf(image_elf(state->image), DWARF_C_READ, NULL);
	GString *shape = g_string_new(NULL);
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;

	while (dwarf && dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0)
		take_unit(binary, &die, shapes, shape, found);
	g_string_free(shape, TRUE);
	dwarf_end(dwarf);
	return found;
}
