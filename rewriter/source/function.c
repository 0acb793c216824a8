// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions: puts marks above those that stay in the module, and leaves prototypes of those that
 * stay in vmlinux.
 *
 * Limit: specifiers that a macro hides before a function's name (a macro for `static inline`) are
 * not seen.
 */
#include "rewriter/source/unit.h"

#include <string.h>

#define MARK_WIDTH 110 /* a longer reason is written as its code */

/* Words that a definition may have but a declaration of vmlinux's function must not have. */
static const char *const definition_words[] = { "static",     "inline",          "__inline",
						"__inline__", "__always_inline", "__weak" };

static enum CXChildVisitResult find_body(CXCursor cursor, CXCursor parent, CXClientData data)
{
	(void)parent;
	if (clang_getCursorKind(cursor) != CXCursor_CompoundStmt)
		return CXChildVisit_Continue;
	*(CXCursor *)data = cursor;
	return CXChildVisit_Break;
}

static char *interface_mark(const struct plan_entry *entry)
{
	const char *why = entry->node->why, *sentence = strstr(why, ": ");

	sentence = sentence && strlen(sentence) < MARK_WIDTH
			   ? sentence + 2
			   : graph_reason_text(entry->node->reason);
	return g_strdup_printf("/* plugsched interface, keep the signature: %s */\n", sentence);
}

static char *copy_mark(const struct plan_entry *entry)
{
	const struct graph_function *f = graph_as_function((struct graph_node *)entry->node);
	guint n = f->inlined_into ? f->inlined_into->len : 0;

	if (n == 0)
		return g_strdup_printf("/* plugsched copy, vmlinux keeps its own: %s */\n",
				       graph_reason_text(entry->node->reason));
	return g_strdup_printf(
		"/* plugsched copy, vmlinux keeps its own in %s%s: change neither alone */\n",
		((struct graph_node *)g_ptr_array_index(f->inlined_into, 0))->name,
		n > 1 ? " and others" : "");
}

void rewrite_mark_function(struct rewriting *unit, struct source_file *file, unsigned begin,
			   const struct plan_entry *entry)
{
	bool is_interface = entry->fate == PLAN_KEEP && entry->node->class == GRAPH_INTERFACE;
	g_autofree char *mark = is_interface               ? interface_mark(entry)
				: entry->fate == PLAN_COPY ? copy_mark(entry)
							   : NULL;

	if (mark)
		rewrite_edit(unit, file, EDIT_MARK, ctext_line_begin(file->text, begin),
			     ctext_line_begin(file->text, begin), mark, rewrite_what(unit, entry));
}

/* Removes `static` and similar words from the specifiers in [begin, end). */
static void strip_words(struct rewriting *unit, struct source_file *file, unsigned begin,
			unsigned end, const struct plan_entry *entry)
{
	for (unsigned i = begin; i < end; i++)
		for (guint w = 0; w < G_N_ELEMENTS(definition_words); w++) {
			unsigned last = i + (unsigned)strlen(definition_words[w]);

			if (!ctext_has_word(file->text, i, definition_words[w]))
				continue;
			while (file->text.bytes[last] == ' ' || file->text.bytes[last] == '\t')
				last++;
			rewrite_edit(unit, file, EDIT_PROTOTYPE, i, last, "",
				     rewrite_what(unit, entry));
		}
}

/* The prototype of an old-style (K&R) definition, whose text has none. */
static char *old_style_prototype(struct rewriting *unit, CXCursor function,
				 const struct plan_entry *entry)
{
	CXType type = clang_getCursorType(function);
	GString *text =
		g_string_new(rewrite_take(unit, clang_getTypeSpelling(clang_getResultType(type))));
	int n = clang_Cursor_getNumArguments(function);
	char *declaration;

	g_string_append(text, " (");
	for (int i = 0; i < n; i++) {
		CXCursor argument = clang_Cursor_getArgument(function, (unsigned)i);

		g_string_append_printf(
			text, "%s%s", i ? ", " : "",
			rewrite_take(unit, clang_getTypeSpelling(clang_getCursorType(argument))));
	}
	g_string_append(text, n > 0 ? ")" : "void)");
	declaration = rewrite_extern(text->str, entry->node->name, entry->label);
	g_string_free(text, TRUE);
	return declaration;
}

