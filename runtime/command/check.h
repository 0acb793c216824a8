/* SPDX-License-Identifier: GPL-2.0-only */
/* Can a module be loaded into the running kernel? Finds out without loading it. */
#ifndef PLUGSCHED_COMMAND_CHECK_H
#define PLUGSCHED_COMMAND_CHECK_H

#include "runtime/command/module.h"

struct check {
	struct module *module; /* owned; NULL if it could not be opened */
	struct module *core;   /* owned; NULL if the kernel has the core */
	unsigned functions;    /* how many it replaces; 0 if its file does not say */
};

/*
 * Open the module and its core, and check that they were made for the running kernel and that we
 * may load them.
 * Initialises `check`: call check_clear() later, whatever this returns.
 */
bool check_open(struct check *check, const char *path, GError **error);

/*
 * Check that no module of that name is in the kernel. `may_go`: a scheduler's module may be, if it is
 * at work, as it will have gone when the new one comes.
 */
bool check_free(const char *name, bool may_go, GError **error);

/*
 * After check_open(): do check_free(), and check that nobody else has changed a function that it
 * replaces.
 */
bool check_finish(struct check *check, bool may_go, GError **error);

/* Free what `check` holds. */
void check_clear(struct check *check);

/* "SCHEDULER.ko fits the running kernel: ..." The caller frees it. */
char *check_describe(const struct check *check);

#endif
