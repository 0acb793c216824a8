/* SPDX-License-Identifier: GPL-2.0-only */
/* Has somebody else changed the beginning of a function that the module replaces? */
#ifndef PLUGSCHED_COMMAND_PATCHED_H
#define PLUGSCHED_COMMAND_PATCHED_H

#include "runtime/command/module.h"

/*
 * False with an error if a function that the section .comment.plugsched.functions names is livepatched or has a kprobe in
 * the bytes that the module overwrites. `count` becomes the number of names.
 */
bool patched_none(const struct module *module, unsigned *count, GError **error);

#endif
