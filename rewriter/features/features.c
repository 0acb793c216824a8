// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the features from vmlinux's initialised data: the names from sched_feat_names, their values
 * at boot from the mask's initial value.
 */
#include "rewriter/features/features.h"

#include <string.h>

#define NAMES "sched_feat_names"
#define MASK "sysctl_sched_features"
#define KEYS "sched_feat_keys"

#define FEATURE_NAME_MAX 64

static bool fail(GError **error, const struct image *vmlinux, const char *what)
{
	g_set_error(error, PLAN_ERROR, 0,
		    "%s: %s; the module's features must fit vmlinux's, so list " KEYS ", " NAMES
		    " and " MASK " under global_var: private and analyse again",
		    image_path(vmlinux), what);
	return false;
}

/* The variable of that name, if it stays in vmlinux; else NULL. */
static const struct graph_variable *inherited(const struct plan *plan, const char *name)
{
	for (guint i = 0; i < plan->entries->len; i++) {
		const struct plan_entry *entry = g_ptr_array_index(plan->entries, i);

		if (entry->fate == PLAN_DECLARE && entry->node->kind == GRAPH_VARIABLE &&
		    strcmp(entry->node->name, name) == 0)
			return graph_as_variable((struct graph_node *)entry->node);
	}
	return NULL;
}

/* The bytes that a variable has at boot; NULL if the file has none. */
static const uint8_t *bytes_of(const struct image *vmlinux, const char *name, uint64_t *size)
{
	const struct image_symbol *symbol = image_find(vmlinux, name);

	if (!symbol || !symbol->size || image_find_next(vmlinux, symbol))
		return NULL;
	*size = symbol->size;
	return image_bytes(vmlinux, symbol->section, symbol->address, symbol->size);
}

/* The string at an address; NULL if there is none. */
static const char *string_at(const struct image *vmlinux, uint64_t address)
{
	const struct image_section *section = image_section_at(vmlinux, address);
	uint64_t room =
		section ? MIN(section->address + section->size - address, FEATURE_NAME_MAX) : 0;
	const uint8_t *bytes = room ? image_bytes(vmlinux, section->index, address, room) : NULL;

	return bytes && memchr(bytes, '\0', room) ? (const char *)bytes : NULL;
}

static bool read_names(const struct image *vmlinux, GArray *features)
{
	uint64_t size, address;
	const uint8_t *table = bytes_of(vmlinux, NAMES, &size);

	for (uint64_t at = 0; table && at + sizeof(address) <= size; at += sizeof(address)) {
		struct feature feature = { 0 };

		memcpy(&address, table + at, sizeof(address));
		feature.name = string_at(vmlinux, address);
		if (!feature.name)
			return false;
		g_array_append_val(features, feature);
	}
	return features->len > 0;
}

static bool read_mask(const struct image *vmlinux, GArray *features)
{
	uint64_t size, mask = 0;
	const uint8_t *bytes = bytes_of(vmlinux, MASK, &size);

	if (!bytes || size > sizeof(mask) || features->len > 8 * size)
		return false;
	memcpy(&mask, bytes, size);
	for (guint i = 0; i < features->len; i++)
		g_array_index(features, struct feature, i).is_enabled = mask >> i & 1;
	return true;
}

bool features_read(const struct plan *plan, struct image *vmlinux, struct features **features,
		   GError **error)
{
	const struct graph_variable *keys = inherited(plan, KEYS), *mask = inherited(plan, MASK),
				    *names = inherited(plan, NAMES);
	struct features *read;

	*features = NULL;
	if (!keys && !mask && !names)
		return true;
	read = g_new0(struct features, 1);
	read->features = g_array_new(FALSE, FALSE, sizeof(struct feature));
	read->holder = keys ? keys : mask ? mask : names;
	read->has_keys = keys != NULL;
	if (!read_names(vmlinux, read->features) || !read_mask(vmlinux, read->features)) {
		features_free(read);
		return fail(
			error, vmlinux,
			"the names or first values of the scheduler's features cannot be read from " NAMES
			" and " MASK);
	}
	*features = read;
	return true;
}

void features_free(struct features *features)
{
	if (!features)
		return;
	g_array_unref(features->features);
	g_free(features);
}
