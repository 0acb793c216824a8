/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * scheduler.ko in memory. Once it is open its layout has been checked: section headers, symbols and relocations
 * stay within the file and within each other.
 */
#ifndef PLUGSCHED_COMMAND_MODULE_H
#define PLUGSCHED_COMMAND_MODULE_H

#include "runtime/command/command.h"

#include <elf.h>
#include <stdint.h>

struct module {
	char *path;
	uint8_t *image;   /* what the kernel gets: without the seal */
	gsize size;
	char *seal;       /* its digest */
	GArray *sections; /* Elf64_Shdr */
	guint symbols;    /* index of the symbol table's section */
	guint strings;    /* and of its names' */
	guint names;      /* and of the sections' names' */
};

/* Reads and checks the file: layout, seal, and that it is a module of plugsched. */
struct module *module_open(const char *path, GError **error);

/* Accepts NULL. */
void module_free(struct module *module);

/* The build-id in hex of the vmlinux that it was made for. */
const char *module_build_id(const struct module *module);

/* Can its steps be made to fail (make PLUGSCHED_TESTS=1)? */
bool module_is_for_tests(const struct module *module);

/* A section's bytes; NULL if there is no such section or it has none. Not ended by a NUL. */
const char *module_text(const struct module *module, const char *section, gsize *length);

/* The lines of a section of text, to be freed; NULL if there is no such section. */
char **module_lines(const struct module *module, const char *section);

/* The number of symbols, the one of an index, its name; and writing one back into the image. */
gsize module_symbol_count(const struct module *module);
Elf64_Sym module_symbol(const struct module *module, gsize index);
const char *module_symbol_name(const struct module *module, const Elf64_Sym *symbol);
void module_symbol_set(struct module *module, gsize index, const Elf64_Sym *symbol);

#endif
