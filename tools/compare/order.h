/* SPDX-License-Identifier: GPL-2.0-only */
/* Do two bodies have the same instructions, only in another arrangement? */
#ifndef PLUGSCHED_COMPARE_ORDER_H
#define PLUGSCHED_COMPARE_ORDER_H

#include "tools/compare/pair.h"

/*
 * True if every line without a partner has a counterpart in the other body, except for padding and
 * jumps to the next block, and if jumps go to blocks that have lines in common. With `is_blind`
 * registers and stack slots may differ, and there may be more or fewer moves between them.
 */
bool order_is_another(const struct pair *pair, bool is_blind);

#endif
