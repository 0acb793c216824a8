// SPDX-License-Identifier: GPL-2.0-only
/*
 * A record that is handled as a whole: copied, passed, set to a literal, or filled and compared as
 * bytes. That is a use of each of its members. Otherwise code that only ever copies a record would
 * not seem to depend on its members. A named member that is a record counts as one member; if the
 * record is the scheduler's, its members count too. The members of an unnamed one count themselves.
 *
 * Functions such as memset() get an address and a number of bytes. What lies in these bytes is used:
 * memset(&x->first, 0, offsetof(struct x, last) - offsetof(struct x, first)) uses more than its
 * first argument names. A number that is not constant may reach to the end of the record.
 */
#include "analyzer/source/visit.h"

#include <string.h>

/* How deep records within records are looked into. */
#define MAX_DEPTH 8

struct whole {
	struct unit *unit;
	CXCursor cursor;
	struct place place;
	enum facts_use_kind kind;
	long long begin, end; /* bits of the record that are used */
	CXType record;        /* the record that the offsets are from */
	unsigned depth;
};

static bool is_scheduler_record(struct unit *unit, CXType type)
{
	uint32_t file, line;

	unit_location(unit, clang_getCursorLocation(clang_getTypeDeclaration(type)), &file, &line);
	return unit_is_scheduler_file(unit, file);
}

static CXType without_arrays(CXType type)
{
	for (type = clang_getCanonicalType(type);
	     clang_getArrayElementType(type).kind != CXType_Invalid;)
		type = clang_getCanonicalType(clang_getArrayElementType(type));
	return type;
}

static enum CXVisitorResult use_field(CXCursor field, CXClientData data);

/* Uses the members of a record that lies at `offset` within another. */
static void use_within(const struct whole *whole, CXType type, long long offset)
{
	struct whole inner = *whole;

	inner.record = type;
	inner.begin -= offset;
	inner.end -= offset;
	if (inner.depth++ < MAX_DEPTH)
		clang_Type_visitFields(type, use_field, &inner);
}

static bool is_within(const struct whole *whole, long long offset, CXCursor field)
{
	long long size = clang_Type_getSizeOf(clang_getCursorType(field));
	long long width = clang_Cursor_isBitField(field) ? clang_getFieldDeclBitWidth(field)
							 : MAX(size, 0) * 8;

	return offset < whole->end && offset + MAX(width, 1) > whole->begin;
}

static enum CXVisitorResult use_field(CXCursor field, CXClientData data)
{
	struct whole *whole = data;
	CXType type = without_arrays(clang_getCursorType(field));
	bool is_array = !clang_equalTypes(type, clang_getCanonicalType(clang_getCursorType(field)));
	long long offset;

	if (!unit_has_name(field)) {
		if (type.kind == CXType_Record) /* offsets within it are looked up by name */
			clang_Type_visitFields(type, use_field, whole);
		return CXVisit_Continue;
	}
	offset = unit_offset_of(whole->record, field);
	if (!is_within(whole, offset, field))
		return CXVisit_Continue;
	visit_add_use(whole->unit, whole->cursor, place_plain(whole->place), whole->kind,
		      FACTS_TARGET_MEMBER, unit_member(whole->unit, field), 0);
	if (type.kind != CXType_Record || !is_scheduler_record(whole->unit, type))
		return CXVisit_Continue;
	if (is_array)
		use_within(&(struct whole){ whole->unit, whole->cursor, whole->place, whole->kind,
					    0, G_MAXINT64, type, whole->depth },
			   type, 0);
	else
		use_within(whole, type, offset);
	return CXVisit_Continue;
}

void visit_whole(struct unit *unit, CXCursor cursor, CXType type, enum facts_use_kind kind,
		 struct place place)
{
	struct whole whole = {
		unit, cursor, place, kind, 0, G_MAXINT64, clang_getCanonicalType(type), 0
	};

	if (whole.record.kind == CXType_Record)
		clang_Type_visitFields(whole.record, use_field, &whole);
}

void visit_copy(struct unit *unit, CXCursor cursor, CXCursor value, struct place place)
{
	CXType type = clang_getCanonicalType(clang_getCursorType(value));
	bool is_literal = clang_getCursorKind(slot_unwrap(value)) == CXCursor_CompoundLiteralExpr;

	if (type.kind != CXType_Record)
		return;
	if (!is_literal)
		unit_note_copied(unit, type);
	visit_whole(unit, cursor, type, is_literal ? FACTS_WRITE : FACTS_READ_WRITE, place);
}

/* --- bytes */

