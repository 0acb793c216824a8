// SPDX-License-Identifier: GPL-2.0-only
/*
 * Proves that the code behind a switch uses only those parts of the frame that a stub reproduces.
 *
 * Method: from the call of __switch_to_asm, walk every reachable instruction to a fixed point. For
 * each keep what is known on every way to it: where %rsp is, which registers and which bytes of the
 * frame were written since the call, and which saved registers were restored. Right after the call
 * only %rax counts as written: it holds the task that was switched away from. Then check each read.
 * Bytes of the frame that were not written since may be read only where the stub reproduces them:
 * the canary, the pushed registers, the return address. A further call leaves %rax, %rdx and the
 * registers that a function must keep.
 *
 * An address within the frame may be passed on if all bytes from there up to the canary or the
 * pushed registers were written.
 *
 * Limits: a pointer into the old frame that was left in other memory is not noticed, nor is a
 * called function that reads below the address it was given.
 */
#include "rewriter/springboard/internal.h"

#include <string.h>

struct tail_state {
	bool is_reached, is_queued;
	bool has_base; /* %rbp is the frame's base */
	int32_t rsp;
	int32_t top; /* the highest %rsp so far: bytes below it are lost */
	/* bits: the registers that hold what they held at the entry */
	uint32_t restored;
	uint8_t width[REG_COUNT];       /* how many low bytes of each were written: 0, 1, 2 or 8 */
	uint8_t written[FRAME_MAX / 8]; /* one bit for each byte of the frame */
};

struct tail_walk {
	const struct function *function;
	const struct frame *frame;
	struct tail_state *states; /* by index: what is known before the instruction */
	GQueue queue;              /* indices */
	struct springboard_step *steps;
	GError **error;
};

/* An instruction being checked. `state` becomes what is known behind it. */
struct look {
	struct tail_walk *walk;
	const struct insn *insn;
	struct tail_state *state;
	struct springboard_step *step;
	bool has_base;     /* before it, %rbp is the frame's base */
	enum reg restored; /* the saved register that it restores */
};

static bool refuse(const struct look *look, const char *format, ...) G_GNUC_PRINTF(2, 3);

static bool refuse(const struct look *look, const char *format, ...)
{
	g_autofree char *why = NULL;
	va_list arguments;

	va_start(arguments, format);
	why = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	return function_refuse(look->walk->function, look->insn, look->walk->error, "%s", why);
}

/* --- bytes of the frame */

static bool is_written(const struct tail_state *state, int32_t place)
{
	unsigned byte = (unsigned)(-place - 1);

	return place < 0 && place >= -FRAME_MAX && state->written[byte / 8] & 1u << byte % 8;
}

static void set_written(struct tail_state *state, int32_t place, bool value)
{
	unsigned byte = (unsigned)(-place - 1);

	if (place >= 0 || place < -FRAME_MAX)
		return;
	if (value)
		state->written[byte / 8] |= 1u << byte % 8;
	else
		state->written[byte / 8] &= ~(1u << byte % 8);
}

static bool are_written(const struct tail_state *state, int32_t start, int32_t end)
{
	for (int32_t place = start; place < end; place++)
		if (!is_written(state, place))
			return false;
	return true;
}

/* A place for messages: "-0x30(%rbp)". Caller frees. */
static char *show(const struct look *look, int32_t place)
{
	const struct frame *frame = look->walk->frame;
	int32_t offset = place - frame->base;

	return g_strdup_printf("%s0x%x(%%%s)", offset < 0 ? "-" : "", (unsigned)ABS(offset),
			       frame->has_pointer ? "rbp" : "rsp");
}

static struct springboard_slot slot_of(const struct look *look, enum springboard_slot_kind kind,
				       int32_t place, uint8_t size)
{
	return (struct springboard_slot){ .kind = kind,
					  .offset = place - look->walk->frame->base,
					  .size = size };
}

