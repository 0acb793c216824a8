/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A function of the module and one of vmlinux, with the lines that are the same.
 *
 * Lines are alike if their shapes are equal and their numbers mean the same. The longest
 * common sequence of alike lines pairs them. Jumps within the function are paired at first
 * regardless of their targets; when all lines are paired, jumps whose targets are not
 * partners are separated again.
 */
#ifndef PLUGSCHED_COMPARE_PAIR_H
#define PLUGSCHED_COMPARE_PAIR_H

#include "tools/compare/body.h"

struct pair {
	const struct body *module, *vmlinux;
	int *partners;        /* line of the module -> line of vmlinux, -1 without a partner */
	int *back;            /* the reverse */
	unsigned module_only; /* lines without a partner */
	unsigned vmlinux_only;
};

/*
 * Compares two bodies, which are borrowed. If the difference is too large to compute, its lines
 * stay unpaired. Free the pair with pair_free().
 */
struct pair *pair_new(const struct body *module, const struct body *vmlinux);

/* Accepts NULL. */
void pair_free(struct pair *pair);

/*
 * The number of instructions that differ; a replaced one counts once. 0: the bodies are identical.
 */
unsigned pair_differing(const struct pair *pair);

#endif
