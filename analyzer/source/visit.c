// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walks function bodies and initialisers: who calls, reads, writes or takes the address of what.
 *
 * Method: a descent over expressions that carries down how the value of each is used (`struct
 * place`). The left side of an assignment is written, the operand of & has its address taken, the
 * first child of a call is called. `*(T *)&x`, the form of READ_ONCE and WRITE_ONCE, counts as a
 * use of x itself: the access of the dereference waits in `behind` until an address-of meets it.
 * Operands of sizeof, typeof and _Alignof are not evaluated, so they are no use.
 *
 * If the address of data goes into a variable, parameter or result, effect.c follows it. Pointers
 * to functions are followed wherever they go, by slot.c and the link.
 */
#include "analyzer/source/visit.h"

#include <string.h>

static enum CXChildVisitResult collect_child(CXCursor child, CXCursor parent, CXClientData data)
{
	struct children *c = data;

	(void)parent;
	if (c->n == c->room) {
		CXCursor *grown = g_new(CXCursor, c->room * 2);

		memcpy(grown, c->items, c->n * sizeof(*grown));
		if (c->items != c->inline_items)
			g_free(c->items);
		c->items = grown;
		c->room *= 2;
	}
	c->items[c->n++] = child;
	return CXChildVisit_Continue;
}

void children_get(struct children *c, CXCursor parent)
{
	c->items = c->inline_items;
	c->n = 0;
	c->room = G_N_ELEMENTS(c->inline_items);
	clang_visitChildren(parent, collect_child, c);
}

void children_clear(struct children *c)
{
	if (c->items != c->inline_items)
		g_free(c->items);
}

static enum facts_use_kind use_kind(enum access access)
{
	switch (access) {
	case ACCESS_WRITE:
		return FACTS_WRITE;
	case ACCESS_READ_WRITE:
		return FACTS_READ_WRITE;
	case ACCESS_ADDRESS:
		return FACTS_ADDRESS;
	default:
		return FACTS_READ;
	}
}

/* True if the token was written in a macro of another file than the one where the macro is used. */
static bool is_in_foreign_macro(CXCursor cursor)
{
	CXSourceLocation location = clang_getCursorLocation(cursor);
	CXFile expanded, spelled;

	clang_getExpansionLocation(location, &expanded, NULL, NULL, NULL);
	clang_getSpellingLocation(location, &spelled, NULL, NULL, NULL);
	return spelled && expanded && !clang_File_isEqual(spelled, expanded);
}

static bool has_slot(enum facts_use_kind kind)
{
	return kind == FACTS_ADDRESS || kind == FACTS_INDIRECT || kind == FACTS_LITERAL;
}

void visit_add_use(struct unit *unit, CXCursor cursor, struct place place, enum facts_use_kind kind,
		   enum facts_target target_kind, uint32_t target, uint32_t type)
{
	struct facts_use use = {
		.from = place.from,
		.kind = kind,
		.target_kind = target_kind,
		.target = target,
		.type = type,
		.slot = has_slot(kind) ? place.to : FACTS_NONE,
		.flags = place.flags,
	};

	if (kind == FACTS_ADDRESS || kind == FACTS_LITERAL) {
		use.sink = place.sink;
		use.sink_target = place.sink_target;
		use.sink_name = place.sink_name;
	}
	unit_location(unit, clang_getCursorLocation(cursor), &use.file, &use.line);
	if (!use.file) /* a value that is not in the source: the rest of an initialiser */
		return;
	if (kind == FACTS_CALL && is_in_foreign_macro(cursor))
		use.flags |= FACTS_IN_FOREIGN_MACRO;
	if (use.slot != FACTS_NONE && kind != FACTS_INDIRECT)
		slot_fill(unit, use.slot);
	g_array_append_val(unit->tables.uses, use);
}

void visit_add_indirect(struct unit *unit, CXCursor cursor, struct place place, uint32_t slot,
			enum facts_target target_kind, uint32_t target)
{
	place.to = slot;
	visit_add_use(unit, cursor, place, FACTS_INDIRECT, target_kind, target,
		      unit_prototype(unit, place.called));
}

bool visit_has_static_storage(CXCursor variable)
{
	return clang_getCursorLinkage(variable) != CXLinkage_NoLinkage ||
	       clang_Cursor_getStorageClass(variable) == CX_SC_Static;
}

static void visit_function_name(struct unit *unit, CXCursor cursor, CXCursor function,
				struct place place)
{
	enum facts_use_kind kind = place.access == ACCESS_CALL ? FACTS_CALL : FACTS_ADDRESS;

	visit_add_use(unit, cursor, place, kind, FACTS_TARGET_SYMBOL, unit_symbol(unit, function),
		      0);
}

