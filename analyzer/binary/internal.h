/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of this library share, lowest layer first:
 * image (one ELF file) < symbols (its symbol table) < place (where code lies) < scan (DWARF).
 */
#ifndef PLUGSCHED_BINARY_INTERNAL_H
#define PLUGSCHED_BINARY_INTERNAL_H

#include <gelf.h>

#include "analyzer/binary/binary.h"

/* One ELF file, mapped. Owned by one thread at a time: libelf handles are not to be shared. */
struct image {
	Elf *elf;
	int fd;
	size_t size;            /* of the file, bytes */
	size_t section_names;   /* index of .shstrtab */
	Elf_Data *symbols;      /* .symtab; NULL without one */
	size_t symbol_count;
	size_t symbol_names;    /* index of .symtab's string table */
};

/* Opens and checks that every section lies within the file. Nothing is left to close on failure. */
bool image_open(struct image *image, const char *path, GError **error);
void image_close(struct image *image);

/* Reads symbol number `index`; its name, "" if the string table does not hold it, stays valid until close. */
const char *image_symbol(const struct image *image, size_t index, GElf_Sym *symbol);

/* Name of a section, NULL if there is none of that index. */
const char *image_section(const struct image *image, size_t index, GElf_Shdr *header);

/* The allocated section that covers `address` (a per-CPU offset counts as one), 0 if none does. */
size_t image_section_at(const struct image *image, uint64_t address, GElf_Shdr *header);

/* Copies up to `size` bytes found at `address` of section `section`; returns how many there were. */
size_t image_bytes(const struct image *image, size_t section, uint64_t address, void *bytes, size_t size);

/* Instruction set: all that is particular to a machine stands behind these (x86.c). */
bool arch_is_supported(const GElf_Ehdr *header);
/* Both look at the first bytes of a function; `tracer` is the address of the ftrace entry, 0 if there is none. */
#define ARCH_ENTRY_BYTES 9
bool arch_has_endbr(const uint8_t *bytes, size_t size);
/* Bytes that a redirection leaves alone at such an entry; of the jump behind them. */
size_t arch_entry_size(bool has_endbr, bool has_fentry);
extern const unsigned arch_jump_size;
bool arch_has_fentry(const uint8_t *bytes, size_t size, uint64_t address, uint64_t tracer);
extern const char arch_tracer_symbol[];
/* A relocation type that calls and jumps have; what a relative address counts from beyond its own place, bytes. */
bool arch_is_branch(unsigned type);
extern const unsigned arch_relative_bias;
/* True if a number of `size` bytes at bytes[offset] may be the distance of a direct call or jump, by what stands in front of it. */
bool arch_may_branch(const uint8_t *bytes, size_t offset, unsigned size);

#define SYMBOL_NONE UINT32_MAX

/* One defined symbol. */
struct symbol {
	const char *name;    /* lies in the mapped string table */
	uint64_t address;
	uint64_t size;
	uint32_t next;       /* index of the next one of the same name, in address order; SYMBOL_NONE ends */
	uint16_t section;    /* st_shndx */
	uint8_t type;        /* STT_* */
	uint8_t binding;     /* STB_* */
};

/* All defined symbols, sections' and files' excepted. */
struct symbols {
	GArray *all;         /* struct symbol, sorted by (address, place in the file) */
	GHashTable *by_name; /* name -> index into `all` of the first of that name */
};

void symbols_read(struct symbols *symbols, const struct image *image);
void symbols_clear(struct symbols *symbols);

/* First symbol of that name by address, the one after it of the same name; NULL if there is none. */
const struct symbol *symbols_find(const struct symbols *symbols, const char *name);
const struct symbol *symbols_next(const struct symbols *symbols, const struct symbol *symbol);

/* Address of the first symbol of that name, 0 if there is none. */
uint64_t symbols_address(const struct symbols *symbols, const char *name);

/* In address order: the first symbol not below `address`, the one after a symbol; NULL at the end. */
const struct symbol *symbols_from(const struct symbols *symbols, uint64_t address);
const struct symbol *symbols_after(const struct symbols *symbols, const struct symbol *symbol);

/* Symbols at exactly `address`, absolute ones excepted: call with NULL, then with the previous answer. */
const struct symbol *symbols_at(const struct symbols *symbols, uint64_t address, const struct symbol *previous);

/* 1-based among those of its name in address order; 0 if it is the only one. */
unsigned symbols_position(const struct symbols *symbols, const struct symbol *symbol);

/* Address of the next symbol further on in the same section, 0 if it is the last there. */
uint64_t symbols_following(const struct symbols *symbols, const struct symbol *symbol);

bool symbols_is_exported(const struct symbols *symbols, const struct symbol *symbol);

/* Text that the kernel patches while it runs. */
struct patched_place {
	uint64_t address;
	unsigned size; /* bytes, at most PATCHED_LONGEST */
};
#define PATCHED_LONGEST 5

/* A symbol at which code of a scanned function begins. */
struct piece {
	uint64_t address;
	const char *symbol;
	struct binary_function *function;
	enum piece_kind { PIECE_OWN, PIECE_CLONE, PIECE_COLD } kind;
};

struct binary_state;

/* All of vmlinux's, by address: struct patched_place. Caller unrefs. */
GArray *patched_read(const struct binary_state *state);

/* Whether one of them has a byte of [address, address + size). */
bool patched_overlaps(const GArray *patched, uint64_t address, uint64_t size);

/* What binary.state points to. */
struct binary_state {
	struct image image;
	struct symbols symbols;
	GArray *patched;     /* struct patched_place */
	uint64_t tracer;     /* address of arch_tracer_symbol, 0 if there is none */
	GArray *pieces;      /* struct piece */
};

/* Fill in what the place of a function or variable tells. */
void place_function(struct binary_function *function, const struct binary_state *state, const struct symbol *symbol);
void place_region(struct binary_function *function, const struct binary_state *state, uint64_t address);
void place_variable(struct binary_variable *variable, const struct binary_state *state, const struct symbol *symbol);

/*
 * Name of `path` in the binary's tree: taken relative to `root`, where the compiler ran (may be NULL), "." and
 * ".." resolved, the source directory stripped, else the build directory. Free with g_free().
 */
char *path_in_tree(const struct binary *binary, const char *root, const char *path);

/* Fills the bypasses of all functions, from the pieces and vmlinux's code. */
bool branches_find(struct binary *binary, GError **error);

/* Adds the functions and variables of the named units to the binary, and their pieces to its state. */
bool scan_units(struct binary *binary, GHashTable *units, GError **error);

#endif
