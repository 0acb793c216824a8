// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strings whose addresses are stored in memory that outlives the module.
 *
 * The module's strings vanish with it. If a function stores the address of one in a member of a
 * record or in a variable, a later reader would read freed memory. So the address of vmlinux's
 * string with the same bytes is stored instead; vmlinux has one because it has the same statement.
 * Members of records on the stack are treated too, because such a record can be copied as a whole.
 *
 * What a function of the module returns is followed if its result is stored, as that of 6.12's
 * scx_exit_reason() is, and a string that is passed if the called function stores that parameter, as
 * ops_dump_init() does.
 *
 * Limit: both are followed through one call, and only within a unit.
 */
#define _GNU_SOURCE /* memmem() */
#include "rewriter/source/unit.h"

#include <string.h>

#define SECTION ".rodata"

struct last_child {
	CXCursor cursor;
	unsigned n;
};

static enum CXChildVisitResult take_last(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct last_child *last = data;

	(void)parent;
	last->cursor = cursor;
	last->n++;
	return CXChildVisit_Continue;
}

/* The last child: for an expression whose first child is a type, the operand. */
static CXCursor last_child(CXCursor cursor, unsigned *n)
{
	struct last_child last = { .cursor = clang_getNullCursor() };

	clang_visitChildren(cursor, take_last, &last);
	*n = last.n;
	return last.cursor;
}

/* --- strings of vmlinux */

/*
 * Finds the bytes of a string, with its NUL, in vmlinux. The offset counts from _text. False if
 * vmlinux does not have them.
 */
static bool find_string(const struct image *vmlinux, const char *text, uint64_t *offset)
{
	const struct image_section *section = image_section_named(vmlinux, SECTION);
	const struct image_symbol *base = image_find(vmlinux, "_text");
	const uint8_t *bytes =
		section ? image_bytes(vmlinux, section->index, section->address, section->size)
			: NULL;
	size_t length = strlen(text) + 1;
	const uint8_t *best = NULL;

	if (!bytes || !base)
		return false;
	for (const uint8_t *at = bytes;
	     (at = memmem(at, (size_t)(bytes + section->size - at), text, length)); at++) {
		if (!best)
			best = at; /* the tail of a longer string will do */
		if (at > bytes && at[-1] == '\0') {
			best = at;
			break;
		}
	}
	if (best)
		*offset = section->address + (uint64_t)(best - bytes) - base->address;
	return best != NULL;
}

/*
 * The bytes of a literal that libclang spells with quotes and escapes ("it's\n"). NULL for a
 * literal of wide characters. Caller frees.
 */
static char *value_of(const char *spelled)
{
	size_t length = strlen(spelled);
	g_autofree char *inside =
		length >= 2 && *spelled == '"' ? g_strndup(spelled + 1, length - 2) : NULL;

	return inside ? g_strcompress(inside) : NULL;
}

/* --- the text */

/*
 * Replaces the range by vmlinux's string. `prefix` is what else the replaced macro wrote before the
 * string, such as ".name = "; "" if nothing.
 */
static void replace(struct rewriting *unit, CXCursor literal, struct source_file *file,
		    unsigned begin, unsigned end, const char *prefix)
{
	const char *spelled = rewrite_take(unit, clang_getCursorSpelling(literal));
	g_autofree char *value = value_of(spelled), *text = NULL;
	uint64_t offset;

	if (!value || !find_string(unit->rewrite->vmlinux, value, &offset)) {
		rewrite_fail(
			unit, file, begin,
			"the string %s is put into memory that outlives the module, and vmlinux has none of these bytes",
			spelled);
		return;
	}
	text = g_strdup_printf("%svmlinux_string(%s, 0x%" G_GINT64_MODIFIER "x)", prefix, spelled,
			       offset);
	rewrite_edit(unit, file, EDIT_LITERAL, begin, end, text, spelled);
}

static enum CXChildVisitResult take_member(CXCursor cursor, CXCursor parent, CXClientData data)
{
	(void)parent;
	if (clang_getCursorKind(cursor) != CXCursor_MemberRef)
		return CXChildVisit_Continue;
	*(CXCursor *)data = cursor;
	return CXChildVisit_Break;
}

/*
 * Rewrites a literal in the text, or one that is all that a macro expands to: a value, or a member
 * with its value.
 */
