// SPDX-License-Identifier: GPL-2.0-only
/*
 * Declarations of variables: the initialiser, and the cleanup function that runs at the end of the
 * scope.
 *
 * libclang gives the cleanup attribute only in the text of the printed declaration, so the function
 * is looked up by its name. Guards of locks (class_rq_lock and similar) make their calls only in
 * this way.
 */
#include "analyzer/source/visit.h"

#include <string.h>

struct function_search {
	const char *name;
	CXCursor function;
};

static enum CXChildVisitResult match_function(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct function_search *search = data;
	CXString name;

	(void)parent;
	if (clang_getCursorKind(cursor) != CXCursor_FunctionDecl)
		return CXChildVisit_Continue;
	name = clang_getCursorSpelling(cursor);
	if (strcmp(clang_getCString(name), search->name) == 0)
		search->function = cursor;
	clang_disposeString(name);
	return clang_Cursor_isNull(search->function) ? CXChildVisit_Continue : CXChildVisit_Break;
}

/* The function of that name, or a null cursor. Each name is searched for only once. */
static CXCursor function_named(struct unit *unit, const char *name)
{
	struct function_search search = { name, clang_getNullCursor() };
	CXCursor *known;

	if (!unit->functions)
		unit->functions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	known = g_hash_table_lookup(unit->functions, name);
	if (known)
		return *known;
	clang_visitChildren(clang_getTranslationUnitCursor(unit->tu), match_function, &search);
	g_hash_table_insert(unit->functions, g_strdup(name),
			    g_memdup2(&search.function, sizeof(CXCursor)));
	return search.function;
}

/* Notes the call of a local variable's cleanup function. */
static void visit_cleanup(struct unit *unit, CXCursor variable, struct place place)
{
	static const char attribute[] = "__attribute__((cleanup(";
	g_autofree char *name = NULL;
	CXCursor function;
	const char *found;
	CXString text;

	if (!clang_Cursor_hasAttrs(variable))
		return;
	text = clang_getCursorPrettyPrinted(variable, unit_policy(unit, variable));
	found = strstr(clang_getCString(text), attribute);
	if (found) {
		found += strlen(attribute);
		name = g_strndup(found, strcspn(found, ")"));
	}
	clang_disposeString(text);
	if (!name)
		return;
	function = function_named(unit, name);
	if (!clang_Cursor_isNull(function))
		visit_add_use(unit, variable, place_plain(place), FACTS_CALL, FACTS_TARGET_SYMBOL,
			      unit_symbol(unit, function), 0);
}

void visit_variable(struct unit *unit, CXCursor variable, struct place place)
{
	struct place inner = place_plain(place);
	CXCursor initialiser = clang_Cursor_getVarDeclInitializer(variable);

	visit_cleanup(unit, variable, place);
	if (visit_has_static_storage(variable))
		inner.from = unit_symbol(unit, variable);
	else
		instance_value(unit, variable, place.from);
	if (clang_Cursor_isNull(initialiser))
		return;
	inner.sink = FACTS_SINK_INIT_VAR;
	inner.sink_name = unit_cxstring(unit, clang_getCursorSpelling(variable));
	inner.to = slot_of_variable(unit, variable, place.from);
	if (clang_getCursorKind(initialiser) != CXCursor_InitListExpr)
		visit_copy(unit, variable, initialiser, inner);
	visit(unit, initialiser, inner);
}
