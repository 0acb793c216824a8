// SPDX-License-Identifier: GPL-2.0-only
/*
 * A decoded function: its instructions, what each one does, and where each one leads.
 *
 * A call returns unless its target is in the table of functions that never return. A jump to the
 * entry of another function, or to the return thunk, leaves this function as a return does. Code
 * behind "ud2" is followed, because execution continues there after a warning.
 *
 * Limit: a symbol of the same name with ".cold" appended is taken for the function's cold part.
 */
#include "rewriter/springboard/internal.h"

#include <string.h>

/* followed by the name of the register that holds the target */
#define THUNK "__x86_indirect_thunk_"

static const char return_thunk[] = "__x86_return_thunk";

static const char *const never_return[] = { "__stack_chk_fail", "panic", "rust_begin_unwind" };

/* --- access */

struct insn *function_insn(const struct function *function, guint index)
{
	return &g_array_index(function->insns, struct insn, index);
}

guint function_count(const struct function *function)
{
	return function->insns->len;
}

guint function_at(const struct function *function, uint64_t address)
{
	guint found = GPOINTER_TO_UINT(g_hash_table_lookup(function->by_address, &address));

	return found ? found - 1 : INSN_NONE;
}

guint function_next(const struct function *function, guint index)
{
	const struct insn *insn = function_insn(function, index);
	guint next = index + 1;

	if (next >= function_count(function) ||
	    function_insn(function, next)->symbol != insn->symbol)
		return INSN_NONE;
	return next;
}

/* --- targets */

static const struct instruction_field *branch_field(const struct instruction *instruction)
{
	for (unsigned i = 0; i < instruction->field_count; i++)
		if (instruction->fields[i].is_branch)
			return &instruction->fields[i];
	return NULL;
}

/* The next symbol at an address: pass NULL first, then the previous result. */
static const struct image_symbol *symbol_at(const struct image *code, uint64_t address,
					    const struct image_symbol *previous)
{
	const struct image_section *section = image_section_at(code, address);

	return section ? image_symbol_at(code, section->index, address, previous) : NULL;
}

static bool is_named(const struct image *code, uint64_t address, const char *name)
{
	const struct image_symbol *symbol = NULL;

	while ((symbol = symbol_at(code, address, symbol)))
		if (!strcmp(symbol->name, name))
			return true;
	return false;
}

bool function_goes_to(const struct function *function, const struct insn *insn, const char *name)
{
	const struct instruction_field *field = branch_field(insn->raw);

	return field && is_named(function->code, field->value, name);
}

static bool is_entry(const struct image *code, uint64_t address)
{
	const struct image_symbol *symbol = NULL;

	while ((symbol = symbol_at(code, address, symbol)))
		if (symbol->is_function || symbol->is_global)
			return true;
	return false;
}

/*
 * The register from which an indirect branch through a thunk takes its target;
 * REG_NONE if this is no thunk.
 */
static enum reg thunk_register(const struct image *code, uint64_t address)
{
	const struct image_symbol *symbol = NULL;

	while ((symbol = symbol_at(code, address, symbol))) {
		enum reg reg = g_str_has_prefix(symbol->name, THUNK)
				       ? reg_named(symbol->name + strlen(THUNK))
				       : REG_NONE;

		if (reg != REG_NONE)
			return reg;
	}
	return REG_NONE;
}

/* --- where an instruction leads */

static enum flow flow_of_call(const struct function *function, struct insn *insn)
{
	const struct instruction_field *field = branch_field(insn->raw);

	if (!field)
		return insn->effect.operands[0].kind == OPERAND_TARGET ? FLOW_STRAY : FLOW_NEXT;
	effect_add_read(&insn->effect, thunk_register(function->code, field->value), 8);
	for (size_t i = 0; i < G_N_ELEMENTS(never_return); i++)
		if (is_named(function->code, field->value, never_return[i]))
			return FLOW_END;
	return FLOW_NEXT;
}

static enum flow flow_of_jump(const struct function *function, struct insn *insn)
{
	const struct instruction_field *field = branch_field(insn->raw);
	bool is_branch = insn->effect.kind == EFFECT_BRANCH;

	if (!field)
		return insn->effect.operands[0].kind == OPERAND_TARGET ? FLOW_STRAY : FLOW_INDIRECT;
	insn->target = function_at(function, field->value);
	if (insn->target != INSN_NONE)
		return is_branch ? FLOW_BRANCH : FLOW_JUMP;
	if (thunk_register(function->code, field->value) != REG_NONE)
		return FLOW_INDIRECT;
	if (!is_entry(function->code, field->value) &&
	    !is_named(function->code, field->value, return_thunk))
		return FLOW_STRAY;
	return is_branch ? FLOW_BRANCH_LEAVE : FLOW_LEAVE;
}

