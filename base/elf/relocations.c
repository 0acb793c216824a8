// SPDX-License-Identifier: GPL-2.0-only
/*
 * Relocations of sections: in the order of the file, and sorted. The sorted ones are read when they
 * are first asked for, and kept.
 */
#include "base/elf/internal.h"
#include "base/search.h"

/* --- in the file's order */

static struct image_raw_relocation with_addend(const GElf_Rela *raw)
{
	return (struct image_raw_relocation){
		.offset = raw->r_offset,
		.addend = raw->r_addend,
		.symbol = GELF_R_SYM(raw->r_info),
		.type = GELF_R_TYPE(raw->r_info),
	};
}

static struct image_raw_relocation without_addend(const GElf_Rel *raw)
{
	return (struct image_raw_relocation){
		.offset = raw->r_offset,
		.symbol = GELF_R_SYM(raw->r_info),
		.type = GELF_R_TYPE(raw->r_info),
	};
}

/* Reads entry `i` of a table. False if that fails or its symbol is not in the file's table. */
static bool read_entry(const struct image *image, Elf_Data *data, int i,
		       struct image_raw_relocation *relocation)
{
	GElf_Rela long_form;
	GElf_Rel short_form;

	if (data->d_type == ELF_T_RELA && gelf_getrela(data, i, &long_form))
		*relocation = with_addend(&long_form);
	else if (data->d_type == ELF_T_REL && gelf_getrel(data, i, &short_form))
		*relocation = without_addend(&short_form);
	else
		return false;
	return relocation->symbol < image->raw_count;
}

/* Visits one table; clears `*goes_on` when the visitor wants no more. False if damaged. */
static bool visit_table(const struct image *image, Elf_Scn *section, Elf_Type type, bool *goes_on,
			bool (*visit)(const struct image_raw_relocation *relocation, void *data),
			void *data)
{
	struct image_raw_relocation relocation;
	size_t count;
	Elf_Data *table = image_table(image, section, type, &count);

	for (size_t i = 0; table && i < count && *goes_on; i++) {
		if (!read_entry(image, table, (int)i, &relocation))
			return false;
		*goes_on = visit(&relocation, data);
	}
	return table != NULL;
}

bool image_each_relocation(const struct image *image, uint32_t target,
			   bool (*visit)(const struct image_raw_relocation *relocation, void *data),
			   void *data)
{
	Elf_Scn *section = NULL;
	bool goes_on = true;
	GElf_Shdr header;

	while (goes_on && (section = elf_nextscn(image->elf, section))) {
		bool is_one = gelf_getshdr(section, &header) &&
			      (header.sh_type == SHT_RELA || header.sh_type == SHT_REL) &&
			      header.sh_info == target;

		if (is_one && !visit_table(image, section,
					   header.sh_type == SHT_RELA ? ELF_T_RELA : ELF_T_REL,
					   &goes_on, visit, data))
			return false;
	}
	return true;
}

/* --- sorted */

struct relocation_collection {
	const struct image *image;
	GArray *out;
};

static bool add_relocation(const struct image_raw_relocation *raw, void *data)
{
	struct relocation_collection *collection = data;
	struct image_symbol symbol = image_raw_symbol(collection->image, raw->symbol);
	struct image_relocation relocation = {
		.offset = raw->offset,
		.type = raw->type,
		.addend = raw->addend,
		.symbol = symbol.name,
		.value = symbol.address,
		.section = symbol.section,
		.is_section = symbol.is_section,
	};

	g_array_append_val(collection->out, relocation);
	return true;
}

static int compare_offsets(gconstpointer left, gconstpointer right)
{
	const struct image_relocation *first = left, *second = right;

	return first->offset < second->offset ? -1 : first->offset > second->offset;
}

const GArray *image_relocations(struct image *image, uint32_t section, GError **error)
{
	GArray *relocations = g_hash_table_lookup(image->relocations, GUINT_TO_POINTER(section));
	struct relocation_collection collection = { image, relocations };

	if (relocations)
		return relocations;
	collection.out = relocations = g_array_new(FALSE, FALSE, sizeof(struct image_relocation));
	if (!image->is_linked &&
	    !image_each_relocation(image, section, add_relocation, &collection)) {
		g_set_error(error, IMAGE_ERROR, IMAGE_ERROR_FORMAT,
			    "%s: damaged relocations of section %s", image->path,
			    image_section(image, section) ? image_section(image, section)->name
							  : "?");
		g_array_unref(relocations);
		return NULL;
	}
	g_array_sort(relocations, compare_offsets); /* stable */
	g_hash_table_insert(image->relocations, GUINT_TO_POINTER(section), relocations);
	return relocations;
}

static bool is_before(const void *relocation, const void *offset)
{
	return ((const struct image_relocation *)relocation)->offset < *(const uint64_t *)offset;
}

guint image_relocation_from(const GArray *relocations, uint64_t offset)
{
	return search_array(relocations, is_before, &offset);
}
