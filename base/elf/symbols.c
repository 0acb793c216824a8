// SPDX-License-Identifier: GPL-2.0-only
/*
 * The symbol table: as it is in the file, and sorted by place and by name.
 *
 * All defined symbols are in one array, sorted by section and address. A hash table leads from a
 * name to its first symbol, and `next` from there to the others of that name. `reaches` has for
 * each index how far the symbols up to there extend, so that the search for one that covers a place
 * knows when to stop.
 */
#include "base/elf/internal.h"
#include "base/search.h"

#include <string.h>

#define SYMBOL_NONE UINT32_MAX

/* --- the table in the file */

static Elf_Data *find_extensions(const struct image *image)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(image->elf, section)))
		if (gelf_getshdr(section, &header) && header.sh_type == SHT_SYMTAB_SHNDX)
			return elf_getdata(section, NULL);
	return NULL;
}

bool image_find_symbol_table(struct image *image)
{
	GElf_Shdr header;

	if (!image->symbol_section)
		return true;
	image->raw_symbols =
		image_table(image, image->symbol_section, ELF_T_SYM, &image->raw_count);
	if (!image->raw_symbols || !gelf_getshdr(image->symbol_section, &header))
		return false;
	image->raw_strings = header.sh_link;
	image->extensions = find_extensions(image);
	return true;
}

static uint32_t section_of(const GElf_Sym *symbol, Elf32_Word extension)
{
	if (symbol->st_shndx == SHN_XINDEX)
		return extension;
	if (symbol->st_shndx == SHN_COMMON)
		return IMAGE_COMMON;
	return symbol->st_shndx >= SHN_LORESERVE ? IMAGE_ABSOLUTE : symbol->st_shndx;
}

static const char *name_of(const struct image *image, const GElf_Sym *raw, uint32_t section)
{
	const char *name;

	if (GELF_ST_TYPE(raw->st_info) == STT_SECTION)
		name = image_section(image, section) ? image_section(image, section)->name : NULL;
	else
		name = elf_strptr(image->elf, image->raw_strings, raw->st_name);
	return name ? name : "";
}

/* Reads one entry. `*type` is its STT_*. */
static struct image_symbol read_symbol(const struct image *image, size_t index, int *type)
{
	Elf32_Word extension = 0;
	GElf_Sym raw;

	*type = STT_NOTYPE;
	if (!gelf_getsymshndx(image->raw_symbols, image->extensions, (int)index, &raw, &extension))
		return (struct image_symbol){ .name = "", .section = IMAGE_UNDEFINED };
	*type = GELF_ST_TYPE(raw.st_info);
	return (struct image_symbol){
		.name = name_of(image, &raw, section_of(&raw, extension)),
		.address = raw.st_value,
		.size = raw.st_size,
		.section = section_of(&raw, extension),
		.next = SYMBOL_NONE,
		.is_function = *type == STT_FUNC || *type == STT_GNU_IFUNC,
		.is_object = *type == STT_OBJECT || *type == STT_TLS,
		.is_section = *type == STT_SECTION,
		.is_global = GELF_ST_BIND(raw.st_info) != STB_LOCAL,
		.is_weak = GELF_ST_BIND(raw.st_info) == STB_WEAK,
	};
}

size_t image_raw_count(const struct image *image)
{
	return image->raw_count;
}

struct image_symbol image_raw_symbol(const struct image *image, size_t index)
{
	int type;

	return read_symbol(image, index, &type);
}

/* --- sorted */

static int compare_places(gconstpointer left, gconstpointer right)
{
	const struct image_symbol *first = left, *second = right;

	if (first->section != second->section)
		return first->section < second->section ? -1 : 1;
	if (first->address != second->address)
		return first->address < second->address ? -1 : 1;
	return 0;
}

static void collect(const struct image *image, GArray *symbols)
{
	const char *file = NULL;

	for (size_t i = 1; i < image->raw_count; i++) {
		int type;
		struct image_symbol symbol = read_symbol(image, i, &type);

		symbol.file = symbol.is_global ? NULL : file;
		if (type == STT_FILE)
			file = symbol.name;
		else if (type != STT_SECTION && symbol.section != IMAGE_UNDEFINED && symbol.name[0])
			g_array_append_val(symbols, symbol);
	}
}

/*
 * Links the symbols of each name, from the last to the first, so that each chain begins with the
 * lowest place.
 */
static void link_names(struct symbol_index *index)
{
	for (guint i = index->symbols->len; i-- > 0;) {
		struct image_symbol *symbol =
			&g_array_index(index->symbols, struct image_symbol, i);
		gpointer later;

		if (g_hash_table_lookup_extended(index->by_name, symbol->name, NULL, &later))
			symbol->next = GPOINTER_TO_UINT(later);
		g_hash_table_insert(index->by_name, (char *)symbol->name, GUINT_TO_POINTER(i));
	}
}

static uint64_t end_of(const struct image_symbol *symbol)
{
	uint64_t end = symbol->address + MAX(symbol->size, 1);

	return end < symbol->address ? UINT64_MAX : end;
}

