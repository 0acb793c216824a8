// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes rows for records and their members.
 *
 * Members of an anonymous member belong to the record around it. A record without a tag is named
 * after what it is the type of: its typedef, the variable (nohz), or the member of the record
 * around it.
 *
 * Limits: an unnamed record whose variable is in a precompiled header stays "(unnamed)". The
 * scheduler's own units are never parsed from one.
 */
#include "analyzer/source/unit.h"

#include <string.h>

bool unit_has_name(CXCursor field)
{
	CXString name = clang_getCursorSpelling(field);
	const char *text = clang_getCString(name);
	bool has = text && *text && !strchr(text, '(');

	clang_disposeString(name);
	return has;
}

/* The record around a record, or a null cursor at file or function scope. */
static CXCursor outer_record(CXCursor record)
{
	CXCursor parent = clang_getCursorSemanticParent(record);
	enum CXCursorKind kind = clang_getCursorKind(parent);

	if (kind == CXCursor_StructDecl || kind == CXCursor_UnionDecl)
		return parent;
	return clang_getNullCursor();
}

/* The record that a type holds by value, also in arrays; a null cursor if there is none. */
static CXCursor record_of_type(CXType type)
{
	for (;;) {
		CXType element;

		type = clang_getCanonicalType(type);
		element = clang_getArrayElementType(type);
		if (element.kind == CXType_Invalid)
			break;
		type = element;
	}
	return type.kind == CXType_Record ? clang_getTypeDeclaration(type) : clang_getNullCursor();
}

static bool is_unnamed(CXCursor record)
{
	return clang_Cursor_isAnonymous(record) || clang_Cursor_isAnonymousRecordDecl(record);
}

/* If a variable's type is an unnamed record, notes that the record has the variable's name. */
static enum CXChildVisitResult name_record(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct unit *unit = data;
	CXCursor record;

	(void)parent;
	if (clang_getCursorKind(cursor) != CXCursor_VarDecl)
		return CXChildVisit_Continue;
	record = record_of_type(clang_getCursorType(cursor));
	if (!clang_Cursor_isNull(record) && is_unnamed(record))
		unit_cursor_table_set(unit->unnamed, record,
				      unit_cxstring(unit, clang_getCursorSpelling(cursor)));
	return CXChildVisit_Continue;
}

/* The name of a file-scope unnamed record; false if no variable names it. */
static bool unnamed_name(struct unit *unit, CXCursor record, uint32_t *name)
{
	if (!unit->unnamed) {
		unit->unnamed = unit_cursor_table_new();
		clang_visitChildren(clang_getTranslationUnitCursor(unit->tu), name_record, unit);
	}
	return unit_cursor_table_get(unit->unnamed, record, name);
}

struct field_search {
	CXCursor record; /* unnamed record searched for */
	CXCursor field;  /* field whose type it is */
};

static enum CXVisitorResult match_field(CXCursor field, CXClientData data)
{
	struct field_search *search = data;
	CXCursor record = record_of_type(clang_getCursorType(field));

	if (clang_Cursor_isNull(record) || !clang_equalCursors(record, search->record))
		return CXVisit_Continue;
	search->field = field;
	return CXVisit_Break;
}

static CXCursor named_around(CXCursor record)
{
	while (clang_Cursor_isAnonymousRecordDecl(record) &&
	       !clang_Cursor_isNull(outer_record(record)))
		record = outer_record(record);
	return record;
}

/* The name of an unnamed record that is the type of a named member: "outer.member". */
static uint32_t nested_name(struct unit *unit, CXCursor record, CXCursor outer)
{
	struct field_search search = { record, clang_getNullCursor() };
	uint32_t outer_name = unit_record_row(unit, unit_record(unit, named_around(outer)))->name;
	g_autofree char *name = NULL;
	CXString field;

	clang_Type_visitFields(clang_getCursorType(outer), match_field, &search);
	field = clang_getCursorSpelling(search.field);
	name = g_strdup_printf("%s.%s", unit_string_at(unit, outer_name), clang_getCString(field));
	clang_disposeString(field);
	return unit_string(unit, name);
}

static uint32_t record_name(struct unit *unit, CXCursor record)
{
	CXCursor outer;
	uint32_t name;

	if (!is_unnamed(record))
		return unit_cxstring(unit, clang_getCursorSpelling(record));
	outer = outer_record(record);
	if (!clang_Cursor_isNull(outer))
		return nested_name(unit, record, outer);
	return unnamed_name(unit, record, &name) ? name : unit_string(unit, "(unnamed)");
}