static void visit_variable_name(struct unit *unit, CXCursor cursor, CXCursor variable,
				struct place place)
{
	bool is_static = clang_getCursorKind(variable) == CXCursor_VarDecl &&
			 visit_has_static_storage(variable);
	uint32_t symbol = is_static ? unit_symbol(unit, variable) : FACTS_NONE;
	uint32_t slot = slot_of_variable(unit, variable, place.from);

	if (place.access == ACCESS_CALL)
		visit_add_indirect(unit, cursor, place, slot,
				   is_static ? FACTS_TARGET_SYMBOL : FACTS_TARGET_NONE,
				   is_static ? symbol : 0);
	else
		slot_use(unit, slot, clang_getCursorType(variable), place);
	if (is_static)
		visit_add_use(unit, cursor, place, use_kind(place.access), FACTS_TARGET_SYMBOL,
			      symbol, 0);
}

static void visit_name(struct unit *unit, CXCursor cursor, struct place place)
{
	CXCursor target = clang_getCursorReferenced(cursor);

	switch (clang_getCursorKind(target)) {
	case CXCursor_FunctionDecl:
		visit_function_name(unit, cursor, target, place);
		break;
	case CXCursor_VarDecl:
	case CXCursor_ParmDecl:
		visit_variable_name(unit, cursor, target, place);
		break;
	default: /* an enumerator */
		break;
	}
}

static bool is_array(CXCursor expression)
{
	switch (clang_getCanonicalType(clang_getCursorType(expression)).kind) {
	case CXType_ConstantArray:
	case CXType_IncompleteArray:
	case CXType_VariableArray:
		return true;
	default:
		return false;
	}
}

/*
 * How the object around a member is used. In `a.b`, a is used as b is. In `p->b`, p is read, and
 * what it points to is used as b is.
 */
static struct place base_place(CXCursor base, struct place place)
{
	struct place inner = place_plain(place);

	if (!visit_is_pointer(base)) {
		if (place.access == ACCESS_CALL)
			return inner;
		inner = visit_with_access(place, place.access);
		if (place.access != ACCESS_ADDRESS) /* only the member's value goes there */
			inner.to = FACTS_NONE;
		return inner;
	}
	inner.is_behind = true;
	inner.behind = place.access == ACCESS_CALL ? ACCESS_READ : place.access;
	if (place.access == ACCESS_ADDRESS) {
		inner.to = place.to;
		inner.sink = place.sink;
		inner.sink_target = place.sink_target;
		inner.sink_name = place.sink_name;
	}
	return inner;
}

static void visit_member(struct unit *unit, CXCursor cursor, struct place place)
{
	CXCursor field = clang_getCursorReferenced(cursor);
	struct children c;

	if (clang_getCursorKind(field) == CXCursor_FieldDecl && unit_has_name(field)) {
		uint32_t member = unit_member(unit, field),
			 slot = slot_of(unit, cursor, place.from);

		if (place.access == ACCESS_CALL)
			visit_add_indirect(unit, cursor, place, slot, FACTS_TARGET_MEMBER, member);
		else
			slot_use(unit, slot, clang_getCursorType(field), place);
		visit_add_use(unit, cursor, place, use_kind(place.access), FACTS_TARGET_MEMBER,
			      member, 0);
	}
	children_get(&c, cursor);
	for (unsigned i = 0; i < c.n; i++)
		visit(unit, c.items[i], base_place(c.items[i], place));
	children_clear(&c);
}

static void visit_subscript(struct unit *unit, CXCursor cursor, struct place place)
{
	struct children c;

	children_get(&c, cursor);
	for (unsigned i = 0; i < c.n; i++) {
		struct place inner = place_plain(place);

		if (i == 0) { /* an array is used as its element is; a pointer is read */
			inner = visit_with_access(place, place.access);
			inner.is_array_base = true;
			inner.is_behind = true;
			inner.behind = place.access;
		}
		visit(unit, c.items[i], inner);
	}
	children_clear(&c);
}

/*
 * Visits an offsetof. True if it is one. Its operand is a chain of member names, in which an
 * anonymous member does not count.
 */
static bool visit_offsetof(struct unit *unit, const struct children *c, struct place place)
{
	bool is_offsetof = false;

	for (unsigned i = 0; i < c->n; i++) {
		CXCursor field;

		if (clang_getCursorKind(c->items[i]) != CXCursor_MemberRef)
			continue;
		field = clang_getCursorReferenced(c->items[i]);
		if (clang_getCursorKind(field) == CXCursor_FieldDecl && unit_has_name(field))
			visit_add_use(unit, c->items[i], place_plain(place), FACTS_ADDRESS,
				      FACTS_TARGET_MEMBER, unit_member(unit, field), 0);
		is_offsetof = true;
	}
	return is_offsetof;
}

