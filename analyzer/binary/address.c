// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does an object take the address of one of some functions?
 *
 * A relocation to a function's beginning that is no call and no jump takes its address, if it stands in code or
 * data that the kernel's own C text made; tables that the build adds for every function say nothing.
 */
#include "analyzer/binary/internal.h"

#include <string.h>

/* Loaded sections that name functions for tools and tables, not for calls. Prefixes. */
static const char *const bookkeeping[] = {
	"__mcount_loc",	   ".orc_unwind",    "__ksymtab",	 "___ksymtab",	   ".export_symbol", "__bug_table",
	"__jump_table",	   ".altinstr",	     ".smp_locks",	 "__ex_table",	   ".retpoline",     ".return_sites",
	".call_sites",	   ".ibt_endbr",     ".static_call_sites", ".discard",	   "_kprobe_blacklist", ".initcall",
	"__patchable",	   ".eh_frame",	     ".kcfi",		 ".BTF_ids",	   "_error_injection",
};

struct search {
	const struct image *object;
	GHashTable *names;
	uint64_t *starts;   /* by symbol index: address + 1 of a function looked for, else 0 */
	GHashTable *places; /* section << 48 | address of each of them; keys are owned */
};

static bool is_bookkeeping(const char *section)
{
	for (size_t i = 0; i < G_N_ELEMENTS(bookkeeping); i++)
		if (g_str_has_prefix(section, bookkeeping[i]))
			return true;
	return false;
}

static gint64 place_of(size_t section, uint64_t address)
{
	return (gint64)((uint64_t)section << 48 | (address & 0xffffffffffff));
}

static void find_functions(struct search *s)
{
	GElf_Sym symbol;

	for (size_t i = 1; i < s->object->symbol_count; i++) {
		const char *name = image_symbol(s->object, i, &symbol);

		if (GELF_ST_TYPE(symbol.st_info) == STT_SECTION || !g_hash_table_contains(s->names, name))
			continue;
		s->starts[i] = symbol.st_value + 1;
		if (symbol.st_shndx != SHN_UNDEF) {
			gint64 place = place_of(symbol.st_shndx, symbol.st_value);

			g_hash_table_add(s->places, g_memdup2(&place, sizeof(place)));
		}
	}
}

static bool is_place(const struct search *s, size_t section, uint64_t address)
{
	gint64 place = place_of(section, address);

	return g_hash_table_contains(s->places, &place);
}

/* A relocation to a section's symbol names a place by its addend, which a relative one counts from its own end. */
static bool takes_address(const struct search *s, const GElf_Rela *relocation)
{
	size_t index = GELF_R_SYM(relocation->r_info);
	uint64_t addend = (uint64_t)relocation->r_addend;
	GElf_Sym symbol;

	if (arch_is_branch(GELF_R_TYPE(relocation->r_info)) || index >= s->object->symbol_count)
		return false;
	if (s->starts[index])
		return true;
	image_symbol(s->object, index, &symbol);
	return GELF_ST_TYPE(symbol.st_info) == STT_SECTION &&
	       (is_place(s, symbol.st_shndx, addend) || is_place(s, symbol.st_shndx, addend + arch_relative_bias));
}

static bool section_takes_address(const struct search *s, Elf_Scn *section, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = data && header->sh_entsize ? header->sh_size / header->sh_entsize : 0;
	GElf_Rela relocation;

	for (size_t i = 0; i < count; i++)
		if (gelf_getrela(data, (int)i, &relocation) && takes_address(s, &relocation))
			return true;
	return false;
}

static bool search_sections(const struct search *s)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header, target;

	while ((section = elf_nextscn(s->object->elf, section))) {
		const char *name;

		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_RELA)
			continue;
		name = image_section(s->object, header.sh_info, &target);
		if (name && (target.sh_flags & SHF_ALLOC) && !is_bookkeeping(name) &&
		    section_takes_address(s, section, &header))
			return true;
	}
	return false;
}

bool object_takes_address(const char *build_dir, const char *name, GHashTable *functions)
{
	g_autofree char *path = g_build_filename(build_dir, name, NULL);
	struct image object;
	struct search s = { .object = &object, .names = functions };
	bool found;

	if (!image_open(&object, path, NULL))
		return true; /* who knows */
	s.starts = g_new0(uint64_t, object.symbol_count + 1);
	s.places = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	find_functions(&s);
	found = search_sections(&s);
	g_free(s.starts);
	g_hash_table_unref(s.places);
	image_close(&object);
	return found;
}
