// SPDX-License-Identifier: GPL-2.0-only
/*
 * One ELF file: opening and checking it, its sections and bytes.
 *
 * The file is mapped, so only the pages that are looked at cost memory. libelf accepts a file that
 * ends too early; so every section is compared with the size of the file before anything else is
 * read.
 *
 * Limits: the file must not change while it is open (if a mapped page vanishes, the program is
 * killed).
 */
#include "base/elf/internal.h"

#include <elfutils/libdwelf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(plugsched - image - error, image_error)

static bool open_file(struct image *image, GError **error)
{
	struct stat status;

	image->fd = open(image->path, O_RDONLY | O_CLOEXEC);
	if (image->fd < 0 || fstat(image->fd, &status) < 0) {
		g_set_error(error, IMAGE_ERROR, IMAGE_ERROR_IO, "%s: %s", image->path,
			    g_strerror(errno));
		return false;
	}
	if (!S_ISREG(status.st_mode)) {
		g_set_error(error, IMAGE_ERROR, IMAGE_ERROR_IO, "%s: not a regular file",
			    image->path);
		return false;
	}
	image->size = status.st_size;
	return true;
}

/* libelf keeps its version in a global variable. The first thread sets it, once. */
static void prepare_libelf(void)
{
	static gsize is_prepared;

	if (g_once_init_enter(&is_prepared)) {
		elf_version(EV_CURRENT);
		g_once_init_leave(&is_prepared, 1);
	}
}

static bool open_elf(struct image *image, GError **error)
{
	prepare_libelf();
	image->elf = elf_begin(image->fd, ELF_C_READ_MMAP, NULL);
	if (!image->elf) {
		g_set_error(error, IMAGE_ERROR, IMAGE_ERROR_IO, "%s: %s", image->path,
			    elf_errmsg(-1));
		return false;
	}
	if (elf_kind(image->elf) != ELF_K_ELF) {
		g_set_error(error, IMAGE_ERROR, IMAGE_ERROR_FORMAT, "%s: not an ELF file",
			    image->path);
		return false;
	}
	return true;
}

static bool check_machine(struct image *image, GError **error)
{
	GElf_Ehdr header;
	bool is_known = gelf_getehdr(image->elf, &header) && header.e_machine == EM_X86_64 &&
			header.e_ident[EI_CLASS] == ELFCLASS64 &&
			header.e_ident[EI_DATA] == ELFDATA2LSB;

	if (!is_known) {
		g_set_error(error, IMAGE_ERROR, IMAGE_ERROR_MACHINE, "%s: not for x86-64",
			    image->path);
		return false;
	}
	if (header.e_type != ET_REL && header.e_type != ET_EXEC && header.e_type != ET_DYN) {
		g_set_error(error, IMAGE_ERROR, IMAGE_ERROR_FORMAT,
			    "%s: neither linked nor relocatable", image->path);
		return false;
	}
	image->is_linked = header.e_type != ET_REL;
	return true;
}

static bool is_within_file(const struct image *image, uint64_t offset, uint64_t size)
{
	return offset <= image->size && size <= image->size - offset;
}

static bool has_section_table(const struct image *image, size_t *count, size_t *names)
{
	GElf_Ehdr header;

	return gelf_getehdr(image->elf, &header) && elf_getshdrnum(image->elf, count) == 0 &&
	       *count > 0 &&
	       is_within_file(image, header.e_shoff, (uint64_t)*count * header.e_shentsize) &&
	       elf_getshdrstrndx(image->elf, names) == 0;
}

static bool read_section(struct image *image, size_t index, size_t names)
{
	Elf_Scn *scn = elf_getscn(image->elf, index);
	struct image_section section = { .name = "" };
	GElf_Shdr header;

	if (!gelf_getshdr(scn, &header))
		return false;
	section.has_bytes = header.sh_type != SHT_NOBITS && header.sh_type != SHT_NULL;
	if (section.has_bytes && !is_within_file(image, header.sh_offset, header.sh_size))
		return false;
	section.name = index ? elf_strptr(image->elf, names, header.sh_name) : "";
	section.index = index;
	section.address = header.sh_addr;
	section.size = header.sh_size;
	section.entry_size = header.sh_flags & SHF_MERGE ? header.sh_entsize : 0;
	section.is_loaded = header.sh_flags & SHF_ALLOC;
	section.is_code = header.sh_flags & SHF_EXECINSTR;
	section.is_writable = header.sh_flags & SHF_WRITE;
	section.is_compressed = header.sh_flags & SHF_COMPRESSED;
	section.is_strings = header.sh_flags & SHF_MERGE && header.sh_flags & SHF_STRINGS;
	if (header.sh_type == SHT_SYMTAB)
		image->symbol_section = scn;
	g_array_append_val(image->sections, section);
	return section.name != NULL && section.address + section.size >= section.address;
}

