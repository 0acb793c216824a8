/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is an instruction the same as another one in all but the condition's sense or, when `is_blind`, but registers and
 * stack slots? Numbers have to mean the same, as in target.h.
 */
#ifndef PLUGSCHED_COMPARE_LIKE_H
#define PLUGSCHED_COMPARE_LIKE_H

#include "tools/compare/pair.h"

/* Line `i` of the module, `j` of vmlinux. A jump that is turned round must not go to the same line. */
bool like_lines(const struct pair *pair, guint i, guint j, bool is_blind);

/* A value goes from register to register, or to or from the stack. */
bool like_is_move(const struct body *body, const struct line *line);

#endif