static char *stays_note(const struct plan_entry *entry)
{
	return g_strdup_printf(" /* stays in vmlinux: %s */",
			       graph_reason_code(entry->node->reason));
}

/* Replaces the body [begin, end) by a semicolon. */
static void cut_body(struct rewriting *unit, struct source_file *file, unsigned begin, unsigned end,
		     const struct plan_entry *entry)
{
	g_autofree char *note = stays_note(entry);
	g_autofree char *label =
		entry->label ? g_strdup_printf(" asm(\"%s\")", entry->label) : g_strdup("");
	g_autofree char *text = g_strconcat(label, ";", note, NULL);
	unsigned blank = begin;

	while (blank > 0 && strchr(" \t\n", file->text.bytes[blank - 1]))
		blank--;
	rewrite_edit(unit, file, EDIT_PROTOTYPE,
		     ctext_is_line_taken(file->text, blank) ? begin : blank, end, text,
		     rewrite_what(unit, entry));
}

static void make_prototype(struct rewriting *unit, CXCursor function, CXCursor body,
			   struct source_place name, unsigned begin, const struct plan_entry *entry)
{
	struct source_file *file, *owner = name.file;
	unsigned body_begin, body_end;

	if (!rewrite_range(unit, body, &file, &body_begin, &body_end) || file != owner) {
		rewrite_fail(unit, owner, name.offset,
			     "the body of %s begins or ends inside a macro", entry->node->name);
	} else if (clang_getCursorType(function).kind == CXType_FunctionNoProto ||
		   file->text.bytes[ctext_blank_begin(file->text, body_begin) - 1] == ';') {
		g_autofree char *text = old_style_prototype(unit, function, entry);

		rewrite_edit(unit, file, EDIT_PROTOTYPE, begin, body_end, text,
			     rewrite_what(unit, entry));
	} else {
		strip_words(unit, file, begin, name.offset, entry);
		cut_body(unit, file, body_begin, body_end, entry);
	}
}

static void drop(struct rewriting *unit, struct source_file *file, unsigned begin, unsigned end,
		 const struct plan_entry *entry)
{
	bool is_init = entry->node->reason == GRAPH_REASON_INIT_TEXT;

	ctext_widen(file->text, &begin, &end);
	rewrite_edit(unit, file, is_init ? EDIT_INIT : EDIT_UNUSED, begin, end, "",
		     rewrite_what(unit, entry));
}

static void keep(struct rewriting *unit, CXCursor function, struct source_file *file,
		 unsigned begin, struct plan_entry *entry)
{
	struct rewrite_place place = { entry, file->file, ctext_line_begin(file->text, begin) };

	rewrite_mark_function(unit, file, begin, entry);
	g_ptr_array_add(unit->result->defined, entry);
	g_array_append_val(unit->result->places, place);
	rewrite_body(unit, function, entry->node->name);
}

static void rewrite_definition(struct rewriting *unit, CXCursor function, CXCursor body,
			       struct source_place name, struct plan_entry *entry)
{
	struct source_file *file;
	unsigned begin, end;

	if (!rewrite_range(unit, function, &file, &begin, &end) || file != name.file) {
		rewrite_fail(unit, name.file, name.offset, "%s begins or ends inside a macro",
			     entry->node->name);
		return;
	}
	begin = ctext_statement_begin(file->text, begin);
	switch (entry->fate) {
	case PLAN_DECLARE:
		make_prototype(unit, function, body, name, begin, entry);
		g_ptr_array_add(unit->result->prototypes, entry);
		break;
	case PLAN_DROP:
		drop(unit, file, begin, end, entry);
		break;
	default:
		keep(unit, function, file, begin, entry);
	}
}

