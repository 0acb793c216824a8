/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of this library share, lowest layer first: operand (parses operands) < effect
 * (what an instruction does) < function (all of __schedule) < stack, patches < frame (the layout),
 * tail (the proof), sweep (the rest of the body).
 *
 * Places in the frame are byte offsets from %rsp at the function's entry, where the return address
 * lies: the first pushed register is at -8.
 */
#ifndef PLUGSCHED_REWRITER_SPRINGBOARD_INTERNAL_H
#define PLUGSCHED_REWRITER_SPRINGBOARD_INTERNAL_H

#include "base/decode/decode.h"
#include "base/elf/image.h"
#include "rewriter/springboard/springboard.h"

/* --- operand.c */

/* In the order of their encoding. The flags count as one more register. */
enum reg {
	REG_RAX,
	REG_RCX,
	REG_RDX,
	REG_RBX,
	REG_RSP,
	REG_RBP,
	REG_RSI,
	REG_RDI,
	REG_R8,
	REG_R9,
	REG_R10,
	REG_R11,
	REG_R12,
	REG_R13,
	REG_R14,
	REG_R15,
	REG_FLAGS,
	REG_COUNT,
	REG_RIP,
	REG_NONE,
};

#define REG_BIT(reg) (1u << (reg))
/* The registers that a called function preserves, except %rsp, which is treated separately. */
#define REGS_KEPT                                                                    \
	(REG_BIT(REG_RBX) | REG_BIT(REG_RBP) | REG_BIT(REG_R12) | REG_BIT(REG_R13) | \
	 REG_BIT(REG_R14) | REG_BIT(REG_R15))

enum operand_kind {
	OPERAND_NUMBER,
	OPERAND_REGISTER,
	OPERAND_MEMORY,
	OPERAND_TARGET
};

struct operand {
	enum operand_kind kind;
	bool is_indirect; /* preceded by "*" */
	/* 'g' if %gs: precedes it, likewise 'f' and 'c'; 0 if none does */
	char segment;
	enum reg reg;         /* OPERAND_REGISTER */
	uint8_t width;        /* of the register, in bytes */
	enum reg base, index; /* OPERAND_MEMORY; REG_NONE if absent, the base may be REG_RIP */
	int64_t number;       /* OPERAND_NUMBER, or the displacement */
};

/*
 * Parses an operand in AT&T syntax; false if it is of a kind that is not
 * understood (%xmm0, %ah, %cr3 ...).
 */
bool operand_parse(const char *text, struct operand *operand);

/* The register's name, such as "rax"; "flags" for the flags. */
const char *reg_name(enum reg reg);

/* The 64-bit register of that name; REG_NONE if there is none. */
enum reg reg_named(const char *name);

/* --- effect.c */

enum effect_kind {
	EFFECT_PLAIN,
	EFFECT_PUSH,
	EFFECT_POP,
	EFFECT_LEAVE,
	EFFECT_CALL,
	EFFECT_JUMP,
	EFFECT_BRANCH,
	EFFECT_RETURN,
	EFFECT_TRAP
};

#define OPERANDS_MAX 3
#define ACCESSES_MAX 12

struct reg_access {
	enum reg reg;
	uint8_t width; /* bytes */
};

/* What an instruction does to registers and memory. */
struct effect {
	enum effect_kind kind;
	const char *name; /* the form's name: "mov" */
	bool is_locked;
	uint8_t width; /* in bytes, from the suffix; 0 without one */
	unsigned count;
	struct operand operands[OPERANDS_MAX];
	/* registers, except those that form an address */
	struct reg_access reads[ACCESSES_MAX], writes[ACCESSES_MAX];
	unsigned read_count, write_count;
	int memory;                       /* number of the operand in memory; -1 if none is */
	bool reads_memory, writes_memory; /* if neither is set, only its address is used */
	uint8_t memory_width;
};

/*
 * Fills `effect`. False if the instruction has no form in forms.def: then nothing is known of it.
 */
bool effect_of(const struct instruction *instruction, struct effect *effect);

/* Adds a read of `width` bytes of a register; REG_NONE is ignored. */
void effect_add_read(struct effect *effect, enum reg reg, uint8_t width);
/* True if the instruction writes the register or a part of it. */
bool effect_writes(const struct effect *effect, enum reg reg);

/* True if operand `number` is that register at its full 64 bits. */
bool effect_is_register(const struct effect *effect, unsigned number, enum reg reg);

/* --- function.c */

enum flow {
	FLOW_NEXT,         /* to the next instruction; includes calls that return */
	FLOW_JUMP,         /* to `target` */
	FLOW_BRANCH,       /* to `target` or to the next */
	FLOW_LEAVE,        /* returns, or jumps to the entry of another function */
	FLOW_BRANCH_LEAVE, /* leaves, or goes to the next */
	FLOW_END,          /* a call that never returns */
	FLOW_TRAP,         /* ud2: the next if it is a warning, else the end */
	FLOW_INDIRECT,
	/*
	 * to a place that is neither an instruction of this function nor the entry of another one
	 */
	FLOW_STRAY,
};

