// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the place of a function or variable in vmlinux tells about it.
 *
 * Regions are bounded by pairs of symbols that the kernel's linker script defines, or are
 * sections of their own; both stand in tables. A function without symbol of its own is placed
 * by the entry of its first clone, else of its nameless code, so that one whose only
 * copy is NAME.isra.0 in .init.text still counts as init text.
 *
 * Limits: the regions are those of the kernels 5.10 and later; a marker that is absent from
 * vmlinux makes an empty region.
 */
#include "analyzer/binary/internal.h"

#include <stddef.h>

static const struct region {
	const char *start;
	const char *end;  /* first byte behind */
	size_t flag;      /* of struct binary_function */
} regions[] = {
	{ "_sinittext", "_einittext", offsetof(struct binary_function, is_init) },
	{ "__noinstr_text_start", "__noinstr_text_end", offsetof(struct binary_function, is_noinstr) },
	{ "__cpuidle_text_start", "__cpuidle_text_end", offsetof(struct binary_function, is_noinstr) },
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

static bool is_in_region(const struct symbols *symbols, const struct region *region, uint64_t address)
{
	return address >= symbols_address(symbols, region->start) &&
	       address < symbols_address(symbols, region->end);
}

void place_region(struct binary_function *function, const struct binary_state *state, uint64_t address)
{
	GElf_Shdr header;
	size_t index = image_section_at(&state->image, address, &header);
	const char *section = index ? image_section(&state->image, index, &header) : NULL;

	clear_flags(function);
	for (size_t i = 0; i < G_N_ELEMENTS(regions); i++)
		if (is_in_region(&state->symbols, &regions[i], address))
			set_flag(function, regions[i].flag, true);
	for (size_t i = 0; i < G_N_ELEMENTS(section_flags); i++)
		if (g_strcmp0(section, section_flags[i].name) == 0)
			set_flag(function, section_flags[i].flag, true);
}

/* The last symbol of a section has room up to the section's end. */
static uint64_t room_of(const struct binary_state *state, const struct symbol *symbol)
{
	uint64_t following = symbols_following(&state->symbols, symbol);
	GElf_Shdr header;

	if (following)
		return following - symbol->address;
	if (!image_section(&state->image, symbol->section, &header))
		return symbol->size;
	return header.sh_addr + header.sh_size - symbol->address;
}

void place_function(struct binary_function *function, const struct binary_state *state, const struct symbol *symbol)
{
	uint8_t bytes[ARCH_ENTRY_BYTES];
	size_t size = image_bytes(&state->image, symbol->section, symbol->address, bytes, sizeof(bytes));

	function->symbol = symbol->name;
	function->address = symbol->address;
	function->size = symbol->size;
	function->room = room_of(state, symbol);
	function->position = symbols_position(&state->symbols, symbol);
	function->has_endbr = arch_has_endbr(bytes, size);
	function->has_fentry = arch_has_fentry(bytes, size, symbol->address, state->tracer);
	function->is_patched = patched_overlaps(state->patched, symbol->address + arch_entry_size(function->has_endbr, function->has_fentry),
						arch_jump_size);
	function->is_exported = symbols_is_exported(&state->symbols, symbol);
	place_region(function, state, symbol->address);
}

void place_variable(struct binary_variable *variable, const struct binary_state *state, const struct symbol *symbol)
{
	GElf_Shdr header;

	variable->symbol = symbol->name;
	variable->size = symbol->size;
	variable->position = symbols_position(&state->symbols, symbol);
	variable->is_exported = symbols_is_exported(&state->symbols, symbol);
	variable->is_percpu = g_strcmp0(image_section(&state->image, symbol->section, &header), ".data..percpu") == 0;
}
