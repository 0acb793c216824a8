// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls: what is called, where the arguments go, and what becomes of the result.
 *
 * __static_call_update(key, trampoline, function) changes the target of a static call
 * (linux/static_call.h). The function counts as put into that key, not into a parameter that all
 * keys share.
 */
#include "analyzer/source/visit.h"

#include <string.h>

/* The function type called through an expression. */
static CXType called_type(CXCursor callee)
{
	CXType type = clang_getCanonicalType(clang_getCursorType(callee));

	return type.kind == CXType_Pointer ? clang_getCanonicalType(clang_getPointeeType(type))
					   : type;
}

static bool is_function(CXCursor cursor)
{
	return clang_getCursorKind(cursor) == CXCursor_FunctionDecl;
}

static bool is_named(CXCursor function, const char *const *names)
{
	CXString name = clang_getCursorSpelling(function);
	bool found = g_strv_contains(names, clang_getCString(name));

	clang_disposeString(name);
	return found;
}

/* Sets in `place` where argument `i` of a call goes. */
static void set_argument_sink(struct unit *unit, CXCursor callee, CXType prototype, unsigned i,
			      struct place *place)
{
	CXCursor parameter;

	place->sink = FACTS_SINK_ARGUMENT;
	place->sink_target = FACTS_NONE;
	place->to = slot_of_argument(unit, callee, prototype, i);
	if (!is_function(callee))
		return;
	place->sink_target = unit_symbol(unit, callee);
	parameter = clang_Cursor_getArgument(callee, i);
	if (!clang_Cursor_isNull(parameter))
		place->sink_name = unit_cxstring(unit, clang_getCursorSpelling(parameter));
}

static bool is_static_call_update(CXCursor callee)
{
	static const char *const names[] = { "__static_call_update", NULL };

	return is_function(callee) && is_named(callee, names);
}

/* Notes records that are copied as bytes. It is no longer known what their members hold. */
static void note_copies(struct unit *unit, CXCursor callee, const struct children *c)
{
	static const char *const names[] = { "memcpy",  "__memcpy",       "__builtin_memcpy",
					     "memmove", "__memmove",      "__builtin_memmove",
					     "kmemdup", "kmemdup_noprof", NULL };

	if (!is_function(callee) || !is_named(callee, names))
		return;
	for (unsigned i = 1; i < c->n; i++)
		unit_note_copied(unit, clang_getPointeeType(clang_getCanonicalType(
					       clang_getCursorType(slot_unwrap(c->items[i])))));
}

static void visit_bytes(struct unit *unit, CXCursor callee, const struct children *c,
			struct place place)
{
	CXString name;

	if (!is_function(callee))
		return;
	name = clang_getCursorSpelling(callee);
	visit_byte_function(unit, clang_getCString(name), c, place);
	clang_disposeString(name);
}

/* Notes that the result of the call is used as `place` says. */
static void use_result(struct unit *unit, CXCursor call, CXCursor callee, struct place place)
{
	CXType type = clang_getCursorType(call);
	uint32_t slot = FACTS_SLOT_UNKNOWN;

	if (is_function(callee))
		slot = slot_of_return(unit, unit_symbol(unit, callee), type);
	if (place.access == ACCESS_CALL)
		visit_add_indirect(unit, call, place, slot, FACTS_TARGET_NONE, 0);
	else
		slot_use(unit, slot, type, place);
}

void visit_call(struct unit *unit, CXCursor cursor, struct place place)
{
	CXCursor callee = clang_getCursorReferenced(cursor);
	struct children c;
	CXType prototype;

	children_get(&c, cursor);
	if (c.n) {
		struct place called = place_plain(place);

		prototype = called_type(c.items[0]);
		called.access = ACCESS_CALL;
		called.called = prototype;
		visit(unit, c.items[0], called);
	}
	for (unsigned i = 1; i < c.n; i++) {
		struct place argument = place_plain(place);

		set_argument_sink(unit, callee, prototype, i - 1, &argument);
		if (i == 3 && is_static_call_update(callee))
			argument.to = slot_of_static_call(unit, c.items[1], place.from);
		unit_note_copied(unit, clang_getCursorType(c.items[i]));
		visit_whole(unit, c.items[i], clang_getCursorType(c.items[i]), FACTS_READ, place);
		visit(unit, c.items[i], argument);
	}
	note_copies(unit, callee, &c);
	visit_bytes(unit, callee, &c, place);
	use_result(unit, cursor, callee, place);
	children_clear(&c);
}
