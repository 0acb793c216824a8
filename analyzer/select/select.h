/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which units matter: those that can touch the scheduler need parsing, the others do not.
 */
#ifndef PLUGSCHED_SELECT_H
#define PLUGSCHED_SELECT_H

#include "analyzer/binary/binary.h"
#include "analyzer/config/config.h"
#include "analyzer/tree/tree.h"

enum select_role {
	SELECT_OTHER,     /* nothing in it can touch the scheduler */
	SELECT_USER,      /* its object names a scheduler symbol, or it includes a scheduler header */
	SELECT_SCHEDULER, /* it holds scheduler code */
};

/* The role of each unit of the tree: an array of enum select_role in the order of tree->units, before any
 * object was looked at: SELECT_USER only for includers. Caller frees. */
uint8_t *select_by_source(const struct tree *tree, const struct config *config);

/* Raises SELECT_OTHER to SELECT_USER for units whose object names a scheduler symbol, whose object is
 * missing, or that only exist for their constants (asm-offsets). */
void select_by_objects(const struct tree *tree, const struct objects *objects, uint8_t *roles);

enum select_use {
	SELECT_USES,  /* of any kind */
	SELECT_READS, /* the member's value is taken, by . or -> and not by a macro that is handed its name */
};

/*
 * Units of role SELECT_OTHER whose code could use one of these struct members (a set of "RECORD.MEMBER"):
 * by its words the code both names the member and can come by the struct, directly or through
 * macros and functions of headers. Errs to the side of naming a unit. A flag for each unit of the tree; caller
 * frees. With a `cache_dir` the answer is kept there and taken again while no file changed.
 */
uint8_t *select_by_members(const struct tree *tree, const uint8_t *roles, GHashTable *members, enum select_use use,
			   const char *cache_dir);

/* Units whose objects define one of the `defined` symbols or leave one of the `used` ones undefined (sets of names). */
uint8_t *select_by_symbols(const struct tree *tree, const struct objects *objects, GHashTable *defined, GHashTable *used);

/*
 * Units that take the address of a function of one of these types (a set of char *), as far as objects and DWARF can
 * tell: errs to the side of naming a unit. With a `cache_dir` the answer is kept there for this vmlinux.
 */
uint8_t *select_by_signatures(const struct tree *tree, const struct binary *binary, const struct objects *objects,
			      GHashTable *signatures, const char *cache_dir);

/*
 * Units that mattered in the last run over the same units, to be taken in at once instead of round by round; too many do no
 * harm, and none are there without a `cache_dir`. A flag for each unit; caller frees.
 */
uint8_t *select_hint(const struct tree *tree, const uint8_t *roles, const char *cache_dir);
void select_keep_hint(const struct tree *tree, const uint8_t *roles, const uint8_t *used, const char *cache_dir);

#endif
