/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A scheduler's module, or the core plugsched.ko, in memory. When module_open() has returned it, its layout
 * has been checked: section headers, symbols and relocations stay within the file and within each
 * other.
 */
#ifndef PLUGSCHED_COMMAND_MODULE_H
#define PLUGSCHED_COMMAND_MODULE_H

#include "runtime/command/command.h"

#include <elf.h>
#include <stdint.h>

struct module {
	char *path;
	int fd;           /* the file, for the kernel; -1: it was compressed, the image is for it */
	uint8_t *image;   /* the file, uncompressed */
	gsize size;       /* of the image, without a signature that follows it */
	gsize whole;      /* the same with the signature */
	GArray *sections; /* Elf64_Shdr, one for each section */
	guint symbols;    /* index of the section with the symbol table */
	guint strings;    /* index of the section with the symbols' names */
	guint names;      /* index of the section with the sections' names */
};

/*
 * Read the file, and check its layout and that it is a module of plugsched. The caller frees the
 * result with module_free().
 */
struct module *module_read(const char *path, GError **error);

/* Does the text look like a file, and not like the name of a module that is in the kernel? */
bool module_is_file(const char *text);

/* The same for a module to be loaded: its build was finished, and unless it is signed, it is whole. */
struct module *module_open(const char *path, GError **error);

/* Accepts NULL. */
void module_free(struct module *module);

/* The build-id, in hex, of the vmlinux that the module was made for. Part of the image. */
const char *module_build_id(const struct module *module);

/* The name that it has in the kernel. Part of the image. */
const char *module_name(const struct module *module);

/*
 * May a scheduler's module be called like this? Letters, digits and underscores, not too many, and
 * not what the core and vmlinux's scheduler are called.
 */
bool module_is_name(const char *text);

/* Has somebody signed it? Whether the signature holds, only the kernel knows. */
bool module_is_signed(const struct module *module);

/* Is it built for tests (make PLUGSCHED_TESTS=1), so that its steps can be made to fail? */
bool module_is_for_tests(const struct module *module);

/*
 * The bytes of a section, which are part of the image and do not end with a NUL. Returns NULL if
 * there is no such section with contents.
 */
const char *module_text(const struct module *module, const char *name, gsize *length);

/* The lines of a section of text; NULL if there is no such section. g_strfreev() frees them. */
char **module_lines(const struct module *module, const char *name);

/* The number of symbols; the first one, with index 0, is ELF's empty symbol. */
gsize module_symbol_count(const struct module *module);

/* A copy of the symbol with that index. */
Elf64_Sym module_symbol(const struct module *module, gsize index);

/* The name of a symbol, part of the image. */
const char *module_symbol_name(const struct module *module, const Elf64_Sym *symbol);

/* Write a symbol into the image. */
void module_symbol_set(struct module *module, gsize index, const Elf64_Sym *symbol);

/* A copy of the symbols' names. The caller frees it. */
GByteArray *module_names_copy(const struct module *module);

/* Put these names, to which the symbols' offsets refer from now on, at the end of the image. */
void module_names_replace(struct module *module, const GByteArray *names);

/* Call `work` with each relocation of the module. What it changes is written into the image. */
void module_each_relocation(struct module *module,
			    void (*work)(Elf64_Rela *relocation, bool is_loaded, void *data),
			    void *data);

#endif
