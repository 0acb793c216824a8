/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Anchors: with these, the file that is built is the file that is loaded.
 *
 * A module cannot name what vmlinux does not export. But vmlinux is moved as a whole when it boots,
 * so the distance between two of its symbols stays as it was linked. Each relocation against a
 * symbol that is not exported becomes one against an exported symbol, the anchor, with the distance
 * added. What is not moved at boot, as per-CPU variables, becomes an absolute symbol. Exported
 * symbols stay for the kernel to resolve. So nothing has to be looked up when the module is loaded,
 * and the file can be signed.
 */
#ifndef PLUGSCHED_COMMAND_ANCHOR_H
#define PLUGSCHED_COMMAND_ANCHOR_H

#include "runtime/command/module.h"

struct anchoring {
	const char *anchor; /* name of the exported symbol, interned; NULL: not needed */
	unsigned anchored;  /* how many symbols are reached from it */
	unsigned absolute;  /* how many have an absolute address now */
	unsigned left;      /* how many are left for the kernel to resolve */
	unsigned renamed;   /* how many functions got a name of their own (rename.h) */
};

/*
 * Anchor the module in the image to this vmlinux, which must be the one that it was made for, and
 * fill `anchoring`. A symbol that the section .comment.plugsched lists is the one of vmlinux that
 * this section names. Fails, with the image in any state, if vmlinux lacks a symbol, or has several
 * of a name that is not listed. A module that is anchored already stays as it is.
 */
bool anchor(struct module *module, const char *vmlinux, struct anchoring *anchoring,
	    GError **error);

#endif
