/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is one instruction the same as another, except that a jump may have the opposite
 * condition and, with `is_blind`, that registers and stack slots may differ? Numbers must
 * mean the same, as in target.h.
 */
#ifndef PLUGSCHED_COMPARE_LIKE_H
#define PLUGSCHED_COMPARE_LIKE_H

#include "tools/compare/pair.h"

/*
 * Compares line `i` of the module with line `j` of vmlinux. A jump with the opposite condition must
 * not go to the same line.
 */
bool like_lines(const struct pair *pair, guint i, guint j, bool is_blind);

/* True if the line moves a value between registers, or to or from the stack. */
bool like_is_move(const struct body *body, const struct body_line *line);

#endif
