// SPDX-License-Identifier: GPL-2.0-only
/* scheduler.ko: reading the file, and access to its parts. */
#include "runtime/command/module.h"

#include "runtime/command/layout.h"
#include "runtime/command/seal.h"

#include <string.h>

#define BUILD_ID "plugsched_build_id="
#define TESTS "plugsched_tests="

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

static bool read_file(struct module *module, GError **error)
{
	g_autoptr(GError) cause = NULL;

	if (g_file_test(module->path, G_FILE_TEST_EXISTS) &&
	    !g_file_test(module->path, G_FILE_TEST_IS_REGULAR))
		return refuse(module, error, "cannot be read: it is no file");
	if (g_file_get_contents(module->path, (char **)&module->image, &module->size, &cause))
		return true;
	g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED, "cannot read the module: %s",
		    cause->message);
	return false;
}

/* --- what people make of a module after it was built */

/* What distributions and dkms compress modules with, by their first bytes. */
static const struct {
	const char *bytes;
	gsize length;
	const char *what;
} compressions[] = {
	{ "\x1f\x8b", 2, "compressed with gzip; uncompress it with gunzip, or" },
	{ "\xfd"
	  "7zXZ\0",
	  6, "compressed with xz; uncompress it with unxz, or" },
	{ "\x28\xb5\x2f\xfd", 4, "compressed with zstd; uncompress it with unzstd, or" },
};

static bool check_compression(const struct module *module, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS(compressions); i++) {
		if (module->size < compressions[i].length ||
		    memcmp(module->image, compressions[i].bytes, compressions[i].length))
			continue;
		g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
			    "%s: %s name the scheduler.ko that make left", module->path,
			    compressions[i].what);
		return false;
	}
	return true;
}

/* A signature is appended, with this line at its end. Before it the seal is not found. */
static bool check_signature(const struct module *module, GError **error)
{
	static const char end[] = "~Module signature appended~\n";
	gsize length = sizeof(end) - 1;

	if (module->size < length ||
	    memcmp(module->image + module->size - length, end, length) != 0)
		return true;
	return refuse(
		module, error,
		"signed: a signature is appended, which cannot hold, because addresses are put "
		"into the module before it is loaded; take it unsigned");
}

/*
 * Is the debug information gone that each kernel that can be analysed gives its modules? strip
 * removes it, or the symbols as well, and it always removes the seal.
 */
static bool is_stripped(const struct module *module)
{
	gsize length;

	return !module_text(module, ".debug_info", &length);
}

static bool check_seal(const struct module *module, GError **error)
{
	if (!module->seal && is_stripped(module))
		return refuse(module, error,
			      "stripped: its debug information and its seal were removed, so "
			      "nothing shows that it is whole; take it unstripped");
	if (!module->seal)
		return refuse(module, error,
			      "not sealed, so the build was not finished "
			      "or the file was cut or changed since");
	if (!seal_fits(module->seal, module->image, module->size))
		return refuse(module, error,
			      "the seal does not fit, so the file was changed since it was built");
	if (!module_build_id(module))
		return refuse(module, error,
			      "not a module of plugsched: modinfo has no plugsched_build_id");
	return true;
}

struct module *module_open(const char *path, GError **error)
{
	struct module *module = g_new0(struct module, 1);

	module->path = g_strdup(path);
	module->sections = g_array_new(FALSE, TRUE, sizeof(Elf64_Shdr));
	if (read_file(module, error) && check_compression(module, error) &&
	    check_signature(module, error)) {
		module->seal = seal_find(module->image, &module->size);
		if (layout_read(module, error) && check_seal(module, error))
			return module;
	}
	module_free(module);
	return NULL;
}

void module_free(struct module *module)
{
	if (!module)
		return;
	g_free(module->path);
	g_free(module->image);
	g_free(module->seal);
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
