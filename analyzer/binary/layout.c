// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compares layouts of records with those that the compiler of vmlinux gave them.
 *
 * The report's layouts are clang's. They differ from gcc's where a header asks for the compiler
 * (#ifdef __clang__), and where a plugin of gcc shuffles members (CONFIG_RANDSTRUCT). Debug
 * information has gcc's.
 *
 * Method: read the records of the named units, with the members of unnamed members as their own.
 * Records with other layouts in other units (#ifdef in a unit) do exist, so one equal record is
 * enough.
 *
 * Limits: a record without a tag is not compared, because debug information does not tell after
 * what the report names it. Neither is one that the named units do not define.
 */
#include "analyzer/binary/internal.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <string.h>

#define MAX_DEPTH 32 /* of unnamed members in unnamed members */

struct layouts {
	const struct binary *binary;
	GHashTable *wanted;           /* "FILE:RECORD" -> struct found * */
	GHashTable *paths;            /* path as libdw holds it -> name in the tree */
	struct unit_paths unit_paths; /* of the unit */
};

/* What is known of one record. */
struct found {
	const struct binary_layout *layout;
	bool is_equal;
	char *difference; /* of the first record of that name; NULL while there is none */
};

static void found_free(gpointer data)
{
	struct found *found = data;

	g_free(found->difference);
	g_free(found);
}

static char *layout_key(const char *file, const char *record)
{
	return g_strdup_printf("%s:%s", file, record);
}

static bool number_of(Dwarf_Die *die, unsigned attribute, Dwarf_Word *number)
{
	Dwarf_Attribute found;

	return dwarf_attr_integrate(die, attribute, &found) && dwarf_formudata(&found, number) == 0;
}

/* The record that an unnamed member holds. False if it holds none. */
static bool inner_record(Dwarf_Die *member, Dwarf_Die *record)
{
	Dwarf_Attribute type;

	return dwarf_attr(member, DW_AT_type, &type) && dwarf_formref_die(&type, record) &&
	       dwarf_peel_type(record, record) == 0 && /* it may be const */
	       (dwarf_tag(record) == DW_TAG_structure_type ||
		dwarf_tag(record) == DW_TAG_union_type);
}

/* The member's offset in its record, in bits. */
static Dwarf_Word offset_of(Dwarf_Die *member)
{
	Dwarf_Word offset = 0;

	if (number_of(member, DW_AT_data_bit_offset, &offset))
		return offset;
	number_of(member, DW_AT_data_member_location, &offset);
	return offset * 8;
}

/* Adds the members of a record that begins at `base`: name -> offset + 1, in bits. */
static void read_members(Dwarf_Die *record, Dwarf_Word base, GHashTable *members, unsigned depth)
{
	Dwarf_Die member, inner;

	if (depth > MAX_DEPTH || dwarf_child(record, &member) != 0)
		return;
	do {
		const char *name = dwarf_diename(&member);
		Dwarf_Word offset = base + offset_of(&member);

		if (dwarf_tag(&member) != DW_TAG_member)
			continue;
		if (name)
			g_hash_table_insert(members, (char *)name, GSIZE_TO_POINTER(offset + 1));
		else if (inner_record(&member, &inner))
			read_members(&inner, offset, members, depth + 1);
	} while (dwarf_siblingof(&member, &member) == 0);
}

/* What differs between the record and the layout. NULL if nothing does. Caller frees. */
static char *difference_of(Dwarf_Die *record, const struct binary_layout *layout)
{
	g_autoptr(GHashTable) members = g_hash_table_new(g_str_hash, g_str_equal);
	Dwarf_Word size = 0;

	number_of(record, DW_AT_byte_size, &size);
	if (size != layout->size)
		return g_strdup_printf("it has %u bytes for clang, and %" G_GUINT64_FORMAT
				       " in vmlinux",
				       layout->size, (guint64)size);
	read_members(record, 0, members, 0);
	for (guint i = 0; i < layout->members->len; i++) {
		const struct binary_layout_member *m =
			&g_array_index(layout->members, struct binary_layout_member, i);
		gsize there = GPOINTER_TO_SIZE(g_hash_table_lookup(members, m->name));

		if (!there)
			return g_strdup_printf("vmlinux's has no member %s", m->name);
		if (there - 1 != m->offset)
			return g_strdup_printf(
				"its member %s is at bit %u for clang, and at %" G_GSIZE_FORMAT
				" in vmlinux",
				m->name, m->offset, there - 1);
	}
	return NULL;
}

static void read_record(struct layouts *l, Dwarf_Die *die)
{
	const char *name = dwarf_diename(die), *path = dwarf_decl_file(die), *file;
	g_autofree char *key = NULL;
	struct found *found;
	char *difference;

	if (!name || !path || dwarf_hasattr(die, DW_AT_declaration))
		return;
	file = g_hash_table_lookup(l->paths, path);
	if (!file) {
		file = binary_path_in_tree(l->binary, &l->unit_paths, path);
		g_hash_table_insert(l->paths, (char *)path, (char *)file);
	}
	key = layout_key(file, name);
	found = g_hash_table_lookup(l->wanted, key);
	if (!found || found->is_equal)
		return;
	difference = difference_of(die, found->layout);
	found->is_equal = !difference;
	if (!found->difference)
		found->difference = g_steal_pointer(&difference);
	g_free(difference);
}

static void read_unit(struct layouts *l, Dwarf_Die *unit, GHashTable *units)
{
	const char *name = dwarf_diename(unit);
	Dwarf_Attribute attribute;
	g_autofree char *path = NULL;
	Dwarf_Die die;

	if (name)
		path = binary_unit_in_tree(
			l->binary, dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute)),
			name, &l->unit_paths);
	if (!path || !g_hash_table_contains(units, path) || dwarf_child(unit, &die) != 0)
		return;
	do {
		if (dwarf_tag(&die) == DW_TAG_structure_type ||
		    dwarf_tag(&die) == DW_TAG_union_type)
			read_record(l, &die);
	} while (dwarf_siblingof(&die, &die) == 0);
}

