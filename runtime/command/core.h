/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The core, plugsched.ko: the module that schedulers of one kernel build need. It stays in the
 * kernel when they go.
 */
#ifndef PLUGSCHED_COMMAND_CORE_H
#define PLUGSCHED_COMMAND_CORE_H

#include "runtime/command/module.h"

/*
 * The core for the scheduler, from the file beside it; `core` becomes NULL if the kernel has one
 * already. Checks that both are for one kernel. The caller frees it with module_free().
 */
bool core_open(const struct module *scheduler, struct module **core, GError **error);

/* Insert it; fine if somebody else was first. `core` NULL: do nothing. */
bool core_insert(const struct module *core, GError **error);

#endif
