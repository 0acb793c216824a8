/* SPDX-License-Identifier: GPL-2.0-only */
/* The last line of scheduler.ko: "\n~plugsched sha256 DIGEST\n", over all that stands before it. */
#ifndef PLUGSCHED_COMMAND_SEAL_H
#define PLUGSCHED_COMMAND_SEAL_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* The digest that the seal names, to be freed; NULL if there is none. `size` becomes that of what it seals. */
char *seal_find(const uint8_t *bytes, gsize *size);

/* Does the digest fit what it seals? */
bool seal_fits(const char *digest, const uint8_t *bytes, gsize size);

#endif
