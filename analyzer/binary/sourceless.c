// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the debug information says of an object whose source is not known: in which units it was
 * compiled, and which structs it knows the members of.
 *
 * An object that uses a member has a full definition of the struct, in any language. libdwfl applies
 * the relocations, without which the names in an object's debug information are not what they seem.
 *
 * Limits: a struct that is copied into another language under another name is not recognised.
 */
#include <dwarf.h>
#include <elfutils/libdwfl.h>

#include "analyzer/binary/internal.h"

#define MAX_DEPTH 64

/* Entries that others nest in. */
static bool is_nest(int tag)
{
	return tag == DW_TAG_structure_type || tag == DW_TAG_union_type ||
	       tag == DW_TAG_class_type || tag == DW_TAG_namespace || tag == DW_TAG_subprogram ||
	       tag == DW_TAG_lexical_block;
}

static void add_records(GHashTable *records, Dwarf_Die *parent, unsigned depth)
{
	Dwarf_Die child;

	if (depth > MAX_DEPTH || dwarf_child(parent, &child) != 0)
		return;
	do {
		int tag = dwarf_tag(&child);
		const char *name = dwarf_diename(&child);

		if (!is_nest(tag))
			continue;
		if (name && tag != DW_TAG_namespace && tag != DW_TAG_subprogram &&
		    !dwarf_hasattr(&child, DW_AT_declaration))
			g_hash_table_add(records, g_strdup(name));
		add_records(records, &child, depth + 1);
	} while (dwarf_siblingof(&child, &child) == 0);
}

static void add_unit(struct binary_sourceless *s, const struct binary *names, Dwarf_Die *unit)
{
	Dwarf_Attribute attribute;
	/* no command tells its prefix maps */
	struct unit_paths paths = {
		.root = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute)),
	};

	if (!dwarf_diename(unit))
		return;
	g_ptr_array_add(s->units, binary_path_in_tree(names, &paths, dwarf_diename(unit)));
	add_records(s->records, unit, 0);
}

static void read_debug(struct binary_sourceless *s, const struct binary *names, const char *path)
{
	static const Dwfl_Callbacks callbacks = {
		.find_elf = dwfl_build_id_find_elf,
		.find_debuginfo = dwfl_standard_find_debuginfo,
		.section_address = dwfl_offline_section_address,
	};
	Dwfl *dwfl = dwfl_begin(&callbacks);
	Dwfl_Module *module;
	Dwarf_Die *unit = NULL;
	Dwarf_Addr bias;

	dwfl_report_begin(dwfl);
	module = dwfl_report_offline(dwfl, path, path, -1);
	dwfl_report_end(dwfl, NULL, NULL);
	while (module && (unit = dwfl_module_nextcu(module, unit, &bias)))
		add_unit(s, names, unit);
	dwfl_end(dwfl);
}

static bool has_code(const struct image *object)
{
	for (uint32_t i = 1; i < image_section_count(object); i++) {
		const struct image_section *section = image_section(object, i);

		if (section->is_code && section->is_loaded && section->size)
			return true;
	}
	return false;
}

struct binary_sourceless *binary_read_sourceless(const char *source_dir, const char *build_dir,
						 const char *object)
{
	const struct binary names = { .source_dir = source_dir, .build_dir = build_dir };
	g_autofree char *path = g_canonicalize_filename(object, build_dir);
	struct image *image = image_open(path, NULL);
	struct binary_sourceless *s = g_new0(struct binary_sourceless, 1);

	s->units = g_ptr_array_new_with_free_func(g_free);
	s->records = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	s->has_code = !image || has_code(image);
	if (image)
		read_debug(s, &names, path);
	image_free(image);
	return s;
}

void binary_sourceless_free(struct binary_sourceless *s)
{
	if (!s)
		return;
	g_ptr_array_unref(s->units);
	g_hash_table_unref(s->records);
	g_free(s);
}
