/* SPDX-License-Identifier: GPL-2.0-only */
/* The layout of a module's image. */
#ifndef PLUGSCHED_COMMAND_LAYOUT_H
#define PLUGSCHED_COMMAND_LAYOUT_H

#include "runtime/command/module.h"

/*
 * Check that `module->image` is a relocatable ELF file for x86-64, and that its sections, symbols
 * and relocations stay within the file and within each other. Fills `sections`, `symbols`,
 * `strings` and `names` of the module.
 */
bool layout_read(struct module *module, GError **error);

#endif
