/* SPDX-License-Identifier: GPL-2.0-only */
/* Hands a module to the kernel. */
#ifndef PLUGSCHED_COMMAND_INSERT_H
#define PLUGSCHED_COMMAND_INSERT_H

#include "runtime/command/module.h"

/* Does the errno mean that the kernel has, or just had, another module of that name? */
bool insert_is_other(int cause);

/*
 * Insert the module once. On failure `cause` becomes the errno, and unless another module of that
 * name was there, what the kernel's log says of it is printed. If the core has refused the module,
 * the error has its reason.
 */
bool insert_once(const struct module *module, int *cause, GError **error);

#endif
