// SPDX-License-Identifier: GPL-2.0-only
/*
 * One ELF file: open, check, and find sections and bytes by address.
 *
 * The file is mapped, so only the pages that are looked at cost memory. libelf itself
 * takes a file that ends early; therefore every section is held against the file's
 * size before anything else is read.
 *
 * Limits: the file must not be changed while it is open (a mapped page that vanishes is
 * fatal). Section numbers above SHN_LORESERVE (0xff00) are not told apart.
 */
#include "analyzer/binary/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(plugsched-binary-error, binary_error)

static bool open_file(struct image *image, const char *path, GError **error)
{
	struct stat status;

	image->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (image->fd < 0 || fstat(image->fd, &status) < 0) {
		g_set_error(error, BINARY_ERROR, BINARY_ERROR_IO, "%s: %s", path, g_strerror(errno));
		return false;
	}
	if (!S_ISREG(status.st_mode)) {
		g_set_error(error, BINARY_ERROR, BINARY_ERROR_IO, "%s: not a regular file; build vmlinux there", path);
		return false;
	}
	image->size = status.st_size;
	return true;
}

/* libelf keeps the version in a global: set once, whichever thread comes first. */
static void prepare_libelf(void)
{
	static gsize is_prepared;

	if (g_once_init_enter(&is_prepared)) {
		elf_version(EV_CURRENT);
		g_once_init_leave(&is_prepared, 1);
	}
}

static bool open_elf(struct image *image, const char *path, GError **error)
{
	prepare_libelf();
	image->elf = elf_begin(image->fd, ELF_C_READ_MMAP, NULL);
	if (!image->elf) {
		g_set_error(error, BINARY_ERROR, BINARY_ERROR_IO, "%s: %s", path, elf_errmsg(-1));
		return false;
	}
	if (elf_kind(image->elf) != ELF_K_ELF) {
		g_set_error(error, BINARY_ERROR, BINARY_ERROR_FORMAT, "%s: not an ELF file; build vmlinux again", path);
		return false;
	}
	return true;
}

static bool is_within_file(const struct image *image, uint64_t offset, uint64_t size)
{
	return offset <= image->size && size <= image->size - offset;
}

static bool has_whole_sections(struct image *image)
{
	GElf_Ehdr header;
	GElf_Shdr section;
	size_t count;

	if (!gelf_getehdr(image->elf, &header) || elf_getshdrnum(image->elf, &count) < 0 ||
	    (header.e_shoff != 0 && count == 0) ||
	    !is_within_file(image, header.e_shoff, (uint64_t)count * header.e_shentsize))
		return false;
	for (size_t i = 1; i < count; i++) {
		if (!gelf_getshdr(elf_getscn(image->elf, i), &section))
			return false;
		if (section.sh_type != SHT_NOBITS && !is_within_file(image, section.sh_offset, section.sh_size))
			return false;
	}
	return count == 0 || elf_getshdrstrndx(image->elf, &image->section_names) == 0;
}

/* A file without a symbol table is fine here; one whose table cannot be read is not. */
static bool find_symbols(struct image *image)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(image->elf, section))) {
		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB)
			continue;
		image->symbols = elf_getdata(section, NULL);
		image->symbol_names = header.sh_link;
		image->symbol_count = header.sh_entsize ? header.sh_size / header.sh_entsize : 0;
		return image->symbols && header.sh_entsize == gelf_fsize(image->elf, ELF_T_SYM, 1, EV_CURRENT);
	}
	return true;
}

bool image_open(struct image *image, const char *path, GError **error)
{
	*image = (struct image){ .fd = -1 };
	if (!open_file(image, path, error) || !open_elf(image, path, error))
		goto fail;
	if (!has_whole_sections(image) || !find_symbols(image)) {
		g_set_error(error, BINARY_ERROR, BINARY_ERROR_FORMAT, "%s: truncated or damaged ELF file; build vmlinux again", path);
		goto fail;
	}
	return true;
fail:
	image_close(image);
	return false;
}

void image_close(struct image *image)
{
	elf_end(image->elf);
	if (image->fd >= 0)
		close(image->fd);
	*image = (struct image){ .fd = -1 };
}

const char *image_symbol(const struct image *image, size_t index, GElf_Sym *symbol)
{
	const char *name;

	if (!gelf_getsym(image->symbols, (int)index, symbol)) {
		*symbol = (GElf_Sym){ .st_shndx = SHN_UNDEF };
		return "";
	}
	name = elf_strptr(image->elf, image->symbol_names, symbol->st_name);
	return name ? name : "";
}

const char *image_section(const struct image *image, size_t index, GElf_Shdr *header)
{
	if (!gelf_getshdr(elf_getscn(image->elf, index), header))
		return NULL;
	return elf_strptr(image->elf, image->section_names, header->sh_name);
}

size_t image_section_at(const struct image *image, uint64_t address, GElf_Shdr *header)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(image->elf, section)))
		if (gelf_getshdr(section, header) && header->sh_flags & SHF_ALLOC &&
		    address - header->sh_addr < header->sh_size)
			return elf_ndxscn(section);
	return 0;
}

size_t image_bytes(const struct image *image, size_t section, uint64_t address, void *bytes, size_t size)
{
	Elf_Scn *scn = elf_getscn(image->elf, section);
	GElf_Shdr header;
	Elf_Data *data;

	if (!gelf_getshdr(scn, &header) || header.sh_type == SHT_NOBITS)
		return 0;
	data = elf_rawdata(scn, NULL);
	if (!data || !data->d_buf || address - header.sh_addr >= data->d_size)
		return 0;
	size = MIN(size, data->d_size - (address - header.sh_addr));
	memcpy(bytes, (const char *)data->d_buf + (address - header.sh_addr), size);
	return size;
}
