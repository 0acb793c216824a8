// SPDX-License-Identifier: GPL-2.0-only
/*
 * Derives the frame's layout from the prologue:
 *
 *	[endbr64] [call __fentry__, or its nop]
 *	{ push REGISTER | mov %rsp, %rbp | any other } [sub $N, %rsp]
 *
 * "Any other" are instructions of the body that the compiler moved into the prologue; they must not
 * change a register that is not pushed yet. The prologue ends behind the subtraction, or before the
 * first instruction that jumps, is jumped to, or is not understood. sweep.c proves that no later
 * instruction moves %rsp permanently.
 *
 * The canary is recognised as a value that is loaded from its known location
 * and stored in the frame.
 */
#include "rewriter/springboard/internal.h"

#include <string.h>

#define CANARY_SIZE 8
#define CANARY_FIXED 0x28 /* offset in the per-CPU area; gcc's default */
#define CANARY_WITHIN 4   /* most instructions between its load and its store */
#define FTRACE_SIZE 5

static const char *const canary_symbols[] = { "__stack_chk_guard", "__ref_stack_chk_guard" };

/* --- places */

bool frame_holds(const struct operand *operand, bool has_base)
{
	return operand->base == REG_RSP ||
	       (has_base && (operand->base == REG_RBP || operand->index == REG_RBP));
}

bool frame_place(const struct frame *frame, const struct operand *operand, int32_t rsp,
		 bool has_base, int32_t *place)
{
	if (operand->kind != OPERAND_MEMORY || !frame_holds(operand, has_base) ||
	    operand->index != REG_NONE || operand->segment || operand->number < INT32_MIN / 2 ||
	    operand->number > INT32_MAX / 2)
		return false;
	*place = (operand->base == REG_RSP ? rsp : frame->base) + (int32_t)operand->number;
	return true;
}

static int32_t pushes_end(const struct frame *frame)
{
	return -(int32_t)frame->push_count * PUSH_SIZE;
}

static bool is_apart(int32_t place, uint8_t size, int32_t other, uint8_t other_size)
{
	return place + size <= other || other + other_size <= place;
}

enum springboard_slot_kind frame_kind(const struct frame *frame, int32_t place, uint8_t size)
{
	if (place >= 0)
		return place + size <= PUSH_SIZE ? SPRINGBOARD_SLOT_RETURN : SPRINGBOARD_SLOT_NONE;
	if (place >= pushes_end(frame))
		return -place % PUSH_SIZE >= size || -place % PUSH_SIZE == 0
			       ? SPRINGBOARD_SLOT_SAVED
			       : SPRINGBOARD_SLOT_NONE;
	if (place < -FRAME_MAX || place + size > pushes_end(frame))
		return SPRINGBOARD_SLOT_NONE;
	if (!frame->has_canary || is_apart(place, size, frame->canary, CANARY_SIZE))
		return SPRINGBOARD_SLOT_LOCAL;
	return place >= frame->canary && place + size <= frame->canary + CANARY_SIZE
		       ? SPRINGBOARD_SLOT_CANARY
		       : SPRINGBOARD_SLOT_NONE;
}

enum reg frame_saved(const struct frame *frame, int32_t place)
{
	for (unsigned i = 0; i < frame->push_count; i++)
		if (place == -(int32_t)(i + 1) * PUSH_SIZE)
			return frame->pushes[i];
	return REG_NONE;
}

/* --- the entry */

static bool is_fentry(const struct function *function, const struct insn *insn)
{
	if (insn->raw->length != FTRACE_SIZE || !insn->is_known || insn->label != INSN_NONE)
		return false;
	return function_goes_to(function, insn, "__fentry__") || !strcmp(insn->effect.name, "nop");
}

/* Returns the index of the first instruction behind the entry. */
static guint derive_entry(struct frame *frame, const struct function *function)
{
	guint i = 0, count = function->decoded->len;

	frame->has_endbr = i < count && function_insn(function, i)->is_known &&
			   !strcmp(function_insn(function, i)->effect.name, "endbr64");
	i += frame->has_endbr;
	frame->has_fentry = i < count && is_fentry(function, function_insn(function, i));
	i += frame->has_fentry;
	for (guint each = 0; each < i; each++)
		frame->entry_length += function_insn(function, each)->raw->length;
	return i;
}

