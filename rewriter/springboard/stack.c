// SPDX-License-Identifier: GPL-2.0-only
/* How an instruction moves %rsp: pushes, pops, added constants, and restoring it from %rbp. */
#include "rewriter/springboard/internal.h"

#include <string.h>

#define MOVE_MAX (1 << 20) /* far larger than any frame, and far from an overflow */

static bool is_far(int64_t distance)
{
	return distance > MOVE_MAX || distance < -MOVE_MAX;
}

/*
 * add and sub of a constant. gcc writes 0x80 as the opposite operation with -0x80,
 * whose encoding is shorter.
 */
static bool apply_constant(const struct effect *effect, int32_t *rsp)
{
	int64_t number = effect->operands[0].number;

	if (effect->operands[0].kind != OPERAND_NUMBER || is_far(number))
		return false;
	if (!strcmp(effect->name, "add"))
		*rsp += (int32_t)number;
	else if (!strcmp(effect->name, "sub"))
		*rsp -= (int32_t)number;
	else
		return false;
	return true;
}

static bool apply_address(const struct effect *effect, const struct frame *frame, bool has_base,
			  int32_t *rsp)
{
	const struct operand *source = &effect->operands[0];

	if (!strcmp(effect->name, "lea") && !is_far(source->number))
		return frame_place(frame, source, *rsp, has_base, rsp);
	if (!strcmp(effect->name, "mov") && has_base && effect_is_register(effect, 0, REG_RBP)) {
		*rsp = frame->base;
		return true;
	}
	return apply_constant(effect, rsp);
}

bool stack_apply(const struct effect *effect, const struct frame *frame, bool has_base,
		 int32_t *rsp)
{
	switch (effect->kind) {
	case EFFECT_PUSH:
		*rsp -= PUSH_SIZE;
		return true;
	case EFFECT_LEAVE:
		*rsp = frame->base + PUSH_SIZE;
		return has_base;
	case EFFECT_POP:
		*rsp += PUSH_SIZE;
		return !effect_writes(effect, REG_RSP);
	default:
		if (!effect_writes(effect, REG_RSP))
			return true;
		return effect_is_register(effect, effect->count - 1, REG_RSP) &&
		       apply_address(effect, frame, has_base, rsp);
	}
}
