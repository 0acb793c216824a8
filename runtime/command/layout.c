// SPDX-License-Identifier: GPL-2.0-only
/*
 * The layout of the image, checked before any other code relies on it. The kernel checks less: it
 * uses the place and the symbol of a relocation as they are.
 */
#include "runtime/command/layout.h"

#include <string.h>

static bool fail(const struct module *module, GError **error, const char *what)
{
	g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED, "%s: %s; build it again",
		    module->path, what);
	return false;
}

static const Elf64_Shdr *section(const struct module *module, guint index)
{
	return &g_array_index(module->sections, Elf64_Shdr, index);
}

static bool is_within(uint64_t offset, uint64_t size, uint64_t whole)
{
	return offset <= whole && size <= whole - offset;
}

/* --- headers */

static bool read_header(const struct module *module, Elf64_Ehdr *header, GError **error)
{
	if (module->size < SELFMAG || memcmp(module->image, ELFMAG, SELFMAG))
		return fail(module, error, "not an ELF file");
	if (module->size < sizeof(*header))
		return fail(module, error, "truncated: it ends within the ELF header");
	memcpy(header, module->image, sizeof(*header));
	if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
	    header->e_machine != EM_X86_64 || header->e_type != ET_REL)
		return fail(module, error, "not a relocatable ELF file for x86-64");
	if (header->e_shentsize != sizeof(Elf64_Shdr) || !header->e_shnum ||
	    header->e_shstrndx >= header->e_shnum)
		return fail(module, error,
			    "damaged: the ELF header does not describe the section headers");
	if (!is_within(header->e_shoff, header->e_shnum * sizeof(Elf64_Shdr), module->size))
		return fail(module, error,
			    "truncated: the section headers lie outside of the file");
	return true;
}

static void copy_sections(struct module *module, const Elf64_Ehdr *header)
{
	g_array_set_size(module->sections, header->e_shnum);
	memcpy(module->sections->data, module->image + header->e_shoff,
	       header->e_shnum * sizeof(Elf64_Shdr));
	module->names = header->e_shstrndx;
}

/* --- sections */

/* Is this a table of names, which ends with the end of a name? */
static bool is_strings(const struct module *module, guint index)
{
	const Elf64_Shdr *s = section(module, index);

	return s->sh_type == SHT_STRTAB && s->sh_size > 0 &&
	       module->image[s->sh_offset + s->sh_size - 1] == '\0';
}

static bool check_sections(struct module *module, GError **error)
{
	for (guint i = 0; i < module->sections->len; i++) {
		const Elf64_Shdr *s = section(module, i);

		if (s->sh_type != SHT_NOBITS && s->sh_type != SHT_NULL &&
		    !is_within(s->sh_offset, s->sh_size, module->size))
			return fail(module, error,
				    "truncated or damaged: a section lies outside of the file");
	}
	if (!is_strings(module, module->names))
		return fail(module, error, "damaged: the sections have no names");
	for (guint i = 0; i < module->sections->len; i++)
		if (section(module, i)->sh_name >= section(module, module->names)->sh_size)
			return fail(module, error,
				    "damaged: a section's name lies outside of the names");
	return true;
}

/* --- symbols */

static bool find_symbols(struct module *module, GError **error)
{
	guint found = 0;

	for (guint i = 1; i < module->sections->len; i++) {
		if (section(module, i)->sh_type != SHT_SYMTAB)
			continue;
		if (found)
			return fail(module, error, "damaged: two symbol tables");
		found = i;
	}
	if (!found)
		return fail(module, error, "stripped: it has no symbol table");
	if (section(module, found)->sh_entsize != sizeof(Elf64_Sym) ||
	    section(module, found)->sh_size % sizeof(Elf64_Sym) ||
	    section(module, found)->sh_link >= module->sections->len ||
	    !is_strings(module, section(module, found)->sh_link))
		return fail(module, error,
			    "damaged: the symbol table has no whole entries or no names");
	module->symbols = found;
	module->strings = section(module, found)->sh_link;
	return true;
}

static bool check_symbols(struct module *module, GError **error)
{
	if (!find_symbols(module, error))
		return false;
	for (gsize i = 0; i < module_symbol_count(module); i++) {
		Elf64_Sym symbol = module_symbol(module, i);

		if (symbol.st_name >= section(module, module->strings)->sh_size)
			return fail(module, error,
				    "damaged: a symbol's name lies outside of the names");
		if (symbol.st_shndx == SHN_XINDEX ||
		    (symbol.st_shndx < SHN_LORESERVE && symbol.st_shndx >= module->sections->len))
			return fail(module, error, "damaged: a symbol's section is not there");
	}
	return true;
}

/* --- relocations */

/*
 * How many bytes a relocation changes. The result does not matter for types that the kernel
 * refuses.
 */
static unsigned width(uint64_t info)
{
	switch (ELF64_R_TYPE(info)) {
	case R_X86_64_NONE:
		return 0;
	case R_X86_64_64:
	case R_X86_64_PC64:
		return 8;
	default:
		return 4;
	}
}

static bool check_table(struct module *module, const Elf64_Shdr *table, GError **error)
{
	const Elf64_Shdr *target;

	if (table->sh_entsize != sizeof(Elf64_Rela) || table->sh_size % sizeof(Elf64_Rela) ||
	    table->sh_info >= module->sections->len || table->sh_link != module->symbols)
		return fail(module, error,
			    "damaged: a table of relocations has no whole entries, "
			    "no target or no symbols");
	target = section(module, table->sh_info);
	for (uint64_t at = 0; at < table->sh_size; at += sizeof(Elf64_Rela)) {
		Elf64_Rela relocation;

		memcpy(&relocation, module->image + table->sh_offset + at, sizeof(relocation));
		if (ELF64_R_SYM(relocation.r_info) >= module_symbol_count(module))
			return fail(module, error, "damaged: a relocation's symbol is not there");
		/* a section that is not loaded is not relocated, and may be compressed */
		if (target->sh_flags & SHF_ALLOC &&
		    !is_within(relocation.r_offset, width(relocation.r_info), target->sh_size))
			return fail(module, error,
				    "damaged: a relocation lies outside of its section");
	}
	return true;
}

static bool check_relocations(struct module *module, GError **error)
{
	for (guint i = 1; i < module->sections->len; i++)
		if (section(module, i)->sh_type == SHT_RELA &&
		    !check_table(module, section(module, i), error))
			return false;
	return true;
}

bool layout_read(struct module *module, GError **error)
{
	Elf64_Ehdr header;

	if (!read_header(module, &header, error))
		return false;
	copy_sections(module, &header);
	return check_sections(module, error) && check_symbols(module, error) &&
	       check_relocations(module, error);
}
