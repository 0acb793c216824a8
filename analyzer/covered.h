/* SPDX-License-Identifier: GPL-2.0-only */
/* Does the build tree know everything that vmlinux was made of? */
#ifndef PLUGSCHED_COVERED_H
#define PLUGSCHED_COVERED_H

#include "analyzer/binary/binary.h"
#include "analyzer/tree/tree.h"

/*
 * Adds the objects of the units that the build compiles last, while it links vmlinux, if they exist
 * and are not the object of a unit in the tree. The names belong to the tree.
 */
void covered_add_last(const struct tree *tree, GPtrArray *objects);

/*
 * Checks that the tree has the command of every unit named by vmlinux's debug information, except of
 * those in `sourceless` (a set of char *), whose objects were read. Without its command a unit is
 * not read, and what it uses would seem unused. On failure the message has the number of missing
 * units and the first names.
 */
bool covered_check(const struct tree *tree, const struct binary *binary, GHashTable *sourceless,
		   GError **error);

#endif