static bool judge(const struct layouts *l, const GArray *layouts, GError **error)
{
	for (guint i = 0; i < layouts->len; i++) {
		const struct binary_layout *layout =
			&g_array_index(layouts, struct binary_layout, i);
		g_autofree char *key = layout_key(layout->file, layout->record);
		const struct found *found = g_hash_table_lookup(l->wanted, key);

		if (found->is_equal || !found->difference)
			continue;
		g_set_error(
			error, BINARY_ERROR, BINARY_ERROR_FORMAT,
			"%s: clang lays out %s of %s in another way than the compiler that built it: %s; layouts that depend on the "
			"compiler (#ifdef __clang__) or are shuffled (CONFIG_RANDSTRUCT) cannot be analysed; build the kernel without them",
			l->binary->path, layout->record, layout->file, found->difference);
		return false;
	}
	return true;
}

bool binary_check_layouts(const struct binary *binary, GHashTable *units, const GArray *layouts,
			  GError **error)
{
	struct layouts l = {
		.binary = binary,
		.wanted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, found_free),
		.paths = g_hash_table_new_full(NULL, NULL, NULL, g_free),
	};
	const struct binary_state *state = binary->state;
	Dwarf *dwarf = dwarf_begin_elf(image_elf(state->image), DWARF_C_READ, NULL);
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;
	bool is_equal;

	for (guint i = 0; i < layouts->len; i++) {
		struct found *found = g_new0(struct found, 1);

		found->layout = &g_array_index(layouts, struct binary_layout, i);
		g_hash_table_insert(l.wanted,
				    layout_key(found->layout->file, found->layout->record), found);
	}
	while (dwarf && dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0)
		read_unit(&l, &die, units);
	is_equal = judge(&l, layouts, error);
	g_hash_table_unref(l.wanted);
	g_hash_table_unref(l.paths);
	dwarf_end(dwarf);
	return is_equal;
}