uint32_t unit_record(struct unit *unit, CXCursor record)
{
	struct facts_record row = { 0 };
	CXType type = clang_getCursorType(record);
	long long size = clang_Type_getSizeOf(type), align = clang_Type_getAlignOf(type);
	uint32_t index;

	if (unit_cursor_table_get(unit->record_index, record, &index))
		return index;
	row.name = record_name(unit, record);
	unit_location(unit, clang_getCursorLocation(record), &row.file, &row.line);
	row.size = size > 0 ? (uint32_t)size : 0;
	row.align = align > 0 ? (uint32_t)align : 0;
	if (clang_getCursorKind(record) == CXCursor_UnionDecl)
		row.flags |= FACTS_UNION;
	if (unit_is_scheduler_file(unit, row.file))
		row.flags |= FACTS_RECORD_SCHEDULER;
	index = unit->tables.records->len;
	unit_cursor_table_set(unit->record_index, record, index);
	g_array_append_val(unit->tables.records, row);
	return index;
}

CXCursor unit_record_around(CXCursor field)
{
	return named_around(clang_getCursorSemanticParent(field));
}

long long unit_offset_of(CXType record, CXCursor field)
{
	/* looked up by name, because this finds members of anonymous members too */
	CXString name = clang_getCursorSpelling(field);
	long long offset = clang_Type_getOffsetOf(record, clang_getCString(name));

	clang_disposeString(name);
	return offset;
}

CXCursor unit_union_around(CXCursor field)
{
	CXCursor record = clang_getCursorSemanticParent(field), found = clang_getNullCursor();

	while (!clang_Cursor_isNull(record)) {
		if (clang_getCursorKind(record) == CXCursor_UnionDecl)
			found = record;
		record = clang_Cursor_isAnonymousRecordDecl(record) ? outer_record(record)
								    : clang_getNullCursor();
	}
	return found;
}

static enum CXVisitorResult add_field(CXCursor field, CXClientData data);

uint32_t unit_member(struct unit *unit, CXCursor field)
{
	CXCursor around = unit_union_around(field);
	CXCursor record = unit_record_around(field);
	struct facts_member row = { 0 };
	long long offset = unit_offset_of(clang_getCursorType(record), field);
	long long size = clang_Type_getSizeOf(clang_getCursorType(field));
	uint32_t index, file;

	if (unit_cursor_table_get(unit->member_index, field, &index))
		return index;
	row.record = unit_record(unit, record);
	row.name = unit_cxstring(unit, clang_getCursorSpelling(field));
	row.type = unit_type(unit, clang_getCursorType(field));
	unit_location(unit, clang_getCursorLocation(field), &file, &row.line);
	row.offset = offset > 0 ? (uint32_t)offset : 0;
	if (clang_Cursor_isBitField(field))
		row.width = (uint32_t)clang_getFieldDeclBitWidth(field);
	else
		row.size = size > 0 ? (uint32_t)size : 0;
	if (!clang_Cursor_isNull(around))
		row.flags |= FACTS_MEMBER_SHARED;
	index = unit->tables.members->len;
	unit_cursor_table_set(unit->member_index, field, index);
	g_array_append_val(unit->tables.members, row);
	if (unit->sees_scheduler && !clang_Cursor_isNull(around))
		clang_Type_visitFields(clang_getCursorType(around), add_field, unit);
	return index;
}

static enum CXVisitorResult add_field(CXCursor field, CXClientData data)
{
	struct unit *unit = data;
	CXCursor inner = record_of_type(clang_getCursorType(field));
	CXCursor outer = clang_getCursorSemanticParent(field);

	if (!clang_Cursor_isAnonymousRecordDecl(inner) && unit_has_name(field))
		unit_member(unit, field);
	/* a record that is defined inside another is not visited anywhere else */
	if (!clang_Cursor_isNull(inner) &&
	    clang_equalCursors(clang_getCursorLexicalParent(inner), outer))
		clang_Type_visitFields(clang_getCursorType(inner), add_field, unit);
	return CXVisit_Continue;
}

void unit_add_record(struct unit *unit, CXCursor record)
{
	clang_Type_visitFields(clang_getCursorType(record), add_field, unit);
}

void unit_note_copied(struct unit *unit, CXType type)
{
	CXCursor record = record_of_type(type);

	if (!clang_Cursor_isNull(record))
		unit_record_row(unit, unit_record(unit, record))->flags |= FACTS_RECORD_COPIED;
}
