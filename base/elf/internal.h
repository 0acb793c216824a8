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
	uint64_t size;            /* of the file, bytes */
	bool is_linked;
	GArray *sections;         /* struct image_section, by index */
	Elf_Scn *symbol_section;  /* .symtab; NULL without one */
	Elf_Data *raw_symbols;    /* what it holds */
	Elf_Data *extensions;     /* section numbers that do not fit into a symbol; NULL if all do */
	size_t raw_count;
	size_t raw_strings;       /* index of the section with the names */
	GHashTable *relocations;  /* section index -> GArray of struct image_relocation: those that were asked for */
	struct symbol_index *index;
};

/* The defined symbols, sorted; empty until they are first asked for. */
struct symbol_index {
	GArray *symbols;          /* struct image_symbol; NULL: not made yet */
	GArray *reaches;          /* uint64_t: end of the symbol of that index or of one before it in its section, the furthest */
	GHashTable *by_name;      /* name -> index of the first of that name */
};

void image_index_clear(struct symbol_index *index);

/* Finds the symbol table; false if it is damaged. A file without one has no symbols. */
bool image_find_symbol_table(struct image *image);

/* A table of the file, checked to hold whole entries of that type; NULL if it does not. */
Elf_Data *image_table(const struct image *image, Elf_Scn *section, Elf_Type type, size_t *count);

#endif
