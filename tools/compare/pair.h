/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A function of the module beside one of vmlinux's: which lines are the same.
 *
 * Lines are alike if their shapes are and their numbers mean the same. The longest common sequence of alike lines
 * pairs them up. Jumps within the function are paired without regard to where they go; once all is paired, those that go to
 * lines that do not belong together are taken apart again.
 */
#ifndef PLUGSCHED_COMPARE_PAIR_H
#define PLUGSCHED_COMPARE_PAIR_H

#include "tools/compare/body.h"

struct pair {
	const struct body *module, *vmlinux;
	int *partners;        /* line of the module -> line of vmlinux, -1 without */
	int *back;            /* the other way round */
	unsigned module_only; /* lines without a partner */
	unsigned vmlinux_only;
};

/* Compares them; both are borrowed. Too large a difference to be worked out pairs nothing. */
struct pair *pair_new(const struct body *module, const struct body *vmlinux);

/* Accepts NULL. */
void pair_free(struct pair *pair);

/* Instructions that differ: one that is replaced by another counts once. 0: identical. */
unsigned pair_differing(const struct pair *pair);

#endif
