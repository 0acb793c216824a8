// SPDX-License-Identifier: GPL-2.0-only
/* The module: reading the file, and access to its parts. */
#include "runtime/command/module.h"

#include "runtime/command/digest.h"
#include "runtime/command/kernel.h"
#include "runtime/command/layout.h"
#include "runtime/command/packed.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define BUILD_ID "plugsched_build_id="
#define TESTS "plugsched_tests="
#define NAME "name="
#define NAME_MAX_LENGTH 55 /* as the kernel has it, without the NUL */

static const Elf64_Shdr *section(const struct module *module, guint index)
{
	return &g_array_index(module->sections, Elf64_Shdr, index);
}

static const char *string(const struct module *module, guint table, uint64_t offset)
{
	return (const char *)module->image + section(module, table)->sh_offset + offset;
}

static bool refuse(const struct module *module, GError **error, const char *what)
{
	g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
		    "%s: %s; make in the folder of plugsched-extract builds it", module->path,
		    what);
	return false;
}

static bool unpack(struct module *module, GError **error)
{
	const char *program = packed_program(module->image, module->size);

	if (!program)
		return true;
	g_free(module->image);
	module->image = packed_read(program, module->path, &module->size, error);
	close(module->fd);
	module->fd = -1;
	return module->image;
}

static bool read_file(struct module *module, GError **error)
{
	g_autoptr(GError) cause = NULL;

	if (g_file_test(module->path, G_FILE_TEST_EXISTS) &&
	    !g_file_test(module->path, G_FILE_TEST_IS_REGULAR))
		return refuse(module, error, "cannot be read: it is no file");
	module->fd = open(module->path, O_RDONLY | O_CLOEXEC);
	if (g_file_get_contents(module->path, (char **)&module->image, &module->size, &cause))
		return unpack(module, error);
	g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED, "cannot read the module: %s",
		    cause->message);
	return false;
}

/* --- the signature: behind the file come its data, what struct module_signature says, and a line */

static const char signature_end[] = "~Module signature appended~\n";

struct signature_info {
	uint8_t kinds[5], padding[3];
	uint8_t length[4]; /* of the data, big-endian */
};

static bool cut_signature(struct module *module, GError **error)
{
	gsize line = sizeof(signature_end) - 1, length;
	struct signature_info info;

	module->whole = module->size;
	if (module->size < line ||
	    memcmp(module->image + module->size - line, signature_end, line) != 0)
		return true;
	if (module->size < line + sizeof(info))
		return refuse(module, error, "damaged: it ends within its signature");
	memcpy(&info, module->image + module->size - line - sizeof(info), sizeof(info));
	length = (gsize)info.length[0] << 24 | (gsize)info.length[1] << 16 |
		 (gsize)info.length[2] << 8 | info.length[3];
	if (length > module->size - line - sizeof(info))
		return refuse(module, error, "damaged: its signature is longer than the file");
	module->size -= line + sizeof(info) + length;
	return true;
}

bool module_is_signed(const struct module *module)
{
	return module->whole > module->size;
}

/* --- is it one of ours, as it was built? */

/* For an error: strip removes the debug information that each kernel here gives its modules. */
static bool is_stripped(const struct module *module)
{
	gsize length;

	return !module_text(module, ".debug_info", &length);
}

static bool check_digest(const struct module *module, GError **error)
{
	if (!digest_is_written(module))
		return refuse(module, error,
			      "not anchored to its kernel, so its build was not finished");
	if (module_is_signed(module) || digest_fits(module))
		return true;
	if (is_stripped(module))
		return refuse(module, error,
			      "stripped since it was built, so nothing shows that it is whole; "
			      "plugsched anchor renews its digest, or");
	return refuse(module, error,
		      "the digest does not fit, so the file was changed since it was built");
}

struct module *module_read(const char *path, GError **error)
{
	struct module *module = g_new0(struct module, 1);

	module->path = g_strdup(path);
	module->fd = -1;
	module->sections = g_array_new(FALSE, TRUE, sizeof(Elf64_Shdr));
	if (read_file(module, error) && cut_signature(module, error) &&
	    layout_read(module, error)) {
		if (module_build_id(module) && module_name(module) && digest_text(module))
			return module;
		refuse(module, error,
		       "not a module of plugsched: it lacks plugsched_build_id, its name or its "
		       "digest");
	}
	module_free(module);
	return NULL;
}

struct module *module_open(const char *path, GError **error)
{
	struct module *module = module_read(path, error);

	if (module && check_digest(module, error))
		return module;
	module_free(module);
	return NULL;
}

