// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where objects of the scheduler's records are, and where pointers to them come from.
 *
 * Some objects have a name or are part of another: variables, locals, parameters, values, members.
 * All others are reached only by pointers, and a pointer to such an object must once have been made
 * from something else: the result of an allocator, a `void *`, a number, the address of a member.
 * So every conversion into a pointer to a record is noted, together with what it was made from. The
 * depth of pointers counts: a conversion of `void *` to `struct rq **` may bring pointers whose
 * origin is unknown.
 *
 * Limits: bytes that are copied over a pointer, by a `void *` to something around it, are not seen.
 */
#include "analyzer/source/visit.h"

#include <string.h>

/* A type as a number of pointers and arrays (`depth`) around something else (`bottom`). */
struct shape {
	unsigned depth;
	CXType bottom;
};

static struct shape shape_of(CXType type)
{
	struct shape shape = { 0, clang_getCanonicalType(type) };

	for (;; shape.depth++) {
		CXType inner = shape.bottom.kind == CXType_Pointer
				       ? clang_getPointeeType(shape.bottom)
				       : clang_getArrayElementType(shape.bottom);

		if (inner.kind == CXType_Invalid)
			return shape;
		shape.bottom = clang_getCanonicalType(inner);
	}
}

/* True if the cursor is in one of the scheduler's files. */
static bool is_in_scheduler(struct unit *unit, CXCursor cursor)
{
	uint32_t file, line;

	unit_location(unit, clang_getCursorLocation(cursor), &file, &line);
	return unit_is_scheduler_file(unit, file);
}

/*
 * The record at a shape's bottom if it is the scheduler's, else a null cursor. A record that the
 * unit knows only by name counts if the scheduler's code handles it at `where`.
 */
static CXCursor scheduler_record(struct unit *unit, struct shape shape, CXCursor where)
{
	CXCursor record, definition;

	if (shape.bottom.kind != CXType_Record)
		return clang_getNullCursor();
	record = clang_getTypeDeclaration(shape.bottom);
	definition = clang_getCursorDefinition(record);
	if (!clang_Cursor_isNull(definition))
		return is_in_scheduler(unit, definition) ? definition : clang_getNullCursor();
	return is_in_scheduler(unit, where) ? record : clang_getNullCursor();
}

static uint32_t line_of(struct unit *unit, CXCursor cursor)
{
	uint32_t file, line;

	unit_location(unit, clang_getCursorLocation(cursor), &file, &line);
	return line;
}

static void add_instance(struct unit *unit, CXCursor record, enum facts_instance_kind kind,
			 uint32_t by, const char *source, CXCursor where)
{
	struct facts_instance row = {
		.record = unit_record(unit, record),
		.kind = kind,
		.by = by,
		.source = unit_string(unit, source),
		.line = line_of(unit, where),
	};
	g_autofree char *key =
		g_strdup_printf("%u %u %u %u", row.record, row.kind, row.by, row.source);

	if (g_hash_table_add(unit->instance_index, g_steal_pointer(&key)))
		g_array_append_val(unit->tables.instances, row);
}

/* --- variables, values, parameters */

/* True if the type holds a record by value. An array of pointers to records does not. */
static bool is_held(CXType type)
{
	for (type = clang_getCanonicalType(type);
	     clang_getArrayElementType(type).kind != CXType_Invalid;)
		type = clang_getCanonicalType(clang_getArrayElementType(type));
	return type.kind == CXType_Record;
}

void instance_variable(struct unit *unit, CXCursor variable, uint32_t symbol)
{
	CXType type = clang_getCursorType(variable);
	CXCursor record = scheduler_record(unit, shape_of(type), variable);

	if (!clang_Cursor_isNull(record))
		add_instance(unit, record,
			     is_held(type) ? FACTS_INSTANCE_VARIABLE : FACTS_INSTANCE_KEPT_VARIABLE,
			     symbol, "", variable);
}

void instance_value(struct unit *unit, CXCursor value, uint32_t from)
{
	CXType type = clang_getCursorType(value);
	CXCursor record = scheduler_record(unit, shape_of(type), value);
	bool is_function =
		from != FACTS_NONE && unit_symbol_row(unit, from)->flags & FACTS_FUNCTION;

	if (from != FACTS_NONE && is_held(type) && !clang_Cursor_isNull(record))
		add_instance(unit, record,
			     is_function ? FACTS_INSTANCE_STACK : FACTS_INSTANCE_VARIABLE, from, "",
			     value);
}