static bool read_slot(struct look *look, int32_t place, uint8_t size)
{
	enum springboard_slot_kind kind = frame_kind(look->walk->frame, place, size);
	g_autofree char *where = show(look, place);

	if (place < look->state->top && kind != SPRINGBOARD_SLOT_LOCAL)
		return refuse(look, "reads %s, below where %%rsp has been", where);
	if (kind == SPRINGBOARD_SLOT_NONE)
		return refuse(look, "reads %s, outside of the frame or across two things in it",
			      where);
	if (kind == SPRINGBOARD_SLOT_LOCAL &&
	    (place < look->state->rsp || !are_written(look->state, place, place + size)))
		return refuse(
			look,
			"reads %s, a slot of the old frame that nothing wrote since the switch",
			where);
	look->step->read = slot_of(look, kind, place, size);
	return true;
}

static bool write_slot(struct look *look, int32_t place, uint8_t size)
{
	enum springboard_slot_kind kind = frame_kind(look->walk->frame, place, size);
	g_autofree char *where = show(look, place);

	if (kind != SPRINGBOARD_SLOT_LOCAL)
		return refuse(look, "writes %s, which is none of the frame's locals", where);
	if (place < look->state->rsp)
		return refuse(look, "writes %s, below %%rsp", where);
	look->step->write = slot_of(look, kind, place, size);
	for (uint8_t i = 0; i < size; i++)
		set_written(look->state, place + i, true);
	return true;
}

/*
 * Checks that the address of a place may be passed on: whoever gets it may read all bytes above it
 * in the same object.
 */
static bool take_address(struct look *look, int32_t place)
{
	const struct frame *frame = look->walk->frame;
	int32_t end = -(int32_t)frame->push_count * PUSH_SIZE;
	g_autofree char *where = show(look, place);

	if (frame->has_canary && frame->canary >= place)
		end = frame->canary;
	if (place >= end || place < look->state->rsp || !are_written(look->state, place, end))
		return refuse(
			look,
			"takes the address of %s in the old frame, where not all was written since the switch",
			where);
	look->step->read =
		slot_of(look, SPRINGBOARD_SLOT_LOCAL, place, (uint8_t)MIN(end - place, UINT8_MAX));
	look->step->takes_address = true;
	return true;
}

/* --- reads of registers */

static bool check_register(const struct look *look, enum reg reg, uint8_t width)
{
	if (reg == REG_RSP || (reg == REG_RBP && look->has_base))
		return refuse(look, "takes the address of the old frame from %%%s", reg_name(reg));
	if (look->state->width[reg] >= width)
		return true;
	if (REGS_KEPT & REG_BIT(reg))
		return refuse(look, "reads %%%s, which was set before the switch", reg_name(reg));
	return refuse(look, "reads %s%s, which nothing set since the switch or the last call",
		      reg == REG_FLAGS ? "" : "%", reg_name(reg));
}

static bool check_reads(const struct look *look)
{
	const struct effect *effect = &look->insn->effect;

	if (effect_writes(effect, REG_RSP) && effect->kind == EFFECT_PLAIN)
		return true; /* stack_apply() accepts only instructions that read nothing else */
	for (unsigned i = 0; i < effect->read_count; i++)
		if (!check_register(look, effect->reads[i].reg, effect->reads[i].width))
			return false;
	return true;
}

static bool check_address(const struct look *look, const struct operand *operand)
{
	if (operand->base < REG_COUNT && !check_register(look, operand->base, 8))
		return false;
	return operand->index >= REG_COUNT || check_register(look, operand->index, 8);
}

/* --- memory */

/*
 * "lock addl $0, -4(%rsp)" is a barrier. The word that it adds 0 to does not matter; the flags that
 * it sets must not matter either.
 */
static bool is_barrier(const struct effect *effect)
{
	return effect->is_locked && (!strcmp(effect->name, "add") || !strcmp(effect->name, "or")) &&
	       effect->operands[0].kind == OPERAND_NUMBER && effect->operands[0].number == 0;
}

