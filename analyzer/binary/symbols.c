// SPDX-License-Identifier: GPL-2.0-only
/*
 * The symbol table of vmlinux, by address and by name.
 *
 * All defined symbols stand in one array sorted by address. A hash table leads from a name to
 * the first symbol of that name, `next` from there to its namesakes in address order,
 * the order in which kallsyms, and so a symbol position, counts them.
 *
 * Limits: positions count every symbol of the ELF table. kallsyms leaves a few kinds out
 * (data without CONFIG_KALLSYMS_ALL); no name of theirs is shared with a function.
 */
#include "analyzer/binary/internal.h"

#include <string.h>

static bool is_wanted(const GElf_Sym *symbol, const char *name)
{
	int type = GELF_ST_TYPE(symbol->st_info);

	return symbol->st_shndx != SHN_UNDEF && name[0] != '\0' && type != STT_SECTION && type != STT_FILE;
}

static int compare_addresses(gconstpointer left, gconstpointer right)
{
	const struct symbol *first = left, *second = right;

	if (first->address != second->address)
		return first->address < second->address ? -1 : 1;
	return 0;
}

static void collect(struct symbols *symbols, const struct image *image)
{
	GElf_Sym raw;

	for (size_t i = 1; i < image->symbol_count; i++) {
		const char *name = image_symbol(image, i, &raw);
		struct symbol symbol = {
			.name = name,
			.address = raw.st_value,
			.size = raw.st_size,
			.next = SYMBOL_NONE,
			.section = raw.st_shndx,
			.type = GELF_ST_TYPE(raw.st_info),
			.binding = GELF_ST_BIND(raw.st_info),
		};

		if (is_wanted(&raw, name))
			g_array_append_val(symbols->all, symbol);
	}
}

static const struct symbol *symbol_number(const struct symbols *symbols, uint32_t index)
{
	return &g_array_index(symbols->all, struct symbol, index);
}

static uint32_t number_of(const struct symbols *symbols, const struct symbol *symbol)
{
	return (uint32_t)(symbol - symbol_number(symbols, 0));
}

/* From the last to the first, so that each chain begins with the lowest address. */
static void link_names(struct symbols *symbols)
{
	for (uint32_t i = symbols->all->len; i-- > 0;) {
		struct symbol *symbol = &g_array_index(symbols->all, struct symbol, i);
		gpointer later;

		if (g_hash_table_lookup_extended(symbols->by_name, symbol->name, NULL, &later))
			symbol->next = GPOINTER_TO_UINT(later);
		g_hash_table_insert(symbols->by_name, (char *)symbol->name, GUINT_TO_POINTER(i));
	}
}

void symbols_read(struct symbols *symbols, const struct image *image)
{
	symbols->all = g_array_sized_new(FALSE, FALSE, sizeof(struct symbol), image->symbol_count);
	symbols->by_name = g_hash_table_new(g_str_hash, g_str_equal);
	collect(symbols, image);
	g_array_sort(symbols->all, compare_addresses); /* stable */
	link_names(symbols);
}

void symbols_clear(struct symbols *symbols)
{
	g_clear_pointer(&symbols->all, g_array_unref);
	g_clear_pointer(&symbols->by_name, g_hash_table_unref);
}

const struct symbol *symbols_find(const struct symbols *symbols, const char *name)
{
	gpointer index;

	if (!g_hash_table_lookup_extended(symbols->by_name, name, NULL, &index))
		return NULL;
	return symbol_number(symbols, GPOINTER_TO_UINT(index));
}

const struct symbol *symbols_next(const struct symbols *symbols, const struct symbol *symbol)
{
	return symbol->next == SYMBOL_NONE ? NULL : symbol_number(symbols, symbol->next);
}

uint64_t symbols_address(const struct symbols *symbols, const char *name)
{
	const struct symbol *symbol = symbols_find(symbols, name);

	return symbol ? symbol->address : 0;
}

/* Index of the first symbol whose address is not below the given one. */
static uint32_t lower_bound(const struct symbols *symbols, uint64_t address)
{
	uint32_t low = 0, high = symbols->all->len;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (symbol_number(symbols, middle)->address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct symbol *symbols_from(const struct symbols *symbols, uint64_t address)
{
	uint32_t i = lower_bound(symbols, address);

	return i < symbols->all->len ? symbol_number(symbols, i) : NULL;
}

const struct symbol *symbols_after(const struct symbols *symbols, const struct symbol *symbol)
{
	uint32_t i = number_of(symbols, symbol) + 1;

	return i < symbols->all->len ? symbol_number(symbols, i) : NULL;
}

const struct symbol *symbols_at(const struct symbols *symbols, uint64_t address, const struct symbol *previous)
{
	const struct symbol *each = previous ? symbols_after(symbols, previous) : symbols_from(symbols, address);

	while (each && each->address == address && each->section == SHN_ABS)
		each = symbols_after(symbols, each);
	return each && each->address == address ? each : NULL;
}

unsigned symbols_position(const struct symbols *symbols, const struct symbol *symbol)
{
	const struct symbol *each = symbols_find(symbols, symbol->name);
	unsigned position = 1;

	if (!symbols_next(symbols, each))
		return 0;
	for (; each != symbol; each = symbols_next(symbols, each))
		position++;
	return position;
}

uint64_t symbols_following(const struct symbols *symbols, const struct symbol *symbol)
{
	const struct symbol *each = symbols_after(symbols, symbol);

	while (each && (each->section != symbol->section || each->address == symbol->address))
		each = symbols_after(symbols, each);
	return each ? each->address : 0;
}

bool symbols_is_exported(const struct symbols *symbols, const struct symbol *symbol)
{
	g_autofree char *entry = NULL;

	if (symbol->binding == STB_LOCAL)
		return false;
	entry = g_strconcat("__ksymtab_", symbol->name, NULL);
	return symbols_find(symbols, entry) != NULL;
}
