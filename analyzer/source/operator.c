// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operators: how their operands are used, and where values go that they pass on.
 *
 * An address stays one of the same data when an offset is added to it or a mask is applied. If an
 * offsetof is subtracted, as in container_of(), it becomes the address of what is around the data.
 */
#include "analyzer/source/visit.h"

/*
 * How `p` is used in `p++` and `p += n`: it is read and written, and its value is that of the whole
 * expression.
 */
static struct place changed_place(struct place place)
{
	struct place changed = place_plain(place);

	changed.access = ACCESS_READ_WRITE;
	changed.is_behind = place.is_behind;
	changed.behind = place.behind;
	changed.to = place.to;
	return changed;
}

void visit_unary(struct unit *unit, CXCursor cursor, struct place place)
{
	enum CXUnaryOperatorKind kind = clang_getCursorUnaryOperatorKind(cursor);
	struct place inner = place_plain(place);
	struct children c;

	switch (kind) {
	case CXUnaryOperator_AddrOf:
		inner = visit_with_access(place, place.is_behind ? place.behind : ACCESS_ADDRESS);
		if (place.access == ACCESS_CALL) /* (&f)() */
			inner.access = ACCESS_CALL;
		break;
	case CXUnaryOperator_Deref:
		if (place.access == ACCESS_CALL) { /* (*f)() */
			inner = place;
		} else {
			inner.is_behind = true;
			inner.behind = place.access;
			inner.sink = place.sink;
			inner.sink_target = place.sink_target;
			inner.sink_name = place.sink_name;
			inner.to = place.to;
		}
		break;
	case CXUnaryOperator_PostInc:
	case CXUnaryOperator_PostDec:
	case CXUnaryOperator_PreInc:
	case CXUnaryOperator_PreDec:
		inner = changed_place(place);
		break;
	case CXUnaryOperator_Extension:
	case CXUnaryOperator_Real:
	case CXUnaryOperator_Imag:
		inner = place;
		break;
	default:
		break;
	}
	children_get(&c, cursor);
	for (unsigned i = 0; i < c.n; i++)
		visit(unit, c.items[i], inner);
	children_clear(&c);
}

/* Sets in `place` where the right side of `target = value` goes. */
static void set_assign_sink(struct unit *unit, CXCursor target, struct place *place)
{
	for (;;) {
		enum CXCursorKind kind = clang_getCursorKind(target);
		CXCursor referenced;
		struct children c;

		if (kind == CXCursor_MemberRefExpr || kind == CXCursor_DeclRefExpr) {
			referenced = clang_getCursorReferenced(target);
			if (clang_getCursorKind(referenced) == CXCursor_FieldDecl) {
				place->sink = FACTS_SINK_ASSIGN;
				place->sink_target = unit_member(unit, referenced);
			} else {
				place->sink = FACTS_SINK_ASSIGN_VAR;
				place->sink_name =
					unit_cxstring(unit, clang_getCursorSpelling(referenced));
			}
			return;
		}
		children_get(&c, target);
		target = c.n ? c.items[0] : clang_getNullCursor();
		children_clear(&c);
		if (clang_Cursor_isNull(target))
			return;
	}
}

/*
 * True if an address stays an address of the same data when the operator is applied to it: an
 * offset, a tag, a mask.
 */
static bool keeps_address(enum CXBinaryOperatorKind kind)
{
	return kind == CXBinaryOperator_Add || kind == CXBinaryOperator_Sub ||
	       kind == CXBinaryOperator_And || kind == CXBinaryOperator_Or ||
	       kind == CXBinaryOperator_Xor;
}

/* Notes that the value of an assignment to `slot` is used as `place` says. */
static void use_assigned(struct unit *unit, CXCursor assignment, uint32_t slot, struct place place)
{
	if (place.access == ACCESS_CALL)
		visit_add_indirect(unit, assignment, place, slot, FACTS_TARGET_NONE, 0);
	else
		slot_use(unit, slot, clang_getCursorType(assignment), place);
}

/* The slot of the pointer from which an offset is subtracted. */
static uint32_t slot_of_pointer(struct unit *unit, CXCursor pointer, uint32_t from)
{
	CXCursor value = slot_unwrap(pointer), callee = clang_getCursorReferenced(value);

	if (clang_getCursorKind(value) != CXCursor_CallExpr ||
	    clang_getCursorKind(callee) != CXCursor_FunctionDecl)
		return slot_of(unit, value, from);
	return slot_of_return(unit, unit_symbol(unit, callee), clang_getCursorType(value));
}

/* Visits what is subtracted from a pointer. With an offsetof, the pointer is one to the member. */
static void visit_subtracted(struct unit *unit, CXCursor pointer, CXCursor offset,
			     struct place place)
{
	guint first = unit->tables.uses->len;
	uint32_t slot;

	visit(unit, offset, place);
	if (unit->tables.uses->len == first || place.from == FACTS_NONE)
		return;
	slot = slot_of_pointer(unit, pointer, place.from);
	if (slot != FACTS_NONE)
		escapes_note_container(unit, first, slot);
}

void visit_binary(struct unit *unit, CXCursor cursor, struct place place)
{
	enum CXBinaryOperatorKind kind = clang_getCursorBinaryOperatorKind(cursor);
	struct place left = place_plain(place), right = place_plain(place);
	struct children c;

	children_get(&c, cursor);
	if (c.n == 2) {
		if (kind == CXBinaryOperator_Assign) {
			left.access = ACCESS_WRITE;
			set_assign_sink(unit, c.items[0], &right);
			right.to = slot_of(unit, c.items[0], place.from);
			visit_copy(unit, cursor, c.items[1], place);
		} else if (clang_getCursorKind(cursor) == CXCursor_CompoundAssignOperator) {
			left = changed_place(place);
		} else if (kind == CXBinaryOperator_Comma) {
			right = place;
		} else if (keeps_address(kind) && place.access == ACCESS_READ) {
			left = right = place;
		}
		visit(unit, c.items[0], left);
		if (kind == CXBinaryOperator_Sub && visit_is_pointer(c.items[0]))
			visit_subtracted(unit, c.items[0], c.items[1], right);
		else
			visit(unit, c.items[1], right);
		if (kind == CXBinaryOperator_Assign)
			use_assigned(unit, cursor, right.to, place);
	}
	children_clear(&c);
}

void visit_conditional(struct unit *unit, CXCursor cursor, struct place place)
{
	struct children c;

	children_get(&c, cursor);
	for (unsigned i = 0; i < c.n; i++)
		visit(unit, c.items[i], i == 0 && c.n == 3 ? place_plain(place) : place);
	children_clear(&c);
}
