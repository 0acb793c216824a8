/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of this library share; nobody else includes it.
 *
 * tree.c opens a tree in stages: facts.c reads single values, then database.c and cmdfile.c
 * report compilations, and collect.c names, filters and keeps them.
 */
#ifndef PLUGSCHED_TREE_PRIVATE_H
#define PLUGSCHED_TREE_PRIVATE_H

#include "analyzer/tree/tree.h"

/* Takes compilations and turns those of the kernel proper into the tree's units. */
struct collector {
	struct tree *tree; /* where to put them; not owned */
	GHashTable *seen;  /* char *: one key for each unit and assembly object already taken */
};

/* One run of the compiler, as a .cmd file or a database entry tells it. Owned by the caller. */
struct compilation {
	const char *directory; /* absolute; what the next two are relative to */
	const char *source;    /* as written */
	const char *object;    /* as written; NULL if unknown */
	char **arguments;      /* the whole command, NULL-terminated */
};

/* collect.c */
void collector_init(struct collector *collector, struct tree *tree);
void collector_release(struct collector *collector);
/* Takes the compilation, or leaves it out when it is not of the kernel proper or a duplicate. */
void collector_add(struct collector *collector, const struct compilation *compilation);
/* True if the unit's source is on the disk. */
bool unit_has_source(const struct tree *tree, const struct tree_unit *unit);
/* True if at least one unit was compiled to an object of the folder kernel/. */
bool tree_has_kernel_unit(const struct tree *tree);
/* The part of `path` below `folder`, or NULL if it does not lie there. Both canonical. */
const char *path_below(const char *path, const char *folder);

/*
 * cmdfile.c: reads all .cmd files, or those of one folder of the build tree, which need not be there. Without `c_units` takes
 * assembly and constants only.
 */
bool cmdfiles_read(struct collector *collector, const char *folder, bool c_units, GError **error);

/* database.c: reads tree->database. */
bool database_read(struct collector *collector, GError **error);
/* What database_read() does with the file's content; `text` has a NUL after its `length` bytes. */
bool database_read_text(struct collector *collector, const char *text, size_t length, GError **error);
/* The operand of the last -o; NULL without one. */
const char *command_output(char **arguments);

/* flags.c: the last .c file among the arguments that is no option's operand; NULL without one. */
const char *command_source(char **arguments);

/* facts.c: sets release, config_hash, vmlinux and database from the files of the build tree. */
bool facts_read(struct tree *tree, GError **error);

#endif
