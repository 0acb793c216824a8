/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Overrides of the inferred boundary, read from a YAML file (comments allowed).
 *
 *   mod_files:            # the scheduler's files; default: all .c and .h of kernel/sched
 *     - kernel/sched/[a-z]*.c
 *   sidecar:              # further files to treat as the scheduler's
 *     - kernel/foo.c
 *   interface_prefix:     # functions whose names begin so are interface
 *     - __x64_sys_
 *   function:
 *     interface: [NAME]   # force
 *     external: [NAME]    # force
 *   global_var:
 *     extra_public: [NAME]   # inherit from vmlinux ("inherit" is another name of this key)
 *     force_private: [NAME]  # own copy in the module ("private" is another name of this key)
 *
 * These are the keys of the published Plugsched's boundary.yaml, which is thus such
 * a file, plus function.external and the two other names. A key may be present without value.
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
	GPtrArray *files;           /* patterns (fnmatch with FNM_PATHNAME) of the scheduler's files */
	GPtrArray *sidecars;        /* patterns of further files */
	GPtrArray *interface_prefix;
	GPtrArray *force_interface;
	GPtrArray *force_external;
	GPtrArray *inherit;         /* variables */
	GPtrArray *private;         /* variables */
};

/* The defaults: every .c and .h right in kernel/sched; all else empty. */
struct config *config_new(void);

/*
 * Reads `path`. Keys it does not set keep their defaults. Messages are
 * "FILE:LINE:COLUMN: what; what to do". An unknown key is an error that names the keys known;
 * so is a name both forced interface and external, or both inherited and private.
 */
struct config *config_read(const char *path, GError **error);

/* The same for text in memory, any bytes; `name` stands for the file in messages. */
struct config *config_read_text(const char *name, const char *text, size_t length, GError **error);

/* Frees the configuration. Accepts NULL. */
void config_free(struct config *config);

/* True if `file` (relative to the tree) is one of the scheduler's, sidecars included. */
bool config_is_scheduler_file(const struct config *config, const char *file);

/* A hash in hex of which files are the scheduler's: it decides what a unit's facts hold. Caller frees. */
char *config_files_hash(const struct config *config);

#endif
