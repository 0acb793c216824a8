// SPDX-License-Identifier: GPL-2.0-only
#include "runtime/command/digest.h"

#include <string.h>

#define SECTION ".comment.plugsched.digest"

static const char unwritten[] = "0000000000000000000000000000000000000000000000000000000000000000";
G_STATIC_ASSERT(sizeof(unwritten) == DIGEST_LENGTH + 1);

const char *digest_text(const struct module *module)
{
	gsize length = 0;
	const char *text = module_text(module, SECTION, &length);

	return text && length >= DIGEST_LENGTH ? text : NULL;
}

/* The digest that fits the image. The caller frees it. */
static char *digest_of(const struct module *module, const char *place)
{
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	gsize before = (gsize)((const uint8_t *)place - module->image);
	char *text;

	g_checksum_update(sum, module->image, (gssize)before);
	g_checksum_update(sum, (const guchar *)unwritten, DIGEST_LENGTH);
	g_checksum_update(sum, module->image + before + DIGEST_LENGTH,
			  (gssize)(module->size - before - DIGEST_LENGTH));
	text = g_strdup(g_checksum_get_string(sum));
	g_checksum_free(sum);
	return text;
}

bool digest_is_written(const struct module *module)
{
	const char *place = digest_text(module);

	return place && memcmp(place, unwritten, DIGEST_LENGTH) != 0;
}

bool digest_fits(const struct module *module)
{
	const char *place = digest_text(module);
	g_autofree char *fitting = place ? digest_of(module, place) : NULL;

	return fitting && digest_is_written(module) && !memcmp(fitting, place, DIGEST_LENGTH);
}

bool digest_write(struct module *module)
{
	const char *place = digest_text(module);
	g_autofree char *fitting = place ? digest_of(module, place) : NULL;

	if (!fitting)
		return false;
	memcpy(module->image + ((const uint8_t *)place - module->image), fitting, DIGEST_LENGTH);
	return true;
}