static void fill_reaches(struct symbol_index *index)
{
	uint64_t furthest = 0;

	for (guint i = 0; i < index->symbols->len; i++) {
		const struct image_symbol *symbol =
			&g_array_index(index->symbols, struct image_symbol, i);

		if (i > 0 && symbol[-1].section != symbol->section)
			furthest = 0;
		furthest = MAX(furthest, end_of(symbol));
		g_array_append_val(index->reaches, furthest);
	}
}

/* The sorted index; the first call makes it. */
static const struct symbol_index *sorted(const struct image *image)
{
	struct symbol_index *index = image->index;

	if (index->symbols)
		return index;
	index->symbols =
		g_array_sized_new(FALSE, FALSE, sizeof(struct image_symbol), image->raw_count);
	index->reaches = g_array_sized_new(FALSE, FALSE, sizeof(uint64_t), image->raw_count);
	index->by_name = g_hash_table_new(g_str_hash, g_str_equal);
	collect(image, index->symbols);
	g_array_sort(index->symbols, compare_places); /* stable */
	link_names(index);
	fill_reaches(index);
	return index;
}

void image_index_clear(struct symbol_index *index)
{
	g_clear_pointer(&index->by_name, g_hash_table_unref);
	g_clear_pointer(&index->reaches, g_array_unref);
	g_clear_pointer(&index->symbols, g_array_unref);
	g_free(index);
}

static const struct image_symbol *symbol_number(const struct image *image, guint index)
{
	return &g_array_index(sorted(image)->symbols, struct image_symbol, index);
}

const GArray *image_symbols(const struct image *image)
{
	return sorted(image)->symbols;
}

const struct image_symbol *image_find(const struct image *image, const char *name)
{
	gpointer index;

	if (!g_hash_table_lookup_extended(sorted(image)->by_name, name, NULL, &index))
		return NULL;
	return symbol_number(image, GPOINTER_TO_UINT(index));
}

const struct image_symbol *image_find_next(const struct image *image,
					   const struct image_symbol *symbol)
{
	return symbol->next == SYMBOL_NONE ? NULL : symbol_number(image, symbol->next);
}

static bool is_before(const void *symbol, const void *wanted)
{
	return compare_places(symbol, wanted) < 0;
}

/* The index of the first symbol at or after a place. */
static guint lower_bound(const struct image *image, uint32_t section, uint64_t address)
{
	struct image_symbol wanted = { .section = section, .address = address };

	return search_array(sorted(image)->symbols, is_before, &wanted);
}

const struct image_symbol *image_symbol_from(const struct image *image, uint32_t section,
					     uint64_t address)
{
	guint i = lower_bound(image, section, address);
	const struct image_symbol *symbol =
		i < sorted(image)->symbols->len ? symbol_number(image, i) : NULL;

	return symbol && symbol->section == section ? symbol : NULL;
}

const struct image_symbol *image_symbol_after(const struct image *image,
					      const struct image_symbol *symbol)
{
	guint i = (guint)(symbol - symbol_number(image, 0)) + 1;

	return i < sorted(image)->symbols->len && symbol[1].section == symbol->section ? symbol + 1
										       : NULL;
}

const struct image_symbol *image_symbol_at(const struct image *image, uint32_t section,
					   uint64_t address, const struct image_symbol *previous)
{
	const struct image_symbol *symbol = previous ? image_symbol_after(image, previous)
						     : image_symbol_from(image, section, address);

	return symbol && symbol->address == address ? symbol : NULL;
}

static bool is_better_alias(const struct image_symbol *symbol, const struct image_symbol *than)
{
	if ((symbol->size > 0) != (than->size > 0))
		return symbol->size > 0;
	if (symbol->is_global != than->is_global)
		return symbol->is_global;
	return strcmp(symbol->name, than->name) < 0;
}

const struct image_symbol *image_symbol_covering(const struct image *image, uint32_t section,
						 uint64_t address)
{
	const struct image_symbol *best = NULL;
	guint i = lower_bound(image, section, address);

	while (i < sorted(image)->symbols->len &&
	       !compare_places(symbol_number(image, i),
			       &(struct image_symbol){ .section = section, .address = address }))
		i++;
	while (i-- > 0) {
		const struct image_symbol *symbol = symbol_number(image, i);

		if (symbol->section != section ||
		    g_array_index(sorted(image)->reaches, uint64_t, i) <= address ||
		    (best && best->size > 0 && best->address != symbol->address))
			break;
		if (end_of(symbol) > address &&
		    (!best || (best->size == 0 && symbol->size > 0) ||
		     (best->address == symbol->address && is_better_alias(symbol, best))))
			best = symbol;
	}
	return best;
}

unsigned image_symbol_position(const struct image *image, const struct image_symbol *symbol)
{
	unsigned before = 0, count = 0;

	for (const struct image_symbol *each = image_find(image, symbol->name); each;
	     each = image_find_next(image, each)) {
		count++;
		before += each->address < symbol->address ||
			  (each->address == symbol->address && each < symbol);
	}
	return count > 1 ? before + 1 : 0;
}
