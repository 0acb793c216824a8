/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Machine code in an ELF file: sections, symbols, relocations, and instructions as text.
 *
 * A file is either linked (vmlinux) or relocatable (.ko, .o). A place is always a pair of
 * section and address: the address is virtual in a linked file, the offset within the section in
 * a relocatable one. All that is handed out belongs to the `struct code` unless said otherwise.
 *
 *	struct code *code = code_open("vmlinux", &error);
 *	const struct code_symbol *symbol = code_find(code, "schedule");
 *	GArray *body = code_decode_symbol(code, symbol, NULL, NULL, &error);
 */
#ifndef PLUGSCHED_REWRITER_CODE_H
#define PLUGSCHED_REWRITER_CODE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define CODE_ERROR code_error_quark()
GQuark code_error_quark(void);

enum code_error {
	CODE_ERROR_IO,     /* cannot be read */
	CODE_ERROR_FORMAT, /* not an ELF file, truncated, or of another machine */
	CODE_ERROR_RANGE,  /* a place that the file has no bytes for */
};

/* Not sections: what stands in `section` for symbols outside of all of them. */
#define CODE_UNDEFINED 0
#define CODE_ABSOLUTE UINT32_MAX
#define CODE_COMMON (UINT32_MAX - 1)

struct code;

struct code_section {
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

struct code_symbol {
	const char *name;
	const char *file;  /* STT_FILE that it stands below; NULL for a global one */
	uint64_t address;
	uint64_t size;     /* 0 if the assembler was not told */
	uint32_t section;
	uint32_t next;     /* private: the next one of this name */
	bool is_function, is_object, is_global;
	bool is_weak;      /* is_global as well */
};

struct code_relocation {
	uint64_t offset;    /* within the section that it changes */
	const char *symbol; /* name; of a section symbol the section's */
	uint64_t value;     /* the symbol's address */
	int64_t addend;
	uint32_t section;   /* where the symbol is defined, else CODE_UNDEFINED, CODE_ABSOLUTE or CODE_COMMON */
	uint32_t type;      /* R_X86_64_* */
	bool is_section;    /* the symbol stands for the whole section */
};

/* A number within an instruction: displacement or immediate. */
struct code_field {
	uint8_t offset, size; /* within the instruction, bytes */
	bool is_relative;     /* counts from the instruction's end */
	bool is_branch;       /* the target of a jump or call; is_relative as well */
	uint64_t value;       /* the address that a relative one leads to, else the number, sign extended */
};

#define CODE_FIELDS_MAX 3

struct code_instruction {
	uint64_t address;
	const uint8_t *bytes;
	char *text;           /* AT&T, "movq %rsp, %rbp"; freed with the array */
	uint8_t length;       /* prefixes included */
	uint8_t field_count;
	struct code_field fields[CODE_FIELDS_MAX];
};

/* Opens a file for x86-64; it must not be changed while it is open. */
struct code *code_open(const char *path, GError **error);

/* Frees it. Accepts NULL. */
void code_free(struct code *code);

const char *code_path(const struct code *code);
bool code_is_linked(const struct code *code);

/* The build-id in hex; NULL if the file has none. */
const char *code_build_id(const struct code *code);

/* The section of that index, NULL if there is none. A loop goes from 1 to code_section_count() - 1. */
const struct code_section *code_section(const struct code *code, uint32_t index);
uint32_t code_section_count(const struct code *code);
const struct code_section *code_section_named(const struct code *code, const char *name);

/* Of a linked file: the loaded section that covers an address (a per-CPU offset counts as one), or NULL. */
const struct code_section *code_section_at(const struct code *code, uint64_t address);

/* `size` bytes at a place, mapped; NULL if the section does not have them all. */
const uint8_t *code_bytes(const struct code *code, uint32_t section, uint64_t address, uint64_t size);

/* All defined symbols but those of sections and files: struct code_symbol, sorted by section and address. */
const GArray *code_symbols(const struct code *code);

/* First symbol of a name, the next one of the same name; NULL if there is none. */
const struct code_symbol *code_find(const struct code *code, const char *name);
const struct code_symbol *code_find_next(const struct code *code, const struct code_symbol *symbol);

/* The symbols that begin at exactly that place: call with NULL, then with the previous answer. */
const struct code_symbol *code_symbol_at(const struct code *code, uint32_t section, uint64_t address,
					 const struct code_symbol *previous);

/*
 * The symbol that covers a place, the innermost if there are several; NULL if none does. One without a size covers
 * only its own address. Of aliases the global one, then the first by name.
 */
const struct code_symbol *code_symbol_covering(const struct code *code, uint32_t section, uint64_t address);

/* Position among equal names in address order, from 1, as kallsyms counts; 0 if the name is unique. */
unsigned code_symbol_position(const struct code *code, const struct code_symbol *symbol);

/*
 * The relocations of a section, sorted by offset (struct code_relocation); empty for a linked file, whose are applied.
 * NULL and an error if they are damaged.
 */
const GArray *code_relocations(struct code *code, uint32_t section, GError **error);

/* Index of the first relocation whose offset is not below; the array's length if there is none. */
guint code_relocation_from(const GArray *relocations, uint64_t offset);

/* Name for a number in an instruction's text, to be freed; NULL leaves the number. `text` is not yet there. */
typedef char *(*code_namer)(const struct code_instruction *instruction, const struct code_field *field, void *data);

/*
 * Decodes a range into struct code_instruction; g_array_unref() it. Bytes that are no instruction become ".byte".
 * Without a namer jumps show the address they lead to, all else the number. Not for two threads at once on one `code`.
 */
GArray *code_decode(struct code *code, uint32_t section, uint64_t address, uint64_t size, code_namer namer, void *data,
		    GError **error);

/* The same for all of a symbol. */
GArray *code_decode_symbol(struct code *code, const struct code_symbol *symbol, code_namer namer, void *data,
			   GError **error);

#endif