static void rewrite_literal(struct rewriting *unit, CXCursor literal, CXCursor element)
{
	struct source_place place = rewrite_locate(unit, clang_getCursorLocation(literal));
	const struct expansion *e = place.file ? rewrite_expansion(place.file, place.offset) : NULL;
	CXCursor member = clang_getNullCursor();
	g_autofree char *prefix = NULL;
	struct source_file *file;
	unsigned begin, end;

	if (!place.file)
		/* in an inline function of a header, which the kernel's own modules have too */
		return;
	if (!e && rewrite_range(unit, literal, &file, &begin, &end)) {
		replace(unit, literal, file, begin, end, "");
		return;
	}
	if (!e || place.offset != e->begin) {
		rewrite_fail(unit, place.file, place.offset,
			     "a macro puts a string into memory that outlives the module");
		return;
	}
	clang_visitChildren(element, take_member, &member);
	prefix = clang_Cursor_isNull(member)
			 ? g_strdup("")
			 : g_strdup_printf(".%s = ",
					   rewrite_take(unit, clang_getCursorSpelling(member)));
	replace(unit, literal, place.file, e->begin, e->end, prefix);
}

/* --- the values */

static void keep_value(struct rewriting *unit, CXCursor value, CXCursor element);

struct arms {
	struct rewriting *unit;
	CXCursor element;
	unsigned n;
};

static enum CXChildVisitResult keep_arm(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct arms *arms = data;

	(void)parent;
	if (arms->n++)
		keep_value(arms->unit, cursor, arms->element);
	return CXChildVisit_Continue;
}

static enum CXChildVisitResult keep_returned(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct rewriting *unit = data;
	CXCursor value;
	unsigned n;

	(void)parent;
	if (clang_getCursorKind(cursor) != CXCursor_ReturnStmt)
		return CXChildVisit_Recurse;
	value = last_child(cursor, &n);
	if (!clang_Cursor_isNull(value))
		keep_value(unit, value, value);
	return CXChildVisit_Continue;
}

/* The definition of the called function, if it is in the module's text; else a null cursor. */
static CXCursor called_in_module(struct rewriting *unit, CXCursor call,
				 const struct plan_entry **entry)
{
	CXCursor definition = clang_getCursorDefinition(clang_getCursorReferenced(call));
	struct source_place place;

	if (clang_getCursorKind(definition) != CXCursor_FunctionDecl)
		return clang_getNullCursor();
	place = rewrite_locate(unit, clang_getCursorLocation(definition));
	*entry = place.file ? plan_function(unit->rewrite->plan, place.file->name,
					    rewrite_take(unit, clang_getCursorSpelling(definition)))
			    : NULL;
	return *entry && (*entry)->fate == PLAN_KEEP ? definition : clang_getNullCursor();
}

/* Follows the result of a call into the called function, once for each function. */
static void keep_result(struct rewriting *unit, CXCursor call)
{
	const struct plan_entry *entry;
	CXCursor definition = called_in_module(unit, call, &entry);

	if (!clang_Cursor_isNull(definition) && g_hash_table_add(unit->results, (gpointer)entry))
		clang_visitChildren(definition, keep_returned, unit);
}

/* Follows a value through casts, parentheses, conditional expressions and results of calls. */
static void keep_value(struct rewriting *unit, CXCursor value, CXCursor element)
{
	struct arms arms = { unit, element, 0 };
	CXCursor inner;
	unsigned n;

	switch (clang_getCursorKind(value)) {
	case CXCursor_StringLiteral:
		rewrite_literal(unit, value, element);
		break;
	case CXCursor_UnexposedExpr:
	case CXCursor_ParenExpr:
	case CXCursor_CStyleCastExpr:
		inner = last_child(value, &n);
		if (!clang_Cursor_isNull(inner))
			keep_value(unit, inner, element);
		break;
	case CXCursor_ConditionalOperator:
		clang_visitChildren(value, keep_arm, &arms);
		break;
	case CXCursor_CallExpr:
		keep_result(unit, value);
		break;
	default:
		break;
	}
}

/*
 * False for an array of characters, which takes the bytes instead of the address: libclang shows no
 * pointer around such a literal.
 */
static bool is_address(CXCursor value)
{
	CXType type = clang_getCanonicalType(clang_getCursorType(value));

	return type.kind == CXType_Pointer || type.kind == CXType_Void ||
	       type.kind == CXType_Invalid;
}

