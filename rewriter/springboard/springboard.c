// SPDX-License-Identifier: GPL-2.0-only
/*
 * Derives a proven springboard from vmlinux. springboard_derive() reads as the method:
 *
 *   find __schedule -> its frame -> the tail of each switch -> what may be patched
 *   -> the rest of the body
 *
 * Limits: x86-64 only. The switch must be in __schedule itself, not in a separate function. Refused
 * are indirect jumps behind the switch, frames that are aligned or of variable size, and frames
 * that do not save all six registers.
 */
#include "rewriter/springboard/internal.h"

#define SCHEDULE "__schedule"
#define SWITCH "__switch_to_asm"
#define JUMP_SIZE 5 /* of the jump that a redirection writes at the entry */

G_DEFINE_QUARK(plugsched - springboard - error, springboard_error)

static bool fail(const struct image *code, GError **error, const char *why)
{
	g_set_error(error, SPRINGBOARD_ERROR, SPRINGBOARD_ERROR_INPUT, "%s: %s", image_path(code),
		    why);
	return false;
}

/* --- the function */

/* The indices of all direct calls of __switch_to_asm. */
static GArray *find_switches(const struct function *function)
{
	GArray *switches = g_array_new(FALSE, FALSE, sizeof(guint));

	for (guint i = 0; i < function_count(function); i++)
		if (function_goes_to(function, function_insn(function, i), SWITCH))
			g_array_append_val(switches, i);
	return switches;
}

static bool has_switch(const struct function *function)
{
	g_autoptr(GArray) switches = find_switches(function);

	return switches->len > 0;
}

/*
 * Moves `candidate` to `function` if it switches stacks, else closes it. False with `error` if
 * `function` holds one already.
 */
static bool take_candidate(struct function *function, struct function *candidate, GError **error)
{
	if (!has_switch(candidate)) {
		function_close(candidate);
		return true;
	}
	if (!function->code) {
		*function = *candidate;
		return true;
	}
	function_close(candidate);
	return fail(function->code, error,
		    "several functions " SCHEDULE " call " SWITCH "; there must be one");
}

/* Finds, among several symbols __schedule, the one that switches stacks. */
static bool find_function(struct function *function, struct image *code, GError **error)
{
	const struct image_symbol *symbol = image_find(code, SCHEDULE);

	*function = (struct function){ 0 };
	if (!symbol)
		return fail(code, error,
			    "no symbol " SCHEDULE "; is this a vmlinux with its symbol table?");
	if (!image_find(code, SWITCH))
		return fail(code, error,
			    "no symbol " SWITCH "; is this a vmlinux with its symbol table?");
	for (; symbol; symbol = image_find_next(code, symbol)) {
		struct function candidate;

		if (!function_open(&candidate, code, symbol, error) ||
		    !take_candidate(function, &candidate, error)) {
			if (function->code)
				function_close(function);
			return false;
		}
	}
	if (function->code)
		return true;
	g_set_error(error, SPRINGBOARD_ERROR, SPRINGBOARD_ERROR_REFUSED,
		    "%s: " SCHEDULE " has no call of " SWITCH
		    ": it is in a function of its own, or the symbol is cut off; leave " SCHEDULE
		    " to vmlinux",
		    image_path(code));
	return false;
}

/* --- the proof */

struct proof {
	struct function function;
	struct frame frame;
	GArray *switches;               /* guint: their indices */
	struct springboard_step *steps; /* by index; empty unless marked */
	bool *marks;
};

static void proof_clear(struct proof *proof)
{
	for (guint i = 0; proof->steps && i < function_count(&proof->function); i++)
		g_free(proof->steps[i].text);
	g_free(proof->steps);
	g_free(proof->marks);
	g_clear_pointer(&proof->switches, g_array_unref);
	frame_clear(&proof->frame);
	function_close(&proof->function);
}

static bool prove_switches(struct proof *proof, GError **error)
{
	for (guint i = 0; i < proof->switches->len; i++) {
		guint index = g_array_index(proof->switches, guint, i);
		const struct insn *insn = function_insn(&proof->function, index);

		if (!insn->is_known || insn->effect.kind != EFFECT_CALL ||
		    insn->symbol != proof->function.symbol)
			return function_refuse(
				&proof->function, insn, error,
				"switches other than by a call in the function itself");
		if (!tail_prove(&proof->function, &proof->frame, index, proof->steps, proof->marks,
				error))
			return false;
	}
	return true;
}

/*
 * Checks that the jump that replaces __schedule's entry does not overwrite code that sleeping tasks
 * still run through.
 */
static bool check_entry(const struct proof *proof, GError **error)
{
	uint64_t start = proof->function.symbol->address + proof->frame.entry_length;

	for (guint i = 0; i < function_count(&proof->function); i++) {
		const struct insn *insn = function_insn(&proof->function, i);

		if (proof->marks[i] && insn->raw->address < start + JUMP_SIZE &&
		    start < insn->raw->address + insn->raw->length)
			return function_refuse(&proof->function, insn, error,
					       "is reached behind a switch, but lies at the entry");
	}
	return true;
}

