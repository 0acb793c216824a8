// SPDX-License-Identifier: GPL-2.0-only
/*
 * One ELF file: open, check, sections and bytes.
 *
 * The file is mapped, so only the pages that are looked at cost memory. libelf itself takes a
 * file that ends early; therefore every section is held against the file's size before
 * anything else is read.
 *
 * Limits: the file must not be changed while it is open (a mapped page that vanishes is fatal).
 */
#include "rewriter/code/internal.h"

#include <elfutils/libdwelf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(plugsched-code-error, code_error)

static bool open_file(struct code *code, GError **error)
{
	struct stat status;

	code->fd = open(code->path, O_RDONLY | O_CLOEXEC);
	if (code->fd < 0 || fstat(code->fd, &status) < 0) {
		g_set_error(error, CODE_ERROR, CODE_ERROR_IO, "%s: %s", code->path, g_strerror(errno));
		return false;
	}
	if (!S_ISREG(status.st_mode)) {
		g_set_error(error, CODE_ERROR, CODE_ERROR_IO, "%s: not a regular file", code->path);
		return false;
	}
	code->size = status.st_size;
	return true;
}

static bool open_elf(struct code *code, GError **error)
{
	elf_version(EV_CURRENT);
	code->elf = elf_begin(code->fd, ELF_C_READ_MMAP, NULL);
	if (!code->elf) {
		g_set_error(error, CODE_ERROR, CODE_ERROR_IO, "%s: %s", code->path, elf_errmsg(-1));
		return false;
	}
	if (elf_kind(code->elf) != ELF_K_ELF) {
		g_set_error(error, CODE_ERROR, CODE_ERROR_FORMAT, "%s: not an ELF file", code->path);
		return false;
	}
	return true;
}

static bool check_machine(struct code *code, GError **error)
{
	GElf_Ehdr header;
	bool is_known = gelf_getehdr(code->elf, &header) && header.e_machine == EM_X86_64 &&
			header.e_ident[EI_CLASS] == ELFCLASS64 && header.e_ident[EI_DATA] == ELFDATA2LSB;

	if (!is_known) {
		g_set_error(error, CODE_ERROR, CODE_ERROR_FORMAT, "%s: not for x86-64", code->path);
		return false;
	}
	if (header.e_type != ET_REL && header.e_type != ET_EXEC && header.e_type != ET_DYN) {
		g_set_error(error, CODE_ERROR, CODE_ERROR_FORMAT, "%s: neither linked nor relocatable", code->path);
		return false;
	}
	code->is_linked = header.e_type != ET_REL;
	return true;
}

static bool is_within_file(const struct code *code, uint64_t offset, uint64_t size)
{
	return offset <= code->size && size <= code->size - offset;
}

static bool has_section_table(const struct code *code, size_t *count, size_t *names)
{
	GElf_Ehdr header;

	return gelf_getehdr(code->elf, &header) && elf_getshdrnum(code->elf, count) == 0 && *count > 0 &&
	       is_within_file(code, header.e_shoff, (uint64_t)*count * header.e_shentsize) &&
	       elf_getshdrstrndx(code->elf, names) == 0;
}

static bool read_section(struct code *code, size_t index, size_t names)
{
	Elf_Scn *scn = elf_getscn(code->elf, index);
	struct code_section section = { .name = "" };
	GElf_Shdr header;

	if (!gelf_getshdr(scn, &header))
		return false;
	section.has_bytes = header.sh_type != SHT_NOBITS && header.sh_type != SHT_NULL;
	if (section.has_bytes && !is_within_file(code, header.sh_offset, header.sh_size))
		return false;
	section.name = index ? elf_strptr(code->elf, names, header.sh_name) : "";
	section.index = index;
	section.address = header.sh_addr;
	section.size = header.sh_size;
	section.entry_size = header.sh_flags & SHF_MERGE ? header.sh_entsize : 0;
	section.is_loaded = header.sh_flags & SHF_ALLOC;
	section.is_code = header.sh_flags & SHF_EXECINSTR;
	section.is_writable = header.sh_flags & SHF_WRITE;
	section.is_strings = header.sh_flags & SHF_MERGE && header.sh_flags & SHF_STRINGS;
	if (header.sh_type == SHT_SYMTAB)
		code->symbol_section = scn;
	g_array_append_val(code->sections, section);
	return section.name != NULL && section.address + section.size >= section.address;
}