/*
 * True for an expression whose type is written in it. Its operand is the last child, after what the
 * type is made from (an operand of typeof).
 */
static bool has_written_type(CXCursor cursor)
{
	enum CXCursorKind kind = clang_getCursorKind(cursor);

	return kind == CXCursor_CStyleCastExpr || kind == CXCursor_CompoundLiteralExpr;
}

/* An integer that becomes a pointer may be any pointer, unless it is a constant (SIG_IGN). */
static void note_made_pointer(struct unit *unit, CXCursor wrapper, CXCursor operand,
			      struct place place)
{
	CXType from = clang_getCanonicalType(clang_getCursorType(operand));
	CXEvalResult constant;

	if (place.to == FACTS_NONE || !visit_is_pointer(wrapper) || from.kind == CXType_Pointer ||
	    is_array(operand) || from.kind == CXType_FunctionProto ||
	    from.kind == CXType_FunctionNoProto)
		return;
	constant = clang_Cursor_Evaluate(operand);
	if (!constant || clang_EvalResult_getKind(constant) != CXEval_Int)
		slot_flow(unit, FACTS_SLOT_UNKNOWN, place.to);
	clang_EvalResult_dispose(constant);
}

static bool is_argument_list(CXCursor expression)
{
	CXType type = clang_getCanonicalType(clang_getCursorType(expression));
	CXType inner = type.kind == CXType_Pointer ? clang_getPointeeType(type)
						   : clang_getArrayElementType(type);
	CXString name = clang_getCursorSpelling(clang_getTypeDeclaration(
		inner.kind == CXType_Invalid ? type : clang_getCanonicalType(inner)));
	bool is_it = strcmp(clang_getCString(name), "__va_list_tag") == 0;

	clang_disposeString(name);
	return is_it;
}

/* Visits a va_arg(). True if it is one. Nothing is known of its value. */
static bool visit_va_arg(struct unit *unit, CXCursor cursor, const struct children *c,
			 struct place place)
{
	CXCursor list = c->n ? c->items[0] : clang_getNullCursor();

	if (clang_getCursorKind(cursor) != CXCursor_UnexposedExpr || c->n == 0 ||
	    !is_argument_list(list) || is_argument_list(cursor))
		return false;
	visit(unit, list, place_plain(place));
	if (place.access == ACCESS_CALL)
		visit_add_indirect(unit, cursor, place, FACTS_SLOT_UNKNOWN, FACTS_TARGET_NONE, 0);
	else
		slot_flow(unit, FACTS_SLOT_UNKNOWN, place.to);
	return true;
}

/* Visits casts, parentheses and other wrappers, which pass the value on. */
static void visit_wrapper(struct unit *unit, CXCursor cursor, struct place place)
{
	struct children c;

	children_get(&c, cursor);
	if (!visit_va_arg(unit, cursor, &c, place) &&
	    (clang_getCursorKind(cursor) != CXCursor_UnexposedExpr ||
	     !visit_offsetof(unit, &c, place))) {
		for (unsigned i = has_written_type(cursor) && c.n ? c.n - 1 : 0; i < c.n; i++) {
			struct place inner = place;

			instance_conversion(unit, clang_getCursorType(cursor), c.items[i],
					    place.from);
			/* an array's value is its address, unless subscripted or dereferenced */
			if (place.access == ACCESS_READ && is_array(c.items[i]) &&
			    visit_is_pointer(cursor))
				inner = visit_with_access(place, place.is_behind ? place.behind
										 : ACCESS_ADDRESS);
			else if (place.access == ACCESS_READ && !place.is_behind)
				note_made_pointer(unit, cursor, c.items[i], place);
			else if (place.is_array_base && !is_array(c.items[i]) &&
				 visit_is_pointer(c.items[i]))
				inner.access = ACCESS_READ;
			visit(unit, c.items[i], inner);
		}
	}
	children_clear(&c);
}

/*
 * Visits a _Generic. Only the alternative whose type is that of the whole expression is evaluated.
 * The expression that it chooses by is not.
 */
static void visit_generic(struct unit *unit, CXCursor cursor, struct place place)
{
	CXType type = clang_getCanonicalType(clang_getCursorType(cursor));
	struct children c;

	children_get(&c, cursor);
	for (unsigned i = 1; i < c.n; i++)
		if (clang_equalTypes(clang_getCanonicalType(clang_getCursorType(c.items[i])), type))
			visit(unit, c.items[i], place);
	children_clear(&c);
}

/* Visits a statement expression. Its value is that of its last statement. */
static void visit_statement_expression(struct unit *unit, CXCursor cursor, struct place place)
{
	struct children body, statements;

	children_get(&body, cursor);
	if (body.n) {
		children_get(&statements, body.items[0]);
		for (unsigned i = 0; i < statements.n; i++)
			visit(unit, statements.items[i],
			      i + 1 == statements.n ? place : place_plain(place));
		children_clear(&statements);
	}
	children_clear(&body);
}

