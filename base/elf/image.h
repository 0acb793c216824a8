/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One ELF file for x86-64: its sections, symbols and relocations.
 *
 * A file is either linked (vmlinux) or relocatable (.ko, .o). A place is always a pair of section
 * and address. The address is virtual in a linked file, and the offset within the section in a
 * relocatable one. Everything that the functions return belongs to the `struct image`, unless they
 * say otherwise.
 *
 *   struct image *image = image_open("vmlinux", &error);
 *   const struct image_symbol *symbol = image_find(image, "schedule");
 *   const uint8_t *bytes = image_bytes(image, symbol->section, symbol->address, symbol->size);
 *
 * Opening a file checks all its headers and reads nothing else. The symbols are sorted, and the
 * relocations of a section are read, when they are first asked for. So only one thread at a time
 * may use an image.
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
	IMAGE_ERROR_RANGE,   /* a place for which the file has no bytes */
};

/* Values of image_symbol.section for symbols that are in no section. */
#define IMAGE_UNDEFINED 0
#define IMAGE_ABSOLUTE UINT32_MAX
#define IMAGE_COMMON (UINT32_MAX - 1)

struct image;

struct image_section {
	const char *name;
	uint64_t address; /* 0 in a relocatable file */
	uint64_t size;
	uint64_t entry_size; /* bytes of an entry that the linker may merge; 0 in other sections */
	uint32_t index;
	bool is_loaded; /* becomes part of the running kernel (SHF_ALLOC) */
	bool is_code;
	bool is_compressed; /* its bytes are a header (Elf64_Chdr) and compressed data */
	bool is_writable;
	bool is_strings; /* holds strings that the linker may merge */
	bool has_bytes;  /* false for .bss and the like */
};

struct image_symbol {
	const char *name; /* the section's name if the symbol stands for a section */
	/* the STT_FILE entry before it; NULL for a global symbol, and from image_raw_symbol() */
	const char *file;
	uint64_t address;
	uint64_t size; /* bytes; 0 if the assembler was not told */
	uint32_t section;
	uint32_t next; /* private: index of the next symbol of this name */
	bool is_function, is_object, is_global;
	bool is_weak;    /* then is_global is set too */
	bool is_section; /* stands for a section; set only by image_raw_symbol() */
};

struct image_relocation {
	uint64_t offset;    /* in the section that it changes */
	const char *symbol; /* name of the symbol, or of the section that it stands for */
	uint64_t value;     /* the symbol's address */
	int64_t addend;
	/* section that defines the symbol; else IMAGE_UNDEFINED, IMAGE_ABSOLUTE or IMAGE_COMMON */
	uint32_t section;
	uint32_t type;   /* R_X86_64_* */
	bool is_section; /* the symbol stands for the whole section */
};

/*
 * Opens a regular file, which must not change while it is open. NULL with `error` (IMAGE_ERROR) on
 * failure; its text begins with the path. image_free() the result.
 */
struct image *image_open(const char *path, GError **error);

/* Frees it. Accepts NULL. */
void image_free(struct image *image);

/* The path that was given to image_open(). */
const char *image_path(const struct image *image);
/* True for a linked file, false for a relocatable one. */
bool image_is_linked(const struct image *image);

/* libelf's handle, for use with libdw. Never NULL. */
struct Elf *image_elf(const struct image *image);

/* The build-id in hex; NULL if the file has none. */
const char *image_build_id(const struct image *image);

/* --- sections */

/* The section with that index, from 1 to image_section_count() - 1; NULL for others. */
const struct image_section *image_section(const struct image *image, uint32_t index);
uint32_t image_section_count(const struct image *image);
/* The first section of that name, or NULL. */
const struct image_section *image_section_named(const struct image *image, const char *name);

/*
 * The loaded section of a linked file that covers an address, or NULL; always NULL in a relocatable
 * file. A per-CPU offset counts as an address.
 */
const struct image_section *image_section_at(const struct image *image, uint64_t address);

/*
 * False with `error` if a loaded section has lost its bytes, as `objcopy --only-keep-debug` leaves
 * it. A section that the kernel clears at its start never had any, nor had room that the linker
 * script reserves: there is no variable in it.
 */
bool image_has_bytes(const struct image *image, GError **error);

/* `size` bytes at a place, mapped; NULL if the section does not have all of them. */
const uint8_t *image_bytes(const struct image *image, uint32_t index, uint64_t address,
			   uint64_t size);

/* --- symbols, sorted */

/*
 * All defined symbols with a name, except those of sections and files: struct image_symbol, sorted
 * by section and address.
 */
const GArray *image_symbols(const struct image *image);

/*
 * The first symbol of a name, by section and address, and the next one of the same name. NULL if
 * there is none.
 */
const struct image_symbol *image_find(const struct image *image, const char *name);
const struct image_symbol *image_find_next(const struct image *image,
					   const struct image_symbol *symbol);

/*
 * The first symbol of a section at or after an address, and the one after a symbol. NULL at the end
 * of the section.
 */
const struct image_symbol *image_symbol_from(const struct image *image, uint32_t section,
					     uint64_t address);
const struct image_symbol *image_symbol_after(const struct image *image,
					      const struct image_symbol *symbol);

/*
 * Iterates over the symbols that begin exactly at that place: pass NULL first, then the previous
 * answer. NULL at the end.
 */
const struct image_symbol *image_symbol_at(const struct image *image, uint32_t section,
					   uint64_t address, const struct image_symbol *previous);

/*
 * The symbol that covers a place, the innermost if there are several; NULL if none does. A symbol
 * without a size covers only its own address, and counts only if no symbol with a size covers it.
 * Of several symbols at one address the global one is chosen, then the first by name.
 */
const struct image_symbol *image_symbol_covering(const struct image *image, uint32_t section,
						 uint64_t address);

/*
 * The symbol's position among those of the same name, in address order from 1, as kallsyms counts;
 * 0 if the name is unique.
 */
unsigned image_symbol_position(const struct image *image, const struct image_symbol *symbol);

/* --- the file's own tables, for callers that read many files and little of each */

/* The number of entries of the symbol table, counting the empty entry 0; 0 if there is no table. */
size_t image_raw_count(const struct image *image);

/* Any entry of the symbol table, also undefined ones, as in the file. The name may be "". */
struct image_symbol image_raw_symbol(const struct image *image, size_t index);

struct image_raw_relocation {
	uint64_t offset;
	int64_t addend; /* 0 if the addend is in the section itself */
	size_t symbol;  /* index of the symbol in the symbol table */
	uint32_t type;
};

/*
 * Calls `visit` for the relocations of a section, in the order of the file, until it returns false.
 * Returns false if the table is damaged; then not all relocations were visited.
 */
bool image_each_relocation(const struct image *image, uint32_t section,
			   bool (*visit)(const struct image_raw_relocation *relocation, void *data),
			   void *data);

/* --- relocations, sorted */

/*
 * The relocations of a section (struct image_relocation), sorted by offset. Empty for a linked
 * file, whose relocations are already applied. NULL with `error` if they are damaged.
 */
const GArray *image_relocations(struct image *image, uint32_t section, GError **error);

/* The index of the first relocation at or after `offset`; the array's length if there is none. */
guint image_relocation_from(const GArray *relocations, uint64_t offset);

#endif
