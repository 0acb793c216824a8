// SPDX-License-Identifier: GPL-2.0-only
/*
 * libdwfl assigns addresses of its own to the sections of a relocatable file and relocates its
 * debug information to them. So a place is translated into such an address first.
 *
 * Limit: a copy within a cold part counts for the whole function.
 */
#include "tools/compare/inlines.h"

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <string.h>

struct inlines {
	Dwfl *dwfl;
	Dwfl_Module *module;
	Elf *elf;
	GElf_Addr bias;
};

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

struct inlines *inlines_open(const char *path)
{
	struct inlines *inlines = g_new0(struct inlines, 1);
	Dwarf_Addr bias;

	inlines->dwfl = dwfl_begin(&callbacks);
	if (inlines->dwfl)
		inlines->module = dwfl_report_offline(inlines->dwfl, path, path, -1);
	if (inlines->module) {
		dwfl_report_end(inlines->dwfl, NULL, NULL);
		inlines->elf = dwfl_module_getelf(inlines->module, &inlines->bias);
	}
	if (inlines->elf && dwfl_module_getdwarf(inlines->module, &bias))
		return inlines;
	inlines_close(inlines);
	return NULL;
}

void inlines_close(struct inlines *inlines)
{
	if (!inlines)
		return;
	dwfl_end(inlines->dwfl);
	g_free(inlines);
}

static GElf_Addr laid_out_at(const struct inlines *inlines, uint32_t section, uint64_t address)
{
	GElf_Ehdr header;
	GElf_Shdr where;

	if (!gelf_getehdr(inlines->elf, &header) || header.e_type != ET_REL)
		return address + inlines->bias;
	return gelf_getshdr(elf_getscn(inlines->elf, section), &where)
		       ? where.sh_addr + address + inlines->bias
		       : 0;
}

static bool is_copy_of(Dwarf_Die *die, const char *name)
{
	const char *own = dwarf_tag(die) == DW_TAG_inlined_subroutine ? dwarf_diename(die) : NULL;

	return own && !strcmp(own, name);
}

static int count_copies(Dwarf_Die *die, const char *name)
{
	Dwarf_Die child;
	int count = 0;

	if (dwarf_child(die, &child) != 0)
		return 0;
	do
		count += is_copy_of(&child, name) + count_copies(&child, name);
	while (dwarf_siblingof(&child, &child) == 0);
	return count;
}

/* Finds the concrete function of a unit that holds the address. */
static bool find_function(Dwarf_Die *unit, Dwarf_Addr address, Dwarf_Die *function)
{
	if (dwarf_child(unit, function) != 0)
		return false;
	do
		if (dwarf_tag(function) == DW_TAG_subprogram && dwarf_haspc(function, address) > 0)
			return true;
	while (dwarf_siblingof(function, function) == 0);
	return false;
}

int inlines_count(struct inlines *inlines, uint32_t section, uint64_t address, const char *name)
{
	GElf_Addr place = laid_out_at(inlines, section, address);
	Dwarf_Addr bias = 0;
	Dwarf_Die *unit = dwfl_module_addrdie(inlines->module, place, &bias);
	Dwarf_Die function;

	if (!unit || !find_function(unit, place - bias, &function))
		return -1;
	return count_copies(&function, name);
}
