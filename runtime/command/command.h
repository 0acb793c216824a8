/* SPDX-License-Identifier: GPL-2.0-only */
/* The subcommands of plugsched: load, unload, status, check, build. */
#ifndef PLUGSCHED_COMMAND_H
#define PLUGSCHED_COMMAND_H

#include <glib.h>
#include <stdbool.h>

#define COMMAND_ERROR command_error_quark()
GQuark command_error_quark(void);

enum command_error {
	COMMAND_ERROR_REFUSED, /* nothing was changed */
	COMMAND_ERROR_FAILED,  /* the message says what is left */
};

struct command_options {
	gboolean is_verbose, is_json;
	char *resolved;           /* check: where the resolved image goes; NULL: nowhere */
	gint jobs;                /* build: units compiled at once */
	gint wait;                /* load, unload: seconds to wait for another change */
	const volatile int *stop; /* not 0: end in order */
};

/* Each takes the command's argument (NULL where it has none), prints its result to stdout. */
bool command_load(const char *file, const struct command_options *options, GError **error);
bool command_unload(const char *none, const struct command_options *options, GError **error);
bool command_status(const char *none, const struct command_options *options, GError **error);
bool command_check(const char *file, const struct command_options *options, GError **error);
bool command_build(const char *folder, const struct command_options *options, GError **error);

#endif
