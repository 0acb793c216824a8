/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The subcommands of plugsched.
 *
 * In runtime/command/ a function that takes a GError ** sets it if it returns false or NULL.
 */
#ifndef PLUGSCHED_COMMAND_H
#define PLUGSCHED_COMMAND_H

#include <glib.h>
#include <stdbool.h>

#define COMMAND_ERROR command_error_quark()
GQuark command_error_quark(void);

enum command_error {
	COMMAND_ERROR_REFUSED, /* nothing was changed */
	COMMAND_ERROR_FAILED,  /* something may have changed: the message says what is left */
};

struct command_options {
	gboolean is_verbose; /* load, build */
	gboolean is_json;    /* status, list, history */
	gboolean
		is_via_vmlinux; /* load: not from one module's scheduler to another's in one step */
	char *vmlinux;          /* anchor: the vmlinux file */
	char *name;             /* build: of the module in the kernel; NULL: the usual one */
	char *sign_key;         /* build: the file with the key to sign with; NULL: do not sign */
	const char *certificate;  /* build: the certificate of that key */
	gint jobs;                /* build: how many units to compile at once */
	gint wait;                /* load, unload: seconds to wait for another change to end */
	const volatile int *stop; /* becomes non-zero on a signal: then undo and return */
};

/* Run a subcommand with its argument (NULL if it has none). Each prints its result to stdout. */
bool command_load(const char *what, const struct command_options *options, GError **error);
bool command_unload(const char *name, const struct command_options *options, GError **error);
bool command_list(const char *none, const struct command_options *options, GError **error);
bool command_history(const char *none, const struct command_options *options, GError **error);
bool command_status(const char *none, const struct command_options *options, GError **error);
bool command_check(const char *file, const struct command_options *options, GError **error);
bool command_anchor(const char *file, const struct command_options *options, GError **error);
bool command_build(const char *folder, const struct command_options *options, GError **error);

/* May a module be built under this name? */
bool build_is_name(const char *name);

#endif
