/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of this library share. No other library includes it.
 *
 * tree.c opens a tree in stages: facts.c reads single values, then database.c and cmdfile.c report
 * compilations, archive.c reports what was linked, and collect.c names, filters and keeps them.
 */
#ifndef PLUGSCHED_TREE_PRIVATE_H
#define PLUGSCHED_TREE_PRIVATE_H

#include "analyzer/tree/tree.h"

/* Takes compilations and turns those of the kernel proper into the tree's units. */
struct collector {
	struct tree *tree;  /* where to put them; not owned */
	GHashTable *seen;   /* set of char *: a key for each unit and assembly object taken */
	GHashTable *linked; /* set of char *: objects that are in an archive of the build */
};

/* One run of the compiler, from a .cmd file or a database entry. Owned by the caller. */
struct compilation {
	const char *directory; /* absolute; the next two are relative to it */
	const char *source;    /* as written */
	const char *object;    /* as written; NULL if unknown */
	char **arguments;      /* the whole command, NULL-terminated */
};

/* collect.c: starts and ends a collection; the tree is borrowed. */
void collector_init(struct collector *collector, struct tree *tree);
void collector_release(struct collector *collector);
/* Adds the compilation to the tree, unless it is not of the kernel proper or was added before. */
void collector_add(struct collector *collector, const struct compilation *compilation);
/* Puts the linked objects that nothing known makes into tree->sourceless. */
void collector_find_sourceless(const struct collector *collector);
/* True if the unit's source exists. */
bool tree_unit_has_source(const struct tree *tree, const struct tree_unit *unit);
/* True if the source of at least one unit, other than those for constants, is in kernel/. */
bool tree_has_kernel_unit(const struct tree *tree);
/* The part of `path` below `folder`, or NULL if it is not there. Both are canonical paths. */
const char *tree_path_below(const char *path, const char *folder);

/*
 * cmdfile.c: reads all .cmd files (`folder` is NULL), or those of one folder of the build tree,
 * which need not exist. Without `c_units` it takes only assembly and constants. False with `error`
 * if a file cannot be read or a command cannot be split.
 */
bool cmdfiles_read(struct collector *collector, const char *folder, bool c_units, GError **error);

/* archive.c: true for the name of a file in which kbuild collects objects for vmlinux. */
bool archive_is_of_build(const char *name);
/*
 * Adds the members of such a file, relative to the build tree, to collector->linked. False with
 * `error` if it cannot be read or is damaged.
 */
bool archive_read(const struct collector *collector, const char *name, GError **error);

/*
 * database.c: reads tree->database. False with `error` if it is malformed, does not fit the tree,
 * or cannot be read.
 */
bool database_read(struct collector *collector, GError **error);
/* The same for the content of the file. A NUL must follow the `length` bytes of `text`. */
bool database_read_text(struct collector *collector, const char *text, size_t length,
			GError **error);
/* The operand of the last -o; NULL if there is none. Borrowed. */
const char *tree_command_output(char **arguments);

/*
 * response.c: replaces each @FILE in the vector, which was allocated as g_strsplit() does it, by the
 * words in that file, as gcc does. A relative name is relative to `directory`. On failure the vector
 * is as it was, and `error` names the file and why it cannot be read, but not what to do.
 */
bool tree_read_responses(char ***arguments, const char *directory, GError **error);

/*
 * flags.c: the last .c file among the arguments that is not the operand of an option; NULL if there
 * is none. Borrowed.
 */
const char *tree_command_source(char **arguments);

/*
 * facts.c: sets release, config_hash, vmlinux and database from the files of the build tree. False
 * with `error` if one of them exists but cannot be read.
 */
bool tree_read_facts(struct tree *tree, GError **error);

#endif
