// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parses operands in AT&T syntax: $0x10, %rax, -0x30(%rbp), %gs:0x28, 0x8(%rax,%rbx,4), *%rax, the
 * name of a target.
 *
 * Limits: integer registers only, without %ah and the like; no %es: and no
 * segment register as an operand.
 */
#include "rewriter/springboard/internal.h"

#include <string.h>

/* By width in bytes: 8, 4, 2, 1. */
static const char *const names[][4] = {
	[REG_RAX] = { "rax", "eax", "ax", "al" },
	[REG_RCX] = { "rcx", "ecx", "cx", "cl" },
	[REG_RDX] = { "rdx", "edx", "dx", "dl" },
	[REG_RBX] = { "rbx", "ebx", "bx", "bl" },
	[REG_RSP] = { "rsp", "esp", "sp", "spl" },
	[REG_RBP] = { "rbp", "ebp", "bp", "bpl" },
	[REG_RSI] = { "rsi", "esi", "si", "sil" },
	[REG_RDI] = { "rdi", "edi", "di", "dil" },
	[REG_R8] = { "r8", "r8d", "r8w", "r8b" },
	[REG_R9] = { "r9", "r9d", "r9w", "r9b" },
	[REG_R10] = { "r10", "r10d", "r10w", "r10b" },
	[REG_R11] = { "r11", "r11d", "r11w", "r11b" },
	[REG_R12] = { "r12", "r12d", "r12w", "r12b" },
	[REG_R13] = { "r13", "r13d", "r13w", "r13b" },
	[REG_R14] = { "r14", "r14d", "r14w", "r14b" },
	[REG_R15] = { "r15", "r15d", "r15w", "r15b" },
};

static const uint8_t widths[] = { 8, 4, 2, 1 };

const char *reg_name(enum reg reg)
{
	return reg == REG_FLAGS ? "flags" : names[reg][0];
}

enum reg reg_named(const char *name)
{
	for (enum reg reg = 0; reg < REG_FLAGS; reg++)
		if (!strcmp(name, names[reg][0]))
			return reg;
	return REG_NONE;
}

static bool find_register(const char *name, enum reg *reg, uint8_t *width)
{
	for (*reg = 0; *reg < REG_FLAGS; ++*reg)
		for (unsigned i = 0; i < G_N_ELEMENTS(widths); i++)
			if (!strcmp(name, names[*reg][i])) {
				*width = widths[i];
				return true;
			}
	return false;
}

static bool parse_number(const char *text, int64_t *number)
{
	bool is_negative = *text == '-';
	guint64 value;
	char *end;

	if (!g_ascii_isdigit(text[is_negative]))
		return false;
	value = g_ascii_strtoull(text + is_negative, &end, 0);
	*number = (int64_t)(is_negative ? 0 - value : value);
	return !*end;
}

/* Parses a register within the parentheses of an address: %rax. */
static bool parse_part(const char *text, enum reg *reg)
{
	uint8_t width;

	if (!strcmp(text, "%rip")) {
		*reg = REG_RIP;
		return true;
	}
	return *text == '%' && find_register(text + 1, reg, &width) && width == 8;
}

/*
 * Parses what stands in the parentheses: BASE or BASE,INDEX,SCALE. BASE may be
 * empty and SCALE missing.
 */
static bool parse_parts(const char *text, struct operand *operand)
{
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);
	guint count = g_strv_length(parts);
	int64_t scale;

	for (guint i = 0; i < count; i++)
		g_strstrip(parts[i]);
	if (count < 1 || count > 3 || (count == 1 && !*parts[0]))
		return false;
	if (*parts[0] && !parse_part(parts[0], &operand->base))
		return false;
	if (count > 1 && (!parse_part(parts[1], &operand->index) || operand->index == REG_RIP))
		return false;
	return count < 3 || parse_number(parts[2], &scale);
}

static bool parse_memory(const char *text, struct operand *operand)
{
	const char *open = strchr(text, '(');
	g_autofree char *number = open ? g_strndup(text, (gsize)(open - text)) : g_strdup(text);
	g_autofree char *parts = NULL;

	operand->kind = OPERAND_MEMORY;
	if (*number && !parse_number(number, &operand->number))
		return false;
	if (!open)
		return *number;
	if (!g_str_has_suffix(open, ")"))
		return false;
	parts = g_strndup(open + 1, strlen(open) - 2);
	return parse_parts(parts, operand);
}

bool operand_parse(const char *text, struct operand *operand)
{
	*operand = (struct operand){ .base = REG_NONE, .index = REG_NONE, .reg = REG_NONE };
	if (*text == '*') {
		operand->is_indirect = true;
		text++;
	}
	if (*text == '$') {
		operand->kind = OPERAND_NUMBER;
		return parse_number(text + 1, &operand->number);
	}
	if (g_str_has_prefix(text, "%gs:") || g_str_has_prefix(text, "%fs:") ||
	    g_str_has_prefix(text, "%cs:")) {
		operand->segment = text[1];
		text += 4;
	}
	if (*text != '%')
		return parse_memory(text, operand);
	operand->kind = OPERAND_REGISTER;
	return !operand->segment && find_register(text + 1, &operand->reg, &operand->width);
}