/* With a bit number in a register, these instructions can reach any memory. */
static bool is_bit_reach(const struct effect *effect)
{
	return g_str_has_prefix(effect->name, "bt") && effect->operands[0].kind == OPERAND_REGISTER;
}

static bool look_at_frame(struct look *look, const struct operand *operand)
{
	const struct effect *effect = &look->insn->effect;
	int32_t place;

	if (!frame_place(look->walk->frame, operand, look->state->rsp, look->has_base, &place) ||
	    is_bit_reach(effect))
		return refuse(look, "reaches a place in the frame that is not known");
	if (is_barrier(effect)) {
		look->step->read =
			slot_of(look, SPRINGBOARD_SLOT_BARRIER, place, effect->memory_width);
		return true;
	}
	if (!effect->reads_memory && !effect->writes_memory)
		return effect_writes(effect, REG_RSP) || take_address(look, place);
	if (effect->reads_memory && !read_slot(look, place, effect->memory_width))
		return false;
	if (!strcmp(effect->name, "mov") && effect->reads_memory && effect->width == PUSH_SIZE &&
	    effect_is_register(effect, 1, frame_saved(look->walk->frame, place)))
		look->restored = effect->operands[1].reg;
	return !effect->writes_memory || write_slot(look, place, effect->memory_width);
}

static bool look_at_memory(struct look *look)
{
	const struct effect *effect = &look->insn->effect;
	const struct operand *operand;

	if (effect->memory < 0)
		return true;
	operand = &effect->operands[effect->memory];
	if (frame_holds(operand, look->has_base))
		return look_at_frame(look, operand);
	return check_address(look, operand);
}

/* --- the stack */

static bool look_at_pop(struct look *look)
{
	enum reg saved = frame_saved(look->walk->frame, look->state->rsp);

	if (look->insn->effect.memory >= 0)
		return refuse(look, "pops into memory, which is not understood");
	if (saved != REG_NONE && look->insn->effect.count == 1 &&
	    effect_is_register(&look->insn->effect, 0, saved))
		look->restored = saved;
	return read_slot(look, look->state->rsp, PUSH_SIZE);
}

static bool look_at_leave(struct look *look)
{
	if (!look->has_base)
		return refuse(look, "%%rbp is not the frame's base here");
	look->restored = REG_RBP;
	return read_slot(look, look->walk->frame->base, PUSH_SIZE);
}

/* Forgets the bytes below %rsp. */
static void raise_stack(struct tail_state *state, int32_t from)
{
	for (int32_t place = MAX(from, -FRAME_MAX); place < state->rsp; place++)
		set_written(state, place, false);
	state->top = MAX(state->top, state->rsp);
}

static bool look_at_stack(struct look *look)
{
	const struct effect *effect = &look->insn->effect;
	int32_t before = look->state->rsp;

	if (effect->kind == EFFECT_POP && !look_at_pop(look))
		return false;
	if (effect->kind == EFFECT_LEAVE && !look_at_leave(look))
		return false;
	if (!stack_apply(effect, look->walk->frame, look->has_base, &look->state->rsp))
		return refuse(look, "changes %%rsp in a way that is not understood");
	if (look->state->rsp > 0 || look->state->rsp < -FRAME_MAX)
		return refuse(look, "moves %%rsp out of the frame");
	raise_stack(look->state, before);
	return effect->kind != EFFECT_PUSH || write_slot(look, look->state->rsp, PUSH_SIZE);
}

/* --- what is known behind the instruction */

static bool write_register(struct look *look, const struct reg_access *access)
{
	/* a write of 32 bits clears the upper 32 */
	uint8_t width = access->width >= 4 ? 8 : access->width;

	if (access->reg == REG_RSP)
		return true;
	if (access->reg == REG_RBP && look->has_base && look->restored != REG_RBP)
		return refuse(look, "changes %%rbp, which is the frame's base");
	look->state->width[access->reg] = MAX(look->state->width[access->reg], width);
	look->state->restored &= ~REG_BIT(access->reg);
	if (access->reg == REG_RBP)
		look->state->has_base = false;
	return true;
}

