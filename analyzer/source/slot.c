// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slots: the places that may hold a pointer, and how pointers get from one to another.
 *
 * A slot is a variable, a parameter, the result of a function, or a member of a record. For a
 * member the slot also says which member or variable holds its record by value. Order, branches and
 * the different objects of a record are not told apart. While a unit is walked, every pointer that
 * is read, passed or put somewhere becomes a flow. Then effect.c follows the addresses of data
 * through the flows, and escape.c where those addresses end up. Only flows of pointers to functions
 * go into the facts, and the link follows them from unit to unit; facts with all members, which are
 * never kept, have all flows.
 *
 * Limits: an integer counts as a pointer only in an 8-byte local that received a pointer before, as
 * in per_cpu_ptr().
 */
#include "analyzer/source/visit.h"

#include <string.h>

static guint slot_hash(gconstpointer key)
{
	const struct facts_slot *s = key;

	return ((s->kind * 31 + s->of) * 31 + s->index) * 31 + s->outer;
}

static gboolean slot_equal(gconstpointer left, gconstpointer right)
{
	const struct facts_slot *l = left, *r = right;

	return l->kind == r->kind && l->of == r->of && l->index == r->index && l->outer == r->outer;
}

static uint32_t add_slot(struct unit *unit, struct facts_slot slot)
{
	gpointer found;

	if (g_hash_table_lookup_extended(unit->slot_index, &slot, NULL, &found))
		return GPOINTER_TO_UINT(found);
	g_array_append_val(unit->tables.slots, slot);
	g_array_set_size(unit->effects, unit->tables.slots->len);
	g_hash_table_insert(unit->slot_index, g_memdup2(&slot, sizeof(slot)),
			    GUINT_TO_POINTER(unit->tables.slots->len - 1));
	return unit->tables.slots->len - 1;
}

void slots_begin(struct unit *unit)
{
	unit->slot_index = g_hash_table_new_full(slot_hash, slot_equal, g_free, NULL);
	unit->flow_index = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	unit->local_index = unit_cursor_table_new();
	unit->effects = g_array_new(FALSE, TRUE, sizeof(uint8_t));
	/* row 0 (FACTS_SLOT_UNKNOWN): what nothing is known about */
	add_slot(unit, (struct facts_slot){ .outer = FACTS_NONE });
}

void slots_clear(struct unit *unit)
{
	g_hash_table_destroy(unit->slot_index);
	g_hash_table_destroy(unit->flow_index);
	g_hash_table_destroy(unit->local_index);
	g_array_free(unit->effects, TRUE);
}

static CXType element_type(CXType type)
{
	for (;;) {
		CXType element;

		type = clang_getCanonicalType(type);
		element = clang_getArrayElementType(type);
		if (element.kind == CXType_Invalid)
			return type;
		type = element;
	}
}

static bool is_function_type(CXType type)
{
	return type.kind == CXType_FunctionProto || type.kind == CXType_FunctionNoProto;
}

/*
 * The prototype of the functions that pointers of this type, or in arrays of it, point to; 0 if
 * they point to something else.
 */
static uint32_t prototype_behind(struct unit *unit, CXType type)
{
	type = element_type(type);
	if (type.kind != CXType_Pointer)
		return 0;
	type = clang_getCanonicalType(clang_getPointeeType(type));
	return is_function_type(type) ? unit_prototype(unit, type) : 0;
}

/* True for a type whose values may be pointers. Integers of a pointer's size count. */
static bool may_hold_pointer(CXType type)
{
	switch (element_type(type).kind) {
	case CXType_Pointer:
	case CXType_Long:
	case CXType_ULong:
	case CXType_LongLong:
	case CXType_ULongLong:
		return true;
	default:
		return false;
	}
}

static bool is_pointer_type(CXType type)
{
	return element_type(type).kind == CXType_Pointer;
}

/* True for a record whose local variables have slots: in facts with all members they tell what is
 * on the stack. */
static bool is_known_record(const struct unit *unit, CXType type)
{
	return unit->context->has_all_members && element_type(type).kind == CXType_Record;
}

static uint32_t parameter_position(CXCursor function, CXCursor parameter)
{
	int n = clang_Cursor_getNumArguments(function);

	for (int i = 0; i < n; i++)
		if (clang_equalCursors(clang_Cursor_getArgument(function, (unsigned)i), parameter))
			return (uint32_t)i;
	return FACTS_NONE;
}

