// SPDX-License-Identifier: GPL-2.0-only
#include "tools/compare/fits.h"
#include "tools/compare/compare.h"

#include <string.h>

#define BANNER "Linux version "

/* A string that ends within its section; NULL if there is none. */
static const char *string_at(const struct image *code, uint32_t index, uint64_t address)
{
	const struct image_section *section = image_section(code, index);
	uint64_t left = section && address - section->address < section->size
				? section->address + section->size - address
				: 0;
	const uint8_t *bytes = left ? image_bytes(code, index, address, left) : NULL;

	return bytes && memchr(bytes, '\0', left) ? (const char *)bytes : NULL;
}

/* The value of `key` in the module's .modinfo; NULL if it has none. */
static const char *module_info(const struct image *code, const char *key)
{
	const struct image_section *section = image_section_named(code, ".modinfo");
	const char *entry;

	for (uint64_t i = 0; section && (entry = string_at(code, section->index, i));
	     i += strlen(entry) + 1)
		if (g_str_has_prefix(entry, key) && entry[strlen(key)] == '=')
			return entry + strlen(key) + 1;
	return NULL;
}

static const char *banner(const struct image *code)
{
	const struct image_symbol *symbol = image_find(code, "linux_banner");
	const char *text = symbol ? string_at(code, symbol->section, symbol->address) : NULL;

	return text && g_str_has_prefix(text, BANNER) ? text + strlen(BANNER) : NULL;
}

static bool is_same_word(const char *first, const char *second)
{
	size_t length = strcspn(first, " ");

	return length == strcspn(second, " ") && !strncmp(first, second, length);
}

/* `plugsched anchor` has written a digest over the digits that the build leaves there. */
static bool is_anchored(const struct image *code)
{
	const struct image_section *section =
		image_section_named(code, ".comment.plugsched.digest");
	const uint8_t *bytes =
		section ? image_bytes(code, section->index, section->address, section->size) : NULL;

	for (uint64_t i = 0; bytes && i < section->size && bytes[i] != '\n'; i++)
		if (bytes[i] != '0')
			return true;
	return false;
}

bool fits_vmlinux(const struct side *module, const struct side *vmlinux, GError **error)
{
	const char *wanted = module_info(module->code, "plugsched_build_id"),
		   *own = image_build_id(vmlinux->code);
	const char *release = module_info(module->code, "vermagic"),
		   *linux_release = banner(vmlinux->code);

	if (wanted && g_strcmp0(wanted, own)) {
		g_set_error(
			error, COMPARE_ERROR, COMPARE_ERROR_MISMATCH,
			"%s: made for the vmlinux with build-id %s, but that of %s is %s; extract it again from this kernel",
			image_path(module->code), wanted, image_path(vmlinux->code),
			own ? own : "not known");
		return false;
	}
	if (is_anchored(module->code)) {
		g_set_error(
			error, COMPARE_ERROR, COMPARE_ERROR_MISMATCH,
			"%s: anchored to its kernel, so its relocations do not name any more what they mean; name scheduler.o, which the build left beside it",
			image_path(module->code));
		return false;
	}
	if (!wanted && release && linux_release && !is_same_word(release, linux_release)) {
		g_set_error(error, COMPARE_ERROR, COMPARE_ERROR_MISMATCH,
			    "%s: built for Linux %.*s, but %s is Linux %.*s",
			    image_path(module->code), (int)strcspn(release, " "), release,
			    image_path(vmlinux->code), (int)strcspn(linux_release, " "),
			    linux_release);
		return false;
	}
	return true;
}
