// SPDX-License-Identifier: GPL-2.0-only
/*
 * Was vmlinux linked from these objects?
 *
 * Every global function of an object must be a symbol of vmlinux with the same size. Names
 * alone hardly differ between two builds of a tree, sizes do. Weak functions may have lost to
 * another unit's, and sections the linker script discards leave nothing behind.
 *
 * Limits: an object rebuilt with the same sizes passes. Members of a library archive that the
 * linker did not pull in do not belong into the list.
 */
#include "analyzer/binary/internal.h"

#include <string.h>

/* Exit code of built-in units is discarded at link time on some machines, .discard* on all. */
static const char *const discarded[] = { ".discard", ".exit" };

static bool is_discarded(const struct image *object, size_t section)
{
	GElf_Shdr header;
	const char *name = image_section(object, section, &header);

	for (size_t i = 0; name && i < G_N_ELEMENTS(discarded); i++)
		if (g_str_has_prefix(name, discarded[i]))
			return true;
	return false;
}

static bool is_global_function(const GElf_Sym *symbol)
{
	return symbol->st_shndx != SHN_UNDEF && GELF_ST_TYPE(symbol->st_info) == STT_FUNC &&
	       GELF_ST_BIND(symbol->st_info) == STB_GLOBAL;
}

static bool has_equal(const struct symbols *symbols, const char *name, uint64_t size)
{
	const struct symbol *each = symbols_find(symbols, name);

	while (each && each->size != size)
		each = symbols_next(symbols, each);
	return each != NULL;
}

static bool check_symbol(const struct symbols *symbols, const struct image *object, size_t index, const char **name)
{
	GElf_Sym symbol;

	*name = image_symbol(object, index, &symbol);
	return !is_global_function(&symbol) || has_equal(symbols, *name, symbol.st_size) ||
	       is_discarded(object, symbol.st_shndx);
}

static bool check_object(const struct binary *binary, const char *path, GError **error)
{
	const struct binary_state *state = binary->state;
	struct image object;
	const char *name;
	bool is_equal = true;

	if (!image_open(&object, path, error))
		return false;
	for (size_t i = 1; i < object.symbol_count && is_equal; i++)
		is_equal = check_symbol(&state->symbols, &object, i, &name);
	if (!is_equal)
		g_set_error(error, BINARY_ERROR, BINARY_ERROR_MISMATCH,
			    "%s: was not linked from %s: %s() %s; rebuild the kernel or point --build at the right tree",
			    binary->path, path, name,
			    binary_has_symbol(binary, name) ? "has another size" : "is missing");
	image_close(&object);
	return is_equal;
}

bool binary_check_objects(const struct binary *binary, const GPtrArray *objects, GError **error)
{
	for (guint i = 0; i < objects->len; i++)
		if (!check_object(binary, objects->pdata[i], error))
			return false;
	return true;
}
