/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One ELF file for x86-64: its sections, symbols and relocations.
 *
 * A file is either linked (vmlinux) or relocatable (.ko, .o). A place is always a pair of section and address: the address is
 * virtual in a linked file, the offset within the section in a relocatable one. All that is handed out belongs to the
 * `struct image` unless said otherwise.
 *
 *	struct image *image = image_open("vmlinux", &error);
 *	const struct image_symbol *symbol = image_find(image, "schedule");
 *	const uint8_t *bytes = image_bytes(image, symbol->section, symbol->address, symbol->size);
 *
 * Opening checks all headers and reads nothing else: the symbols are sorted, and the relocations of a section read, when they are
 * first asked for. So an image is for one thread at a time.
 */
#ifndef PLUGSCHED_BASE_IMAGE_H
#define PLUGSCHED_BASE_IMAGE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define IMAGE_ERROR image_error_quark()
GQuark image_error_quark(void);

enum image_error {
	IMAGE_ERROR_IO,      /* cannot be read */
	IMAGE_ERROR_FORMAT,  /* not an ELF file, truncated or damaged */
	IMAGE_ERROR_MACHINE, /* not for x86-64 */
	IMAGE_ERROR_RANGE,   /* a place that the file has no bytes for */
};

/* Not sections: what stands in `section` for symbols outside of all of them. */
#define IMAGE_UNDEFINED 0
#define IMAGE_ABSOLUTE UINT32_MAX
#define IMAGE_COMMON (UINT32_MAX - 1)

struct image;

struct image_section {
	const char *name;
	uint64_t address;  /* 0 in a relocatable file */
	uint64_t size;
	uint64_t entry_size; /* of what the linker may merge, 0 for other sections */
	uint32_t index;
	bool is_loaded;    /* becomes part of the running kernel (SHF_ALLOC) */
	bool is_code;
	bool is_writable;
	bool is_strings;   /* holds strings that the linker may merge */
	bool has_bytes;    /* false for .bss and its like */
};

struct image_symbol {
	const char *name;  /* of a section's symbol the section's */
	const char *file;  /* STT_FILE that it stands below; NULL for a global one, and from image_raw_symbol() */
	uint64_t address;
	uint64_t size;     /* 0 if the assembler was not told */
	uint32_t section;
	uint32_t next;     /* private: the next one of this name */
	bool is_function, is_object, is_global;
	bool is_weak;      /* is_global as well */
	bool is_section;   /* stands for a section; only from image_raw_symbol() */
};

struct image_relocation {
	uint64_t offset;    /* within the section that it changes */
	const char *symbol; /* name; of a section symbol the section's */
	uint64_t value;     /* the symbol's address */
	int64_t addend;
	uint32_t section;   /* where the symbol is defined, else IMAGE_UNDEFINED, IMAGE_ABSOLUTE or IMAGE_COMMON */
	uint32_t type;      /* R_X86_64_* */
	bool is_section;    /* the symbol stands for the whole section */
};

/* Opens a regular file; it must not be changed while it is open. The error's text begins with the path. */
struct image *image_open(const char *path, GError **error);

/* Frees it. Accepts NULL. */
void image_free(struct image *image);

const char *image_path(const struct image *image);
bool image_is_linked(const struct image *image);

/* libelf's handle, for libdw; NULL never. */
struct Elf *image_elf(const struct image *image);

/* The build-id in hex; NULL if the file has none. */
const char *image_build_id(const struct image *image);

/* --- sections */

/* The section of that index, NULL if there is none. A loop goes from 1 to image_section_count() - 1. */
const struct image_section *image_section(const struct image *image, uint32_t index);
uint32_t image_section_count(const struct image *image);
const struct image_section *image_section_named(const struct image *image, const char *name);

/* Of a linked file: the loaded section that covers an address (a per-CPU offset counts as one), or NULL. */
const struct image_section *image_section_at(const struct image *image, uint64_t address);

/* `size` bytes at a place, mapped; NULL if the section does not have them all. */
const uint8_t *image_bytes(const struct image *image, uint32_t section, uint64_t address, uint64_t size);

/* --- symbols, sorted */

/* All defined symbols but those of sections and files: struct image_symbol, sorted by section and address. */
const GArray *image_symbols(const struct image *image);

/* First symbol of a name by section and address, the next one of the same name; NULL if there is none. */
const struct image_symbol *image_find(const struct image *image, const char *name);
const struct image_symbol *image_find_next(const struct image *image, const struct image_symbol *symbol);

/* The first symbol of a section that does not lie before an address, the one after a symbol; NULL at the section's end. */
const struct image_symbol *image_symbol_from(const struct image *image, uint32_t section, uint64_t address);
const struct image_symbol *image_symbol_after(const struct image *image, const struct image_symbol *symbol);

/* The symbols that begin at exactly that place: call with NULL, then with the previous answer. */
const struct image_symbol *image_symbol_at(const struct image *image, uint32_t section, uint64_t address,
					   const struct image_symbol *previous);

/*
 * The symbol that covers a place, the innermost if there are several; NULL if none does. One without a size covers
 * only its own address. Of aliases the global one, then the first by name.
 */
const struct image_symbol *image_symbol_covering(const struct image *image, uint32_t section, uint64_t address);

/* Position among equal names in address order, from 1, as kallsyms counts; 0 if the name is unique. */
unsigned image_symbol_position(const struct image *image, const struct image_symbol *symbol);

/* --- the file's own tables, for those who read many files and little of each */

/* Entries of the symbol table; 0 if there is none. A loop goes from 1. */
size_t image_raw_count(const struct image *image);

/* Any entry, undefined ones too, as it stands in the file. The name is "" if there is none. */
struct image_symbol image_raw_symbol(const struct image *image, size_t index);

struct image_raw_relocation {
	uint64_t offset;
	int64_t addend;  /* 0 if it stands in the section itself */
	size_t symbol;   /* index in the symbol table */
	uint32_t type;
};

/*
 * Calls `visit` for the relocations of a section in the file's order, until it returns false. False if the table is damaged;
 * what was visited then is not all.
 */
bool image_each_relocation(const struct image *image, uint32_t section,
			   bool (*visit)(const struct image_raw_relocation *relocation, void *data), void *data);

/* --- relocations, sorted */

/*
 * The relocations of a section, sorted by offset (struct image_relocation); empty for a linked file, whose are applied.
 * NULL and an error if they are damaged.
 */
const GArray *image_relocations(struct image *image, uint32_t section, GError **error);

/* Index of the first relocation whose offset is not below; the array's length if there is none. */
guint image_relocation_from(const GArray *relocations, uint64_t offset);

#endif
