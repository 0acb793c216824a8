// SPDX-License-Identifier: GPL-2.0-only
/*
 * A record that is copied as a whole, or set to a literal, is a use of each of its members.
 * Otherwise code that only ever copies a record would not seem to depend on its members. A named
 * member that is a record counts as one member; the members of an unnamed one count themselves.
 */
#include "analyzer/source/visit.h"

struct whole {
	struct unit *unit;
	CXCursor cursor;
	struct place place;
	enum facts_use_kind kind;
};

static enum CXVisitorResult use_field(CXCursor field, CXClientData data)
{
	struct whole *whole = data;

	if (unit_has_name(field))
		visit_add_use(whole->unit, whole->cursor, place_plain(whole->place), whole->kind,
			      FACTS_TARGET_MEMBER, unit_member(whole->unit, field), 0);
	else
		clang_Type_visitFields(clang_getCanonicalType(clang_getCursorType(field)),
				       use_field, whole);
	return CXVisit_Continue;
}

void visit_copy(struct unit *unit, CXCursor cursor, CXCursor value, struct place place)
{
	CXType type = clang_getCanonicalType(clang_getCursorType(value));
	bool is_literal = clang_getCursorKind(slot_unwrap(value)) == CXCursor_CompoundLiteralExpr;
	struct whole whole = { unit, cursor, place, is_literal ? FACTS_WRITE : FACTS_READ_WRITE };

	if (type.kind != CXType_Record)
		return;
	if (!is_literal)
		unit_note_copied(unit, type);
	clang_Type_visitFields(type, use_field, &whole);
}
