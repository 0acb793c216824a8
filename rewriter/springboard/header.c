// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes the springboard as a header for a module's C and assembler files.
 *
 * Instruction sequences are written in assembler syntax, separated by ";". C code uses them through
 * a macro that turns its argument into a string.
 */
#include "rewriter/springboard/springboard.h"

#define PREFIX "PLUGSCHED_SCHEDULE_"

const char *springboard_slot_name(enum springboard_slot_kind kind)
{
	static const char *const names[] = {
		[SPRINGBOARD_SLOT_NONE] = "nothing",
		[SPRINGBOARD_SLOT_LOCAL] = "own",
		[SPRINGBOARD_SLOT_CANARY] = "canary",
		[SPRINGBOARD_SLOT_SAVED] = "saved register",
		[SPRINGBOARD_SLOT_RETURN] = "return address",
		[SPRINGBOARD_SLOT_BARRIER] = "barrier",
	};

	return names[kind];
}

static const char *sign(int64_t number)
{
	return number < 0 ? "-" : "";
}

static void write_numbers(FILE *out, const struct springboard *s)
{
	fprintf(out,
		"/* Its number among symbols of the same name, by address, from 1 (0: the only one), and its size in bytes. */\n");
	fprintf(out, "#define " PREFIX "POSITION %u\n", s->position);
	fprintf(out, "#define " PREFIX "SIZE 0x%" G_GINT64_MODIFIER "x\n\n", s->size);
	fprintf(out, "/* Bytes before the first push: endbr64, and what ftrace patches. */\n");
	fprintf(out, "#define " PREFIX "ENTRY_LENGTH %u\n", s->entry_length);
	fprintf(out, "#define " PREFIX "HAS_ENDBR %d\n", s->has_endbr);
	fprintf(out, "#define " PREFIX "HAS_FENTRY %d\n\n", s->has_fentry);
	fprintf(out,
		"/* Offset of the call of __switch_to_asm. Jump there with prev in %%rdi and next in %%rsi. */\n");
	fprintf(out, "#define " PREFIX "SWITCH_OFFSET 0x%" G_GINT64_MODIFIER "x\n\n",
		s->switch_offset);
	fprintf(out,
		"/* Every such call. A sleeping task stands right behind one. */\n#define " PREFIX
		"EACH_SWITCH(entry)");
	for (guint i = 0; i < s->switch_offsets->len; i++)
		fprintf(out, " entry(0x%" G_GINT64_MODIFIER "x)",
			g_array_index(s->switch_offsets, uint64_t, i));
	fprintf(out, "\n#define " PREFIX "SWITCH_LENGTH 5\n\n");
	fprintf(out,
		"/* Size of the frame without the return address, and the part of it that is subtracted from %%rsp, in bytes. */\n");
	fprintf(out, "#define " PREFIX "FRAME_SIZE 0x%x\n", s->frame_size);
	fprintf(out, "#define " PREFIX "SUB 0x%x\n", s->subtracted);
	fprintf(out, "#define " PREFIX "PUSH_COUNT %u\n", s->push_count);
	fprintf(out, "#define " PREFIX "HAS_FRAME_POINTER %d\n\n", s->has_frame_pointer);
}

static void write_canary(FILE *out, const struct springboard *s)
{
	fprintf(out,
		"/* The stack canary: its offset from %%%s%s, and where its value comes from. */\n",
		s->base, s->has_frame_pointer ? "" : " as it is at the switch");
	fprintf(out, "#define " PREFIX "HAS_CANARY %d\n", s->has_canary);
	if (s->has_canary) {
		fprintf(out, "#define " PREFIX "CANARY_OFFSET %s0x%x\n", sign(s->canary_offset),
			(unsigned)ABS(s->canary_offset));
		fprintf(out, "#define " PREFIX "CANARY_SOURCE %s\n", s->canary_source);
	}
	fprintf(out, "\n");
}