static enum flow flow_of(const struct function *function, struct insn *insn)
{
	switch (insn->effect.kind) {
	case EFFECT_CALL:
		return flow_of_call(function, insn);
	case EFFECT_JUMP:
	case EFFECT_BRANCH:
		return flow_of_jump(function, insn);
	case EFFECT_RETURN:
		return FLOW_LEAVE;
	case EFFECT_TRAP:
		return FLOW_TRAP;
	default:
		return FLOW_NEXT;
	}
}

static void find_flows(struct function *function)
{
	for (guint i = 0; i < function_count(function); i++) {
		struct insn *insn = function_insn(function, i);

		insn->is_known = effect_of(insn->raw, &insn->effect);
		if (insn->is_known)
			insn->flow = flow_of(function, insn);
		if (insn->target != INSN_NONE)
			function_insn(function, insn->target)->is_target = true;
	}
}

/* --- decoding */

static bool is_plain_name(const char *name)
{
	return strspn(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_.$") == strlen(name);
}

/* A decode_namer that writes names for the targets of branches. */
static char *name_target(const struct instruction *instruction,
			 const struct instruction_field *field, void *data)
{
	const struct image *code = data;
	const struct image_section *section = image_section_at(code, field->value);
	const struct image_symbol *symbol;

	(void)instruction;
	if (!field->is_branch || !section)
		return NULL;
	symbol = image_symbol_covering(code, section->index, field->value);
	if (!symbol || !is_plain_name(symbol->name))
		return NULL;
	if (symbol->address == field->value)
		return g_strdup(symbol->name);
	return g_strdup_printf("%s+0x%" G_GINT64_MODIFIER "x", symbol->name,
			       field->value - symbol->address);
}

static GArray *decode_part(struct function *function, const struct image_symbol *symbol,
			   GError **error)
{
	GArray *decoded = decode_symbol(function->code, symbol, name_target, function->code, error);

	for (guint i = 0; decoded && i < decoded->len; i++) {
		struct insn insn = { .raw = &g_array_index(decoded, struct instruction, i),
				     .symbol = symbol,
				     .target = INSN_NONE,
				     .label = INSN_NONE };

		g_array_append_val(function->insns, insn);
		g_hash_table_insert(function->by_address,
				    g_memdup2(&insn.raw->address, sizeof(insn.raw->address)),
				    GUINT_TO_POINTER(function->insns->len));
	}
	return decoded;
}

static bool decode_parts(struct function *function, GError **error)
{
	g_autofree char *cold = g_strconcat(function->symbol->name, ".cold", NULL);

	function->decoded = decode_part(function, function->symbol, error);
	if (!function->decoded)
		return false;
	function->cold = image_find(function->code, cold);
	if (!function->cold)
		return true;
	function->decoded_cold = decode_part(function, function->cold, error);
	return function->decoded_cold;
}

bool function_open(struct function *function, struct image *code, const struct image_symbol *symbol,
		   GError **error)
{
	*function = (struct function){ .code = code, .symbol = symbol };
	function->insns = g_array_new(FALSE, TRUE, sizeof(struct insn));
	function->by_address = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	if (!decode_parts(function, error)) {
		function_close(function);
		return false;
	}
	find_flows(function);
	if (patches_read_labels(function, error))
		return true;
	function_close(function);
	return false;
}

void function_close(struct function *function)
{
	g_clear_pointer(&function->decoded, g_array_unref);
	g_clear_pointer(&function->decoded_cold, g_array_unref);
	g_clear_pointer(&function->insns, g_array_unref);
	g_clear_pointer(&function->by_address, g_hash_table_unref);
}

/* --- refusals */

bool function_refuse(const struct function *function, const struct insn *insn, GError **error,
		     const char *format, ...)
{
	g_autofree char *why = NULL;
	va_list arguments;

	va_start(arguments, format);
	why = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error(error, SPRINGBOARD_ERROR, SPRINGBOARD_ERROR_REFUSED,
		    "%s: %s+0x%" G_GINT64_MODIFIER
		    "x: `%s`: %s; leave %s to vmlinux, or build vmlinux with other options",
		    image_path(function->code), insn->symbol->name,
		    insn->raw->address - insn->symbol->address, insn->raw->text, why,
		    function->symbol->name);
	return false;
}
