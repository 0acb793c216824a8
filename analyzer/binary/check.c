// SPDX-License-Identifier: GPL-2.0-only
/*
 * Was vmlinux linked from these objects?
 *
 * Every global function of an object must be a symbol of vmlinux with the same size. Two builds of
 * a tree have nearly the same names, but different sizes. Two cases are excepted: another unit's
 * definition may have replaced a weak function, and sections that the linker script discards leave
 * nothing behind.
 *
 * Limits: an object that was rebuilt with the same sizes passes. The list must not hold members of
 * a library archive that the linker did not pull in.
 */
#include "analyzer/binary/internal.h"

#include <string.h>

/* The linker discards .discard* on all machines, and exit code of built-in units on some. */
static const char *const discarded[] = { ".discard", ".exit" };

static bool is_discarded(const struct image *object, uint32_t index)
{
	const struct image_section *section = image_section(object, index);

	for (size_t i = 0; section && i < G_N_ELEMENTS(discarded); i++)
		if (g_str_has_prefix(section->name, discarded[i]))
			return true;
	return false;
}

static bool has_equal(const struct image *vmlinux, const struct image_symbol *symbol)
{
	const struct image_symbol *each = image_find(vmlinux, symbol->name);

	while (each && each->size != symbol->size)
		each = image_find_next(vmlinux, each);
	return each != NULL;
}

static bool is_linked(const struct image *vmlinux, const struct image *object,
		      const struct image_symbol *symbol)
{
	if (symbol->section == IMAGE_UNDEFINED || !symbol->is_function || !symbol->is_global ||
	    symbol->is_weak)
		return true;
	return has_equal(vmlinux, symbol) || is_discarded(object, symbol->section);
}

static bool check_object(const struct binary *binary, const char *path, GError **error)
{
	const struct binary_state *state = binary->state;
	struct image *object = binary_image_open(path, error);
	struct image_symbol symbol;
	bool is_equal = true;

	if (!object)
		return false;
	for (size_t i = 1; i < image_raw_count(object) && is_equal; i++) {
		symbol = image_raw_symbol(object, i);
		is_equal = is_linked(state->image, object, &symbol);
	}
	if (!is_equal)
		g_set_error(
			error, BINARY_ERROR, BINARY_ERROR_MISMATCH,
			"%s: was not linked from %s: %s() %s; rebuild the kernel or point --build at the right tree",
			binary->path, path, symbol.name,
			binary_has_symbol(binary, symbol.name) ? "has another size" : "is missing");
	image_free(object);
	return is_equal;
}

bool binary_check_objects(const struct binary *binary, const GPtrArray *objects, GError **error)
{
	for (guint i = 0; i < objects->len; i++)
		if (!check_object(binary, objects->pdata[i], error))
			return false;
	return true;
}
