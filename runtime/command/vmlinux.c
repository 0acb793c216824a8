// SPDX-License-Identifier: GPL-2.0-only
/*
 * Method: libelf reads the symbol table once. A symbol __ksymtab_NAME is the kernel's entry for the
 * exported symbol NAME. The image begins at _text and ends at _end.
 */
#include "runtime/command/vmlinux.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <unistd.h>

#define EXPORTED "__ksymtab_"

static bool refuse(const struct vmlinux *vmlinux, GError **error, const char *what)
{
	g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
		    "%s: %s; name the vmlinux that the kernel's build left", vmlinux->path, what);
	return false;
}

/* --- symbols */

static void add_address(struct vmlinux *vmlinux, const char *name, uint64_t address)
{
	GArray *addresses = g_hash_table_lookup(vmlinux->addresses, name);

	if (!addresses) {
		addresses = g_array_new(FALSE, FALSE, sizeof(uint64_t));
		g_hash_table_insert(vmlinux->addresses, g_strdup(name), addresses);
	}
	g_array_append_val(addresses, address);
}

static void add_function(struct vmlinux *vmlinux, const char *name, GHashTable *wanted)
{
	g_autofree char *stem = g_strndup(name, strcspn(name, "."));

	if (g_hash_table_contains(wanted, stem))
		g_hash_table_add(vmlinux->functions, g_steal_pointer(&stem));
}

static void take_symbol(struct vmlinux *vmlinux, const char *name, const GElf_Sym *symbol,
			GHashTable *wanted)
{
	if (symbol->st_shndx == SHN_UNDEF || GELF_ST_TYPE(symbol->st_info) == STT_SECTION ||
	    GELF_ST_TYPE(symbol->st_info) == STT_FILE)
		return;
	if (!strcmp(name, "_text"))
		vmlinux->begin = symbol->st_value;
	if (!strcmp(name, "_end"))
		vmlinux->end = symbol->st_value;
	if (g_hash_table_contains(wanted, name))
		add_address(vmlinux, name, symbol->st_value);
	if (GELF_ST_TYPE(symbol->st_info) == STT_FUNC)
		add_function(vmlinux, name, wanted);
	if (g_str_has_prefix(name, EXPORTED) &&
	    g_hash_table_contains(wanted, name + strlen(EXPORTED)))
		g_hash_table_add(vmlinux->exported, g_strdup(name + strlen(EXPORTED)));
}

static bool take_symbols(struct vmlinux *vmlinux, Elf *elf, Elf_Scn *section,
			 const GElf_Shdr *header, GHashTable *wanted)
{
	Elf_Data *data = elf_getdata(section, NULL);
	gsize count = header->sh_entsize ? header->sh_size / header->sh_entsize : 0;

	for (gsize i = 0; data && i < count; i++) {
		GElf_Sym symbol;
		const char *name = NULL;

		if (gelf_getsym(data, (int)i, &symbol))
			name = elf_strptr(elf, header->sh_link, symbol.st_name);
		if (!name)
			return false;
		take_symbol(vmlinux, name, &symbol, wanted);
	}
	return data;
}

/* --- the build-id */

static void take_notes(struct vmlinux *vmlinux, Elf_Scn *section)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t offset = 0, name, text;
	GElf_Nhdr note;

	while (data && !vmlinux->build_id &&
	       (offset = gelf_getnote(data, offset, &note, &name, &text)) > 0) {
		const uint8_t *bytes = (const uint8_t *)data->d_buf + text;
		GString *id;

		if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != sizeof("GNU") ||
		    memcmp((const char *)data->d_buf + name, "GNU", sizeof("GNU")))
			continue;
		id = g_string_new(NULL);
		for (GElf_Word i = 0; i < note.n_descsz; i++)
			g_string_append_printf(id, "%02x", bytes[i]);
		vmlinux->build_id = g_string_free(id, FALSE);
	}
}

/* --- the file */

static int compare(gconstpointer left, gconstpointer right)
{
	const uint64_t *first = left, *second = right;

	return *first < *second ? -1 : *first > *second;
}

static void sort_all(struct vmlinux *vmlinux)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, vmlinux->addresses);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		g_array_sort(value, compare);
}

static bool read_sections(struct vmlinux *vmlinux, Elf *elf, GHashTable *wanted, GError **error)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	bool is_read = false;

	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header))
			return refuse(vmlinux, error, "damaged: a section has no header");
		if (header.sh_type == SHT_NOTE)
			take_notes(vmlinux, section);
		if (header.sh_type != SHT_SYMTAB)
			continue;
		is_read = take_symbols(vmlinux, elf, section, &header, wanted);
		if (!is_read)
			return refuse(vmlinux, error, "damaged: a symbol cannot be read");
	}
	if (!is_read || vmlinux->begin >= vmlinux->end)
		return refuse(vmlinux, error, "it has no symbols of a kernel");
	if (!vmlinux->build_id)
		return refuse(vmlinux, error, "it has no build-id");
	sort_all(vmlinux);
	return true;
}

static bool read_file(struct vmlinux *vmlinux, int fd, GHashTable *wanted, GError **error)
{
	Elf *elf;
	bool is_good;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (!elf || elf_kind(elf) != ELF_K_ELF || gelf_getclass(elf) != ELFCLASS64)
		is_good = refuse(vmlinux, error, "not an ELF file of a 64-bit kernel");
	else
		is_good = read_sections(vmlinux, elf, wanted, error);
	elf_end(elf);
	return is_good;
}

struct vmlinux *vmlinux_open(const char *path, GHashTable *wanted, GError **error)
{
	struct vmlinux *vmlinux = g_new0(struct vmlinux, 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool is_good = false;

	vmlinux->path = g_strdup(path);
	vmlinux->addresses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
						   (GDestroyNotify)g_array_unref);
	vmlinux->exported = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	vmlinux->functions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (fd < 0)
		refuse(vmlinux, error, g_strerror(errno));
	else
		is_good = read_file(vmlinux, fd, wanted, error);
	if (fd >= 0)
		close(fd);
	if (is_good)
		return vmlinux;
	vmlinux_free(vmlinux);
	return NULL;
}

void vmlinux_free(struct vmlinux *vmlinux)
{
	if (!vmlinux)
		return;
	g_free(vmlinux->path);
	g_free(vmlinux->build_id);
	g_hash_table_unref(vmlinux->addresses);
	g_hash_table_unref(vmlinux->exported);
	g_hash_table_unref(vmlinux->functions);
	g_free(vmlinux);
}