static void visit_each(struct unit *unit, CXCursor cursor, struct place place)
{
	struct children c;

	children_get(&c, cursor);
	for (unsigned i = 0; i < c.n; i++)
		visit(unit, c.items[i], place);
	children_clear(&c);
}

static void visit_return(struct unit *unit, CXCursor cursor, struct place place)
{
	struct place inner = place_plain(place);
	struct children c;

	inner.sink = FACTS_SINK_RETURN;
	children_get(&c, cursor);
	for (unsigned i = 0; i < c.n; i++) {
		inner.to = slot_of_return(unit, place.from, clang_getCursorType(c.items[i]));
		visit_whole(unit, c.items[i], clang_getCursorType(c.items[i]), FACTS_READ, place);
		visit(unit, c.items[i], inner);
	}
	children_clear(&c);
}

/*
 * Notes that the address of a string is put somewhere. If an array is initialised with its bytes,
 * the access is not an address.
 */
static void visit_literal(struct unit *unit, CXCursor cursor, struct place place)
{
	if (unit->context->has_all_members && place.access == ACCESS_ADDRESS &&
	    place.to != FACTS_NONE)
		visit_add_use(unit, cursor, place, FACTS_LITERAL, FACTS_TARGET_NONE, 0, 0);
}

void visit(struct unit *unit, CXCursor cursor, struct place place)
{
	enum CXCursorKind kind = clang_getCursorKind(cursor);

	if (clang_isReference(kind) || clang_isAttribute(kind))
		return;
	switch (kind) {
	case CXCursor_DeclRefExpr:
		visit_name(unit, cursor, place);
		break;
	case CXCursor_MemberRefExpr:
		visit_member(unit, cursor, place);
		break;
	case CXCursor_UnaryOperator:
		visit_unary(unit, cursor, place);
		break;
	case CXCursor_BinaryOperator:
	case CXCursor_CompoundAssignOperator:
		visit_binary(unit, cursor, place);
		break;
	case CXCursor_ConditionalOperator:
		visit_conditional(unit, cursor, place);
		break;
	case CXCursor_ArraySubscriptExpr:
		visit_subscript(unit, cursor, place);
		break;
	case CXCursor_CallExpr:
		visit_call(unit, cursor, place);
		break;
	case CXCursor_InitListExpr:
		visit_initialisers(unit, cursor, place);
		break;
	case CXCursor_ParenExpr:
	case CXCursor_CStyleCastExpr:
	case CXCursor_UnexposedExpr:
		visit_wrapper(unit, cursor, place);
		break;
	case CXCursor_CompoundLiteralExpr:
		instance_value(unit, cursor, place.from);
		visit_wrapper(unit, cursor, place);
		break;
	case CXCursor_GenericSelectionExpr:
		visit_generic(unit, cursor, place);
		break;
	case CXCursor_StmtExpr:
		visit_statement_expression(unit, cursor, place);
		break;
	case CXCursor_UnaryExpr: /* sizeof and similar: not evaluated */
		break;
	case CXCursor_VarDecl:
		visit_variable(unit, cursor, place);
		break;
	case CXCursor_StringLiteral:
		visit_literal(unit, cursor, place);
		break;
	case CXCursor_StructDecl:
	case CXCursor_UnionDecl:
		instance_members(unit, cursor);
		break;
	case CXCursor_StaticAssert: /* not evaluated either */
	case CXCursor_EnumDecl:
	case CXCursor_TypedefDecl:
	case CXCursor_FunctionDecl:
		break;
	case CXCursor_WhileStmt:
	case CXCursor_ForStmt:
	case CXCursor_DoStmt:
		visit_loop(unit, cursor, place);
		break;
	case CXCursor_ReturnStmt:
		visit_return(unit, cursor, place);
		break;
	case CXCursor_GCCAsmStmt:
	case CXCursor_MSAsmStmt:
		visit_asm(unit, cursor, place);
		break;
	default:
		visit_each(unit, cursor, place_plain(place));
	}
}

void unit_visit_body(struct unit *unit, CXCursor declaration, uint32_t from)
{
	struct place place = { .access = ACCESS_READ, .to = FACTS_NONE, .from = from };
	struct children c;

	unit->n_locals = 0;
	if (clang_getCursorKind(declaration) == CXCursor_VarDecl) {
		visit_variable(unit, declaration, place);
		return;
	}
	children_get(&c, declaration);
	for (unsigned i = 0; i < c.n; i++)
		if (clang_getCursorKind(c.items[i]) == CXCursor_CompoundStmt)
			visit(unit, c.items[i], place);
	children_clear(&c);
}
