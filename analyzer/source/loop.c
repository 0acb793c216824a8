// SPDX-License-Identifier: GPL-2.0-only
/*
 * Endless loops: `while (1)`, `for (;;)`, `do ... while (1)` without a way out.
 *
 * A way out is a return, a break of this loop, or a goto to a label outside of it. A function that
 * holds such a loop is taken never to return; its thread spends its time in what the loop calls.
 */
#include "analyzer/source/visit.h"

/* The search for what leaves a loop: a return, its own break, a goto out of it. */
struct exit_search {
	CXCursor loop;
	bool is_nested; /* inside another loop or a switch, where a break does not leave `loop` */
	bool found;
};

static bool is_inside(CXCursor cursor, CXCursor around)
{
	CXSourceRange range = clang_getCursorExtent(around);
	unsigned at, begin, end;

	clang_getExpansionLocation(clang_getCursorLocation(cursor), NULL, NULL, NULL, &at);
	clang_getExpansionLocation(clang_getRangeStart(range), NULL, NULL, NULL, &begin);
	clang_getExpansionLocation(clang_getRangeEnd(range), NULL, NULL, NULL, &end);
	return at >= begin && at < end;
}

/* True if the goto's label is outside the loop, or cannot be found. */
static bool goto_leaves(CXCursor jump, CXCursor loop)
{
	struct children c;
	bool leaves = true;

	children_get(&c, jump);
	if (c.n && clang_getCursorKind(c.items[0]) == CXCursor_LabelRef)
		leaves = !is_inside(clang_getCursorReferenced(c.items[0]), loop);
	children_clear(&c);
	return leaves;
}

static enum CXChildVisitResult find_exit(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct exit_search *search = data;
	struct exit_search nested = *search;

	(void)parent;
	switch (clang_getCursorKind(cursor)) {
	case CXCursor_BreakStmt:
		search->found |= !search->is_nested;
		break;
	case CXCursor_ReturnStmt:
	case CXCursor_IndirectGotoStmt:
		search->found = true;
		break;
	case CXCursor_GotoStmt:
		search->found |= goto_leaves(cursor, search->loop);
		break;
	case CXCursor_WhileStmt:
	case CXCursor_DoStmt:
	case CXCursor_ForStmt:
	case CXCursor_SwitchStmt:
		nested.is_nested = true;
		clang_visitChildren(cursor, find_exit, &nested);
		search->found |= nested.found;
		return search->found ? CXChildVisit_Break : CXChildVisit_Continue;
	default:
		return CXChildVisit_Recurse;
	}
	return search->found ? CXChildVisit_Break : CXChildVisit_Continue;
}

/*
 * True for `for (...; ; ...)`. The tokens are read because libclang does not say which part a
 * missing child was.
 */
static bool for_has_no_condition(struct unit *unit, CXCursor loop)
{
	CXToken *tokens;
	unsigned n, depth = 0, semicolons = 0;
	bool is_empty = true;

	clang_tokenize(unit->tu, clang_getCursorExtent(loop), &tokens, &n);
	for (unsigned i = 0; i < n && semicolons < 2; i++) {
		CXString text = clang_getTokenSpelling(unit->tu, tokens[i]);
		char c = clang_getCString(text)[0];

		clang_disposeString(text);
		if (c == '(')
			depth++;
		else if (c == ')' && --depth == 0)
			break;
		if (c == ';' && depth == 1)
			semicolons++;
		else if (semicolons == 1)
			is_empty = false;
	}
	clang_disposeTokens(unit->tu, tokens, n);
	return semicolons == 2 && is_empty;
}

static bool is_always_true(CXCursor condition)
{
	CXEvalResult result = clang_Cursor_Evaluate(condition);
	bool is_true;

	if (!result)
		return false;
	is_true = clang_EvalResult_getKind(result) == CXEval_Int &&
		  clang_EvalResult_getAsInt(result) != 0;
	clang_EvalResult_dispose(result);
	return is_true;
}

/* True for a `while (1)`, `for (;;)` or `do ... while (1)` that nothing leaves. */
static bool is_endless(struct unit *unit, CXCursor loop, const struct children *c)
{
	struct exit_search search = { .loop = loop };

	switch (clang_getCursorKind(loop)) {
	case CXCursor_WhileStmt:
		if (c->n != 2 || !is_always_true(c->items[0]))
			return false;
		break;
	case CXCursor_DoStmt:
		if (c->n != 2 || !is_always_true(c->items[1]))
			return false;
		break;
	default: /* a `for` with nothing but a body, or whose condition is missing */
		if (c->n != 1 && (c->n == 4 || !for_has_no_condition(unit, loop)))
			return false;
	}
	clang_visitChildren(loop, find_exit, &search);
	return !search.found;
}

void visit_loop(struct unit *unit, CXCursor loop, struct place place)
{
	struct place inner = place_plain(place);
	struct children c;

	children_get(&c, loop);
	if (is_endless(unit, loop, &c)) {
		inner.flags |= FACTS_IN_ENDLESS_LOOP;
		if (place.from != FACTS_NONE)
			unit_symbol_row(unit, place.from)->flags |= FACTS_ENDLESS;
	}
	for (unsigned i = 0; i < c.n; i++)
		visit(unit, c.items[i], inner);
	children_clear(&c);
}