void module_free(struct module *module)
{
	if (!module)
		return;
	if (module->fd >= 0)
		close(module->fd);
	g_free(module->path);
	g_free(module->image);
	g_array_unref(module->sections);
	g_free(module);
}

const char *module_text(const struct module *module, const char *name, gsize *length)
{
	for (guint i = 1; i < module->sections->len; i++) {
		const Elf64_Shdr *s = section(module, i);

		if (s->sh_type != SHT_PROGBITS ||
		    strcmp(string(module, module->names, s->sh_name), name))
			continue;
		*length = s->sh_size;
		return (const char *)module->image + s->sh_offset;
	}
	return NULL;
}

char **module_lines(const struct module *module, const char *name)
{
	gsize length;
	const char *text = module_text(module, name, &length);
	g_autofree char *copy = text ? g_strndup(text, length) : NULL;

	return copy ? g_strsplit(copy, "\n", -1) : NULL;
}

/* The value behind `name`, which ends with "=", in .modinfo; NULL if there is no such entry. */
static const char *find_info(const struct module *module, const char *name)
{
	gsize length = 0;
	const char *text = module_text(module, ".modinfo", &length);
	const char *end = text ? text + length : NULL, *next;

	for (; text && text < end; text = next) {
		next = memchr(text, '\0', end - text);
		if (!next)
			return NULL;
		if (g_str_has_prefix(text, name))
			return text + strlen(name);
		next++;
	}
	return NULL;
}

const char *module_build_id(const struct module *module)
{
	return find_info(module, BUILD_ID);
}

const char *module_name(const struct module *module)
{
	return find_info(module, NAME);
}

bool module_is_name(const char *text)
{
	gsize length = strlen(text);

	return length > 0 && length <= NAME_MAX_LENGTH &&
	       strspn(text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_") == length &&
	       strcmp(text, KERNEL_CORE) && strcmp(text, KERNEL_VMLINUX);
}

bool module_is_for_tests(const struct module *module)
{
	return !g_strcmp0(find_info(module, TESTS), "y");
}

gsize module_symbol_count(const struct module *module)
{
	return section(module, module->symbols)->sh_size / sizeof(Elf64_Sym);
}

static uint8_t *symbol_place(const struct module *module, gsize index)
{
	return module->image + section(module, module->symbols)->sh_offset +
	       index * sizeof(Elf64_Sym);
}

Elf64_Sym module_symbol(const struct module *module, gsize index)
{
	Elf64_Sym symbol;

	memcpy(&symbol, symbol_place(module, index), sizeof(symbol));
	return symbol;
}

const char *module_symbol_name(const struct module *module, const Elf64_Sym *symbol)
{
	return string(module, module->strings, symbol->st_name);
}

void module_symbol_set(struct module *module, gsize index, const Elf64_Sym *symbol)
{
	memcpy(symbol_place(module, index), symbol, sizeof(*symbol));
}

void module_each_relocation(struct module *module,
			    void (*work)(Elf64_Rela *relocation, bool is_loaded, void *data),
			    void *data)
{
	for (guint i = 1; i < module->sections->len; i++) {
		const Elf64_Shdr *table = section(module, i);

		for (uint64_t at = 0; table->sh_type == SHT_RELA && at < table->sh_size;
		     at += sizeof(Elf64_Rela)) {
			uint8_t *place = module->image + table->sh_offset + at;
			Elf64_Rela relocation;

			memcpy(&relocation, place, sizeof(relocation));
			work(&relocation, section(module, table->sh_info)->sh_flags & SHF_ALLOC,
			     data);
			memcpy(place, &relocation, sizeof(relocation));
		}
	}
}

GByteArray *module_names_copy(const struct module *module)
{
	const Elf64_Shdr *table = section(module, module->strings);
	GByteArray *names = g_byte_array_new();

	return g_byte_array_append(names, module->image + table->sh_offset, (guint)table->sh_size);
}

void module_names_replace(struct module *module, const GByteArray *names)
{
	Elf64_Shdr *table = &g_array_index(module->sections, Elf64_Shdr, module->strings);
	Elf64_Ehdr header;

	module->image = g_realloc(module->image, module->size + names->len);
	memcpy(module->image + module->size, names->data, names->len);
	table->sh_offset = module->size;
	table->sh_size = names->len;
	module->size += names->len;
	module->whole = module->size;
	memcpy(&header, module->image, sizeof(header));
	memcpy(module->image + header.e_shoff + module->strings * sizeof(*table), table,
	       sizeof(*table));
}

bool module_is_file(const char *text)
{
	return strchr(text, '/') || g_str_has_suffix(text, ".ko") || strstr(text, ".ko.");
}
