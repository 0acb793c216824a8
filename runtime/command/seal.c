// SPDX-License-Identifier: GPL-2.0-only
/*
 * The seal shows that the build of the module was finished, and that the file was copied as a
 * whole.
 */
#include "runtime/command/seal.h"

#include <string.h>

#define PREFIX "\n~plugsched sha256 "
#define PREFIX_LENGTH (sizeof(PREFIX) - 1)
#define DIGEST_LENGTH 64

char *seal_find(const uint8_t *bytes, gsize *size)
{
	gsize length = PREFIX_LENGTH + DIGEST_LENGTH + 1;
	const char *line;

	if (*size < length)
		return NULL;
	line = (const char *)bytes + *size - length;
	if (memcmp(line, PREFIX, PREFIX_LENGTH) || line[length - 1] != '\n')
		return NULL;
	for (gsize i = 0; i < DIGEST_LENGTH; i++)
		if (!g_ascii_isxdigit(line[PREFIX_LENGTH + i]))
			return NULL;
	*size -= length;
	return g_strndup(line + PREFIX_LENGTH, DIGEST_LENGTH);
}

bool seal_fits(const char *digest, const uint8_t *bytes, gsize size)
{
	g_autofree char *own = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, size);

	return g_ascii_strcasecmp(own, digest) == 0;
}
