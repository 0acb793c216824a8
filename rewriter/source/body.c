// SPDX-License-Identifier: GPL-2.0-only
/*
 * Searches the text that stays in the module for addresses of functions, static locals and the
 * switch of stacks.
 *
 * A call calls the module's function. Any other mention of a function that vmlinux redirects is its
 * address, which must be the address in vmlinux: otherwise a timer, a work item or a callback would
 * lead into the module after it was unloaded.
 *
 * Limit: a macro that defines functions along with a constant table of them (RB_DECLARE_CALLBACKS)
 * is left alone if vmlinux has no such table. The compiler then folded every use into code, which
 * calls these functions or passes them to a call.
 */
#include "rewriter/source/unit.h"

#include <string.h>

#define SWITCH_FUNCTION "__switch_to_asm"

struct body_search {
	struct rewriting *unit;
	const char *owner; /* the function whose static locals these are */
	CXCursor definition;
	bool is_callee_next; /* the next mention is the callee of the call being visited */
	/* in the initialiser of something static, where an expression statement cannot stand */
	bool is_static_value;
	unsigned declare_at; /* if is_static_value: where a declaration can be inserted */
	/*
	 * in a constant that vmlinux does not have, because its compiler folded the values into
	 * their uses
	 */
	bool is_folded;
};

static enum CXChildVisitResult visit(CXCursor cursor, CXCursor parent, CXClientData data);

static enum CXChildVisitResult take_first(CXCursor cursor, CXCursor parent, CXClientData data)
{
	(void)parent;
	*(CXCursor *)data = cursor;
	return CXChildVisit_Break;
}

/*
 * The mention of the function that a call calls; a null cursor if it calls through a pointer.
 * Descending into the call reaches this mention first. The two cursors do not compare equal,
 * because libclang records in a cursor how it was reached.
 */
static CXCursor callee_of(CXCursor call)
{
	CXCursor cursor = call;

	for (;;) {
		CXCursor child = clang_getNullCursor();

		clang_visitChildren(cursor, take_first, &child);
		switch (clang_getCursorKind(child)) {
		case CXCursor_UnexposedExpr:
		case CXCursor_ParenExpr:
			cursor = child;
			break;
		case CXCursor_DeclRefExpr:
			return child;
		default:
			return clang_getNullCursor();
		}
	}
}

/* --- addresses */

/*
 * Finds where the text names the function: in plain text or a macro argument, else in the body of a
 * macro in one of the scheduler's files.
 */
static bool find_mention(struct rewriting *unit, CXCursor mention, const char *name,
			 struct source_place *place)
{
	CXSourceLocation location = clang_getCursorLocation(mention);
	CXFile cxfile;

	*place = rewrite_locate(unit, location);
	if (place->file && rewrite_is_spelled(place, name))
		return true;
	clang_getSpellingLocation(location, &cxfile, NULL, NULL, &place->offset);
	*place = rewrite_locate(unit, clang_getLocationForOffset(unit->tu, cxfile, place->offset));
	return place->file && rewrite_is_spelled(place, name);
}

/* False for a variable whose name a macro makes up. */
static bool is_named_in_text(struct rewriting *unit, CXCursor variable)
{
	struct source_place place = rewrite_locate(unit, clang_getCursorLocation(variable));

	return place.file &&
	       rewrite_is_spelled(&place, rewrite_take(unit, clang_getCursorSpelling(variable)));
}

static void declare_address(struct body_search *body, struct source_file *file,
			    const struct plan_entry *entry)
{
	g_autofree char *text =
		g_strdup_printf("extern typeof(%s) %s;\n", entry->node->name, entry->label);
	unsigned at = ctext_line_begin(file->text, body->declare_at);

	rewrite_edit(body->unit, file, EDIT_ADDRESS, at, at, text, rewrite_what(body->unit, entry));
}

