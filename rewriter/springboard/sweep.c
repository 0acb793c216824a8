// SPDX-License-Identifier: GPL-2.0-only
/*
 * Proves that the body outside the tail leaves the frame as the prologue set it.
 *
 * Instructions are checked in the order of their addresses. Between two jumps %rsp may move, as for
 * pushed arguments, but it must be back before a jump and at the target of a jump; at a return it
 * must point to the return address. With a frame pointer, %rbp may change only on the way out. Only
 * the instruction that stored the canary may write it. An instruction that is not understood must
 * not use the stack, and may name %rsp and %rbp only within an address.
 */
#include "rewriter/springboard/internal.h"

#include <string.h>

#define UNKNOWN_WIDTH 64 /* the most bytes that an instruction that is not understood may write */

struct sweep {
	const struct function *function;
	const struct frame *frame;
	GError **error;
	int32_t rsp;
};

static const char *const stack_mnemonics[] = {
	"push", "pop",  "enter", "leave", "call", "lcall",
	"ret",  "lret", "iret",  "sys",   "int",  ".byte",
};

/* --- instructions that are not understood */

static bool is_stack_mnemonic(const char *text)
{
	if (g_str_has_prefix(text, "popcnt") || g_str_has_prefix(text, "int3"))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(stack_mnemonics); i++)
		if (g_str_has_prefix(text, stack_mnemonics[i]))
			return true;
	return false;
}

/* True also if a prefix precedes the mnemonic. */
static bool names_stack_mnemonic(const char *text)
{
	const char *second = strchr(text, ' ');

	return is_stack_mnemonic(text) || (second && is_stack_mnemonic(second + 1));
}

static bool names_register(const char *text, const char *name)
{
	const char *place = text;

	while ((place = strstr(place, name))) {
		bool is_address = place > text && (place[-1] == '(' || place[-1] == ',') &&
				  strchr(place, ')');

		place += strlen(name);
		if (!is_address && !g_ascii_isalnum(*place))
			return true;
	}
	return false;
}

static bool names_frame(const struct sweep *sweep, const char *text)
{
	static const char *const stack[] = { "%rsp", "%esp", "%sp", "%spl" }, *const base[] = {
		"%rbp", "%ebp", "%bp", "%bpl"
	};

	for (size_t i = 0; i < G_N_ELEMENTS(stack); i++)
		if (names_register(text, stack[i]) ||
		    (sweep->frame->has_pointer && names_register(text, base[i])))
			return true;
	return false;
}

/* The operand with parentheses, if there is one. No other operand is in memory. */
static bool find_memory(const char *text, struct operand *operand)
{
	const char *open = strchr(text, '('), *close = open ? strchr(open, ')') : NULL;
	const char *start = open;
	g_autofree char *found = NULL;

	while (start && start > text && start[-1] != ' ' && start[-1] != ',')
		start--;
	found = close ? g_strndup(start, (gsize)(close + 1 - start)) : NULL;
	return found && operand_parse(found, operand);
}

static bool sweep_unknown(const struct sweep *sweep, const struct insn *insn)
{
	const char *text = insn->raw->text;
	struct operand operand;
	int32_t place;

	if (names_stack_mnemonic(text) || names_frame(sweep, text))
		return function_refuse(sweep->function, insn, sweep->error,
				       "may move the stack, in a way that is not understood");
	if (!sweep->frame->has_canary || !find_memory(text, &operand) ||
	    !frame_place(sweep->frame, &operand, sweep->rsp, sweep->frame->has_pointer, &place))
		return true;
	if (place < sweep->frame->canary + 8 && sweep->frame->canary < place + UNKNOWN_WIDTH)
		return function_refuse(sweep->function, insn, sweep->error,
				       "may write the canary, in a way that is not understood");
	return true;
}

/* --- instructions that are understood */

