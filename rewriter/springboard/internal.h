/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of this library share, lowest layer first:
 * operand (text taken apart) < effect (what an instruction does) < function (all of __schedule) < stack, patches
 * < frame (its layout), tail (the proof), sweep (the rest of the body).
 *
 * Places in the frame are counted from %rsp at the function's entry, where the return address lies: the first register
 * pushed is at -8.
 */
#ifndef PLUGSCHED_REWRITER_SPRINGBOARD_INTERNAL_H
#define PLUGSCHED_REWRITER_SPRINGBOARD_INTERNAL_H

#include "base/decode/decode.h"
#include "base/elf/image.h"
#include "rewriter/springboard/springboard.h"

/* --- operand.c */

/* In the order of their encoding. The flags are one more register. */
enum reg {
	REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
	REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15,
	REG_FLAGS, REG_COUNT,
	REG_RIP, REG_NONE,
};

#define REG_BIT(reg) (1u << (reg))
/* What a called function gives back as it was; %rsp is looked at apart. */
#define REGS_KEPT (REG_BIT(REG_RBX) | REG_BIT(REG_RBP) | REG_BIT(REG_R12) | REG_BIT(REG_R13) | REG_BIT(REG_R14) | \
		   REG_BIT(REG_R15))

enum operand_kind { OPERAND_NUMBER, OPERAND_REGISTER, OPERAND_MEMORY, OPERAND_TARGET };

struct operand {
	enum operand_kind kind;
	bool is_indirect;         /* "*" before it */
	char segment;             /* 'g' for %gs: before it, 'f', 'c'; 0 without */
	enum reg reg;             /* OPERAND_REGISTER */
	uint8_t width;            /* of it, bytes */
	enum reg base, index;     /* OPERAND_MEMORY; REG_NONE if absent, the base may be REG_RIP */
	int64_t number;           /* OPERAND_NUMBER, or the displacement */
};

/* Takes an operand in AT&T syntax apart; false if it is of a kind not understood (%xmm0, %ah, %cr3 ...). */
bool operand_parse(const char *text, struct operand *operand);

/* "rax"; of the flags "flags". */
const char *reg_name(enum reg reg);

/* The 64-bit register of that name, REG_NONE if there is none. */
enum reg reg_named(const char *name);

/* --- effect.c */

enum effect_kind { EFFECT_PLAIN, EFFECT_PUSH, EFFECT_POP, EFFECT_LEAVE, EFFECT_CALL, EFFECT_JUMP, EFFECT_BRANCH, EFFECT_RETURN,
		   EFFECT_TRAP };

#define OPERANDS_MAX 3
#define ACCESSES_MAX 12

struct access {
	enum reg reg;
	uint8_t width; /* bytes */
};

/* What an instruction does to registers and memory. */
struct effect {
	enum effect_kind kind;
	const char *name;       /* mnemonic without suffix: "mov" */
	bool is_locked;
	uint8_t width;          /* by the suffix, bytes; 0 without one */
	unsigned count;
	struct operand operands[OPERANDS_MAX];
	struct access reads[ACCESSES_MAX], writes[ACCESSES_MAX]; /* registers, but not those that make up an address */
	unsigned read_count, write_count;
	int memory;             /* number of the operand that lies in memory, -1 if none does */
	bool reads_memory, writes_memory; /* neither: only its address is used */
	uint8_t memory_width;
};

/* False if the instruction has no form in forms.def: then nothing is known of it. */
bool effect_of(const struct instruction *instruction, struct effect *effect);

void effect_add_read(struct effect *effect, enum reg reg, uint8_t width);
bool effect_writes(const struct effect *effect, enum reg reg);

/* True if the operand of that number is the whole register. */
bool effect_is_register(const struct effect *effect, unsigned number, enum reg reg);

/* --- function.c */

enum flow {
	FLOW_NEXT,          /* calls that return included */
	FLOW_JUMP,          /* to `target` */
	FLOW_BRANCH,        /* to `target` or on */
	FLOW_LEAVE,         /* returns, or jumps to another function's entry */
	FLOW_BRANCH_LEAVE,  /* or goes on */
	FLOW_END,           /* a call that never returns */
	FLOW_TRAP,          /* ud2: on behind a warning, else the end */
	FLOW_INDIRECT,
	FLOW_STRAY,         /* to no place where an instruction of this function or another function begins */
};