/*
 * Notes a parameter or result of a function. A pointer that comes from a function of other code may
 * lead anywhere.
 */
static void note_passed(struct unit *unit, CXCursor function, uint32_t symbol, CXType type,
			unsigned depth_given)
{
	struct shape shape = shape_of(type);
	CXCursor record = scheduler_record(unit, shape, function);

	if (clang_Cursor_isNull(record))
		return;
	if (is_held(type))
		add_instance(unit, record, FACTS_INSTANCE_STACK, symbol, "", function);
	else if (shape.depth >= depth_given &&
		 !(unit_symbol_row(unit, symbol)->flags & FACTS_SCHEDULER))
		add_instance(unit, record, FACTS_INSTANCE_POINTER, symbol, "", function);
}

void instance_function(struct unit *unit, CXCursor function, uint32_t symbol)
{
	CXType type = clang_getCanonicalType(clang_getCursorType(function));
	int n = clang_getNumArgTypes(type);

	note_passed(unit, function, symbol, clang_getResultType(type), 1);
	for (int i = 0; i < n; i++)
		note_passed(unit, function, symbol, clang_getArgType(type, (unsigned)i), 2);
}

/* --- pointers made of something else */

static bool is_null_constant(CXCursor value)
{
	CXCursor inner = slot_unwrap(value);
	CXEvalResult constant;
	bool is_null;

	if (clang_getCursorKind(inner) != CXCursor_IntegerLiteral)
		return false;
	constant = clang_Cursor_Evaluate(inner);
	is_null = constant && clang_EvalResult_getKind(constant) == CXEval_Int &&
		  clang_EvalResult_getAsLongLong(constant) == 0;
	clang_EvalResult_dispose(constant);
	return is_null;
}

/* Finds the first call in an expression that returns `void *`: the allocator, if there is one. */
static enum CXChildVisitResult find_call(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct shape shape = shape_of(clang_getCursorType(cursor));
	CXCursor callee = clang_getCursorReferenced(cursor);

	(void)parent;
	if (clang_getCursorKind(cursor) != CXCursor_CallExpr ||
	    clang_getCursorKind(callee) != CXCursor_FunctionDecl || shape.depth != 1 ||
	    shape.bottom.kind != CXType_Void)
		return CXChildVisit_Recurse;
	*(CXCursor *)data = callee;
	return CXChildVisit_Break;
}

/* What a pointer was made from, in words: "kzalloc()", "void *". Caller frees. */
static char *source_of(CXCursor value)
{
	CXCursor call = clang_getNullCursor();
	CXString text;
	char *source;

	if (find_call(value, clang_getNullCursor(), &call) == CXChildVisit_Recurse)
		clang_visitChildren(value, find_call, &call);
	if (clang_Cursor_isNull(call)) {
		text = clang_getTypeSpelling(clang_getCanonicalType(clang_getCursorType(value)));
		source = g_strdup(clang_getCString(text));
	} else {
		text = clang_getCursorSpelling(call);
		source = g_strconcat(clang_getCString(text), "()", NULL);
	}
	clang_disposeString(text);
	return source;
}

static void note_pointer(struct unit *unit, CXCursor record, CXCursor value, uint32_t from)
{
	g_autofree char *source = source_of(value);

	add_instance(unit, record, FACTS_INSTANCE_POINTER, from, source, value);
}

/* Notes a function converted to another type: it may receive any pointer as one to the record. */
static void note_converted_function(struct unit *unit, CXType function, CXCursor value,
				    uint32_t from)
{
	int n = clang_getNumArgTypes(function);

	for (int i = 0; i < n; i++) {
		struct shape shape = shape_of(clang_getArgType(function, (unsigned)i));
		CXCursor record = scheduler_record(unit, shape, value);

		if (shape.depth && !clang_Cursor_isNull(record))
			note_pointer(unit, record, value, from);
	}
}

static bool is_same(struct shape left, struct shape right)
{
	return left.depth == right.depth &&
	       clang_equalTypes(clang_getUnqualifiedType(left.bottom),
				clang_getUnqualifiedType(right.bottom));
}

static enum CXVisitorResult take_first(CXCursor field, CXClientData data)
{
	*(CXType *)data = clang_getCanonicalType(clang_getCursorType(field));
	return CXVisit_Break;
}

