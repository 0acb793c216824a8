/* SPDX-License-Identifier: GPL-2.0-only */
/* The addresses of the running kernel's own symbols, by name. Symbols of modules are left out. */
#ifndef PLUGSCHED_COMMAND_KALLSYMS_H
#define PLUGSCHED_COMMAND_KALLSYMS_H

#include "runtime/command/command.h"

#include <stdint.h>

/*
 * Read /proc/kallsyms once, for the names in the set `wanted`. Returns a table from each of these
 * names that has symbols to a GArray of uint64_t: their addresses, sorted. Symbols with the same
 * address have an entry each, as positions count symbols. The caller unreferences the table. Fails
 * if the kernel hides the addresses.
 */
GHashTable *kallsyms_read(GHashTable *wanted, GError **error);

#endif