#define INSN_NONE UINT32_MAX

/* An instruction in its function. */
struct insn {
	const struct instruction *raw;
	const struct image_symbol *symbol; /* __schedule or its .cold part */
	bool is_known;                    /* `effect` is filled in */
	struct effect effect;
	enum flow flow;
	guint target;                     /* of a jump inside; else INSN_NONE */
	guint label;                      /* where it goes as well if a jump label here is switched; else INSN_NONE */
	bool is_target;                   /* jumped to from inside */
};

struct function {
	struct image *code;
	const struct image_symbol *symbol, *cold; /* cold: NULL if there is no such part */
	GArray *decoded, *decoded_cold;          /* struct instruction */
	GArray *insns;                           /* struct insn: of both */
	GHashTable *by_address;                  /* uint64_t -> index + 1 */
};

/* Decodes a function and finds out where each instruction leads. Nothing is left to close on failure. */
bool function_open(struct function *function, struct image *code, const struct image_symbol *symbol, GError **error);
void function_close(struct function *function);

struct insn *function_insn(const struct function *function, guint index);
guint function_count(const struct function *function);

/* Index of the instruction that begins at an address, INSN_NONE if none does. */
guint function_at(const struct function *function, uint64_t address);

/* Index of the one right behind; INSN_NONE at the end of a part. */
guint function_next(const struct function *function, guint index);

/* True if the instruction calls or jumps directly to the symbol of that name. */
bool function_goes_to(const struct function *function, const struct insn *insn, const char *name);

/* Sets an error that names the instruction: "FILE: __schedule+0x12: TEXT: WHY; ...". Always false. */
bool function_refuse(const struct function *function, const struct insn *insn, GError **error, const char *format, ...)
	G_GNUC_PRINTF(4, 5);

/* --- patches.c */

/* Enters the jump labels. */
bool patches_read_labels(struct function *function, GError **error);

/* False with an error if an instruction marked in `marks` (by index) may be replaced or left by other means when it runs. */
bool patches_check(const struct function *function, const bool *marks, GError **error);

/* --- frame.c */

#define FRAME_MAX 4096 /* bytes, locals and pushes of the tail included */
#define PUSH_SIZE 8

struct frame {
	bool has_endbr, has_fentry;
	unsigned entry_length;
	enum reg pushes[SPRINGBOARD_PUSHES_MAX];
	unsigned push_count;
	uint32_t subtracted;
	bool has_pointer;      /* %rbp holds base */
	int32_t base;          /* what offsets are shown from */
	int32_t depth;         /* %rsp in the body, at the switch: below 0 */
	guint body;            /* index of the first instruction behind the prologue */
	bool has_canary;
	int32_t canary;        /* its place */
	guint canary_store;    /* index of the instruction that stores it */
	char *canary_source;
};

/* Derives the layout from the prologue. frame_clear() it. */
bool frame_derive(struct frame *frame, const struct function *function, GError **error);
void frame_clear(struct frame *frame);

/* True if a memory operand's address is made of %rsp, or of %rbp while that is the frame's. */
bool frame_holds(const struct operand *operand, bool has_base);

/* The place of such an operand; false if it is not known. */
bool frame_place(const struct frame *frame, const struct operand *operand, int32_t rsp, bool has_base, int32_t *place);

/* What lies there; SPRINGBOARD_SLOT_NONE outside of the frame or across two things. */
enum springboard_slot_kind frame_kind(const struct frame *frame, int32_t place, uint8_t size);

/* The register saved at a place, REG_NONE if there is none exactly there. */
enum reg frame_saved(const struct frame *frame, int32_t place);

/* --- stack.c */

/* Moves *rsp as an instruction does; has_base: %rbp is the frame's. False if it does so in a way not understood. */
bool stack_apply(const struct effect *effect, const struct frame *frame, bool has_base, int32_t *rsp);

/* --- tail.c */

/*
 * Proves the tail of the switch at index `from`. Fills steps[] and marks[], both by index and shared by several switches.
 */
bool tail_prove(const struct function *function, const struct frame *frame, guint from, struct springboard_step *steps,
		bool *marks, GError **error);

/* --- sweep.c */

/* Proves that the rest of the body leaves %rsp, %rbp and the canary as the prologue made them. */
bool sweep_prove(const struct function *function, const struct frame *frame, const bool *marks, GError **error);

#endif
