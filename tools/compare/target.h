/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does a number in vmlinux's code mean what the module's means?
 *
 * The module's number is known by its relocation: a name and a distance. vmlinux's is alike if it is the address of a symbol
 * of that name plus that distance. Where there is no name, what stands at both places is compared: strings, constants, tables.
 */
#ifndef PLUGSCHED_COMPARE_TARGET_H
#define PLUGSCHED_COMPARE_TARGET_H

#include "tools/compare/pair.h"

/* Line `i` of the module, `j` of vmlinux. Where jumps within the function go is not looked at. */
bool target_lines_alike(const struct pair *pair, guint i, guint j);

/* The same for one number of each, whatever the shapes. */
bool target_numbers_alike(const struct pair *pair, guint i, guint our_field, guint j, guint their_field);

/* That alone: do those that are alike also go to lines that are partners? */
bool target_jumps_alike(const struct pair *pair, guint i, guint j);

/*
 * A variable that the module has a copy of its own of, with other contents, at a line that is not alike for that reason; NULL
 * otherwise.
 */
const char *target_private(const struct pair *pair, guint i, guint j);

#endif
