/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to base/elf/: what its files share. */
#ifndef PLUGSCHED_BASE_ELF_INTERNAL_H
#define PLUGSCHED_BASE_ELF_INTERNAL_H

#include <gelf.h>

#include "base/elf/image.h"

struct image {
	char *path;
	char *build_id;
	Elf *elf;
	int fd;
	uint64_t size; /* size of the file, bytes */
	bool is_linked;
	GArray *sections;        /* struct image_section, by index */
	Elf_Scn *symbol_section; /* .symtab; NULL without one */
	Elf_Data *raw_symbols;   /* its entries */
	Elf_Data *extensions;    /* section numbers too large for a symbol; NULL if all fit */
	size_t raw_count;
	size_t raw_strings;      /* index of the section with the names */
	GHashTable *relocations; /* section index -> GArray of struct image_relocation, for
	                             sections that were asked for */
	struct symbol_index *index;
};

/* The defined symbols, sorted; empty until they are first asked for. */
struct symbol_index {
	GArray *symbols; /* struct image_symbol; NULL: not made yet */
	/* uint64_t by symbol index: furthest end of it and those before it in its section */
	GArray *reaches;
	GHashTable *by_name; /* name -> index of the first symbol of that name */
};

/* Frees the index and all that it holds. */
void image_index_clear(struct symbol_index *index);

/* Finds the symbol table. False if it is damaged. A file without one simply has no symbols. */
bool image_find_symbol_table(struct image *image);

/*
 * A section of the file as a table of `*count` entries of that type; NULL if it is not one, or its
 * entries are not whole.
 */
Elf_Data *image_table(const struct image *image, Elf_Scn *section, Elf_Type type, size_t *count);

#endif
