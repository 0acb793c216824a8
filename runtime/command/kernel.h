/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The running kernel: its files, what it permits, and the two system calls. All paths are below $PLUGSCHED_ROOT if that
 * is set, for tests; the program $PLUGSCHED_ROOT/kernel then stands in for the system calls.
 */
#ifndef PLUGSCHED_COMMAND_KERNEL_H
#define PLUGSCHED_COMMAND_KERNEL_H

#include "runtime/command/command.h"

#include <stdint.h>

/* What the kernel calls the module. */
#define KERNEL_MODULE "scheduler"

/* Where a file of the kernel lies, to be freed. */
char *kernel_path(const char *path);

/* Its contents without white space at the end, to be freed; NULL if it cannot be read, with errno. */
char *kernel_read(const char *path);

bool kernel_has(const char *path);

/* How a module of that name is in the kernel, to be freed: "Loading", "Live" or "Unloading"; NULL if there is none. */
char *kernel_module_state(const char *name);

/* The running kernel's build-id in hex, to be freed. */
char *kernel_build_id(GError **error);

/* May we load a module that is not signed? */
bool kernel_permits(GError **error);

/* Puts this process before others of its class: on a busy machine a change should not wait for its turn at every step. */
void kernel_hurry(void);

/* System calls: 0 or an errno. */
int kernel_init_module(const uint8_t *image, gsize size);
int kernel_delete_module(const char *name);

#endif