static void take_address(struct body_search *body, CXCursor mention, struct plan_entry *entry)
{
	const char *name = entry->node->name;
	unsigned position;
	g_autofree char *text = NULL;
	struct source_place place;

	if (!find_mention(body->unit, mention, name, &place)) {
		entry->is_foreign_address |= !body->is_folded;
		return;
	}
	plan_symbol(entry, &position);
	if (body->is_static_value) {
		declare_address(body, place.file, entry);
		text = g_strdup(entry->label);
	} else {
		text = position ? g_strdup_printf("vmlinux_at(%s, %u)", name, position)
				: g_strdup_printf("vmlinux(%s)", name);
	}
	rewrite_edit(body->unit, place.file, EDIT_ADDRESS, place.offset,
		     place.offset + (unsigned)strlen(name), text, rewrite_what(body->unit, entry));
}

/* Renames the uses of a static local of vmlinux: the module has another name for it. */
static void visit_variable(struct body_search *body, CXCursor mention, CXCursor variable)
{
	struct plan_entry *entry;
	struct source_place place;

	if (clang_Cursor_getStorageClass(variable) != CX_SC_Static ||
	    clang_getCursorKind(clang_getCursorSemanticParent(variable)) ==
		    CXCursor_TranslationUnit)
		return;
	entry = rewrite_variable_entry(body->unit, variable, body->owner);
	if (!entry || entry->fate != PLAN_DECLARE || !is_named_in_text(body->unit, variable))
		return;
	if (find_mention(body->unit, mention, entry->node->name, &place))
		rewrite_edit(body->unit, place.file, EDIT_VARIABLE, place.offset,
			     place.offset + (unsigned)strlen(entry->node->name),
			     rewrite_variable_name(body->unit, entry),
			     rewrite_what(body->unit, entry));
}

static void visit_mention(struct body_search *body, CXCursor mention)
{
	CXCursor function = clang_getCursorReferenced(mention);
	struct plan_entry *entry;

	if (body->is_callee_next) {
		body->is_callee_next = false;
		return;
	}
	if (clang_getCursorKind(function) == CXCursor_VarDecl)
		visit_variable(body, mention, function);
	if (clang_getCursorKind(function) != CXCursor_FunctionDecl)
		return;
	entry = rewrite_function_entry(body->unit, function);
	if (entry && entry->is_redirected && entry->fate == PLAN_KEEP)
		take_address(body, mention, entry);
}

/* --- the switch of stacks */

struct statements {
	struct rewriting *unit;
	struct source_place at;
	unsigned begin; /* of the statement that holds the place; UINT_MAX until it is found */
};

static enum CXChildVisitResult find_statement(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct statements *s = data;
	struct source_file *file;
	unsigned begin, end;

	(void)parent;
	if (!rewrite_range(s->unit, cursor, &file, &begin, &end) || file != s->at.file ||
	    s->at.offset < begin || s->at.offset >= end)
		return CXChildVisit_Continue;
	s->begin = begin;
	return CXChildVisit_Break;
}

static enum CXChildVisitResult find_compound(CXCursor cursor, CXCursor parent, CXClientData data)
{
	(void)parent;
	if (clang_getCursorKind(cursor) != CXCursor_CompoundStmt)
		return CXChildVisit_Continue;
	*(CXCursor *)data = cursor;
	return CXChildVisit_Break;
}

/* The first two arguments of the macro or call, as they are written. */
static char *switch_arguments(struct ctext text, unsigned offset)
{
	unsigned open = ctext_find(text, offset, "(;"), comma, second;

	if (open >= text.length || text.bytes[open] != '(')
		return NULL;
	comma = ctext_find(text, open + 1, ",)");
	if (text.bytes[comma] != ',')
		return NULL;
	second = ctext_find(text, comma + 1, ",)");
	return g_strndup(text.bytes + open + 1, second - open - 1);
}

/*
 * Replaces the statement that switches stacks, and all that follow it, by the jump into vmlinux:
 * from the switch on vmlinux's code runs.
 */
