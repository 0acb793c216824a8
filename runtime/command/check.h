/* SPDX-License-Identifier: GPL-2.0-only */
/* All that can be known of a module's loading before it is loaded. */
#ifndef PLUGSCHED_COMMAND_CHECK_H
#define PLUGSCHED_COMMAND_CHECK_H

#include "runtime/command/module.h"
#include "runtime/command/resolve.h"

struct check {
	struct module *module; /* resolved */
	struct resolution resolution;
	unsigned functions;    /* that it replaces; 0 if it does not tell */
};

/* Opens the module and holds it against the running kernel, which may load modules. check_clear() is due in either case. */
bool check_open(struct check *check, const char *path, GError **error);
/* Is no scheduler's module there, nor on its way? */
bool check_free(GError **error);
/* Then resolves it, and looks for others who have changed what it replaces. Changes nothing but memory. */
bool check_finish(struct check *check, GError **error);
void check_clear(struct check *check);

/* "SCHEDULER.ko fits the running kernel: ...", to be freed. */
char *check_describe(const struct check *check);

#endif
