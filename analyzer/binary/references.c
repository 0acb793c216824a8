// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where does one of the scheduler's own objects lead to the scheduler's functions and variables?
 *
 * What its sources say is known. Assembly within them says more: operands that it names by itself,
 * tables of words, and of words that are relative to where they stand. The compiled object has a
 * relocation for each of these, unless it is a branch within a section (branches.c finds those in
 * vmlinux). A relocation to something without linkage names only the section and a distance.
 *
 * Method: for each relocation of what is loaded, find the symbols at the place that it leads to. In
 * code, a relative address counts from the end of the instruction, so the function around it is
 * decoded. In data it counts from the word itself; tables whose words count from their own beginning
 * are recognised by trying the symbols of their section as the beginning.
 *
 * Limits: sections in which the kernel only looks up addresses are left out, by name, and so is
 * what is gone after boot.
 */
#include "analyzer/binary/internal.h"

#include "base/decode/decode.h"

#include <string.h>

struct reference_search {
	struct image *object;
	const struct binary_object_hunt *hunt;
	GStringChunk *strings;
	GArray *found; /* struct binary_reference */
	/* of the section that is searched: */
	const struct image_section *section;
	GHashTable *wanted;    /* of the hunt: `wanted`, or `unused` where the code is gone */
	uint64_t decoded_at;   /* address of the symbol that `decoded` belongs to */
	GArray *decoded;       /* struct instruction; NULL if nothing is decoded */
	GPtrArray *beginnings; /* const struct image_symbol *: of data; NULL until needed */
};

static bool is_wanted_at(const struct reference_search *s, uint32_t section, uint64_t address)
{
	const struct image_symbol *each = NULL;

	while ((each = image_symbol_at(s->object, section, address, each)))
		if (g_hash_table_contains(s->wanted, each->name))
			return true;
	return false;
}

/* Notes a way from the symbol around the place (may be NULL) to the symbol. */
static void add(struct reference_search *s, const struct image_symbol *around, const char *to,
		bool is_local)
{
	struct binary_reference reference = {
		.from = around ? g_string_chunk_insert_const(s->strings, around->name) : NULL,
		.to = g_string_chunk_insert_const(s->strings, to),
		.is_code = s->section->is_code,
		.is_local = is_local,
	};

	g_array_append_val(s->found, reference);
}

/*
 * Does so for all wanted names of what lies at a place of the object. A way into the middle of a
 * function is none to the function: the tables of its switches are full of them.
 */
static void add_place(struct reference_search *s, const struct image_symbol *around,
		      uint32_t section, uint64_t address)
{
	const struct image_symbol *target = image_symbol_covering(s->object, section, address),
				  *each = NULL;

	if (target && target->address != address && image_section(s->object, section)->is_code)
		return;
	while (target &&
	       (each = image_symbol_at(s->object, target->section, target->address, each)))
		if (g_hash_table_contains(s->wanted, each->name))
			add(s, around, each->name, !each->is_global);
}

/* True if something that is wanted lies within reach of a relative address that may be meant. */
static bool may_lead(const struct reference_search *s, const struct image_relocation *r)
{
	uint64_t begin = r->value + (uint64_t)r->addend;

	for (unsigned i = arch_relative_bias; i <= ARCH_FIELD_TO_END; i++) {
		const struct image_symbol *symbol =
			image_symbol_covering(s->object, r->section, begin + i);

		if (symbol && is_wanted_at(s, symbol->section, symbol->address))
			return true;
	}
	return false;
}

/* Bytes from the field at `offset` to the end of its instruction; 0 if no instruction has it. */
static unsigned field_to_end(struct reference_search *s, const struct image_symbol *around,
			     uint64_t offset)
{
	if (!s->decoded || s->decoded_at != around->address) {
		g_clear_pointer(&s->decoded, g_array_unref);
		s->decoded = decode_symbol(s->object, around, NULL, NULL, NULL);
		s->decoded_at = around->address;
	}
	for (guint i = 0; s->decoded && i < s->decoded->len; i++) {
		const struct instruction *each = &g_array_index(s->decoded, struct instruction, i);

		if (offset >= each->address && offset < each->address + each->length)
			return (unsigned)(each->address + each->length - offset);
	}
	return 0;
}