/* --- the prologue */

static bool is_pushed(const struct frame *frame, enum reg reg)
{
	for (unsigned i = 0; i < frame->push_count; i++)
		if (frame->pushes[i] == reg)
			return true;
	return false;
}

static bool ends_prologue(const struct insn *insn)
{
	return !insn->is_known || insn->flow != FLOW_NEXT || insn->effect.kind == EFFECT_CALL ||
	       insn->label != INSN_NONE || insn->is_target;
}

/*
 * A push of a register that a function need not keep only reserves room: gcc and
 * clang do so for 8 bytes.
 */
static bool take_push(struct frame *frame, const struct function *function, const struct insn *insn,
		      GError **error)
{
	const struct operand *operand = &insn->effect.operands[0];

	if (insn->effect.count != 1 || operand->kind != OPERAND_REGISTER ||
	    operand->reg == REG_RSP || is_pushed(frame, operand->reg))
		return function_refuse(function, insn, error,
				       "the prologue pushes what is no register to be saved");
	if (!(REGS_KEPT & REG_BIT(operand->reg)))
		frame->subtracted = PUSH_SIZE;
	else
		frame->pushes[frame->push_count++] = operand->reg;
	return true;
}

static bool take_subtraction(struct frame *frame, const struct function *function,
			     const struct insn *insn, GError **error)
{
	int32_t rsp = 0;
	bool is_constant = insn->effect.operands[0].kind == OPERAND_NUMBER &&
			   stack_apply(&insn->effect, frame, false, &rsp);

	if (!is_constant || rsp >= 0 || rsp < -FRAME_MAX / 2 || rsp % PUSH_SIZE)
		return function_refuse(
			function, insn, error,
			"the prologue changes %%rsp in a way that is not understood");
	frame->subtracted = (uint32_t)-rsp;
	return true;
}

static bool is_pointer_setup(const struct frame *frame, const struct effect *effect)
{
	return frame->push_count == 1 && frame->pushes[0] == REG_RBP &&
	       !strcmp(effect->name, "mov") && effect_is_register(effect, 0, REG_RSP) &&
	       effect_is_register(effect, 1, REG_RBP);
}

/* An instruction of the body within the prologue. */
static bool take_other(struct frame *frame, const struct function *function,
		       const struct insn *insn, GError **error)
{
	for (unsigned i = 0; i < insn->effect.write_count; i++) {
		enum reg reg = insn->effect.writes[i].reg;

		if (REGS_KEPT & REG_BIT(reg) && !is_pushed(frame, reg))
			return function_refuse(function, insn, error,
					       "the prologue changes %%%s before it is pushed",
					       reg_name(reg));
		if (reg == REG_RBP && frame->has_pointer)
			return function_refuse(function, insn, error,
					       "changes %%rbp, which is the frame's base");
	}
	return true;
}

static bool take_insn(struct frame *frame, const struct function *function, const struct insn *insn,
		      GError **error)
{
	if (insn->effect.kind == EFFECT_PUSH)
		return take_push(frame, function, insn, error);
	if (insn->effect.kind != EFFECT_PLAIN)
		return function_refuse(function, insn, error,
				       "the prologue pops what it has pushed");
	if (effect_writes(&insn->effect, REG_RSP))
		return take_subtraction(frame, function, insn, error);
	if (is_pointer_setup(frame, &insn->effect)) {
		frame->has_pointer = true;
		return true;
	}
	return take_other(frame, function, insn, error);
}

static bool derive_prologue(struct frame *frame, const struct function *function, GError **error)
{
	guint i = derive_entry(frame, function);

	while (i < function->decoded->len && frame->subtracted == 0 &&
	       !ends_prologue(function_insn(function, i))) {
		if (!take_insn(frame, function, function_insn(function, i), error))
			return false;
		i++;
	}
	frame->body = i;
	frame->depth = pushes_end(frame) - (int32_t)frame->subtracted;
	frame->base = frame->has_pointer ? -PUSH_SIZE : frame->depth;
	return true;
}

/* --- the canary */

