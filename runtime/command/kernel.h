/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The running kernel: its files, what it permits, and the system calls that load and remove
 * modules.
 *
 * For tests: if $PLUGSCHED_ROOT is set, all paths are below it, and the program
 * $PLUGSCHED_ROOT/kernel is called in place of the system calls.
 */
#ifndef PLUGSCHED_COMMAND_KERNEL_H
#define PLUGSCHED_COMMAND_KERNEL_H

#include "runtime/command/command.h"

#include <stdint.h>

/* The name of the core in the kernel: the module that schedulers' modules use. */
#define KERNEL_CORE "plugsched"
/* What the core calls the kernel's own scheduler. */
#define KERNEL_VMLINUX "vmlinux"

/* The path of a file of the kernel, below $PLUGSCHED_ROOT if that is set. The caller frees it. */
char *kernel_path(const char *path);

/*
 * The contents of such a file, without white space at the end. The caller frees them. Returns NULL
 * with errno if the file cannot be read.
 */
char *kernel_read(const char *path);

/* Does such a file or folder exist? */
bool kernel_has(const char *path);

/* Open such a folder; NULL if it does not exist. g_dir_close() frees it. */
GDir *kernel_folder(const char *path);

/*
 * The state of the module of that name: "Loading", "Live" or "Unloading"; NULL if there is none.
 * The caller frees it.
 */
char *kernel_module_state(const char *name);

/* The names of the modules that use the one of that name. g_strfreev() frees them. */
char **kernel_module_users(const char *name);

/* The build-id of the running kernel, in hex. The caller frees it. */
char *kernel_build_id(GError **error);

/* May we load a module? One that is signed may yet be refused: its key may be unknown. */
bool kernel_permits(bool is_signed, GError **error);

/*
 * Give this process the highest priority of its scheduling class, if that is permitted: on a busy
 * machine a change must not wait for a CPU at every step.
 */
void kernel_hurry(void);

/* The system calls. Return 0 or a positive errno. The module gets no parameters. */
int kernel_insert_file(int fd);
int kernel_insert_image(const uint8_t *image, gsize size);

/* Does not wait until the module is unused: returns EAGAIN or EBUSY then. */
int kernel_delete_module(const char *name);

/*
 * Order the core to put the scheduler of that name to work. Waits until that is done. There is one
 * write, and so one order. A signal ends it.
 */
int kernel_order(const char *name);

#endif
