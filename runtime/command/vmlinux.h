/* SPDX-License-Identifier: GPL-2.0-only */
/* The symbols of a vmlinux file, as they were linked. */
#ifndef PLUGSCHED_COMMAND_VMLINUX_H
#define PLUGSCHED_COMMAND_VMLINUX_H

#include "runtime/command/command.h"

#include <stdint.h>

struct vmlinux {
	char *path;
	char *build_id;        /* in hex */
	uint64_t begin, end;   /* the image: what lies in it moves with it at boot (KASLR) */
	GHashTable *addresses; /* name -> GArray of uint64_t, ascending, for the names asked for */
	GHashTable *exported;  /* those of the names that vmlinux exports to modules */
	/* those that functions have, without what follows a dot: that of a clone, as ".isra.0" */
	GHashTable *functions;
};

/*
 * Read the symbols whose names are in the set `wanted`, which is needed only during the call. The
 * caller frees the result with vmlinux_free().
 */
struct vmlinux *vmlinux_open(const char *path, GHashTable *wanted, GError **error);

/* Accepts NULL. */
void vmlinux_free(struct vmlinux *vmlinux);

#endif
