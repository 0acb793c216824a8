/* SPDX-License-Identifier: GPL-2.0-only */
/* Gives the module's undefined symbols the running kernel's addresses. */
#ifndef PLUGSCHED_COMMAND_RESOLVE_H
#define PLUGSCHED_COMMAND_RESOLVE_H

#include "runtime/command/module.h"

struct resolution {
	unsigned resolved; /* absolute in the image now */
	unsigned left;     /* for the kernel to resolve among its exports */
};

/*
 * What the section .comment.plugsched names is resolved as it says. Of the others, one that the kernel has exactly once is
 * resolved; one that it has several times is left. Anything else is an error, and the image is unchanged.
 */
bool resolve(struct module *module, struct resolution *resolution, GError **error);

#endif
