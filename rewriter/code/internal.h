/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of this library share. */
#ifndef PLUGSCHED_REWRITER_CODE_INTERNAL_H
#define PLUGSCHED_REWRITER_CODE_INTERNAL_H

#include <gelf.h>

#include "rewriter/code/code.h"

struct code {
	char *path;
	char *build_id;
	Elf *elf;
	int fd;
	uint64_t size;            /* of the file, bytes */
	bool is_linked;
	GArray *sections;         /* struct code_section, by index */
	Elf_Scn *symbol_section;  /* .symtab; NULL without one */
	GArray *symbols;          /* struct code_symbol */
	GArray *reaches;          /* uint64_t: end of the symbol of that index or of one before it in its section, the furthest */
	GHashTable *by_name;      /* name -> index of the first of that name */
	GHashTable *relocations;  /* section index -> GArray of struct code_relocation */
	void *disassembler;       /* LLVM's; NULL until the first use */
};

#define SYMBOL_NONE UINT32_MAX

/* A table of the file, checked to hold whole entries of that type; NULL if it does not. */
Elf_Data *table_read(const struct code *code, Elf_Scn *section, Elf_Type type, size_t *count);

/* Reads all symbols; false if the table is damaged. */
bool code_read_symbols(struct code *code);

/* The symbol table while it is read: it is two tables if the file has very many sections. */
struct symbol_table {
	Elf_Data *symbols;
	Elf_Data *extensions; /* section numbers that do not fit; NULL if all do */
	size_t count;
	size_t strings;       /* index of the section with the names */
};

/* False if it is damaged. A file without one has no symbols. */
bool symbol_table_open(struct symbol_table *table, const struct code *code);

/* Symbol number `index`: its name ("" if there is none; of a section symbol its section's) and where it is defined. */
const char *symbol_table_get(const struct symbol_table *table, const struct code *code, size_t index, GElf_Sym *symbol,
			     uint32_t *section);

void decode_free(void *disassembler);

#endif
