/* SPDX-License-Identifier: GPL-2.0-only */
/* Does the build tree know everything that vmlinux was made of? */
#ifndef PLUGSCHED_COVERED_H
#define PLUGSCHED_COVERED_H

#include "analyzer/binary/binary.h"
#include "analyzer/tree/tree.h"

/* Adds the objects of the units that the build compiles last, while it links vmlinux, as far as they exist and are no unit's. */
void covered_add_last(const struct tree *tree, GPtrArray *objects);

/*
 * Checks that the tree has the command of every unit that vmlinux's debug information tells of: what such a unit uses would pass for
 * unused without. On failure the message has their number and the first names.
 */
bool covered_check(const struct tree *tree, const struct binary *binary, GError **error);

#endif
