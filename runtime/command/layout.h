/* SPDX-License-Identifier: GPL-2.0-only */
/* Is an image a relocatable for x86-64 whose parts stay where they belong? */
#ifndef PLUGSCHED_COMMAND_LAYOUT_H
#define PLUGSCHED_COMMAND_LAYOUT_H

#include "runtime/command/module.h"

/* Fills what `module` holds beside the image. */
bool layout_read(struct module *module, GError **error);

#endif