static void rewrite_switch(struct body_search *body, CXCursor call)
{
	struct rewriting *unit = body->unit;
	struct statements s = { unit, rewrite_locate(unit, clang_getCursorLocation(call)),
				UINT_MAX };
	bool is_void =
		clang_getResultType(clang_getCursorType(body->definition)).kind == CXType_Void;
	CXCursor compound = clang_getNullCursor();
	g_autofree char *arguments =
		s.at.file ? switch_arguments(s.at.file->text, s.at.offset) : NULL;
	g_autofree char *text = NULL;
	struct source_file *file = NULL;
	unsigned begin, end = 0;

	clang_visitChildren(body->definition, find_compound, &compound);
	clang_visitChildren(compound, find_statement, &s);
	if (!arguments || s.begin == UINT_MAX ||
	    !rewrite_range(unit, compound, &file, &begin, &end)) {
		if (s.at.file)
			rewrite_fail(
				unit, s.at.file, s.at.offset,
				"the switch of stacks in %s is no statement of the function's own",
				body->owner);
		return;
	}
	text = g_strdup_printf("%splugsched_switch_to(%s); /* goes on in vmlinux's __schedule */",
			       is_void ? "" : "return ", arguments);
	rewrite_edit(unit, file, EDIT_SWITCH, s.begin, ctext_blank_begin(file->text, end - 1), text,
		     body->owner);
}

/* --- the descent */

static void visit_call(struct body_search *body, CXCursor call)
{
	CXCursor callee = callee_of(call);

	body->is_callee_next = !clang_Cursor_isNull(callee);
	if (!clang_Cursor_isNull(callee) &&
	    strcmp(rewrite_take(body->unit, clang_getCursorSpelling(callee)), SWITCH_FUNCTION) == 0)
		rewrite_switch(body, call);
}

static bool is_static_local(CXCursor variable)
{
	return clang_Cursor_getStorageClass(variable) == CX_SC_Static;
}

static enum CXChildVisitResult visit(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct body_search *body = data;

	(void)parent;
	switch (clang_getCursorKind(cursor)) {
	case CXCursor_CallExpr:
		visit_call(body, cursor);
		rewrite_literals_in_call(body->unit, cursor);
		return CXChildVisit_Recurse;
	case CXCursor_DeclRefExpr:
		visit_mention(body, cursor);
		return CXChildVisit_Recurse;
	case CXCursor_InitListExpr:
		if (!body->is_static_value)
			rewrite_literals_in_list(body->unit, cursor);
		return CXChildVisit_Recurse;
	case CXCursor_BinaryOperator:
		rewrite_literals_in_assignment(body->unit, cursor);
		return CXChildVisit_Recurse;
	case CXCursor_VarDecl:
		if (!is_static_local(cursor))
			return CXChildVisit_Recurse;
		rewrite_variable(body->unit, cursor, body->owner);
		return CXChildVisit_Continue;
	default:
		return body->unit->fault ? CXChildVisit_Break : CXChildVisit_Recurse;
	}
}

void rewrite_body(struct rewriting *unit, CXCursor definition, const char *owner)
{
	struct body_search body = { .unit = unit, .owner = owner, .definition = definition };
	struct source_file *file;
	unsigned end;

	if (clang_getCursorKind(definition) == CXCursor_VarDecl) {
		const struct plan_entry *entry = rewrite_variable_entry(unit, definition, owner);

		body.is_folded =
			entry &&
			!graph_as_variable((struct graph_node *)entry->node)->binary.symbol;
		if (strstr(rewrite_take(unit,
					clang_getTypeSpelling(clang_getCursorType(definition))),
			   "struct sched_class"))
			/* its methods are the module's; the old contents are restored on unload */
			return;
		body.is_static_value = true;
		if (rewrite_range(unit, definition, &file, &body.declare_at, &end))
			body.declare_at = ctext_statement_begin(file->text, body.declare_at);
	}
	clang_visitChildren(definition, visit, &body);
}