/* True if a record begins with the other one: both name the same members then. */
static bool begins_with(CXType record, CXType other)
{
	while (record.kind == CXType_Record) {
		CXType first = { .kind = CXType_Invalid };

		clang_Type_visitFields(record, take_first, &first);
		if (clang_equalTypes(clang_getUnqualifiedType(first),
				     clang_getUnqualifiedType(other)))
			return true;
		record = first;
	}
	return false;
}

static void mark_cast(struct unit *unit, CXType type)
{
	CXCursor record = clang_getCursorDefinition(clang_getTypeDeclaration(type));

	if (clang_Cursor_isNull(record))
		return;
	unit_record_row(unit, unit_record(unit, record))->flags |= FACTS_RECORD_CAST;
	unit_add_record(unit, record);
}

/*
 * Notes that a pointer to one record becomes a pointer to another. What was put into members of one
 * may then be read through members of the other.
 */
static void note_cast(struct unit *unit, struct shape to, struct shape of)
{
	if (!unit->sees_scheduler || to.depth != 1 || of.depth != 1 ||
	    to.bottom.kind != CXType_Record || of.bottom.kind != CXType_Record ||
	    begins_with(to.bottom, of.bottom) || begins_with(of.bottom, to.bottom))
		return;
	mark_cast(unit, to.bottom);
	mark_cast(unit, of.bottom);
}

void instance_conversion(struct unit *unit, CXType type, CXCursor value, uint32_t from)
{
	struct shape to = shape_of(type), of = shape_of(clang_getCursorType(value));
	CXCursor made, lost;

	if (from == FACTS_NONE || type.kind == CXType_Invalid || of.bottom.kind == CXType_Invalid ||
	    is_same(to, of) || is_null_constant(value))
		return;
	if (of.bottom.kind == CXType_FunctionProto && !clang_equalTypes(to.bottom, of.bottom))
		note_converted_function(unit, of.bottom, value, from);
	made = scheduler_record(unit, to, value);
	/* the place of a pointer that is passed on as something else may receive anything */
	lost = scheduler_record(unit, of, value);
	if (to.depth && !clang_Cursor_isNull(made) && of.bottom.kind != CXType_FunctionProto)
		note_pointer(unit, made, value, from);
	if (to.depth && of.depth > 1 && !clang_Cursor_isNull(lost))
		note_pointer(unit, lost, value, from);
	note_cast(unit, to, of);
}

void instance_assembled(struct unit *unit, CXCursor operand, uint32_t from)
{
	struct shape shape = shape_of(clang_getCursorType(operand));
	CXCursor record = scheduler_record(unit, shape, operand);

	if (from != FACTS_NONE && shape.depth && !clang_Cursor_isNull(record))
		add_instance(unit, record, FACTS_INSTANCE_POINTER, from, "inline assembly",
			     operand);
}

/* --- members */

static void note_field(struct unit *unit, CXCursor field)
{
	CXType type = clang_getCursorType(field);
	CXCursor record = scheduler_record(unit, shape_of(type), field);
	bool is_union =
		clang_getCursorKind(clang_getCursorSemanticParent(field)) == CXCursor_UnionDecl;

	if (clang_Cursor_isNull(record) || !unit_has_name(field))
		return;
	add_instance(unit, record,
		     is_held(type) ? FACTS_INSTANCE_MEMBER
		     : is_union    ? FACTS_INSTANCE_UNION
				   : FACTS_INSTANCE_KEPT_MEMBER,
		     unit_member(unit, field), "", field);
}

static enum CXChildVisitResult visit_record_child(CXCursor cursor, CXCursor parent,
						  CXClientData data)
{
	(void)parent;
	if (clang_getCursorKind(cursor) == CXCursor_FieldDecl) {
		note_field(data, cursor);
		return CXChildVisit_Continue;
	}
	return clang_getCursorKind(cursor) == CXCursor_StructDecl ||
			       clang_getCursorKind(cursor) == CXCursor_UnionDecl
		       ? CXChildVisit_Recurse
		       : CXChildVisit_Continue;
}

void instance_members(struct unit *unit, CXCursor record)
{
	if (unit->sees_scheduler && clang_isCursorDefinition(record))
		clang_visitChildren(record, visit_record_child, unit);
}
