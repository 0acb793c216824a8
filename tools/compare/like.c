// SPDX-License-Identifier: GPL-2.0-only
/*
 * A line is brought into a form in which similar lines are equal: "jne @0" becomes "je #",
 * and with is_blind "addq @0(%rsp), %rbx" becomes "addq S, %r". "#" stands for a number
 * that must mean the same.
 */
#include "tools/compare/like.h"
#include "tools/compare/target.h"

#include <string.h>

struct line_form {
	GString *text;
	guint fields[INSTRUCTION_FIELDS_MAX]; /* the fields that are written as #, in order */
	guint count;
};

static const struct {
	const char *condition, *opposite;
} conditions[] = {
	{ "je", "jne" }, { "jl", "jge" }, { "jle", "jg" }, { "jb", "jae" },
	{ "jbe", "ja" }, { "js", "jns" }, { "jo", "jno" }, { "jp", "jnp" },
};

/* Writes a conditional jump with one sense of its condition, and other opcodes unchanged. */
static void add_opcode(GString *text, const char *opcode, size_t length)
{
	for (size_t i = 0; i < G_N_ELEMENTS(conditions); i++)
		if (strlen(conditions[i].opposite) == length &&
		    !strncmp(conditions[i].opposite, opcode, length)) {
			g_string_append(text, conditions[i].condition);
			return;
		}
	g_string_append_len(text, opcode, length);
}

static bool has_frame(const struct body *body)
{
	const char *frame = g_intern_static_string("movq %rsp, %rbp");

	for (guint i = 0; i < body->lines->len && i < 8; i++)
		if (body_line(body, i)->shape == frame)
			return true;
	return false;
}

/* The length of a stack slot such as "@0(%rsp)" at the start of an operand; 0 if it is none. */
static size_t slot_length(const char *operand, bool is_framed)
{
	size_t number = operand[0] == '@' ? 2 : 0;

	if (g_str_has_prefix(operand + number, "(%rsp)") ||
	    (is_framed && g_str_has_prefix(operand + number, "(%rbp)")))
		return number + strlen("(%rsp)");
	return 0;
}

static size_t register_length(const char *text)
{
	size_t length = 1 + strspn(text + 1, "abcdefghijklmnopqrstuvwxyz0123456789");

	return strncmp(text, "%rip", length) && strncmp(text, "%gs", length) &&
			       strncmp(text, "%fs", length)
		       ? length
		       : 0;
}

static bool changes_stack(const char *shape)
{
	return g_str_has_suffix(shape, ", %rsp") && strstr(shape, " $@0, ");
}

static void add_operands(struct line_form *form, const char *operands, bool is_blind,
			 bool is_framed, bool has_size)
{
	while (*operands) {
		size_t slot = is_blind ? slot_length(operands, is_framed) : 0;
		size_t name = is_blind && *operands == '%' ? register_length(operands) : 0;

		if (slot) {
			g_string_append_c(form->text, 'S');
			operands += slot;
		} else if (name) {
			g_string_append(form->text, "%r");
			operands += name;
		} else if (*operands == '@') {
			g_string_append_c(form->text, '#');
			if (!has_size)
				form->fields[form->count++] = (guint)(operands[1] - '0');
			operands += 2;
		} else {
			g_string_append_c(form->text, *operands++);
		}
	}
}

static void form_init(struct line_form *form, const struct body *body, const struct body_line *line,
		      bool is_blind)
{
	size_t opcode = strcspn(line->shape, " ");

	*form = (struct line_form){ .text = g_string_new(NULL) };
	add_opcode(form->text, line->shape, opcode);
	add_operands(form, line->shape + opcode, is_blind, is_blind && has_frame(body),
		     is_blind && changes_stack(line->shape));
}

bool like_lines(const struct pair *pair, guint i, guint j, bool is_blind)
{
	const struct body_line *ours = body_line(pair->module, i),
			       *theirs = body_line(pair->vmlinux, j);
	struct line_form first, second;
	bool is_like;

	form_init(&first, pair->module, ours, is_blind);
	form_init(&second, pair->vmlinux, theirs, is_blind);
	is_like = first.count == second.count && g_string_equal(first.text, second.text);
	for (guint k = 0; is_like && k < first.count; k++)
		is_like = target_numbers_alike(pair, i, first.fields[k], j, second.fields[k]);
	if (is_like && !is_blind && ours->shape != theirs->shape)
		is_like = !target_jumps_alike(pair, i, j);
	g_string_free(first.text, TRUE);
	g_string_free(second.text, TRUE);
	return is_like;
}

bool like_is_move(const struct body *body, const struct body_line *line)
{
	static const char *const moves[] = {
		"movq %r, %r", "movq S, %r", "movq %r, S", "pushq %r",    "movl %r, %r",
		"movl S, %r",  "movl %r, S", "popq %r",    "addq $#, %r", "subq $#, %r",
	};
	struct line_form form;
	bool is_move = false;

	form_init(&form, body, line, true);
	for (size_t i = 0; i < G_N_ELEMENTS(moves); i++)
		is_move = is_move || !strcmp(form.text->str, moves[i]);
	is_move = is_move && form.count == 0;
	g_string_free(form.text, TRUE);
	return is_move;
}
