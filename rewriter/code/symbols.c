// SPDX-License-Identifier: GPL-2.0-only
/*
 * The symbol table, by place and by name.
 *
 * All defined symbols stand in one array sorted by section and address. A hash table leads from a
 * name to its first symbol, `next` from there to its namesakes. `reaches` holds for each index how far
 * the symbols up to there extend, so that the search for one that covers a place knows when to give up.
 */
#include "rewriter/code/internal.h"

#include <string.h>

/* --- the table in the file */

static Elf_Data *find_extensions(const struct code *code)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(code->elf, section)))
		if (gelf_getshdr(section, &header) && header.sh_type == SHT_SYMTAB_SHNDX)
			return elf_getdata(section, NULL);
	return NULL;
}

bool symbol_table_open(struct symbol_table *table, const struct code *code)
{
	GElf_Shdr header;

	*table = (struct symbol_table){ NULL };
	if (!code->symbol_section)
		return true;
	table->symbols = table_read(code, code->symbol_section, ELF_T_SYM, &table->count);
	if (!table->symbols || !gelf_getshdr(code->symbol_section, &header))
		return false;
	table->strings = header.sh_link;
	table->extensions = find_extensions(code);
	return true;
}

static uint32_t section_of(const GElf_Sym *symbol, Elf32_Word extension)
{
	if (symbol->st_shndx == SHN_XINDEX)
		return extension;
	if (symbol->st_shndx == SHN_COMMON)
		return CODE_COMMON;
	return symbol->st_shndx >= SHN_LORESERVE ? CODE_ABSOLUTE : symbol->st_shndx;
}

const char *symbol_table_get(const struct symbol_table *table, const struct code *code, size_t index, GElf_Sym *symbol,
			     uint32_t *section)
{
	Elf32_Word extension = 0;
	const char *name;

	if (!gelf_getsymshndx(table->symbols, table->extensions, (int)index, symbol, &extension)) {
		*symbol = (GElf_Sym){ .st_shndx = SHN_UNDEF };
		*section = CODE_UNDEFINED;
		return "";
	}
	*section = section_of(symbol, extension);
	if (GELF_ST_TYPE(symbol->st_info) == STT_SECTION)
		name = code_section(code, *section) ? code_section(code, *section)->name : NULL;
	else
		name = elf_strptr(code->elf, table->strings, symbol->st_name);
	return name ? name : "";
}

/* --- our own */

static const struct code_symbol *symbol_number(const struct code *code, guint index)
{
	return &g_array_index(code->symbols, struct code_symbol, index);
}

static int compare_places(gconstpointer left, gconstpointer right)
{
	const struct code_symbol *first = left, *second = right;

	if (first->section != second->section)
		return first->section < second->section ? -1 : 1;
	if (first->address != second->address)
		return first->address < second->address ? -1 : 1;
	return 0;
}

static void add_symbol(struct code *code, const char *name, const char *file, uint32_t section, const GElf_Sym *raw)
{
	int type = GELF_ST_TYPE(raw->st_info);
	struct code_symbol symbol = {
		.name = name,
		.address = raw->st_value,
		.size = raw->st_size,
		.section = section,
		.next = SYMBOL_NONE,
		.is_function = type == STT_FUNC || type == STT_GNU_IFUNC,
		.is_object = type == STT_OBJECT || type == STT_TLS,
		.is_global = GELF_ST_BIND(raw->st_info) != STB_LOCAL,
		.is_weak = GELF_ST_BIND(raw->st_info) == STB_WEAK,
	};

	symbol.file = symbol.is_global ? NULL : file;
	g_array_append_val(code->symbols, symbol);
}

static void collect(struct code *code, const struct symbol_table *table)
{
	const char *file = NULL;

	for (size_t i = 1; i < table->count; i++) {
		uint32_t section;
		GElf_Sym raw;
		const char *name = symbol_table_get(table, code, i, &raw, &section);
		int type = GELF_ST_TYPE(raw.st_info);

		if (type == STT_FILE)
			file = name;
		else if (type != STT_SECTION && section != CODE_UNDEFINED && name[0])
			add_symbol(code, name, file, section, &raw);
	}
}

