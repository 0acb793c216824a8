/* SPDX-License-Identifier: GPL-2.0-only */
/* Are two bodies the same instructions, only arranged otherwise? */
#ifndef PLUGSCHED_COMPARE_ORDER_H
#define PLUGSCHED_COMPARE_ORDER_H

#include "tools/compare/pair.h"

/*
 * Every line without a partner finds its like in the other body, padding and jumps to the next block excepted, and jumps go
 * to blocks that have lines in common. With `is_blind` registers and stack slots may differ, moves between them be more or fewer.
 */
bool order_is_another(const struct pair *pair, bool is_blind);

#endif
