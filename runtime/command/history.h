/* SPDX-License-Identifier: GPL-2.0-only */
/* The orders that the core has carried out, or tried to: /sys/kernel/plugsched/history. */
#ifndef PLUGSCHED_COMMAND_HISTORY_H
#define PLUGSCHED_COMMAND_HISTORY_H

#include <glib.h>
#include <stdbool.h>

/*
 * The lines, the oldest first: "SECONDS from=NAME to=NAME error=NUMBER FIGURE=NUMBER ...". NULL if
 * they cannot be read. g_strfreev() frees them.
 */
char **history_lines(void);

/* Does the core keep them? */
bool history_is_kept(void);

/* The value of NAME=VALUE in a line; NULL if there is none. The caller frees it. */
char *history_value(const char *line, const char *name);

/* The last line of an order to the scheduler of that name; NULL if there is none. The caller frees it. */
char *history_last_to(const char *scheduler);

#endif
