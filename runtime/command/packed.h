/* SPDX-License-Identifier: GPL-2.0-only */
/* Modules as distributions install them: compressed. */
#ifndef PLUGSCHED_COMMAND_PACKED_H
#define PLUGSCHED_COMMAND_PACKED_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* The program that uncompresses what begins with these bytes; NULL if they are not compressed. */
const char *packed_program(const uint8_t *bytes, gsize size);

/*
 * What that program makes of the file; NULL with `error` set if it cannot be run or fails. The
 * caller frees the bytes.
 */
uint8_t *packed_read(const char *program, const char *path, gsize *size, GError **error);

#endif
