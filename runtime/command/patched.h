/* SPDX-License-Identifier: GPL-2.0-only */
/* Has somebody else patched a function that the module replaces? */
#ifndef PLUGSCHED_COMMAND_PATCHED_H
#define PLUGSCHED_COMMAND_PATCHED_H

#include "runtime/command/module.h"

/*
 * The section .comment.plugsched.functions names the functions that the module replaces, and
 * .comment.plugsched.names has other names of the same functions. Returns false with an error if one
 * of them is livepatched, or has a kprobe in the bytes that the module overwrites. `count` becomes
 * the number of these functions.
 */
bool patched_none(const struct module *module, unsigned *count, GError **error);

#endif
