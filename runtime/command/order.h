/* SPDX-License-Identifier: GPL-2.0-only */
/* Orders to the core, and what follows them: the removal of modules that are not at work any more. */
#ifndef PLUGSCHED_COMMAND_ORDER_H
#define PLUGSCHED_COMMAND_ORDER_H

#include "runtime/command/command.h"

/*
 * Put the scheduler of that name to work (KERNEL_VMLINUX: the kernel's own). If another order is
 * being carried out, wait for its end, at most as long as the options say. On failure the scheduler
 * that was at work still is; the error has the core's reason and says which one goes on.
 */
bool order_give(const char *name, const struct command_options *options, GError **error);

/*
 * Put vmlinux's scheduler back. If somebody else has done so meanwhile, this succeeds too, and
 * `is_ours` becomes false.
 */
bool order_back(const struct command_options *options, bool *is_ours, GError **error);

/*
 * Remove the module of that name from the kernel. Tries for up to a second while the module is still
 * in use. Returns 0 or an errno, and 0 too if it is gone already. The kernel removes none whose
 * scheduler is at work, or is being put to work.
 */
int order_remove_once(const char *name);

/* The same with a message. */
bool order_remove(const char *name, GError **error);

#endif