/*
 * Checks that the prologue pushes all registers that a function must keep. At the switch, a
 * register that is not pushed must hold what it held at the entry, and a stub that switches from
 * within calls of C code has no way to restore that.
 */
static bool check_pushes(const struct proof *proof, GError **error)
{
	const struct insn *insn =
		function_insn(&proof->function, g_array_index(proof->switches, guint, 0));
	uint32_t missing = REGS_KEPT;

	for (unsigned i = 0; i < proof->frame.push_count; i++)
		missing &= ~REG_BIT(proof->frame.pushes[i]);
	for (enum reg reg = 0; reg < REG_FLAGS; reg++)
		if (missing & REG_BIT(reg))
			return function_refuse(
				&proof->function, insn, error,
				"%%%s is not in the frame, and a stub could not give it back",
				reg_name(reg));
	return true;
}

static bool prove(struct proof *proof, GError **error)
{
	proof->switches = find_switches(&proof->function);
	proof->steps = g_new0(struct springboard_step, function_count(&proof->function));
	proof->marks = g_new0(bool, function_count(&proof->function));
	return frame_derive(&proof->frame, &proof->function, error) &&
	       prove_switches(proof, error) && check_entry(proof, error) &&
	       patches_check(&proof->function, proof->marks, error) &&
	       sweep_prove(&proof->function, &proof->frame, proof->marks, error) &&
	       check_pushes(proof, error);
}

/* --- the result */

static void fill_frame(struct springboard *springboard, const struct frame *frame)
{
	springboard->entry_length = frame->entry_length;
	springboard->has_endbr = frame->has_endbr;
	springboard->has_fentry = frame->has_fentry;
	springboard->push_count = frame->push_count;
	for (unsigned i = 0; i < frame->push_count; i++)
		springboard->pushes[i] = reg_name(frame->pushes[i]);
	springboard->subtracted = frame->subtracted;
	springboard->frame_size = (uint32_t)-frame->depth;
	springboard->has_frame_pointer = frame->has_pointer;
	springboard->base = frame->has_pointer ? "rbp" : "rsp";
	springboard->has_canary = frame->has_canary;
	springboard->canary_offset = frame->has_canary ? frame->canary - frame->base : 0;
	springboard->canary_source = g_strdup(frame->canary_source);
}

static void clear_step(gpointer step)
{
	g_free(((struct springboard_step *)step)->text);
}

static int compare_steps(gconstpointer first, gconstpointer second)
{
	const struct springboard_step *left = first, *right = second;

	return (left->offset > right->offset) - (left->offset < right->offset);
}

static void fill_tail(struct springboard *springboard, struct proof *proof)
{
	for (guint i = 0; i < function_count(&proof->function); i++) {
		if (!proof->marks[i])
			continue;
		g_array_append_val(springboard->tail, proof->steps[i]);
		proof->steps[i].text = NULL; /* proof->steps no longer owns it */
	}
	g_array_sort(springboard->tail, compare_steps);
}

static void fill_switches(struct springboard *springboard, const struct proof *proof)
{
	for (guint i = 0; i < proof->switches->len; i++) {
		const struct insn *insn =
			function_insn(&proof->function, g_array_index(proof->switches, guint, i));
		uint64_t offset = insn->raw->address - springboard->address;

		g_array_append_val(springboard->switch_offsets, offset);
	}
	springboard->switch_offset = g_array_index(springboard->switch_offsets, uint64_t, 0);
}

static struct springboard *make(struct proof *proof)
{
	struct springboard *springboard = g_new0(struct springboard, 1);
	const struct function *function = &proof->function;

	springboard->build_id = g_strdup(image_build_id(function->code));
	springboard->address = function->symbol->address;
	springboard->size = function->symbol->size;
	springboard->position = image_symbol_position(function->code, function->symbol);
	springboard->switch_offsets = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	springboard->tail = g_array_new(FALSE, FALSE, sizeof(struct springboard_step));
	g_array_set_clear_func(springboard->tail, clear_step);
	fill_frame(springboard, &proof->frame);
	fill_switches(springboard, proof);
	fill_tail(springboard, proof);
	return springboard;
}

struct springboard *springboard_derive(struct image *code, GError **error)
{
	struct proof proof = { 0 };
	struct springboard *springboard = NULL;

	if (!image_is_linked(code)) {
		fail(code, error, "not linked; give the vmlinux");
		return NULL;
	}
	if (!find_function(&proof.function, code, error))
		return NULL;
	if (prove(&proof, error))
		springboard = make(&proof);
	proof_clear(&proof);
	return springboard;
}

void springboard_free(struct springboard *springboard)
{
	if (!springboard)
		return;
	g_array_unref(springboard->switch_offsets);
	g_array_unref(springboard->tail);
	g_free(springboard->canary_source);
	g_free(springboard->build_id);
	g_free(springboard);
}