static enum CXChildVisitResult keep_element(CXCursor element, CXCursor parent, CXClientData data)
{
	(void)parent;
	if (is_address(element))
		keep_value(data, element, element);
	return CXChildVisit_Continue;
}

void rewrite_literals_in_list(struct rewriting *unit, CXCursor list)
{
	if (clang_getCanonicalType(clang_getCursorType(list)).kind == CXType_Record)
		clang_visitChildren(list, keep_element, unit);
}

struct operands {
	CXCursor items[2];
	unsigned n;
};

static enum CXChildVisitResult take_operand(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct operands *operands = data;

	(void)parent;
	if (operands->n < G_N_ELEMENTS(operands->items))
		operands->items[operands->n] = cursor;
	operands->n++;
	return CXChildVisit_Continue;
}

/* True for a local variable of the function, which is gone when the function returns. */
static bool is_local(CXCursor target)
{
	CXCursor variable = clang_getCursorKind(target) == CXCursor_DeclRefExpr
				    ? clang_getCursorReferenced(target)
				    : clang_getNullCursor();

	return !clang_Cursor_isNull(variable) &&
	       clang_getCursorLinkage(variable) == CXLinkage_NoLinkage &&
	       clang_Cursor_getStorageClass(variable) != CX_SC_Static;
}

void rewrite_literals_in_assignment(struct rewriting *unit, CXCursor assignment)
{
	struct operands operands = { .n = 0 };

	if (clang_getCursorBinaryOperatorKind(assignment) != CXBinaryOperator_Assign)
		return;
	clang_visitChildren(assignment, take_operand, &operands);
	if (operands.n == 2 && !is_local(operands.items[0]) && is_address(operands.items[1]))
		keep_value(unit, operands.items[1], operands.items[1]);
}

/* --- strings that are passed */

/* The value within casts and parentheses. */
static CXCursor unwrap(CXCursor value)
{
	CXCursor inner = value;
	unsigned n;

	while (!clang_Cursor_isNull(inner)) {
		enum CXCursorKind kind = clang_getCursorKind(inner);

		value = inner;
		if (kind != CXCursor_UnexposedExpr && kind != CXCursor_ParenExpr &&
		    kind != CXCursor_CStyleCastExpr)
			break;
		inner = last_child(inner, &n);
	}
	return value;
}

struct store_search {
	CXCursor parameter;
	bool is_found;
};

static bool is_parameter(const struct store_search *search, CXCursor value)
{
	CXCursor inner = unwrap(value);

	return clang_getCursorKind(inner) == CXCursor_DeclRefExpr &&
	       clang_equalCursors(clang_getCursorReferenced(inner), search->parameter);
}

static enum CXChildVisitResult find_store(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct store_search *search = data;
	struct operands operands = { .n = 0 };

	if (clang_getCursorKind(parent) == CXCursor_InitListExpr)
		search->is_found |= is_parameter(search, cursor);
	if (clang_getCursorKind(cursor) == CXCursor_BinaryOperator &&
	    clang_getCursorBinaryOperatorKind(cursor) == CXBinaryOperator_Assign) {
		clang_visitChildren(cursor, take_operand, &operands);
		search->is_found |= operands.n == 2 && !is_local(operands.items[0]) &&
				    is_parameter(search, operands.items[1]);
	}
	return search->is_found ? CXChildVisit_Break : CXChildVisit_Recurse;
}

void rewrite_literals_in_call(struct rewriting *unit, CXCursor call)
{
	int n = clang_Cursor_getNumArguments(call);
	const struct plan_entry *entry;
	CXCursor definition = clang_getNullCursor();

	for (int i = 0; i < n; i++) {
		CXCursor argument = clang_Cursor_getArgument(call, (unsigned)i);
		struct store_search search = { .is_found = false };

		if (clang_getCursorKind(unwrap(argument)) != CXCursor_StringLiteral)
			continue;
		if (clang_Cursor_isNull(definition))
			definition = called_in_module(unit, call, &entry);
		if (clang_Cursor_isNull(definition))
			return;
		search.parameter = clang_Cursor_getArgument(definition, (unsigned)i);
		if (clang_Cursor_isNull(search.parameter)) /* a variable one */
			return;
		clang_visitChildren(definition, find_store, &search);
		if (search.is_found)
			keep_value(unit, argument, argument);
	}
}
