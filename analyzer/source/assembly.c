// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operands of inline assembly.
 *
 * libclang gives the operands, outputs first, without their constraints. An operand that is read as
 * a value can only be an input; one that names a place may be written as well. A pointer that goes
 * in may come out again, as in RELOC_HIDE() and arch_raw_cpu_ptr(), so all inputs flow to all
 * outputs. If an operand is a place that holds a pointer to functions, the function counts as
 * called there: paravirt calls are made in this way.
 */
#include "analyzer/source/visit.h"

static bool is_value(CXCursor operand)
{
	return clang_getCursorKind(operand) == CXCursor_UnexposedExpr ||
	       clang_getCursorKind(operand) == CXCursor_CStyleCastExpr;
}

static CXType type_pointed_to(CXCursor operand)
{
	CXType type = clang_getCanonicalType(clang_getCursorType(operand));

	return type.kind == CXType_Pointer ? clang_getCanonicalType(clang_getPointeeType(type))
					   : (CXType){ .kind = CXType_Invalid };
}

/* True if the operand names a member or variable that is a pointer to functions. */
static bool is_called(CXCursor operand)
{
	enum CXCursorKind kind = clang_getCursorKind(slot_unwrap(operand));

	return !is_value(operand) &&
	       (kind == CXCursor_MemberRefExpr || kind == CXCursor_DeclRefExpr) &&
	       type_pointed_to(operand).kind == CXType_FunctionProto;
}

static void visit_operand(struct unit *unit, CXCursor operand, struct place place, uint32_t joint)
{
	struct place inner = place_plain(place);
	uint32_t slot;

	inner.to = joint;
	if (is_value(operand)) {
		visit(unit, operand, inner);
		return;
	}
	if (is_called(operand)) {
		inner.access = ACCESS_CALL;
		inner.called = type_pointed_to(operand);
		visit(unit, operand, inner);
		return;
	}
	instance_assembled(unit, operand, place.from);
	slot = slot_of(unit, operand, place.from);
	if (slot != FACTS_SLOT_UNKNOWN && slot_may_hold_pointer(operand)) {
		slot_flow(unit, slot, joint);
		slot_flow(unit, joint, slot);
	}
	inner.access =
		clang_getCursorKind(operand) == CXCursor_UnaryOperator &&
				clang_getCursorUnaryOperatorKind(operand) == CXUnaryOperator_AddrOf
			? ACCESS_READ
			: ACCESS_READ_WRITE;
	visit(unit, operand, inner);
}

void visit_asm(struct unit *unit, CXCursor cursor, struct place place)
{
	uint32_t joint = slot_joint(unit, place.from);
	bool has_way_out = false;
	struct children c;

	children_get(&c, cursor);
	for (unsigned i = 0; i < c.n; i++) {
		has_way_out |= !is_value(c.items[i]) && slot_may_hold_pointer(c.items[i]);
		visit_operand(unit, c.items[i], place, joint);
	}
	if (!has_way_out) /* no output takes a pointer: where one goes is unknown */
		slot_flow(unit, joint, slot_lost(unit));
	children_clear(&c);
}