static uint64_t address_of(const struct insn *insn)
{
	const struct operand *operand = &insn->effect.operands[0];

	for (unsigned i = 0; operand->base == REG_RIP && i < insn->raw->field_count; i++)
		if (insn->raw->fields[i].is_relative)
			return insn->raw->fields[i].value;
	return (uint64_t)operand->number;
}

static bool is_canary_symbol(const struct image *code, uint64_t address, const char *name)
{
	for (const struct image_symbol *symbol = image_find(code, name); symbol;
	     symbol = image_find_next(code, symbol))
		if (symbol->address == address)
			return true;
	return false;
}

/* The location that the instruction loads a canary from; NULL if it loads none. Caller frees. */
static char *canary_source(const struct function *function, const struct insn *insn)
{
	const struct operand *operand = &insn->effect.operands[0];

	if (!insn->is_known || strcmp(insn->effect.name, "mov") != 0 ||
	    insn->effect.width != CANARY_SIZE || operand->kind != OPERAND_MEMORY ||
	    operand->segment != 'g' || operand->index != REG_NONE ||
	    (operand->base != REG_NONE && operand->base != REG_RIP) ||
	    insn->effect.operands[1].kind != OPERAND_REGISTER)
		return NULL;
	if (operand->base == REG_NONE && operand->number == CANARY_FIXED)
		return g_strdup_printf("%%gs:0x%x", CANARY_FIXED);
	for (size_t i = 0; i < G_N_ELEMENTS(canary_symbols); i++)
		if (is_canary_symbol(function->code, address_of(insn), canary_symbols[i]))
			return g_strdup_printf("%%gs:%s(%%rip)", canary_symbols[i]);
	return NULL;
}

static bool is_store(const struct insn *insn, enum reg reg)
{
	return insn->is_known && !strcmp(insn->effect.name, "mov") &&
	       effect_is_register(&insn->effect, 0, reg) && insn->effect.writes_memory;
}

/*
 * Finds the instruction that stores in the frame what the one at `load` loaded;
 * INSN_NONE if there is none.
 */
static guint find_store(const struct frame *frame, const struct function *function, guint load,
			int32_t *place)
{
	enum reg reg = function_insn(function, load)->effect.operands[1].reg;

	for (guint i = load + 1; i < function_count(function) && i <= load + CANARY_WITHIN; i++) {
		const struct insn *insn = function_insn(function, i);

		if (is_store(insn, reg) && frame_place(frame, &insn->effect.operands[1],
						       frame->depth, frame->has_pointer, place))
			return i;
		if (!insn->is_known || insn->flow != FLOW_NEXT || insn->is_target ||
		    effect_writes(&insn->effect, reg))
			break;
	}
	return INSN_NONE;
}

static bool take_canary(struct frame *frame, const struct function *function, guint store,
			int32_t place, GError **error)
{
	const struct insn *insn = function_insn(function, store);

	if (frame->has_canary)
		return function_refuse(function, insn, error, "a canary is stored a second time");
	if (place < frame->depth || frame_kind(frame, place, CANARY_SIZE) != SPRINGBOARD_SLOT_LOCAL)
		return function_refuse(function, insn, error,
				       "the canary is stored outside of the frame's locals");
	frame->has_canary = true;
	frame->canary = place;
	frame->canary_store = store;
	return true;
}

static bool derive_canary(struct frame *frame, const struct function *function, GError **error)
{
	for (guint i = 0; i < function_count(function); i++) {
		g_autofree char *source = canary_source(function, function_insn(function, i));
		int32_t place = 0;
		guint store = source ? find_store(frame, function, i, &place) : INSN_NONE;

		if (store == INSN_NONE)
			continue;
		if (!take_canary(frame, function, store, place, error))
			return false;
		frame->canary_source = g_steal_pointer(&source);
	}
	return true;
}

bool frame_derive(struct frame *frame, const struct function *function, GError **error)
{
	*frame = (struct frame){ .canary_store = INSN_NONE };
	if (derive_prologue(frame, function, error) && derive_canary(frame, function, error))
		return true;
	frame_clear(frame);
	return false;
}

void frame_clear(struct frame *frame)
{
	g_clear_pointer(&frame->canary_source, g_free);
}