uint32_t slot_of_variable(struct unit *unit, CXCursor variable, uint32_t from)
{
	CXType type = clang_getCursorType(variable);
	struct facts_slot slot = { .kind = FACTS_SLOT_LOCAL, .of = from, .outer = FACTS_NONE };
	bool is_parameter = clang_getCursorKind(variable) == CXCursor_ParmDecl;

	if (!is_parameter && visit_has_static_storage(variable)) {
		slot.kind = FACTS_SLOT_VARIABLE;
		slot.of = unit_symbol(unit, variable);
	} else if (from == FACTS_NONE ||
		   (!may_hold_pointer(type) && !is_known_record(unit, type))) {
		return FACTS_NONE;
	} else if (!unit_cursor_table_get(unit->local_index, variable, &slot.index)) {
		CXCursor function = clang_getCursorSemanticParent(variable);

		slot.index =
			is_parameter ? parameter_position(function, variable) : unit->n_locals++;
		unit_cursor_table_set(unit->local_index, variable, slot.index);
	}
	if (is_parameter) {
		if (!is_pointer_type(type) || slot.index == FACTS_NONE)
			return FACTS_SLOT_UNKNOWN;
		slot.kind = FACTS_SLOT_PARAMETER;
	}
	slot.type = prototype_behind(unit, type);
	return add_slot(unit, slot);
}

/* True if the member lies in a union, or a member around it does. */
static bool is_shared(const struct unit *unit, CXCursor field, uint32_t outer)
{
	return !clang_Cursor_isNull(unit_union_around(field)) ||
	       (outer != FACTS_NONE &&
		(g_array_index(unit->effects, uint8_t, outer) & EFFECT_SHARED));
}

uint32_t slot_of_member(struct unit *unit, CXCursor field, uint32_t outer)
{
	struct facts_slot slot = { .kind = FACTS_SLOT_MEMBER,
				   .of = unit_member(unit, field),
				   .outer = outer };
	uint32_t index;

	if (outer != FACTS_NONE) {
		uint32_t kind = g_array_index(unit->tables.slots, struct facts_slot, outer).kind;

		if (kind != FACTS_SLOT_MEMBER && kind != FACTS_SLOT_VARIABLE &&
		    !(kind == FACTS_SLOT_LOCAL && unit->context->has_all_members))
			slot.outer = FACTS_NONE;
	}
	slot.type = prototype_behind(unit, clang_getCursorType(field));
	index = add_slot(unit, slot);
	if (is_shared(unit, field, slot.outer)) {
		g_array_index(unit->effects, uint8_t, index) |= EFFECT_SHARED;
		if (slot.type) /* what was put into another member may be read here */
			slot_flow(unit, FACTS_SLOT_UNKNOWN, index);
	}
	return index;
}

uint32_t slot_of_return(struct unit *unit, uint32_t function, CXType type)
{
	struct facts_slot slot = { .kind = FACTS_SLOT_RETURN, .of = function, .outer = FACTS_NONE };

	if (!is_pointer_type(type) || function == FACTS_NONE)
		return FACTS_NONE;
	slot.type = prototype_behind(unit, type);
	return add_slot(unit, slot);
}

uint32_t slot_of_argument(struct unit *unit, CXCursor callee, CXType prototype, unsigned i)
{
	int n = clang_getNumArgTypes(prototype);
	struct facts_slot slot = { .kind = FACTS_SLOT_ARGUMENT, .index = i, .outer = FACTS_NONE };
	uint32_t index;
	CXType type;

	if (n < 0 || i >= (unsigned)n) /* variadic, or not declared */
		return FACTS_SLOT_UNKNOWN;
	type = clang_getArgType(prototype, i);
	if (!is_pointer_type(type))
		return may_hold_pointer(type) ? FACTS_SLOT_UNKNOWN : FACTS_NONE;
	slot.type = prototype_behind(unit, type);
	if (clang_getCursorKind(callee) == CXCursor_FunctionDecl) {
		slot.kind = FACTS_SLOT_PARAMETER;
		slot.of = unit_symbol(unit, callee);
	} else {
		slot.of = unit_prototype(unit, prototype);
	}
	index = add_slot(unit, slot);
	if (clang_isConstQualifiedType(clang_getPointeeType(clang_getCanonicalType(type))))
		g_array_index(unit->effects, uint8_t, index) |= EFFECT_CONST;
	return index;
}