static bool write_registers(struct look *look)
{
	const struct effect *effect = &look->insn->effect;

	for (unsigned i = 0; i < effect->write_count; i++)
		if (!write_register(look, &effect->writes[i]))
			return false;
	if (look->restored != REG_NONE) {
		look->state->restored |= REG_BIT(look->restored);
		look->state->width[look->restored] = 8;
		look->state->has_base &= look->restored != REG_RBP;
	}
	if (look->step->read.kind == SPRINGBOARD_SLOT_BARRIER)
		look->state->width[REG_FLAGS] = 0;
	return true;
}

/* Forgets what a call overwrites. `results`: registers that hold something defined afterwards. */
static void forget_called(struct tail_state *state, uint32_t results)
{
	for (enum reg reg = 0; reg < REG_COUNT; reg++) {
		if (results & REG_BIT(reg))
			state->width[reg] = 8;
		else if (!(REGS_KEPT & REG_BIT(reg)))
			state->width[reg] = 0;
	}
}

static bool check_leaving(struct look *look)
{
	uint32_t lost = REGS_KEPT & ~look->state->restored;

	if (look->state->rsp != 0)
		return refuse(look, "leaves with %%rsp elsewhere than at the return address");
	for (enum reg reg = 0; reg < REG_FLAGS; reg++)
		if (lost & REG_BIT(reg))
			return refuse(look, "leaves with a %%%s that is not what was pushed",
				      reg_name(reg));
	/* also after a jump to another function, which will read it */
	look->step->read = slot_of(look, SPRINGBOARD_SLOT_RETURN, 0, PUSH_SIZE);
	return true;
}

static bool look_at_flow(struct look *look)
{
	switch (look->insn->flow) {
	case FLOW_INDIRECT:
		return refuse(look, "an indirect jump: where it leads is not known");
	case FLOW_STRAY:
		return refuse(look, "leads to no place where an instruction or a function begins");
	case FLOW_LEAVE:
	case FLOW_BRANCH_LEAVE:
		return check_leaving(look);
	default:
		break;
	}
	if (look->insn->effect.kind == EFFECT_CALL)
		forget_called(look->state, REG_BIT(REG_RAX) | REG_BIT(REG_RDX));
	return true;
}

static bool look_at(struct look *look)
{
	if (!look->insn->is_known)
		return refuse(look, "an instruction that is not understood");
	if (function_goes_to(look->walk->function, look->insn, "__switch_to_asm"))
		return refuse(look, "switches again before it returns");
	return check_reads(look) && look_at_memory(look) && look_at_stack(look) &&
	       write_registers(look) && look_at_flow(look);
}

/* --- the walk */

/* Reduces `state` to what also holds in `other`. True if it knew more before. */
static bool meet(struct tail_state *state, const struct tail_state *other)
{
	bool knew_more = state->top < other->top || (state->restored & ~other->restored);

	state->top = MAX(state->top, other->top);
	state->restored &= other->restored;
	for (unsigned i = 0; i < REG_COUNT; i++) {
		knew_more |= state->width[i] > other->width[i];
		state->width[i] = MIN(state->width[i], other->width[i]);
	}
	for (unsigned i = 0; i < sizeof(state->written); i++) {
		knew_more |= (state->written[i] & ~other->written[i]) != 0;
		state->written[i] &= other->written[i];
	}
	return knew_more;
}

