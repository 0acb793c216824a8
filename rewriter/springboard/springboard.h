/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Derives from vmlinux how a replaced scheduler switches tasks on the stack frame of vmlinux's
 * __schedule, and proves that this works.
 *
 * Every sleeping task has stopped at the call of __switch_to_asm in vmlinux's __schedule. When it
 * wakes it continues behind that call: in the tail. A stub that replaces __schedule therefore
 * builds vmlinux's frame: it pushes the same registers, subtracts the same number and stores the
 * canary. To switch, it jumps to that call with prev in %rdi and next in %rsi.
 *
 * This library describes the frame, and proves that the tail uses only those parts of it that such
 * a stub reproduces: the canary, the pushed registers and the return address. What cannot be proven
 * is refused, and the error names the instruction.
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
	SPRINGBOARD_ERROR_INPUT,   /* not a linked file with the needed symbols */
	SPRINGBOARD_ERROR_REFUSED, /* no stub can replace this __schedule */
};

/* What lies at a place in the frame. */
enum springboard_slot_kind {
	SPRINGBOARD_SLOT_NONE,
	SPRINGBOARD_SLOT_LOCAL, /* a local that the tail writes before it reads it */
	SPRINGBOARD_SLOT_CANARY,
	SPRINGBOARD_SLOT_SAVED,   /* a register that was pushed */
	SPRINGBOARD_SLOT_RETURN,  /* the return address */
	SPRINGBOARD_SLOT_BARRIER, /* any word to which a memory barrier adds 0 */
};

/* Bytes of the frame that an instruction reads or writes. */
struct springboard_slot {
	enum springboard_slot_kind kind;
	int32_t offset; /* from the frame's base; see springboard.base */
	uint8_t size;
};

/* An instruction that can run between a switch and the return. */
struct springboard_step {
	int64_t offset; /* from the symbol; may be negative in a .cold part */
	char *text;     /* AT&T syntax, with the names of targets */
	struct springboard_slot read, write;
	/*
	 * `read` is not read here: the instruction takes its address, and all bytes from there
	 * upwards were written
	 */
	bool takes_address;
};

#define SPRINGBOARD_PUSHES_MAX 6

struct springboard {
	char *build_id;         /* of vmlinux; NULL if it has none */
	uint64_t address, size; /* of the symbol __schedule, as linked */
	/* among symbols of that name by address, from 1; 0 if it is the only one */
	unsigned position;
	/* bytes before the first push: endbr64, and the five that ftrace patches */
	unsigned entry_length;
	bool has_endbr, has_fentry;
	const char *pushes[SPRINGBOARD_PUSHES_MAX]; /* "rbp", ..., in order */
	unsigned push_count;
	uint32_t subtracted; /* bytes, from %rsp behind the pushes */
	uint32_t frame_size; /* bytes pushed and subtracted, without the return address */
	/* %rbp holds the value of %rsp behind the first push, which pushes %rbp */
	bool has_frame_pointer;
	/*
	 * the register that offsets in the frame count from: "rbp", or "rsp"
	 * with its value at the switch
	 */
	const char *base;
	bool has_canary;
	int32_t canary_offset; /* from the base */
	char *canary_source;   /* "%gs:0x28" or "%gs:SYMBOL(%rip)"; NULL without a canary */
	/*
	 * uint64_t: every call of __switch_to_asm, as offset from the
	 * symbol; the proof holds for all
	 */
	GArray *switch_offsets;
	uint64_t switch_offset; /* the call to be used: the first of them */
	GArray *tail;           /* the proof: struct springboard_step, sorted by address */
};

/*
 * Finds __schedule in vmlinux, derives the frame and proves the tail. NULL with `error` if no stub
 * can replace it. Free the result with springboard_free().
 */
struct springboard *springboard_derive(struct image *code, GError **error);

/* Accepts NULL. */
void springboard_free(struct springboard *springboard);

/*
 * Writes a header for C and assembler: the numbers, the instruction sequences that build and leave
 * the frame, and the proof as a comment. The caller must check ferror(out).
 */
void springboard_write_header(FILE *out, const struct springboard *springboard);

/* The kind of a slot in words: "canary", "saved register", ... Static. */
const char *springboard_slot_name(enum springboard_slot_kind kind);

#endif
