// SPDX-License-Identifier: GPL-2.0-only
/*
 * Initialiser lists: which member each value belongs to.
 *
 * libclang gives a list as it is written: `.member = value` comes as the member's name and the
 * value; a plain value belongs to the member after the previous one. Each value is a write of its
 * member, and an address in it goes into that member.
 *
 * Limits: where the braces around an inner record are left out, its values count for members of the
 * outer one.
 */
#include "analyzer/source/visit.h"

struct field_at {
	unsigned wanted, at;
	CXCursor field;
};

static enum CXVisitorResult match_position(CXCursor field, CXClientData data)
{
	struct field_at *pick = data;

	if (clang_equalCursors(field, pick->field))
		return CXVisit_Break;
	pick->at++;
	return CXVisit_Continue;
}

/* The position of a member in its record. */
static unsigned field_position(CXType record, CXCursor field)
{
	struct field_at pick = { .field = field };

	clang_Type_visitFields(record, match_position, &pick);
	return pick.at;
}

static enum CXVisitorResult pick_field(CXCursor field, CXClientData data)
{
	struct field_at *pick = data;

	if (pick->at++ != pick->wanted)
		return CXVisit_Continue;
	pick->field = field;
	return CXVisit_Break;
}

static void set_init_sink(struct unit *unit, CXCursor field, struct place *place)
{
	if (clang_getCursorKind(field) != CXCursor_FieldDecl || !unit_has_name(field))
		return;
	place->sink = FACTS_SINK_INIT;
	place->sink_target = unit_member(unit, field);
	place->to = slot_of_member(unit, field, place->to);
}

/* Notes that an initialiser writes the member. */
static void add_initialised(struct unit *unit, CXCursor cursor, CXCursor field, struct place place)
{
	if (clang_getCursorKind(field) == CXCursor_FieldDecl && unit_has_name(field))
		visit_add_use(unit, cursor, place_plain(place), FACTS_WRITE, FACTS_TARGET_MEMBER,
			      unit_member(unit, field), 0);
}

/*
 * The value of `[i] = value`, which libclang gives as an expression without a type. Any other
 * expression is its own value.
 */
static CXCursor value_of(CXCursor element)
{
	CXCursor value = element;
	struct children c;

	if (clang_getCursorType(element).kind != CXType_Void)
		return element;
	children_get(&c, element);
	if (c.n)
		value = c.items[c.n - 1];
	children_clear(&c);
	return value;
}

/* Visits a value of a list, for a member or element of type `type`. A record is copied. */
static void visit_value(struct unit *unit, CXCursor element, CXType type, struct place place)
{
	CXCursor value = value_of(element);

	if (clang_getCursorKind(value) != CXCursor_InitListExpr)
		visit_copy(unit, value, value, place);
	instance_conversion(unit, type, value, place.from);
	visit(unit, element, place);
}

/* Visits `.member = value`. False for another element. `*position` becomes that of the next. */
static bool visit_designated(struct unit *unit, CXCursor element, CXType record, unsigned *position,
			     struct place place)
{
	CXType type = { .kind = CXType_Invalid };
	struct children c;
	unsigned i = 0;

	children_get(&c, element);
	while (i < c.n && clang_getCursorKind(c.items[i]) == CXCursor_MemberRef) {
		CXCursor field = clang_getCursorReferenced(c.items[i]);

		if (i == 0 && record.kind == CXType_Record)
			*position = field_position(record, field) + 1;
		add_initialised(unit, c.items[i], field, place);
		set_init_sink(unit, field, &place);
		type = clang_getCursorType(field);
		i++;
	}
	for (unsigned value = i; i && value < c.n; value++)
		visit_value(unit, c.items[value], type, place);
	children_clear(&c);
	return i > 0;
}

/* Visits a plain value, which belongs to the member at `position`. */
static void visit_positional(struct unit *unit, CXCursor element, CXType record, unsigned position,
			     struct place place)
{
	struct field_at pick = { .wanted = position, .field = clang_getNullCursor() };
	CXType type = clang_getArrayElementType(record);

	if (record.kind == CXType_Record) {
		clang_Type_visitFields(record, pick_field, &pick);
		add_initialised(unit, element, pick.field, place);
		set_init_sink(unit, pick.field, &place);
		type = clang_getCursorType(pick.field);
	}
	visit_value(unit, element, type, place);
}

void visit_initialisers(struct unit *unit, CXCursor cursor, struct place place)
{
	CXType type = clang_getCanonicalType(clang_getCursorType(cursor));
	unsigned position = 0;
	struct children c;

	/* the list's address goes there, not its values */
	if (place.access != ACCESS_READ || place.is_behind)
		place.to = FACTS_NONE;
	place.access = ACCESS_READ;
	place.is_behind = place.is_array_base = false;
	children_get(&c, cursor);
	for (unsigned i = 0; i < c.n; i++)
		if (!visit_designated(unit, c.items[i], type, &position, place))
			visit_positional(unit, c.items[i], type, position++, place);
	children_clear(&c);
}
