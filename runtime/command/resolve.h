/* SPDX-License-Identifier: GPL-2.0-only */
/* Resolves the undefined symbols of the module to addresses of the running kernel. */
#ifndef PLUGSCHED_COMMAND_RESOLVE_H
#define PLUGSCHED_COMMAND_RESOLVE_H

#include "runtime/command/module.h"

struct resolution {
	unsigned resolved; /* how many symbols are absolute in the image now */
	unsigned left;     /* how many the kernel has to resolve, to its exported symbols */
};

/*
 * Resolve each undefined symbol in the image, and fill `resolution`.
 *
 * A symbol that the section .comment.plugsched lists is resolved as this section says. Any other
 * symbol is resolved if the kernel has one symbol of that name, and left if the kernel has several.
 * A weak symbol that the kernel does not have is left, too. In all other cases this is an error,
 * and the image is unchanged.
 */
bool resolve(struct module *module, struct resolution *resolution, GError **error);

#endif