/* From the last to the first, so that each chain begins with the lowest place. */
static void link_names(struct code *code)
{
	for (guint i = code->symbols->len; i-- > 0;) {
		struct code_symbol *symbol = &g_array_index(code->symbols, struct code_symbol, i);
		gpointer later;

		if (g_hash_table_lookup_extended(code->by_name, symbol->name, NULL, &later))
			symbol->next = GPOINTER_TO_UINT(later);
		g_hash_table_insert(code->by_name, (char *)symbol->name, GUINT_TO_POINTER(i));
	}
}

static uint64_t end_of(const struct code_symbol *symbol)
{
	uint64_t end = symbol->address + MAX(symbol->size, 1);

	return end < symbol->address ? UINT64_MAX : end;
}

static void fill_reaches(struct code *code)
{
	uint64_t furthest = 0;

	for (guint i = 0; i < code->symbols->len; i++) {
		const struct code_symbol *symbol = symbol_number(code, i);

		if (i > 0 && symbol[-1].section != symbol->section)
			furthest = 0;
		furthest = MAX(furthest, end_of(symbol));
		g_array_append_val(code->reaches, furthest);
	}
}

bool code_read_symbols(struct code *code)
{
	struct symbol_table table;

	code->symbols = g_array_new(FALSE, FALSE, sizeof(struct code_symbol));
	code->reaches = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	code->by_name = g_hash_table_new(g_str_hash, g_str_equal);
	if (!symbol_table_open(&table, code))
		return false;
	collect(code, &table);
	g_array_sort(code->symbols, compare_places); /* stable */
	link_names(code);
	fill_reaches(code);
	return true;
}

const GArray *code_symbols(const struct code *code)
{
	return code->symbols;
}

const struct code_symbol *code_find(const struct code *code, const char *name)
{
	gpointer index;

	if (!g_hash_table_lookup_extended(code->by_name, name, NULL, &index))
		return NULL;
	return symbol_number(code, GPOINTER_TO_UINT(index));
}

const struct code_symbol *code_find_next(const struct code *code, const struct code_symbol *symbol)
{
	return symbol->next == SYMBOL_NONE ? NULL : symbol_number(code, symbol->next);
}

/* Index of the first symbol that does not lie before a place. */
static guint lower_bound(const struct code *code, uint32_t section, uint64_t address)
{
	struct code_symbol wanted = { .section = section, .address = address };
	guint low = 0, high = code->symbols->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (compare_places(symbol_number(code, middle), &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct code_symbol *code_symbol_at(const struct code *code, uint32_t section, uint64_t address,
					 const struct code_symbol *previous)
{
	guint i = previous ? (guint)(previous - symbol_number(code, 0)) + 1 : lower_bound(code, section, address);
	const struct code_symbol *symbol = i < code->symbols->len ? symbol_number(code, i) : NULL;

	return symbol && symbol->section == section && symbol->address == address ? symbol : NULL;
}

static bool is_better_alias(const struct code_symbol *symbol, const struct code_symbol *than)
{
	if ((symbol->size > 0) != (than->size > 0))
		return symbol->size > 0;
	if (symbol->is_global != than->is_global)
		return symbol->is_global;
	return strcmp(symbol->name, than->name) < 0;
}

const struct code_symbol *code_symbol_covering(const struct code *code, uint32_t section, uint64_t address)
{
	const struct code_symbol *best = NULL;
	guint i = lower_bound(code, section, address);

	while (i < code->symbols->len && !compare_places(symbol_number(code, i),
							 &(struct code_symbol){ .section = section, .address = address }))
		i++;
	while (i-- > 0) {
		const struct code_symbol *symbol = symbol_number(code, i);

		if (symbol->section != section || g_array_index(code->reaches, uint64_t, i) <= address ||
		    (best && best->size > 0 && best->address != symbol->address))
			break;
		if (end_of(symbol) > address && (!best || (best->size == 0 && symbol->size > 0) ||
						 (best->address == symbol->address && is_better_alias(symbol, best))))
			best = symbol;
	}
	return best;
}

unsigned code_symbol_position(const struct code *code, const struct code_symbol *symbol)
{
	unsigned before = 0, count = 0;

	for (const struct code_symbol *each = code_find(code, symbol->name); each; each = code_find_next(code, each)) {
		count++;
		before += each->address < symbol->address || (each->address == symbol->address && each < symbol);
	}
	return count > 1 ? before + 1 : 0;
}
