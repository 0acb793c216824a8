/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which units matter: those that can touch the scheduler have to be parsed, the others do not.
 */
#ifndef PLUGSCHED_SELECT_H
#define PLUGSCHED_SELECT_H

#include "analyzer/binary/binary.h"
#include "analyzer/config/config.h"
#include "analyzer/tree/tree.h"

enum select_role {
	SELECT_OTHER,     /* nothing is known to touch the scheduler */
	SELECT_USER,      /* its object uses a scheduler symbol, or it includes such a header */
	SELECT_SCHEDULER, /* it holds scheduler code */
};

/*
 * The role of each unit by its source alone: an array of enum select_role in the order of
 * tree->units. SELECT_USER here means that the unit includes a scheduler header. Caller frees.
 */
uint8_t *select_by_source(const struct tree *tree, const struct config *config);

/*
 * Raises SELECT_OTHER to SELECT_USER for units whose object uses a scheduler symbol, units whose
 * object is missing or unknown, and units that exist only for their constants (asm-offsets).
 */
void select_by_objects(const struct tree *tree, const struct objects *objects, uint8_t *roles);

enum select_use {
	SELECT_USES, /* uses of any kind */
	/* uses that take the member's value by . or ->, not by a macro that gets its name */
	SELECT_READS,
};

/*
 * The units of role SELECT_OTHER whose code could use one of these struct members (a set of
 * "RECORD.MEMBER"): judged by its words, the code both names the member and can reach the struct,
 * directly or through macros and functions of headers. It may choose too many units. Returns a flag
 * for each unit of the tree; caller frees. With a `cache_dir` the answer is kept there and used
 * again while no file has changed.
 */
uint8_t *select_by_members(const struct tree *tree, const uint8_t *roles, GHashTable *members,
			   enum select_use use, const char *cache_dir);

/*
 * The units outside the scheduler whose objects define one of the `defined` symbols or have an
 * undefined symbol of the `used` ones (sets of names). Returns a flag for each unit; caller frees.
 */
uint8_t *select_by_symbols(const struct tree *tree, const struct objects *objects,
			   GHashTable *defined, GHashTable *used);

/*
 * The units that take the address of a function of one of these types (a set of char *), as far as
 * objects and DWARF can tell; it may choose too many. Returns a flag for each unit; caller frees.
 * With a `cache_dir` the answer is kept there for this vmlinux.
 */
uint8_t *select_by_signatures(const struct tree *tree, const struct binary *binary,
			      const struct objects *objects, GHashTable *signatures,
			      const char *cache_dir);

/*
 * The units that mattered in the last run over the same units and roles. Collecting them at once
 * saves rounds; too many do no harm. Returns a flag for each unit, none of them set without a
 * `cache_dir` or an earlier run; caller frees.
 */
uint8_t *select_hint(const struct tree *tree, const uint8_t *roles, const char *cache_dir);
/*
 * Keeps the units whose flag in `used` is set for the next run's select_hint(). Does nothing
 * without a `cache_dir`.
 */
void select_keep_hint(const struct tree *tree, const uint8_t *roles, const uint8_t *used,
		      const char *cache_dir);

#endif