/* Functions that take one or two addresses and a number of bytes. */
static const struct byte_function {
	const char *name;
	unsigned n_addresses;         /* arguments that are addresses */
	enum facts_use_kind kinds[2]; /* what is done behind them */
	unsigned size;                /* position of the number among the arguments, from 1 */
} byte_functions[] = {
	{ "memset", 1, { FACTS_WRITE }, 3 },
	{ "memcpy", 2, { FACTS_WRITE, FACTS_READ }, 3 },
	{ "memmove", 2, { FACTS_WRITE, FACTS_READ }, 3 },
	{ "memcmp", 2, { FACTS_READ, FACTS_READ }, 3 },
	{ "bcmp", 2, { FACTS_READ, FACTS_READ }, 3 },
	{ "kmemdup", 1, { FACTS_READ }, 2 },
	{ "kmemdup_noprof", 1, { FACTS_READ }, 2 },
};

static bool evaluate(CXCursor expression, long long *value)
{
	CXEvalResult result = clang_Cursor_Evaluate(expression);
	bool is_number = result && clang_EvalResult_getKind(result) == CXEval_Int;

	if (is_number)
		*value = clang_EvalResult_getAsLongLong(result);
	clang_EvalResult_dispose(result);
	return is_number;
}

/* The value of a constant, or of a local that begins as one, as the macros of FORTIFY_SOURCE use. */
static bool constant_of(CXCursor expression, long long *value)
{
	CXCursor inner = slot_unwrap(expression), initialiser;

	if (evaluate(expression, value))
		return true;
	if (clang_getCursorKind(inner) != CXCursor_DeclRefExpr ||
	    clang_getCursorKind(clang_getCursorReferenced(inner)) != CXCursor_VarDecl)
		return false;
	initialiser = clang_Cursor_getVarDeclInitializer(clang_getCursorReferenced(inner));
	return !clang_Cursor_isNull(initialiser) && evaluate(initialiser, value);
}

/* The member that an argument is the address of, or that is an array and stands for its address. */
static CXCursor member_addressed(CXCursor argument)
{
	CXCursor value = slot_unwrap(argument);
	struct children c;

	if (clang_getCursorKind(value) == CXCursor_UnaryOperator &&
	    clang_getCursorUnaryOperatorKind(value) == CXUnaryOperator_AddrOf) {
		children_get(&c, value);
		value = c.n ? slot_unwrap(c.items[0]) : value;
		children_clear(&c);
	} else if (clang_getArrayElementType(clang_getCanonicalType(clang_getCursorType(value)))
			   .kind == CXType_Invalid) {
		return clang_getNullCursor();
	}
	if (clang_getCursorKind(value) != CXCursor_MemberRefExpr)
		return clang_getNullCursor();
	value = clang_getCursorReferenced(value);
	return clang_getCursorKind(value) == CXCursor_FieldDecl && unit_has_name(value)
		       ? value
		       : clang_getNullCursor();
}

/* Uses what lies in the bytes from a member on, which reach further than the member. */
static void use_from_member(struct whole *whole, CXCursor field, long long bytes)
{
	whole->record = clang_getCursorType(unit_record_around(field));
	whole->begin = unit_offset_of(whole->record, field);
	whole->end = bytes > G_MAXINT / 8 ? G_MAXINT64 : whole->begin + bytes * 8;
	clang_Type_visitFields(whole->record, use_field, whole);
}

static void use_bytes(struct unit *unit, CXCursor argument, enum facts_use_kind kind,
		      long long bytes, struct place place)
{
	CXCursor field = member_addressed(argument);
	CXType type = clang_getCanonicalType(clang_getPointeeType(
		clang_getCanonicalType(clang_getCursorType(slot_unwrap(argument)))));
	struct whole whole = { .unit = unit, .cursor = argument, .place = place, .kind = kind };

	if (!clang_Cursor_isNull(field) &&
	    bytes > clang_Type_getSizeOf(clang_getCursorType(field))) {
		use_from_member(&whole, field, bytes);
		return;
	}
	whole.record = type;
	whole.end = bytes > G_MAXINT / 8 ? G_MAXINT64 : bytes * 8;
	if (type.kind == CXType_Record)
		clang_Type_visitFields(type, use_field, &whole);
}

void visit_byte_function(struct unit *unit, const char *name, const struct children *c,
			 struct place place)
{
	static const char *const prefixes[] = { "__builtin_", "__" };
	long long bytes = G_MAXINT64;

	for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
		if (g_str_has_prefix(name, prefixes[i])) {
			name += strlen(prefixes[i]);
			break;
		}
	for (size_t i = 0; i < G_N_ELEMENTS(byte_functions); i++) {
		const struct byte_function *f = &byte_functions[i];

		if (strcmp(f->name, name) != 0 || c->n <= f->size)
			continue;
		if (!constant_of(c->items[f->size], &bytes) || bytes < 0)
			bytes = G_MAXINT64;
		for (unsigned a = 0; a < f->n_addresses; a++)
			use_bytes(unit, c->items[a + 1], f->kinds[a], bytes, place);
	}
}
