// SPDX-License-Identifier: GPL-2.0-only
/* Relocations of a relocatable file's sections, read when first asked for and kept. */
#include "rewriter/code/internal.h"

static int compare_offsets(gconstpointer left, gconstpointer right)
{
	const struct code_relocation *first = left, *second = right;

	return first->offset < second->offset ? -1 : first->offset > second->offset;
}

static void add_relocation(const struct code *code, const struct symbol_table *table, const GElf_Rela *raw, GArray *out)
{
	struct code_relocation relocation = {
		.offset = raw->r_offset,
		.type = GELF_R_TYPE(raw->r_info),
		.addend = raw->r_addend,
	};
	GElf_Sym symbol;

	relocation.symbol = symbol_table_get(table, code, GELF_R_SYM(raw->r_info), &symbol, &relocation.section);
	relocation.value = symbol.st_value;
	relocation.is_section = GELF_ST_TYPE(symbol.st_info) == STT_SECTION;
	g_array_append_val(out, relocation);
}

static bool read_table(const struct code *code, Elf_Scn *section, const struct symbol_table *table, GArray *out)
{
	size_t count;
	Elf_Data *data = table_read(code, section, ELF_T_RELA, &count);

	for (size_t i = 0; data && i < count; i++) {
		GElf_Rela raw;

		if (!gelf_getrela(data, (int)i, &raw) || GELF_R_SYM(raw.r_info) >= table->count)
			return false;
		add_relocation(code, table, &raw, out);
	}
	return data != NULL;
}

static bool read_relocations(const struct code *code, uint32_t target, GArray *out)
{
	struct symbol_table table;
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	if (!symbol_table_open(&table, code))
		return false;
	while ((section = elf_nextscn(code->elf, section)))
		if (gelf_getshdr(section, &header) && header.sh_type == SHT_RELA && header.sh_info == target &&
		    !read_table(code, section, &table, out))
			return false;
	return true;
}

const GArray *code_relocations(struct code *code, uint32_t section, GError **error)
{
	GArray *relocations = g_hash_table_lookup(code->relocations, GUINT_TO_POINTER(section));

	if (relocations)
		return relocations;
	relocations = g_array_new(FALSE, FALSE, sizeof(struct code_relocation));
	if (!code->is_linked && !read_relocations(code, section, relocations)) {
		g_set_error(error, CODE_ERROR, CODE_ERROR_FORMAT, "%s: damaged relocations of section %s", code->path,
			    code_section(code, section) ? code_section(code, section)->name : "?");
		g_array_unref(relocations);
		return NULL;
	}
	g_array_sort(relocations, compare_offsets); /* stable */
	g_hash_table_insert(code->relocations, GUINT_TO_POINTER(section), relocations);
	return relocations;
}

guint code_relocation_from(const GArray *relocations, uint64_t offset)
{
	guint low = 0, high = relocations->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (g_array_index(relocations, struct code_relocation, middle).offset < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
