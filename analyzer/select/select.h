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

/*
 * Units of role SELECT_OTHER whose code could use one of these struct members (a set of "RECORD.MEMBER"):
 * by its words the code both names the member and can come by the struct, directly or through
 * macros and functions of headers. Errs to the side of naming a unit. A flag for each unit of the tree; caller
 * frees. With a `cache_dir` the answer is kept there and taken again while no file changed.
 */
uint8_t *select_by_members(const struct tree *tree, const uint8_t *roles, GHashTable *members,
			   const char *cache_dir);

#endif