uint32_t slot_joint(struct unit *unit, uint32_t function)
{
	return add_slot(unit, (struct facts_slot){ .kind = FACTS_SLOT_LOCAL,
						   .of = function,
						   .index = unit->n_locals++,
						   .outer = FACTS_NONE });
}

bool slot_may_hold_pointer(CXCursor expression)
{
	return may_hold_pointer(clang_getCursorType(expression));
}

uint32_t slot_lost(struct unit *unit)
{
	return add_slot(unit,
			(struct facts_slot){ .kind = FACTS_SLOT_ARGUMENT, .outer = FACTS_NONE });
}

CXCursor slot_unwrap(CXCursor cursor)
{
	for (;;) {
		enum CXCursorKind kind = clang_getCursorKind(cursor);
		struct children c;
		bool is_wrapper;

		if (kind != CXCursor_ParenExpr && kind != CXCursor_UnexposedExpr &&
		    kind != CXCursor_CStyleCastExpr)
			return cursor;
		children_get(&c, cursor);
		is_wrapper = c.n == 1 || (c.n && kind == CXCursor_CStyleCastExpr);
		if (is_wrapper)
			cursor = c.items[c.n - 1];
		children_clear(&c);
		if (!is_wrapper)
			return cursor;
	}
}

static CXCursor first_child(CXCursor cursor)
{
	struct children c;
	CXCursor child;

	children_get(&c, cursor);
	child = c.n ? c.items[0] : clang_getNullCursor();
	children_clear(&c);
	return child;
}

static uint32_t slot_of_member_expression(struct unit *unit, CXCursor cursor, uint32_t from)
{
	CXCursor field = clang_getCursorReferenced(cursor), base = slot_unwrap(first_child(cursor));
	uint32_t outer = FACTS_NONE;

	if (!clang_Cursor_isNull(base) &&
	    element_type(clang_getCursorType(base)).kind == CXType_Record)
		outer = slot_of(unit, base, from);
	if (clang_getCursorKind(field) != CXCursor_FieldDecl)
		return FACTS_SLOT_UNKNOWN;
	if (!unit_has_name(field)) /* its members belong to the record around it */
		return outer == FACTS_NONE ? FACTS_SLOT_UNKNOWN : outer;
	return slot_of_member(unit, field, outer == FACTS_SLOT_UNKNOWN ? FACTS_NONE : outer);
}

/* The slot of a dereference: `*&x` is x, even through casts; `*f` of a function pointer is f. */
static uint32_t slot_behind(struct unit *unit, CXCursor dereference, uint32_t from)
{
	CXCursor operand = slot_unwrap(first_child(dereference));

	if (clang_getCursorKind(operand) == CXCursor_UnaryOperator &&
	    clang_getCursorUnaryOperatorKind(operand) == CXUnaryOperator_AddrOf)
		return slot_of(unit, slot_unwrap(first_child(operand)), from);
	if (is_function_type(clang_getCanonicalType(clang_getCursorType(dereference))))
		return slot_of(unit, operand, from);
	return FACTS_SLOT_UNKNOWN;
}

uint32_t slot_of(struct unit *unit, CXCursor cursor, uint32_t from)
{
	CXCursor target;

	cursor = slot_unwrap(cursor);
	switch (clang_getCursorKind(cursor)) {
	case CXCursor_DeclRefExpr:
		target = clang_getCursorReferenced(cursor);
		if (clang_getCursorKind(target) == CXCursor_VarDecl ||
		    clang_getCursorKind(target) == CXCursor_ParmDecl)
			return slot_of_variable(unit, target, from);
		return FACTS_SLOT_UNKNOWN;
	case CXCursor_MemberRefExpr:
		return slot_of_member_expression(unit, cursor, from);
	case CXCursor_ArraySubscriptExpr:
		target = slot_unwrap(first_child(cursor));
		if (clang_getArrayElementType(clang_getCanonicalType(clang_getCursorType(target)))
			    .kind == CXType_Invalid)
			return FACTS_SLOT_UNKNOWN;
		return slot_of(unit, target, from);
	case CXCursor_UnaryOperator:
		if (clang_getCursorUnaryOperatorKind(cursor) == CXUnaryOperator_Deref)
			return slot_behind(unit, cursor, from);
		return FACTS_SLOT_UNKNOWN;
	default:
		return FACTS_SLOT_UNKNOWN;
	}
}

