/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of the module's functions as the kernel shows them. */
#ifndef PLUGSCHED_COMMAND_RENAME_H
#define PLUGSCHED_COMMAND_RENAME_H

#include "runtime/command/module.h"

#define RENAME_SUFFIX ".plugsched"

/*
 * The name that counts for rename_functions(); NULL if the symbol is no function of the module, or
 * was renamed. The caller frees it.
 */
char *rename_stem(const struct module *module, const Elf64_Sym *symbol);

/*
 * Give each function of the module whose name is in the set `taken` the name NAME.plugsched: so
 * whoever traces a function by name still means vmlinux's. What follows a dot in the name, as
 * ".isra.0", does not count. Returns how many were renamed.
 */
unsigned rename_functions(struct module *module, GHashTable *taken);

#endif