static void take_code(struct reference_search *s, const struct image_symbol *around,
		      const struct image_relocation *r)
{
	unsigned distance = 0;

	if (arch_is_relative(r->type)) {
		if (!may_lead(s, r))
			return;
		distance = around && around->size ? field_to_end(s, around, r->offset) : 0;
		if (!distance)
			distance = arch_relative_bias;
	}
	add_place(s, around, r->section, r->value + (uint64_t)r->addend + distance);
}

/* The symbols at which a table in the section may begin. */
static const GPtrArray *table_beginnings(struct reference_search *s)
{
	if (s->beginnings)
		return s->beginnings;
	s->beginnings = g_ptr_array_new();
	for (const struct image_symbol *each = image_symbol_from(s->object, s->section->index, 0);
	     each; each = image_symbol_after(s->object, each))
		g_ptr_array_add(s->beginnings, (gpointer)each);
	return s->beginnings;
}

static void take_data(struct reference_search *s, const struct image_symbol *around,
		      const struct image_relocation *r)
{
	uint64_t target = r->value + (uint64_t)r->addend, distance = target - r->offset;
	const GPtrArray *beginnings;

	add_place(s, around, r->section, target);
	if (!arch_is_relative(r->type))
		return;
	if (is_wanted_at(s, r->section, distance))
		add_place(s, around, r->section, distance);
	beginnings = table_beginnings(s);
	for (guint i = 0; i < beginnings->len; i++) {
		const struct image_symbol *begin = g_ptr_array_index(beginnings, i);

		if (begin->address && begin->address < r->offset &&
		    is_wanted_at(s, r->section, distance + begin->address))
			add_place(s, around, r->section, distance + begin->address);
	}
}

/* True if the code or data does not stay. A clone goes with its function. */
static bool is_gone(const struct reference_search *s, const struct image_symbol *around)
{
	g_autofree char *plain = NULL;

	if (!around || !s->section->is_code)
		return around && g_hash_table_contains(s->hunt->gone, around->name);
	plain = g_strndup(around->name, strcspn(around->name, "."));
	return g_hash_table_contains(s->hunt->gone, plain);
}

static void take_relocation(struct reference_search *s, const struct image_relocation *r)
{
	const struct image_symbol *around =
		image_symbol_covering(s->object, s->section->index, r->offset);

	s->wanted = is_gone(s, around) ? s->hunt->unused : s->hunt->wanted;
	if (r->section == IMAGE_UNDEFINED) {
		if (g_hash_table_contains(s->wanted, r->symbol))
			add(s, around, r->symbol, false);
	} else if (!r->is_section) {
		add_place(s, around, r->section, r->value);
	} else if (s->section->is_code) {
		take_code(s, around, r);
	} else {
		take_data(s, around, r);
	}
}

/* False if the relocations are damaged. */
static bool search_section(struct reference_search *s, const struct image_section *section)
{
	const GArray *relocations = image_relocations(s->object, section->index, NULL);

	s->section = section;
	for (guint i = 0; relocations && i < relocations->len; i++)
		take_relocation(s, &g_array_index(relocations, struct image_relocation, i));
	g_clear_pointer(&s->decoded, g_array_unref);
	g_clear_pointer(&s->beginnings, g_ptr_array_unref);
	return relocations != NULL;
}

static bool is_searched(const struct image_section *section)
{
	return section->is_loaded && !place_is_bookkeeping(section->name) &&
	       !g_str_has_prefix(section->name, ".init") &&
	       !g_str_has_prefix(section->name, ".exit");
}

GArray *binary_find_references(const struct binary *binary, const char *build_dir,
			       const char *object, const struct binary_object_hunt *hunt)
{
	g_autofree char *path = g_canonicalize_filename(object, build_dir);
	struct reference_search s = {
		.object = image_open(path, NULL),
		.hunt = hunt,
		.strings = binary->strings,
		.found = g_array_new(FALSE, FALSE, sizeof(struct binary_reference)),
	};

	for (uint32_t i = 1; s.object && i < image_section_count(s.object); i++)
		if (is_searched(image_section(s.object, i)))
			search_section(&s, image_section(s.object, i));
	image_free(s.object);
	return s.found;
}