static bool enter(struct tail_walk *walk, guint index, const struct tail_state *state)
{
	struct tail_state *known = &walk->states[index];
	bool is_queued = known->is_queued, is_new = !known->is_reached;

	if (!is_new && (known->rsp != state->rsp || known->has_base != state->has_base))
		return function_refuse(walk->function, function_insn(walk->function, index),
				       walk->error,
				       "is reached with %%rsp or %%rbp at different places");
	if (is_new)
		*known = *state;
	else
		is_new = meet(known, state);
	known->is_reached = true;
	known->is_queued = is_queued || is_new;
	if (is_new && !is_queued)
		g_queue_push_tail(&walk->queue, GUINT_TO_POINTER(index));
	return true;
}

static bool goes_on(enum flow flow)
{
	return flow == FLOW_NEXT || flow == FLOW_BRANCH || flow == FLOW_BRANCH_LEAVE ||
	       flow == FLOW_TRAP;
}

static bool enter_next(struct tail_walk *walk, guint index, const struct tail_state *state)
{
	const struct insn *insn = function_insn(walk->function, index);
	guint next = function_next(walk->function, index);

	if (next != INSN_NONE)
		return enter(walk, next, state);
	if (insn->flow == FLOW_TRAP)
		return true;
	return function_refuse(walk->function, insn, walk->error,
			       "is the last one, and does not return: the function is cut off");
}

static bool enter_following(struct tail_walk *walk, guint index, const struct tail_state *state)
{
	const struct insn *insn = function_insn(walk->function, index);

	if (insn->target != INSN_NONE && !enter(walk, insn->target, state))
		return false;
	if (insn->label != INSN_NONE && !enter(walk, insn->label, state))
		return false;
	if (goes_on(insn->flow) || insn->label != INSN_NONE)
		return enter_next(walk, index, state);
	return true;
}

/*
 * Starts the record of an instruction. Each visit overwrites it, and the last
 * visit is at the fixed point.
 */
static void begin_step(struct tail_walk *walk, guint index)
{
	const struct insn *insn = function_insn(walk->function, index);
	struct springboard_step *step = &walk->steps[index];

	g_free(step->text);
	*step = (struct springboard_step){
		.offset = (int64_t)(insn->raw->address - walk->function->symbol->address),
		.text = g_strdup(insn->raw->text),
	};
}

static bool visit(struct tail_walk *walk, guint index)
{
	struct tail_state state = walk->states[index];
	struct look look = {
		.walk = walk,
		.insn = function_insn(walk->function, index),
		.state = &state,
		.step = &walk->steps[index],
		.has_base = state.has_base,
		.restored = REG_NONE,
	};

	begin_step(walk, index);
	return look_at(&look) && enter_following(walk, index, &state);
}

/* Sets up what is known right after the switch, and enters the instruction behind it. */
static bool begin(struct tail_walk *walk, guint from)
{
	struct tail_state state = {
		.has_base = walk->frame->has_pointer,
		.rsp = walk->frame->depth,
		.top = walk->frame->depth,
		.restored = REGS_KEPT,
	};

	for (unsigned i = 0; i < walk->frame->push_count; i++)
		state.restored &= ~REG_BIT(walk->frame->pushes[i]);
	forget_called(&state, REG_BIT(REG_RAX));
	begin_step(walk, from);
	return enter_next(walk, from, &state);
}

bool tail_prove(const struct function *function, const struct frame *frame, guint from,
		struct springboard_step *steps, bool *marks, GError **error)
{
	g_autofree struct tail_state *states = g_new0(struct tail_state, function_count(function));
	struct tail_walk walk = { function, frame, states, G_QUEUE_INIT, steps, error };
	bool is_good = begin(&walk, from);

	while (is_good && !g_queue_is_empty(&walk.queue)) {
		guint index = GPOINTER_TO_UINT(g_queue_pop_head(&walk.queue));

		states[index].is_queued = false;
		is_good = visit(&walk, index);
	}
	g_queue_clear(&walk.queue);
	marks[from] = true;
	for (guint i = 0; i < function_count(function); i++)
		marks[i] |= states[i].is_reached;
	return is_good;
}
