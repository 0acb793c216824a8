/* SPDX-License-Identifier: GPL-2.0-only */
/* A place in vmlinux for a jump into the module. Private to redirect.c and label.c. */
#ifndef PLUGSCHED_SITE_H
#define PLUGSCHED_SITE_H

#include <linux/cache.h>
#include <linux/mm_types.h>
#include <linux/types.h>
#include <asm/text-patching.h>

#define JUMP_LENGTH JMP32_INSN_SIZE

/* The most bytes of a jump label. It may begin at the jump's last byte. */
#define LONGEST_LABEL JMP32_INSN_SIZE
#define LONGEST_PLACE (JUMP_LENGTH - 1 + LONGEST_LABEL)

struct plugsched_site {
	const char *name;         /* of the function */
	unsigned long address;    /* of the function */
	unsigned long place;      /* of the jump */
	void *target;             /* where the jump leads, in the module */
	u8 *writable;             /* the place's writable address, valid during a transition */
	unsigned int length;      /* the jump's, or more where a label ends behind the jump */
	u8 before[LONGEST_PLACE]; /* the function's own bytes at the place */
	u8 after[JUMP_LENGTH];    /* the jump */
};

/* Refuse because the kernel itself patches the place. Returns -EINVAL. */
int plugsched_site_refuse(const struct plugsched_site *site);

#endif
