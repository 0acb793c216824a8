/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The digest: a section of the module with the SHA-256 of the whole file, 64 hex digits that count
 * as '0' in it. As kbuild leaves the module they are '0'; `plugsched anchor` writes them last. So
 * the digest shows that the build was finished, and that the file was copied as a whole. A
 * signature, if there is one, comes behind the file and is not part of it.
 */
#ifndef PLUGSCHED_COMMAND_DIGEST_H
#define PLUGSCHED_COMMAND_DIGEST_H

#include "runtime/command/module.h"

/* Has anybody written the digest? False also if the module has no such section. */
bool digest_is_written(const struct module *module);

/* Does it fit the image? False if it was not written. */
bool digest_fits(const struct module *module);

/* Write it into the image. Returns false if the module has no such section. */
bool digest_write(struct module *module);

/* The digest as a text that is not terminated, of DIGEST_LENGTH bytes; NULL if there is none. */
const char *digest_text(const struct module *module);

#define DIGEST_LENGTH 64

#endif
