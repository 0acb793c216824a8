// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does an object file take the address of one of the given functions?
 *
 * A relocation to the beginning of a function takes its address if it is neither a call nor a jump.
 * It counts if it stands in code or data that come from the kernel's own C text. Tables that the
 * build adds for every function say nothing.
 */
#include "analyzer/binary/internal.h"

#include <string.h>

struct address_search {
	const struct image *object;
	GHashTable *names;
	bool *is_wanted;    /* by symbol index: true if it is one of these functions */
	GHashTable *places; /* section << 32 | address of each of them; keys are owned */
	bool is_taken;
};

/* Section and address as one key. Sections of an object are far smaller than 4 GiB. */
static gint64 place_of(uint32_t section, uint64_t address)
{
	return (gint64)((uint64_t)section << 32 | (address & 0xffffffff));
}

static void find_functions(struct address_search *s)
{
	for (size_t i = 1; i < image_raw_count(s->object); i++) {
		struct image_symbol symbol = image_raw_symbol(s->object, i);

		if (symbol.is_section || !g_hash_table_contains(s->names, symbol.name))
			continue;
		s->is_wanted[i] = true;
		if (symbol.section != IMAGE_UNDEFINED) {
			gint64 place = place_of(symbol.section, symbol.address);

			g_hash_table_add(s->places, g_memdup2(&place, sizeof(place)));
		}
	}
}

static bool is_place(const struct address_search *s, uint32_t section, uint64_t address)
{
	gint64 place = place_of(section, address);

	return g_hash_table_contains(s->places, &place);
}

/*
 * A relocation to a section's symbol gives the place as its addend. The addend of a relative
 * relocation is smaller by arch_relative_bias, so both values are tried.
 */
static bool takes_address(const struct address_search *s,
			  const struct image_raw_relocation *relocation)
{
	uint64_t addend = (uint64_t)relocation->addend;
	struct image_symbol symbol;

	if (arch_is_branch(relocation->type))
		return false;
	if (s->is_wanted[relocation->symbol])
		return true;
	symbol = image_raw_symbol(s->object, relocation->symbol);
	return symbol.is_section && (is_place(s, symbol.section, addend) ||
				     is_place(s, symbol.section, addend + arch_relative_bias));
}

static bool look(const struct image_raw_relocation *relocation, void *search)
{
	struct address_search *s = search;

	s->is_taken = takes_address(s, relocation);
	return !s->is_taken;
}

static void search_sections(struct address_search *s)
{
	for (uint32_t i = 1; i < image_section_count(s->object) && !s->is_taken; i++) {
		const struct image_section *section = image_section(s->object, i);

		if (section->is_loaded && !place_is_bookkeeping(section->name))
			/* damaged: it may take one */
			s->is_taken |= !image_each_relocation(s->object, i, look, s);
	}
}

bool binary_object_takes_address(const char *build_dir, const char *name, GHashTable *functions)
{
	g_autofree char *path = g_canonicalize_filename(name, build_dir);
	struct image *object = image_open(path, NULL);
	struct address_search s = { .object = object, .names = functions };

	if (!object || !image_has_bytes(object, NULL)) {
		image_free(object);
		return true; /* unreadable: it may take one */
	}
	s.is_wanted = g_new0(bool, image_raw_count(object) + 1);
	s.places = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	find_functions(&s);
	search_sections(&s);
	g_free(s.is_wanted);
	g_hash_table_unref(s.places);
	image_free(object);
	return s.is_taken;
}
