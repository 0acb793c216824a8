/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel that is analysed, before any unit is parsed: its tree, its objects and vmlinux. */
#ifndef PLUGSCHED_SUBJECT_H
#define PLUGSCHED_SUBJECT_H

#include "analyzer/binary/binary.h"
#include "analyzer/config/config.h"
#include "analyzer/problems.h"
#include "analyzer/tree/tree.h"

struct subject {
	struct config *config;
	GPtrArray *scheduler_files; /* char *: patterns; they belong to the configuration */
	struct tree *tree;
	uint8_t *roles; /* enum select_role, by unit */
	struct objects *objects;
	struct binary *binary; /* NULL without vmlinux */
	/*
	 * objects of vmlinux without a source: the units that they were compiled in (set of char *),
	 * and the structs that they know (char * -> the object, char *)
	 */
	GHashTable *sourceless_units, *sourceless_records;
};

/*
 * Opens the configuration (a file, or NULL for the defaults) and the tree (`build` is NULL if it is
 * the source tree). NULL with `error` on failure. subject_free() it.
 */
struct subject *subject_open(const char *source, const char *build, const char *config,
			     GError **error);

/*
 * Reads the objects on up to `threads` threads, then vmlinux, and fills the other fields. What
 * cannot be read, and a tree without vmlinux, become problems. Fails if no unit holds a scheduler
 * file, or if vmlinux was not made from these sources and objects.
 */
bool subject_read(struct subject *subject, unsigned threads, struct problems *problems,
		  GError **error);

/* Unit number `i` of the tree. */
const struct tree_unit *subject_unit(const struct subject *subject, guint i);

/* The object whose relocations tell what the unit uses; "" if there is none that can be read. */
const char *subject_object_of(const struct subject *subject, const struct tree_unit *unit);

/* Accepts NULL. */
void subject_free(struct subject *subject);

#endif
