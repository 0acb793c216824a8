/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does a number in vmlinux's code mean the same as the module's?
 *
 * The module's number is known by its relocation: a name and a distance. vmlinux's number is alike
 * if it is the address of a symbol of that name plus that distance. Without a name, the contents at
 * both places are compared: strings, constants, tables.
 */
#ifndef PLUGSCHED_COMPARE_TARGET_H
#define PLUGSCHED_COMPARE_TARGET_H

#include "tools/compare/pair.h"

/*
 * Compares line `i` of the module with line `j` of vmlinux, except for the targets of
 * jumps within the function.
 */
bool target_lines_alike(const struct pair *pair, guint i, guint j);

/* Compares one number of each line, whatever the shapes of the lines are. */
bool target_numbers_alike(const struct pair *pair, guint i, guint our_field, guint j,
			  guint their_field);

/*
 * Compares only the targets of jumps: in lines that are alike, do they lead to
 * lines that are partners?
 */
bool target_jumps_alike(const struct pair *pair, guint i, guint j);

/*
 * If the two lines differ because the module has a copy of a variable with other contents, the name
 * of that variable; else NULL.
 */
const char *target_private(const struct pair *pair, guint i, guint j);

#endif
