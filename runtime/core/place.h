/* SPDX-License-Identifier: GPL-2.0-only */
/* The places in vmlinux for jumps into modules, each with vmlinux's own bytes. */
#ifndef PLUGSCHED_PLACE_H
#define PLUGSCHED_PLACE_H

#include <linux/cache.h>
#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/types.h>
#include <asm/text-patching.h>

#define JUMP_LENGTH JMP32_INSN_SIZE

/* The most bytes of a jump label. It may begin at the jump's last byte. */
#define LONGEST_LABEL JMP32_INSN_SIZE
#define LONGEST_PLACE (JUMP_LENGTH - 1 + LONGEST_LABEL)

struct plugsched_label;

/*
 * One for all schedulers that have a jump there. Nobody's jump is there when the first of them
 * joins, as a scheduler at work has joined. As long as nobody's is there, `before` is read anew when
 * another one joins: a probe that was there may have gone.
 */
struct plugsched_place {
	struct hlist_node node;
	unsigned long address;
	unsigned int users;             /* how many schedulers have it */
	unsigned int length;            /* the jump's, or more where a label ends behind the jump */
	bool has_jump;                  /* of the scheduler at work */
	u8 before[LONGEST_PLACE];       /* vmlinux's own bytes */
	u8 *writable;                   /* its writable address, valid during an attempt */
	struct plugsched_label *labels; /* label.c's: the jump labels in it */
};

/* A scheduler's jump. */
struct plugsched_site {
	const char *name;       /* of the function, in the scheduler's tables */
	unsigned long function; /* its address */
	struct plugsched_place *place;
	u8 jump[JUMP_LENGTH]; /* to the module's function */
};

/*
 * The place at the address, for one more user. Returns NULL without memory. The caller holds the
 * registry's lock, and gives the place back with plugsched_place_put().
 */
struct plugsched_place *plugsched_place_get(unsigned long address);

/* Accepts NULL. */
void plugsched_place_put(struct plugsched_place *place);

/* Refuse because the kernel itself patches the place. Returns -EINVAL. */
int plugsched_site_refuse(const struct plugsched_site *site);

#endif
