/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The seal: the last line of scheduler.ko, "\n~plugsched sha256 DIGEST\n", with the digest of all
 * bytes before it.
 */
#ifndef PLUGSCHED_COMMAND_SEAL_H
#define PLUGSCHED_COMMAND_SEAL_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * The digest in the seal; NULL if there is no seal. The caller frees it. `size` is the size of the
 * file, and becomes the size of the part that is sealed.
 */
char *seal_find(const uint8_t *bytes, gsize *size);

/* Is this the digest of these bytes? */
bool seal_fits(const char *digest, const uint8_t *bytes, gsize size);

#endif