static bool read_sections(struct code *code)
{
	size_t count, names;

	if (!has_section_table(code, &count, &names))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!read_section(code, i, names))
			return false;
	return true;
}

static char *read_build_id(Elf *elf)
{
	const void *bytes;
	ssize_t size = dwelf_elf_gnu_build_id(elf, &bytes);
	GString *hex = size > 0 ? g_string_new(NULL) : NULL;

	for (ssize_t i = 0; i < size; i++)
		g_string_append_printf(hex, "%02x", ((const uint8_t *)bytes)[i]);
	return hex ? g_string_free(hex, FALSE) : NULL;
}

struct code *code_open(const char *path, GError **error)
{
	struct code *code = g_new0(struct code, 1);

	code->path = g_strdup(path);
	code->fd = -1;
	code->sections = g_array_new(FALSE, FALSE, sizeof(struct code_section));
	code->relocations = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
	if (!open_file(code, error) || !open_elf(code, error) || !check_machine(code, error))
		goto fail;
	if (!read_sections(code) || !code_read_symbols(code)) {
		g_set_error(error, CODE_ERROR, CODE_ERROR_FORMAT, "%s: truncated or damaged ELF file", path);
		goto fail;
	}
	code->build_id = read_build_id(code->elf);
	return code;
fail:
	code_free(code);
	return NULL;
}

void code_free(struct code *code)
{
	if (!code)
		return;
	decode_free(code->disassembler);
	g_hash_table_unref(code->relocations);
	g_clear_pointer(&code->by_name, g_hash_table_unref);
	g_clear_pointer(&code->reaches, g_array_unref);
	g_clear_pointer(&code->symbols, g_array_unref);
	g_array_unref(code->sections);
	elf_end(code->elf);
	if (code->fd >= 0)
		close(code->fd);
	g_free(code->build_id);
	g_free(code->path);
	g_free(code);
}

const char *code_path(const struct code *code)
{
	return code->path;
}

bool code_is_linked(const struct code *code)
{
	return code->is_linked;
}

const char *code_build_id(const struct code *code)
{
	return code->build_id;
}

uint32_t code_section_count(const struct code *code)
{
	return code->sections->len;
}

const struct code_section *code_section(const struct code *code, uint32_t index)
{
	if (index == CODE_UNDEFINED || index >= code->sections->len)
		return NULL;
	return &g_array_index(code->sections, struct code_section, index);
}

const struct code_section *code_section_named(const struct code *code, const char *name)
{
	for (uint32_t i = 1; i < code->sections->len; i++)
		if (!strcmp(code_section(code, i)->name, name))
			return code_section(code, i);
	return NULL;
}

const struct code_section *code_section_at(const struct code *code, uint64_t address)
{
	for (uint32_t i = 1; code->is_linked && i < code->sections->len; i++) {
		const struct code_section *section = code_section(code, i);

		if (section->is_loaded && address - section->address < section->size)
			return section;
	}
	return NULL;
}

const uint8_t *code_bytes(const struct code *code, uint32_t index, uint64_t address, uint64_t size)
{
	const struct code_section *section = code_section(code, index);
	Elf_Data *data;

	if (!section || !section->has_bytes || address < section->address)
		return NULL;
	data = elf_rawdata(elf_getscn(code->elf, index), NULL);
	address -= section->address;
	if (!data || !data->d_buf || address > data->d_size || size > data->d_size - address)
		return NULL;
	return (const uint8_t *)data->d_buf + address;
}

Elf_Data *table_read(const struct code *code, Elf_Scn *section, Elf_Type type, size_t *count)
{
	size_t entry = gelf_fsize(code->elf, type, 1, EV_CURRENT);
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Shdr header;

	if (!data || !gelf_getshdr(section, &header) || header.sh_entsize != entry || data->d_type != type ||
	    data->d_size % entry)
		return NULL;
	*count = data->d_size / entry;
	return data;
}
