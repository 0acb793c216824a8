/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a replaced scheduler switches tasks on vmlinux's own stack frame, derived from vmlinux and proven.
 *
 * Every sleeping task stands behind the call of __switch_to_asm in vmlinux's __schedule, and goes on there, in the tail,
 * when it wakes. A stub that replaces __schedule therefore lays out vmlinux's frame: the same registers pushed, the same
 * number subtracted, the canary stored. To switch, it jumps to that call with prev in %rdi and next in %rsi. This library
 * tells what the frame is, and proves that the tail needs nothing of it but what such a stub reproduces: the
 * canary, the pushed registers and the return address. What cannot be proven is refused, with the instruction named.
 */
#ifndef PLUGSCHED_REWRITER_SPRINGBOARD_H
#define PLUGSCHED_REWRITER_SPRINGBOARD_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct image; /* base/elf/image.h */

#define SPRINGBOARD_ERROR springboard_error_quark()
GQuark springboard_error_quark(void);

enum springboard_error {
	SPRINGBOARD_ERROR_INPUT,   /* not a linked file with the symbols that are needed */
	SPRINGBOARD_ERROR_REFUSED, /* no stub can stand in for this __schedule */
};

/* What lies at a place in the frame. */
enum springboard_slot_kind {
	SPRINGBOARD_SLOT_NONE,
	SPRINGBOARD_SLOT_LOCAL,   /* written by the tail itself before it is read */
	SPRINGBOARD_SLOT_CANARY,
	SPRINGBOARD_SLOT_SAVED,   /* a register that was pushed */
	SPRINGBOARD_SLOT_RETURN,  /* the return address */
	SPRINGBOARD_SLOT_BARRIER, /* any word that a memory barrier adds 0 to */
};

/* Bytes of the frame that an instruction reads or writes. */
struct springboard_slot {
	enum springboard_slot_kind kind;
	int32_t offset; /* from the frame's base, as springboard.base says */
	uint8_t size;
};

/* An instruction that runs between a switch and the return. */
struct springboard_step {
	int64_t offset;   /* from the symbol; that of a .cold part may be below 0 */
	char *text;       /* AT&T, targets named */
	struct springboard_slot read, write;
	bool takes_address; /* `read` is not read here, but its address is taken: all of it and above was written */
};

#define SPRINGBOARD_PUSHES_MAX 6

struct springboard {
	char *build_id;          /* of the vmlinux; NULL if it has none */
	uint64_t address, size;  /* of the symbol __schedule, as linked */
	unsigned position;       /* among equal names by address, from 1; 0 if it is the only one */
	unsigned entry_length;   /* bytes before the first push: endbr64, the five that ftrace patches */
	bool has_endbr, has_fentry;
	const char *pushes[SPRINGBOARD_PUSHES_MAX]; /* "rbp", ...: in order */
	unsigned push_count;
	uint32_t subtracted;     /* from %rsp behind the pushes, bytes */
	uint32_t frame_size;     /* pushes and what was subtracted; without the return address */
	bool has_frame_pointer;  /* %rbp holds the %rsp behind the first push, which is that of %rbp */
	const char *base;        /* register that offsets in the frame count from: "rbp", or "rsp" as it is at the switch */
	bool has_canary;
	int32_t canary_offset;   /* from the base */
	char *canary_source;     /* "%gs:0x28" or "%gs:SYMBOL(%rip)"; NULL without a canary */
	GArray *switch_offsets;  /* uint64_t: every call of __switch_to_asm, from the symbol; the proof holds for all */
	uint64_t switch_offset;  /* the one to be used: the first of them */
	GArray *tail;            /* struct springboard_step by address: the proof */
};

/* Finds __schedule in vmlinux, derives and proves. NULL and an error if it cannot be replaced by a stub. */
struct springboard *springboard_derive(struct image *code, GError **error);

/* Accepts NULL. */
void springboard_free(struct springboard *springboard);

/*
 * Writes a header for C and assembler: the numbers, the sequences of instructions that lay out the frame and leave it, and
 * the proof as a comment. That nothing got lost is for the caller to see, by ferror().
 */
void springboard_write_header(FILE *out, const struct springboard *springboard);

/* "canary", "saved register", ...: the kind of a slot in words. */
const char *springboard_slot_name(enum springboard_slot_kind kind);

#endif