struct field_named {
	const char *name;
	CXCursor field;
};

static enum CXVisitorResult match_name(CXCursor field, CXClientData data)
{
	struct field_named *search = data;
	CXString name = clang_getCursorSpelling(field);
	bool is_it = strcmp(clang_getCString(name), search->name) == 0;

	clang_disposeString(name);
	if (!is_it)
		return CXVisit_Continue;
	search->field = field;
	return CXVisit_Break;
}

uint32_t slot_of_static_call(struct unit *unit, CXCursor key, uint32_t from)
{
	struct field_named search = { "func", clang_getNullCursor() };
	uint32_t outer = FACTS_NONE;

	key = slot_unwrap(key);
	clang_Type_visitFields(clang_getCanonicalType(clang_getPointeeType(
				       clang_getCanonicalType(clang_getCursorType(key)))),
			       match_name, &search);
	if (clang_Cursor_isNull(search.field))
		return FACTS_SLOT_UNKNOWN;
	if (clang_getCursorKind(key) == CXCursor_UnaryOperator)
		outer = slot_of(unit, first_child(key), from);
	return slot_of_member(unit, search.field, outer);
}

static bool is_for_functions(const struct unit *unit, uint32_t slot)
{
	return g_array_index(unit->tables.slots, struct facts_slot, slot).type != 0;
}

void slot_fill(struct unit *unit, uint32_t slot)
{
	g_array_index(unit->effects, uint8_t, slot) |= EFFECT_FILLED;
}

void slot_flow(struct unit *unit, uint32_t from, uint32_t to)
{
	struct facts_flow flow = { from, to };
	gint64 key = (gint64)from << 32 | to;

	if (from == FACTS_NONE || to == FACTS_NONE || from == to ||
	    g_hash_table_contains(unit->flow_index, &key))
		return;
	g_hash_table_add(unit->flow_index, g_memdup2(&key, sizeof(key)));
	g_array_append_val(unit->tables.flows, flow);
	slot_fill(unit, to);
}

static void slot_effect(struct unit *unit, uint32_t slot, enum access access)
{
	uint8_t *effect;

	if (slot == FACTS_NONE)
		return;
	effect = &g_array_index(unit->effects, uint8_t, slot);
	if (access == ACCESS_READ || access == ACCESS_READ_WRITE)
		*effect |= EFFECT_READ;
	if (access == ACCESS_WRITE || access == ACCESS_READ_WRITE)
		*effect |= EFFECT_WRITE;
}

void slot_use(struct unit *unit, uint32_t slot, CXType type, struct place place)
{
	bool is_value = place.access == ACCESS_READ || place.access == ACCESS_READ_WRITE;

	if (slot == FACTS_NONE || !(is_pointer_type(type) ||
				    (g_array_index(unit->effects, uint8_t, slot) & EFFECT_FILLED)))
		return;
	if (place.access == ACCESS_ADDRESS) { /* of the pointer itself: anything may change it */
		slot_flow(unit, slot, FACTS_SLOT_UNKNOWN);
		slot_flow(unit, FACTS_SLOT_UNKNOWN, slot);
	} else if (is_value && place.is_behind && place.behind != ACCESS_ADDRESS) {
		slot_effect(unit, slot, place.behind);
		if (place.behind == ACCESS_READ && place.to != FACTS_NONE &&
		    is_for_functions(unit, place.to))
			slot_flow(unit, FACTS_SLOT_UNKNOWN, place.to);
	} else if (is_value) {
		slot_flow(unit, slot, place.to);
	}
}

/* True if the link needs the flow: one of its ends is for pointers to functions. */
static bool is_kept(const struct unit *unit, const struct facts_flow *flow)
{
	return is_for_functions(unit, flow->from) || is_for_functions(unit, flow->to);
}

