// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the place of a function or variable in vmlinux tells about it.
 *
 * A region lies between two symbols that the kernel's linker script defines, or it is a section of
 * its own; two tables list them. A function without a symbol of its own is placed by the entry of
 * its first clone, or else by the beginning of its code. So a function whose only copy is
 * NAME.isra.0 in .init.text still counts as init text.
 *
 * Limits: the regions are those of kernels from 5.10 on; if vmlinux has neither marker of a region,
 * the region is empty.
 */
#include "analyzer/binary/internal.h"

#include <stddef.h>
#include <string.h>

static const struct region {
	const char *start;
	const char *end; /* first byte behind the region */
	size_t flag;     /* offset of the flag in struct binary_function */
} regions[] = {
	{ "_sinittext", "_einittext", offsetof(struct binary_function, is_init) },
	{ "__noinstr_text_start", "__noinstr_text_end",
	  offsetof(struct binary_function, is_noinstr) },
	{ "__cpuidle_text_start", "__cpuidle_text_end",
	  offsetof(struct binary_function, is_noinstr) },
	{ "__entry_text_start", "__entry_text_end", offsetof(struct binary_function, is_noinstr) },
	{ "__sched_text_start", "__sched_text_end", offsetof(struct binary_function, is_sched) },
};

static const struct section_flag {
	const char *name;
	size_t flag;
} section_flags[] = {
	{ ".init.text", offsetof(struct binary_function, is_init) },
	{ ".exit.text", offsetof(struct binary_function, is_exit) },
	{ ".noinstr.text", offsetof(struct binary_function, is_noinstr) },
	{ ".cpuidle.text", offsetof(struct binary_function, is_noinstr) },
	{ ".entry.text", offsetof(struct binary_function, is_noinstr) },
};

static void set_flag(struct binary_function *function, size_t flag, bool value)
{
	*(bool *)((char *)function + flag) = value;
}

static void clear_flags(struct binary_function *function)
{
	for (size_t i = 0; i < G_N_ELEMENTS(regions); i++)
		set_flag(function, regions[i].flag, false);
	for (size_t i = 0; i < G_N_ELEMENTS(section_flags); i++)
		set_flag(function, section_flags[i].flag, false);
}

static bool is_in_region(const struct image *image, const struct region *region, uint64_t address)
{
	uint64_t start = binary_address_of(image, region->start);

	return start && address >= start && address < binary_address_of(image, region->end);
}

void place_region(struct binary_function *function, const struct binary_state *state,
		  uint64_t address)
{
	const struct image_section *section = image_section_at(state->image, address);

	clear_flags(function);
	for (size_t i = 0; i < G_N_ELEMENTS(regions); i++)
		if (is_in_region(state->image, &regions[i], address))
			set_flag(function, regions[i].flag, true);
	for (size_t i = 0; i < G_N_ELEMENTS(section_flags); i++)
		if (section && strcmp(section->name, section_flags[i].name) == 0)
			set_flag(function, section_flags[i].flag, true);
}

bool place_is_exported(const struct image *image, const struct image_symbol *symbol)
{
	g_autofree char *entry = g_strconcat("__ksymtab_", symbol->name, NULL);

	return symbol->is_global && image_find(image, entry);
}

/* The last symbol of a section has room up to the section's end. */
static uint64_t room_of(const struct binary_state *state, const struct image_symbol *symbol)
{
	const struct image_section *section = image_section(state->image, symbol->section);
	const struct image_symbol *next = image_symbol_after(state->image, symbol);

	while (next && next->address == symbol->address)
		next = image_symbol_after(state->image, next);
	if (next && section)
		return next->address - symbol->address;
	return section ? section->address + section->size - symbol->address : symbol->size;
}

void place_function(struct binary_function *function, const struct binary_state *state,
		    const struct image_symbol *symbol)
{
	const struct image_section *section = image_section(state->image, symbol->section);
	uint64_t size =
		section ? MIN(ARCH_ENTRY_BYTES, section->address + section->size - symbol->address)
			: 0;
	const uint8_t *bytes = image_bytes(state->image, symbol->section, symbol->address, size);

	function->symbol = symbol->name;
	function->address = symbol->address;
	function->size = symbol->size;
	function->room = room_of(state, symbol);
	function->position = image_symbol_position(state->image, symbol);
	function->has_endbr = bytes && arch_has_endbr(bytes, size);
	function->has_fentry =
		bytes && arch_has_fentry(bytes, size, symbol->address, state->tracer);
	function->is_patched = patched_overlaps(
		state->patched,
		symbol->address + arch_entry_size(function->has_endbr, function->has_fentry),
		arch_jump_size);
	function->is_exported = place_is_exported(state->image, symbol);
	place_region(function, state, symbol->address);
}

void place_variable(struct binary_variable *variable, const struct binary_state *state,
		    const struct image_symbol *symbol)
{
	const struct image_section *section = image_section(state->image, symbol->section);

	variable->symbol = symbol->name;
	variable->size = symbol->size;
	variable->position = image_symbol_position(state->image, symbol);
	variable->is_exported = place_is_exported(state->image, symbol);
	variable->is_percpu = section && strcmp(section->name, ".data..percpu") == 0;
}

/* Prefixes of loaded sections that name functions for tools and tables, not for calls. */
static const char *const bookkeeping[] = {
	"__mcount_loc", ".orc_unwind",       "__ksymtab",
	"___ksymtab",   ".export_symbol",    "__bug_table",
	"__jump_table", ".altinstr",         ".smp_locks",
	"__ex_table",   ".retpoline",        ".return_sites",
	".call_sites",  ".ibt_endbr",        ".static_call_sites",
	".discard",     "_kprobe_blacklist", ".initcall",
	"__patchable",  ".eh_frame",         ".kcfi",
	".BTF_ids",     "_error_injection",
};

bool place_is_bookkeeping(const char *section)
{
	for (size_t i = 0; i < G_N_ELEMENTS(bookkeeping); i++)
		if (g_str_has_prefix(section, bookkeeping[i]))
			return true;
	return false;
}
