/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Overrides of the inferred boundary, read from a YAML file (comments allowed).
 *
 *   mod_files:            # the scheduler's files; default: all .c and .h of kernel/sched
 *     - kernel/sched/[a-z]*.c
 *   sidecar:              # further files to treat as the scheduler's
 *     - kernel/foo.c
 *     - FUNCTION: kernel/bar.c   # as !!pairs has it: the same as kernel/bar.c
 *   interface_prefix:     # functions whose names begin so are interface, unless they must stay
 *     - __x64_sys_
 *   function:
 *     interface: [NAME]   # force
 *     external: [NAME]    # force
 *   global_var:
 *     extra_public: [NAME]   # inherit from vmlinux ("inherit" is another name of this key)
 *     force_private: [NAME]  # own copy in the module ("private" is another name of this key)
 *
 * The keys are those of boundary.yaml of the published Plugsched, so that file can be read as it
 * is. function.external and the two other names are additions. A key may have no value.
 */
#ifndef PLUGSCHED_CONFIG_H
#define PLUGSCHED_CONFIG_H

#include <glib.h>
#include <stdbool.h>

#define CONFIG_ERROR config_error_quark()
GQuark config_error_quark(void);

enum config_error {
	CONFIG_ERROR_IO,     /* the file could not be read */
	CONFIG_ERROR_SYNTAX, /* it is not YAML */
	CONFIG_ERROR_KEY,    /* an unknown key, a wrong type, or a contradiction */
};

/* All lists hold char *, in file order, without duplicates; none is NULL. */
struct config {
	GPtrArray *files;    /* patterns (fnmatch, FNM_PATHNAME) of the scheduler's files */
	GPtrArray *sidecars; /* patterns of further files */
	GPtrArray *interface_prefix;
	GPtrArray *force_interface;
	GPtrArray *force_external;
	GPtrArray *inherit; /* variables */
	GPtrArray *private; /* variables */
};

/*
 * A configuration with the defaults: the files are every .c and .h directly in kernel/sched; all
 * other lists are empty. config_free() it.
 */
struct config *config_new(void);

/*
 * Reads `path`. Keys that it does not set keep their defaults. NULL with `error` on failure;
 * messages are "FILE:LINE:COLUMN: what; what to do". It is an error if a key is unknown (the
 * message names the keys known), if a name is forced both interface and external, or if it is both
 * inherited and private. config_free() the result.
 */
struct config *config_read(const char *path, GError **error);

/* The same for text in memory, which may hold any bytes. `name` stands for the file in messages. */
struct config *config_read_text(const char *name, const char *text, size_t length, GError **error);

/* Frees the configuration. Accepts NULL. */
void config_free(struct config *config);

/* True if `file` (relative to the tree) is one of the scheduler's, sidecars included. */
bool config_is_scheduler_file(const struct config *config, const char *file);

/*
 * A hash, in hex, of the patterns that say which files are the scheduler's. A unit's facts depend
 * on them. Caller frees.
 */
char *config_files_hash(const struct config *config);

#endif