static void keep_slot(struct unit *unit, uint32_t slot, uint32_t *numbers)
{
	while (slot != FACTS_NONE && !numbers[slot]) {
		numbers[slot] = 1;
		slot = g_array_index(unit->tables.slots, struct facts_slot, slot).outer;
	}
}

/* Marks the slots that flows, uses and escapes still name. */
static void mark_kept(struct unit *unit, uint32_t *numbers)
{
	numbers[FACTS_SLOT_UNKNOWN] = 1;
	for (guint i = 0; i < unit->tables.flows->len; i++) {
		const struct facts_flow *flow =
			&g_array_index(unit->tables.flows, struct facts_flow, i);

		keep_slot(unit, flow->from, numbers);
		keep_slot(unit, flow->to, numbers);
	}
	for (guint i = 0; i < unit->tables.uses->len; i++)
		keep_slot(unit, g_array_index(unit->tables.uses, struct facts_use, i).slot,
			  numbers);
	for (guint i = 0; i < unit->tables.escapes->len; i++) {
		const struct facts_escape *escape =
			&g_array_index(unit->tables.escapes, struct facts_escape, i);

		keep_slot(unit, escape->slot, numbers);
		if (escape->kind == FACTS_ESCAPE_POINTER)
			keep_slot(unit, escape->of, numbers);
	}
}

/* Drops slots that are not marked. `numbers` then gives the new number of each kept slot. */
static void renumber(struct unit *unit, uint32_t *numbers)
{
	GArray *slots = unit->tables.slots;
	guint kept = 0;

	for (guint i = 0; i < slots->len; i++) {
		struct facts_slot slot = g_array_index(slots, struct facts_slot, i);

		if (!numbers[i])
			continue;
		if (slot.outer != FACTS_NONE)
			slot.outer = numbers[slot.outer];
		numbers[i] = kept;
		g_array_index(slots, struct facts_slot, kept++) = slot;
	}
	g_array_set_size(slots, kept);
}

static void drop_data_flows(struct unit *unit)
{
	GArray *flows = unit->tables.flows;
	guint kept = 0;

	for (guint i = 0; i < flows->len; i++) {
		struct facts_flow flow = g_array_index(flows, struct facts_flow, i);

		if (is_kept(unit, &flow))
			g_array_index(flows, struct facts_flow, kept++) = flow;
	}
	g_array_set_size(flows, kept);
}

/*
 * Removes the slot of uses that do not concern functions. The link needs only slots that are called
 * through or receive the address of a function.
 */
static void drop_data_slots(struct unit *unit)
{
	for (guint i = 0; i < unit->tables.uses->len; i++) {
		struct facts_use *use = &g_array_index(unit->tables.uses, struct facts_use, i);

		if (use->kind != FACTS_INDIRECT &&
		    !(use->target_kind == FACTS_TARGET_SYMBOL &&
		      (unit_symbol_row(unit, use->target)->flags & FACTS_FUNCTION)))
			use->slot = FACTS_NONE;
	}
}

/* Gives what names slots their new numbers. */
static void rename_slots(struct unit *unit, const uint32_t *numbers)
{
	for (guint i = 0; i < unit->tables.flows->len; i++) {
		struct facts_flow *flow = &g_array_index(unit->tables.flows, struct facts_flow, i);

		*flow = (struct facts_flow){ numbers[flow->from], numbers[flow->to] };
	}
	for (guint i = 0; i < unit->tables.uses->len; i++) {
		struct facts_use *use = &g_array_index(unit->tables.uses, struct facts_use, i);

		if (use->slot != FACTS_NONE)
			use->slot = numbers[use->slot];
	}
	for (guint i = 0; i < unit->tables.escapes->len; i++) {
		struct facts_escape *escape =
			&g_array_index(unit->tables.escapes, struct facts_escape, i);

		escape->slot = numbers[escape->slot];
		if (escape->kind == FACTS_ESCAPE_POINTER)
			escape->of = numbers[escape->of];
	}
}

void slots_finish(struct unit *unit)
{
	g_autofree uint32_t *numbers = g_new0(uint32_t, unit->tables.slots->len);

	effects_apply(unit);
	escapes_find(unit);
	if (!unit->context->has_all_members) {
		drop_data_flows(unit);
		drop_data_slots(unit);
	}
	mark_kept(unit, numbers);
	renumber(unit, numbers);
	rename_slots(unit, numbers);
}