/* Adapts a declaration that is no definition to what becomes of the definition. */
static void rewrite_declaration(struct rewriting *unit, CXCursor function, struct source_place name,
				const struct plan_entry *entry)
{
	struct source_file *file;
	unsigned begin, end;

	if (clang_Cursor_getStorageClass(function) != CX_SC_Static ||
	    (entry->fate != PLAN_DECLARE && entry->fate != PLAN_DROP) ||
	    !rewrite_range(unit, function, &file, &begin, &end))
		return;
	if (file->text.bytes[ctext_skip_blank(file->text, end)] == ',' ||
	    ctext_group_begin(file->text, name.offset) != name.offset) {
		rewrite_fail(
			unit, file, name.offset,
			"one statement declares %s along with others; give each a statement of its own",
			entry->node->name);
		return;
	}
	begin = ctext_statement_begin(file->text, begin);
	if (entry->fate == PLAN_DECLARE)
		strip_words(unit, file, begin, name.offset, entry);
	else if (entry->fate == PLAN_DROP)
		drop(unit, file, begin, ctext_after_semicolon(file->text, end), entry);
}

/* Turns an alias into a declaration if its target does not stay in the module. */
static void rewrite_alias(struct rewriting *unit, CXCursor alias, struct source_place name,
			  const struct plan_entry *entry)
{
	const struct graph_function *f = graph_as_function((struct graph_node *)entry->node);
	const struct plan_entry *target =
		plan_function(unit->rewrite->plan, entry->node->file, f->alias);
	g_autofree char *text = NULL;
	struct source_file *file;
	unsigned begin, end;

	if (!target)
		target = plan_function(unit->rewrite->plan, NULL, f->alias);
	if (target && (target->fate == PLAN_KEEP || target->fate == PLAN_COPY)) {
		g_ptr_array_add(unit->result->defined, (gpointer)entry);
		return;
	}
	if (!rewrite_range(unit, alias, &file, &begin, &end) || file != name.file)
		return;
	text = rewrite_extern(rewrite_take(unit, clang_getTypeSpelling(clang_getCursorType(alias))),
			      entry->node->name, entry->label);
	rewrite_edit(unit, file, EDIT_PROTOTYPE, ctext_statement_begin(file->text, begin),
		     ctext_after_semicolon(file->text, ctext_find(file->text, end, ";")), text,
		     rewrite_what(unit, entry));
}

/* True, with a fault, if the report was made from other sources. */
static bool is_stale(struct rewriting *unit, CXCursor function, struct source_place name,
		     const struct plan_entry *entry)
{
	unsigned line;

	clang_getExpansionLocation(clang_getCursorLocation(function), NULL, &line, NULL, NULL);
	if (entry && (entry->node->line == line || strcmp(entry->node->file, name.file->name) != 0))
		return false;
	if (!entry)
		rewrite_fail(unit, name.file, name.offset,
			     "the report does not know %s; analyse the kernel again",
			     rewrite_take(unit, clang_getCursorSpelling(function)));
	else
		rewrite_fail(
			unit, name.file, name.offset,
			"%s stands in line %u of the report; the source was changed since: build and "
			"analyse the kernel again",
			entry->node->name, entry->node->line);
	return true;
}

void rewrite_function(struct rewriting *unit, CXCursor function)
{
	struct source_place name = rewrite_locate(unit, clang_getCursorLocation(function));
	struct plan_entry *entry = name.file ? rewrite_function_entry(unit, function) : NULL;
	const struct expansion *expansion =
		name.file ? rewrite_expansion(name.file, name.offset) : NULL;
	bool is_definition = clang_isCursorDefinition(function);
	CXCursor body = clang_getNullCursor();

	if (!name.file || (!is_definition && !entry) ||
	    (expansion && rewrite_statement_treatment(expansion->name) == TREAT_GOES))
		return;
	if (is_definition && is_stale(unit, function, name, entry))
		return;
	if (is_definition)
		rewrite_note_values(unit, function, entry);
	clang_visitChildren(function, find_body, &body);
	if (expansion || !rewrite_is_spelled(&name, entry->node->name)) {
		if (is_definition)
			rewrite_add_to_group(unit, name.file, expansion, entry, function);
	} else if (is_definition) {
		rewrite_definition(unit, function, body, name, entry);
	} else if (*graph_as_function((struct graph_node *)entry->node)->alias &&
		   entry->node->line == rewrite_line(name.file, name.offset)) {
		rewrite_alias(unit, function, name, entry);
	} else {
		rewrite_declaration(unit, function, name, entry);
	}
}
