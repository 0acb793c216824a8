/* SPDX-License-Identifier: GPL-2.0-only */
/* The addresses of the running kernel's own symbols (not of modules), of those names that somebody wants. */
#ifndef PLUGSCHED_COMMAND_KALLSYMS_H
#define PLUGSCHED_COMMAND_KALLSYMS_H

#include "runtime/command/command.h"

#include <stdint.h>

/*
 * Reads /proc/kallsyms once. The answer, to be unreferenced: name -> GArray of uint64_t, sorted, one for each symbol, as
 * positions count symbols and two may have one address; for each name in the set `wanted` that has any. An error if the addresses are hidden.
 */
GHashTable *kallsyms_read(GHashTable *wanted, GError **error);

#endif