#define INSN_NONE UINT32_MAX

/* An instruction with what is known of it in its function. */
struct insn {
	const struct instruction *raw;
	const struct image_symbol *symbol; /* __schedule or its .cold part */
	bool is_known;                     /* `effect` is filled in */
	struct effect effect;
	enum flow flow;
	guint target; /* index for a jump inside the function; else INSN_NONE */
	/* index where a jump label here leads when it is switched; INSN_NONE without a label */
	guint label;
	bool is_target; /* some jump in the function leads here */
};

struct function {
	struct image *code;
	const struct image_symbol *symbol, *cold; /* cold: NULL if there is no .cold part */
	GArray *decoded, *decoded_cold;           /* struct instruction */
	GArray *insns;                            /* struct insn: of both parts */
	GHashTable *by_address;                   /* uint64_t -> index + 1 */
};

/*
 * Decodes a function and finds out where each instruction leads. On failure
 * nothing is left to close.
 */
bool function_open(struct function *function, struct image *code, const struct image_symbol *symbol,
		   GError **error);
/* Frees what function_open() allocated. */
void function_close(struct function *function);

/* The instruction of that index; it belongs to `function`. */
struct insn *function_insn(const struct function *function, guint index);
guint function_count(const struct function *function);

/* The index of the instruction that begins at an address; INSN_NONE if none does. */
guint function_at(const struct function *function, uint64_t address);

/* The index of the following instruction; INSN_NONE at the end of a part. */
guint function_next(const struct function *function, guint index);

/* True if the instruction calls or jumps directly to the symbol of that name. */
bool function_goes_to(const struct function *function, const struct insn *insn, const char *name);

/*
 * Sets an error that names the instruction: "FILE: __schedule+0x12: TEXT: WHY;
 * ...". Always returns false.
 */
bool function_refuse(const struct function *function, const struct insn *insn, GError **error,
		     const char *format, ...) G_GNUC_PRINTF(4, 5);

/* --- patches.c */

/*
 * Sets `label` of each instruction that is a jump label. False with `error` if a label
 * leads to no instruction.
 */
bool patches_read_labels(struct function *function, GError **error);

/*
 * False with `error` if the kernel's own patching may replace an instruction marked in `marks` (by
 * index), or an exception entry may leave it.
 */
bool patches_check(const struct function *function, const bool *marks, GError **error);

/* --- frame.c */

#define FRAME_MAX 4096 /* bytes, including locals and pushes of the tail */
#define PUSH_SIZE 8

struct frame {
	bool has_endbr, has_fentry;
	unsigned entry_length;
	enum reg pushes[SPRINGBOARD_PUSHES_MAX];
	unsigned push_count;
	uint32_t subtracted;
	bool has_pointer; /* %rbp points to `base` */
	int32_t base;     /* the place from which displayed offsets count */
	int32_t depth;    /* %rsp in the body and at the switch; negative */
	guint body;       /* index of the first instruction behind the prologue */
	bool has_canary;
	int32_t canary;     /* its place */
	guint canary_store; /* index of the instruction that stores it */
	char *canary_source;
};

/*
 * Derives the layout from the prologue. False with `error` if that is not understood.
 * Free it with frame_clear().
 */
bool frame_derive(struct frame *frame, const struct function *function, GError **error);
void frame_clear(struct frame *frame);

/*
 * True if a memory operand's address is formed from %rsp, or from %rbp while %rbp is the frame's
 * base (`has_base`).
 */
bool frame_holds(const struct operand *operand, bool has_base);

/* Computes the place of such an operand; false if it is not known. */
bool frame_place(const struct frame *frame, const struct operand *operand, int32_t rsp,
		 bool has_base, int32_t *place);

/* What lies at a place; SPRINGBOARD_SLOT_NONE if it is outside the frame or spans two things. */
enum springboard_slot_kind frame_kind(const struct frame *frame, int32_t place, uint8_t size);

/* The register saved exactly at a place; REG_NONE if none is. */
enum reg frame_saved(const struct frame *frame, int32_t place);

/* --- stack.c */

/*
 * Moves *rsp as the instruction does. `has_base`: %rbp is the frame's base. False if
 * the way is not understood.
 */
bool stack_apply(const struct effect *effect, const struct frame *frame, bool has_base,
		 int32_t *rsp);

/* --- tail.c */

/*
 * Proves the tail behind the switch at index `from`. Fills steps[] and marks[], which are by index
 * and shared by all switches. False with `error` if there is no proof.
 */
bool tail_prove(const struct function *function, const struct frame *frame, guint from,
		struct springboard_step *steps, bool *marks, GError **error);

/* --- sweep.c */

/* Proves that the rest of the body leaves %rsp, %rbp and the canary as the prologue set them. */
bool sweep_prove(const struct function *function, const struct frame *frame, const bool *marks,
		 GError **error);

#endif