static bool read_sections(struct image *image)
{
	size_t count, names;

	if (!has_section_table(image, &count, &names))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!read_section(image, i, names))
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

struct image *image_open(const char *path, GError **error)
{
	struct image *image = g_new0(struct image, 1);

	image->path = g_strdup(path);
	image->fd = -1;
	image->sections = g_array_new(FALSE, FALSE, sizeof(struct image_section));
	image->relocations = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
	image->index = g_new0(struct symbol_index, 1);
	if (!open_file(image, error) || !open_elf(image, error) || !check_machine(image, error))
		goto fail;
	if (!read_sections(image) || !image_find_symbol_table(image)) {
		g_set_error(error, IMAGE_ERROR, IMAGE_ERROR_FORMAT,
			    "%s: truncated or damaged ELF file", path);
		goto fail;
	}
	image->build_id = read_build_id(image->elf);
	return image;
fail:
	image_free(image);
	return NULL;
}

void image_free(struct image *image)
{
	if (!image)
		return;
	g_hash_table_unref(image->relocations);
	image_index_clear(image->index);
	g_array_unref(image->sections);
	elf_end(image->elf);
	if (image->fd >= 0)
		close(image->fd);
	g_free(image->build_id);
	g_free(image->path);
	g_free(image);
}

const char *image_path(const struct image *image)
{
	return image->path;
}

bool image_is_linked(const struct image *image)
{
	return image->is_linked;
}

struct Elf *image_elf(const struct image *image)
{
	return image->elf;
}

const char *image_build_id(const struct image *image)
{
	return image->build_id;
}

uint32_t image_section_count(const struct image *image)
{
	return image->sections->len;
}

const struct image_section *image_section(const struct image *image, uint32_t index)
{
	if (index == IMAGE_UNDEFINED || index >= image->sections->len)
		return NULL;
	return &g_array_index(image->sections, struct image_section, index);
}

const struct image_section *image_section_named(const struct image *image, const char *name)
{
	for (uint32_t i = 1; i < image->sections->len; i++)
		if (!strcmp(image_section(image, i)->name, name))
			return image_section(image, i);
	return NULL;
}

const struct image_section *image_section_at(const struct image *image, uint64_t address)
{
	for (uint32_t i = 1; image->is_linked && i < image->sections->len; i++) {
		const struct image_section *section = image_section(image, i);

		if (section->is_loaded && address - section->address < section->size)
			return section;
	}
	return NULL;
}

/* Sections that are cleared when the kernel starts have these in their names. */
static const char *const cleared[] = { "bss", "brk" };

static bool is_cleared(const struct image_section *section)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cleared); i++)
		if (strstr(section->name, cleared[i]))
			return section->is_writable && !section->is_code;
	return false;
}

/* True if it has code, or symbols of variables. */
static bool is_filled(const struct image *image, const struct image_section *section)
{
	for (const struct image_symbol *each =
		     image_symbol_from(image, section->index, section->address);
	     each; each = image_symbol_after(image, each))
		if ((each->is_object || each->is_function) && each->size)
			return true;
	return section->is_code;
}

bool image_has_bytes(const struct image *image, GError **error)
{
	for (uint32_t i = 1; i < image->sections->len; i++) {
		const struct image_section *section = image_section(image, i);

		if (!section->is_loaded || !section->size || section->has_bytes ||
		    is_cleared(section) || !is_filled(image, section))
			continue;
		g_set_error(
			error, IMAGE_ERROR, IMAGE_ERROR_FORMAT,
			"%s: the section %s has a size but no bytes: the file holds debug information without code or data (objcopy "
			"--only-keep-debug makes such files); give the file that has both, as the kernel's build leaves it or "
			"eu-unstrip joins it",
			image->path, section->name);
		return false;
	}
	return true;
}

const uint8_t *image_bytes(const struct image *image, uint32_t index, uint64_t address,
			   uint64_t size)
{
	const struct image_section *section = image_section(image, index);
	Elf_Data *data;

	if (!section || !section->has_bytes || address < section->address)
		return NULL;
	data = elf_rawdata(elf_getscn(image->elf, index), NULL);
	address -= section->address;
	if (!data || !data->d_buf || address > data->d_size || size > data->d_size - address)
		return NULL;
	return (const uint8_t *)data->d_buf + address;
}

Elf_Data *image_table(const struct image *image, Elf_Scn *section, Elf_Type type, size_t *count)
{
	size_t entry = gelf_fsize(image->elf, type, 1, EV_CURRENT);
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Shdr header;

	if (!data || !gelf_getshdr(section, &header) || header.sh_entsize != entry ||
	    data->d_type != type || data->d_size % entry)
		return NULL;
	*count = data->d_size / entry;
	return data;
}
