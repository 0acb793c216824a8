// SPDX-License-Identifier: GPL-2.0-only
/*
 * Derives what an instruction does from its text and the table of forms.
 *
 * The text is LLVM's: prefixes, a mnemonic with a suffix for the width, operands. An instruction is
 * not understood if it has a prefix other than "lock" (or "data16" before a nop), or an operand
 * that operand.c does not parse.
 *
 * Limits: writing a part of a register counts as writing that part only; the
 * flags count as one register.
 */
#include "rewriter/springboard/internal.h"

#include <string.h>

struct form {
	const char *name, *suffixes, *roles;
	uint8_t source;
	char flags;
	uint32_t reads, writes;
	enum effect_kind kind;
};

static const struct form forms[] = {
#define FORM(name, suffixes, roles, source, flags, reads, writes, kind) \
	{ name, suffixes, roles, source, flags, reads, writes, EFFECT_##kind },
#include "rewriter/springboard/forms.def"
#undef FORM
};

static const char *const conditions[] = {
	"a", "ae", "b", "be", "e", "g", "ge", "l", "le", "ne", "no", "np", "ns", "o", "p", "s",
};

static uint8_t suffix_width(char suffix)
{
	switch (suffix) {
	case 'b':
		return 1;
	case 'w':
		return 2;
	case 'l':
		return 4;
	case 'q':
		return 8;
	default:
		return 0;
	}
}

/* --- finding the form */

/* True if `text` is exactly one of the suffixes. */
static bool is_suffix(const char *text, const char *suffixes)
{
	if (!*suffixes)
		return !*text;
	return text[0] && !text[1] && strchr(suffixes, text[0]);
}

static bool has_condition(const char *text, const char *suffixes)
{
	for (size_t i = 0; i < G_N_ELEMENTS(conditions); i++)
		if (g_str_has_prefix(text, conditions[i]) &&
		    is_suffix(text + strlen(conditions[i]), suffixes))
			return true;
	return false;
}

static bool has_name(const struct form *form, const char *mnemonic)
{
	size_t length = strcspn(form->name, "?");

	if (strncmp(form->name, mnemonic, length) != 0)
		return false;
	return form->name[length] ? has_condition(mnemonic + length, form->suffixes)
				  : is_suffix(mnemonic + length, form->suffixes);
}

static const struct form *find_form(const char *mnemonic, unsigned count)
{
	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
		if (strlen(forms[i].roles) == count && has_name(&forms[i], mnemonic))
			return &forms[i];
	return NULL;
}

/* --- the text */

static void end_operand(GPtrArray *operands, const char *start, const char *end)
{
	g_ptr_array_add(operands, g_strstrip(g_strndup(start, (gsize)(end - start))));
}

/* Splits at the commas outside parentheses. */
static GPtrArray *split_operands(const char *text)
{
	GPtrArray *operands = g_ptr_array_new_with_free_func(g_free);
	const char *start = text;
	int depth = 0;

	for (; *text; text++) {
		depth += (*text == '(') - (*text == ')');
		if (*text == ',' && depth == 0) {
			end_operand(operands, start, text);
			start = text + 1;
		}
	}
	if (*start)
		end_operand(operands, start, text);
	return operands;
}

/* Removes the first word from *text and returns it. */
static char *take_word(const char **text)
{
	size_t length = strcspn(*text, " \t");
	char *word = g_strndup(*text, length);

	*text += length;
	*text += strspn(*text, " \t");
	return word;
}

/* --- registers and memory */

void effect_add_read(struct effect *effect, enum reg reg, uint8_t width)
{
	if (reg < REG_COUNT && effect->read_count < ACCESSES_MAX)
		effect->reads[effect->read_count++] = (struct reg_access){ reg, width };
}

static void add_write(struct effect *effect, enum reg reg, uint8_t width)
{
	if (reg < REG_COUNT && effect->write_count < ACCESSES_MAX)
		effect->writes[effect->write_count++] = (struct reg_access){ reg, width };
}

bool effect_writes(const struct effect *effect, enum reg reg)
{
	for (unsigned i = 0; i < effect->write_count; i++)
		if (effect->writes[i].reg == reg)
			return true;
	return false;
}

bool effect_is_register(const struct effect *effect, unsigned number, enum reg reg)
{
	const struct operand *operand = &effect->operands[number];

	return number < effect->count && operand->kind == OPERAND_REGISTER && operand->reg == reg &&
	       operand->width == 8;
}

/* True for "xor %eax, %eax" and the like, whose result does not depend on the register. */
static bool is_idiom(const struct effect *effect)
{
	const struct operand *first = &effect->operands[0], *second = &effect->operands[1];

	return effect->count == 2 && first->kind == OPERAND_REGISTER &&
	       second->kind == OPERAND_REGISTER && first->reg == second->reg &&
	       (!strcmp(effect->name, "xor") || !strcmp(effect->name, "sub") ||
		!strcmp(effect->name, "sbb"));
}

static void take_register(struct effect *effect, const struct operand *operand, char role)
{
	if ((role == 'r' || role == 'm' || role == 't') && !is_idiom(effect))
		effect_add_read(effect, operand->reg, operand->width);
	if (role == 'w' || role == 'm')
		add_write(effect, operand->reg, operand->width);
}

static void take_memory(struct effect *effect, const struct operand *operand, char role,
			uint8_t width)
{
	if (role == 'n')
		return;
	effect->memory = (int)(operand - effect->operands);
	effect->memory_width = width;
	effect->reads_memory = role == 'r' || role == 'm' || role == 't';
	effect->writes_memory = role == 'w' || role == 'm';
}

static bool take_operand(struct effect *effect, const struct form *form, unsigned number,
			 const char *text)
{
	struct operand *operand = &effect->operands[number];
	char role = form->roles[number];

	if (role == 't' && *text != '*') {
		*operand = (struct operand){ .kind = OPERAND_TARGET };
		return true;
	}
	if (!operand_parse(text, operand) || operand->is_indirect != (role == 't'))
		return false;
	if (operand->kind == OPERAND_REGISTER)
		take_register(effect, operand, role);
	else if (operand->kind == OPERAND_MEMORY)
		take_memory(effect, operand, role,
			    number == 0 && form->source ? form->source : effect->width);
	return operand->kind != OPERAND_NUMBER || role == 'r';
}

static void take_implicit(struct effect *effect, const struct form *form)
{
	if (form->flags == 'r' || form->flags == 'b')
		effect_add_read(effect, REG_FLAGS, 1);
	if (form->flags == 'w' || form->flags == 'b')
		add_write(effect, REG_FLAGS, 1);
	for (enum reg reg = 0; reg < REG_FLAGS; reg++) {
		if (form->reads & REG_BIT(reg))
			effect_add_read(effect, reg, 4);
		if (form->writes & REG_BIT(reg))
			add_write(effect, reg, 8);
	}
}

/* --- the interface */

/* Parses all operands first, because what is read depends on whether two are the same register. */
static bool take_operands(struct effect *effect, const struct form *form, const GPtrArray *texts)
{
	struct operand parsed;

	for (guint i = 0; i < texts->len; i++)
		if (operand_parse(g_ptr_array_index(texts, i), &parsed))
			effect->operands[i] = parsed;
	for (guint i = 0; i < texts->len; i++)
		if (!take_operand(effect, form, i, g_ptr_array_index(texts, i)))
			return false;
	return true;
}

bool effect_of(const struct instruction *instruction, struct effect *effect)
{
	const char *rest = instruction->text;
	g_autofree char *first = take_word(&rest);
	bool is_locked = !strcmp(first, "lock"), is_padded = !strcmp(first, "data16");
	g_autofree char *mnemonic = is_locked || is_padded ? take_word(&rest) : g_strdup(first);
	g_autoptr(GPtrArray) texts = split_operands(rest);
	const struct form *form = find_form(mnemonic, texts->len);

	*effect = (struct effect){ .memory = -1 };
	if (!form || (is_padded && strcmp(form->name, "nop") != 0))
		return false;
	effect->kind = form->kind;
	effect->name = form->name;
	effect->is_locked = is_locked;
	effect->width =
		*form->suffixes ? suffix_width(mnemonic[strlen(mnemonic) - 1]) : form->source;
	effect->count = texts->len;
	if (!take_operands(effect, form, texts))
		return false;
	take_implicit(effect, form);
	return !is_locked || effect->writes_memory;
}