static void write_pushes(FILE *out, const struct springboard *s)
{
	fprintf(out, "/* The first instructions of the stub. */\n#define " PREFIX "PUSHES");
	for (unsigned i = 0; i < s->push_count; i++)
		fprintf(out, "%s pushq %%%s%s", i ? ";" : "", s->pushes[i],
			i == 0 && s->has_frame_pointer ? "; movq %rsp, %rbp" : "");
	fprintf(out,
		"\n\n/* Builds vmlinux's frame. Overwrites %%rax if there is a canary. */\n#define " PREFIX
		"ENTER " PREFIX "PUSHES");
	if (s->subtracted)
		fprintf(out, "; subq $0x%x, %%rsp", s->subtracted);
	if (s->has_canary)
		fprintf(out, "; \\\n\tmovq %s, %%rax; movq %%rax, %s0x%x(%%%s)", s->canary_source,
			sign(s->canary_offset), (unsigned)ABS(s->canary_offset), s->base);
	fprintf(out, "\n\n");
}

static void write_pops(FILE *out, const struct springboard *s)
{
	fprintf(out, "/* Undoes ENTER. A return must follow. */\n#define " PREFIX "LEAVE");
	if (s->subtracted)
		fprintf(out, " addq $0x%x, %%rsp%s", s->subtracted, s->push_count ? ";" : "");
	for (unsigned i = s->push_count; i-- > 0;)
		fprintf(out, " popq %%%s%s", s->pushes[i], i ? ";" : "");
	fprintf(out, "\n\n");
}

/* --- the proof */

static void write_slot(FILE *out, const struct springboard *s, const struct springboard_slot *slot,
		       const char *verb)
{
	if (slot->kind != SPRINGBOARD_SLOT_NONE)
		fprintf(out, "  %s %s0x%x(%%%s) %s", verb, sign(slot->offset),
			(unsigned)ABS(slot->offset), s->base, springboard_slot_name(slot->kind));
}

static void write_step(FILE *out, const struct springboard *s, const struct springboard_step *step)
{
	fprintf(out, " *\t%s0x%04" G_GINT64_MODIFIER "x  %-52s", step->offset < 0 ? "-" : "+",
		ABS(step->offset), step->text);
	write_slot(out, s, &step->read, step->takes_address ? "address of" : "reads");
	write_slot(out, s, &step->write, "writes");
	if (step->read.kind == SPRINGBOARD_SLOT_NONE && step->write.kind == SPRINGBOARD_SLOT_NONE)
		fprintf(out, "  nothing of the frame");
	fprintf(out, "\n");
}

static void write_proof(FILE *out, const struct springboard *s)
{
	fprintf(out,
		"/*\n * Proof: every instruction that can run between a switch and the return, and what it uses of the\n");
	fprintf(out,
		" * frame (offsets are from %%%s%s). Of what was on the frame before the switch, these\n",
		s->base, s->has_frame_pointer ? "" : " as it is at the switch");
	fprintf(out,
		" * instructions use only the canary, the saved registers and the return address. Of registers they\n"
		" * use only those that they set themselves, and %%rdi and %%rsi at the call. \"own\" is a local that one\n"
		" * of them wrote before.\n *\n");
	if (s->switch_offsets->len > 1) {
		fprintf(out,
			" * %u calls switch, and each of them would do:", s->switch_offsets->len);
		for (guint i = 0; i < s->switch_offsets->len; i++)
			fprintf(out, " +0x%" G_GINT64_MODIFIER "x",
				g_array_index(s->switch_offsets, uint64_t, i));
		fprintf(out, ".\n *\n");
	}
	for (guint i = 0; i < s->tail->len; i++)
		write_step(out, s, &g_array_index(s->tail, struct springboard_step, i));
	fprintf(out, " */\n");
}

void springboard_write_header(FILE *out, const struct springboard *springboard)
{
	fprintf(out,
		"/* SPDX-License-Identifier: GPL-2.0-only */\n/*\n"
		" * The frame of vmlinux's __schedule, for the stub that takes its place. Derived from vmlinux: do not edit.\n");
	fprintf(out,
		" * Fits only the vmlinux with build-id %s, where __schedule is linked at 0x%" G_GINT64_MODIFIER
		"x.\n */\n",
		springboard->build_id ? springboard->build_id : "(none)", springboard->address);
	fprintf(out, "#ifndef PLUGSCHED_SPRINGBOARD_H\n#define PLUGSCHED_SPRINGBOARD_H\n\n");
	write_numbers(out, springboard);
	write_canary(out, springboard);
	write_pushes(out, springboard);
	write_pops(out, springboard);
	write_proof(out, springboard);
	fprintf(out, "\n#endif\n");
}