static bool check_canary(const struct sweep *sweep, const struct insn *insn)
{
	const struct effect *effect = &insn->effect;
	int32_t place;

	if (!sweep->frame->has_canary || effect->memory < 0 || !effect->writes_memory ||
	    !frame_place(sweep->frame, &effect->operands[effect->memory], sweep->rsp,
			 sweep->frame->has_pointer, &place) ||
	    insn == function_insn(sweep->function, sweep->frame->canary_store))
		return true;
	if (place < sweep->frame->canary + 8 && sweep->frame->canary < place + effect->memory_width)
		return function_refuse(sweep->function, insn, sweep->error,
				       "writes over the canary");
	return true;
}

/* Refuses a change of %rbp unless it is the pop right before the return. */
static bool check_base(const struct sweep *sweep, const struct insn *insn)
{
	bool is_exit = insn->effect.kind == EFFECT_POP && sweep->rsp + PUSH_SIZE == 0;

	if (!sweep->frame->has_pointer || !effect_writes(&insn->effect, REG_RBP) || is_exit)
		return true;
	return function_refuse(sweep->function, insn, sweep->error,
			       "changes %%rbp, which is the frame's base");
}

static bool check_leaving(const struct sweep *sweep, const struct insn *insn)
{
	if (sweep->rsp == 0)
		return true;
	return function_refuse(sweep->function, insn, sweep->error,
			       "leaves with %%rsp elsewhere than at the return address");
}

static bool check_level(const struct sweep *sweep, const struct insn *insn)
{
	if (sweep->rsp == sweep->frame->depth)
		return true;
	return function_refuse(sweep->function, insn, sweep->error,
			       "%%rsp is not where the prologue left it");
}

static bool check_flow(struct sweep *sweep, const struct insn *insn)
{
	if (insn->label != INSN_NONE)
		return check_level(sweep, insn);
	switch (insn->flow) {
	case FLOW_NEXT:
		return true;
	case FLOW_STRAY:
		return function_refuse(
			sweep->function, insn, sweep->error,
			"leads to no place where an instruction or a function begins");
	case FLOW_LEAVE:
	case FLOW_BRANCH_LEAVE:
		return check_leaving(sweep, insn);
	case FLOW_INDIRECT:
		return sweep->rsp == 0 || check_level(sweep, insn);
	default:
		return check_level(sweep, insn);
	}
}

static bool sweep_known(struct sweep *sweep, const struct insn *insn)
{
	if (!check_canary(sweep, insn) || !check_base(sweep, insn))
		return false;
	if (!stack_apply(&insn->effect, sweep->frame, sweep->frame->has_pointer, &sweep->rsp))
		return function_refuse(sweep->function, insn, sweep->error,
				       "changes %%rsp in a way that is not understood");
	return check_flow(sweep, insn);
}

/* --- the interface */

/* True if the following instruction is reached only by a jump, so with %rsp at the body's level. */
static bool ends_run(const struct insn *insn)
{
	return insn->is_known &&
	       (insn->flow == FLOW_JUMP || insn->flow == FLOW_LEAVE || insn->flow == FLOW_END ||
		insn->flow == FLOW_INDIRECT || insn->flow == FLOW_TRAP);
}

/*
 * Checks one instruction. For one in the tail, only that it is reached with %rsp in its place:
 * tail.c has proven the rest.
 */
static bool sweep_one(struct sweep *sweep, guint index, bool is_marked)
{
	const struct insn *insn = function_insn(sweep->function, index);

	if ((is_marked || insn->is_target) && !check_level(sweep, insn))
		return false;
	if (is_marked)
		return true;
	if (!(insn->is_known ? sweep_known(sweep, insn) : sweep_unknown(sweep, insn)))
		return false;
	if (ends_run(insn) || function_next(sweep->function, index) == INSN_NONE)
		sweep->rsp = sweep->frame->depth;
	return true;
}

bool sweep_prove(const struct function *function, const struct frame *frame, const bool *marks,
		 GError **error)
{
	struct sweep sweep = { function, frame, error, frame->depth };

	for (guint i = frame->body; i < function_count(function); i++)
		if (!sweep_one(&sweep, i, marks[i]))
			return false;
	return true;
}
