// SPDX-License-Identifier: GPL-2.0-only
/*
 * Variables: a definition of a variable that stays in vmlinux becomes a declaration.
 *
 * Method: where the definition is written out, `static` becomes `extern` and the value is removed.
 * Where a macro defines it, the macro that declares the same (declarers.def) takes its place;
 * without one, the type is spelled out.
 */
#include "rewriter/source/unit.h"

#include <string.h>

static const struct {
	const char *define, *declare;
} declarers[] = {
#define DECLARER(define, declare) { define, declare },
#include "rewriter/source/declarers.def"
#undef DECLARER
};

static const char *declarer_of(const char *define)
{
	for (guint i = 0; i < G_N_ELEMENTS(declarers); i++)
		if (strcmp(declarers[i].define, define) == 0)
			return declarers[i].declare;
	return NULL;
}

static const char *type_of(struct rewriting *unit, CXCursor variable)
{
	return rewrite_take(unit, clang_getTypeSpelling(clang_getCursorType(variable)));
}

/* Replaces `static` by `extern`, or puts `extern` in front if there is no `static`. */
static void make_extern(struct rewriting *unit, struct source_file *file, unsigned begin,
			unsigned end, const struct plan_entry *entry)
{
	for (unsigned i = begin; i < end; i++)
		if (ctext_has_word(file->text, i, "static")) {
			rewrite_edit(unit, file, EDIT_VARIABLE, i, i + 6, "extern",
				     rewrite_what(unit, entry));
			return;
		} else if (ctext_has_word(file->text, i, "extern")) {
			return;
		}
	rewrite_edit(unit, file, EDIT_VARIABLE, begin, begin, "extern ", rewrite_what(unit, entry));
}

/* Removes the value: from the end of the text before `=` up to the end of the declarator. */
static void cut_value(struct rewriting *unit, struct source_file *file, unsigned from,
		      const struct plan_entry *entry)
{
	unsigned equals = ctext_find(file->text, from, "=,;");

	if (equals < file->text.length && file->text.bytes[equals] == '=')
		rewrite_edit(unit, file, EDIT_VARIABLE, ctext_blank_begin(file->text, equals),
			     ctext_find(file->text, equals, ",;"), "", rewrite_what(unit, entry));
}

/* Writes down the size of an array that its value determined. */
static void add_size(struct rewriting *unit, CXCursor variable, struct source_file *file,
		     unsigned name_end, const struct plan_entry *entry)
{
	long long n = clang_getArraySize(clang_getCursorType(variable));
	unsigned bracket = ctext_skip_blank(file->text, name_end);
	g_autofree char *size = g_strdup_printf("%lld", n);

	if (n < 0 || file->text.bytes[bracket] != '[')
		return;
	bracket = ctext_skip_blank(file->text, bracket + 1);
	if (file->text.bytes[bracket] == ']')
		rewrite_edit(unit, file, EDIT_VARIABLE, bracket, bracket, size,
			     rewrite_what(unit, entry));
}

static void rename_local(struct rewriting *unit, struct source_place name,
			 const struct plan_entry *entry)
{
	const char *new_name = rewrite_variable_name(unit, entry);

	if (strcmp(new_name, entry->node->name) != 0)
		rewrite_edit(unit, name.file, EDIT_VARIABLE, name.offset,
			     name.offset + (unsigned)strlen(entry->node->name), new_name,
			     rewrite_what(unit, entry));
}

static void declare_written(struct rewriting *unit, CXCursor variable, struct source_place name,
			    unsigned begin, const struct plan_entry *entry)
{
	struct source_file *file = name.file;
	unsigned name_end = name.offset + (unsigned)strlen(entry->node->name);
	unsigned declarator_end = ctext_declarator_end(file->text, name_end);

	make_extern(unit, file, begin, name.offset, entry);
	rename_local(unit, name, entry);
	add_size(unit, variable, file, name_end, entry);
	if (entry->label) {
		g_autofree char *label = g_strdup_printf(" asm(\"%s\")", entry->label);

		rewrite_edit(unit, file, EDIT_VARIABLE, declarator_end, declarator_end, label,
			     rewrite_what(unit, entry));
	}
	cut_value(unit, file, declarator_end, entry);
}

/*
 * Replaces a macro by its counterpart: DEFINE_PER_CPU(int, x) = 1; becomes DECLARE_PER_CPU(int, x);
 */
static void declare_by_macro(struct rewriting *unit, struct source_place name,
			     const struct expansion *e, unsigned begin, const char *declarer,
			     const struct plan_entry *entry)
{
	struct source_file *file = name.file;
	unsigned name_end = e->begin + (unsigned)strlen(e->name);

	rename_local(unit, name, entry);

	rewrite_edit(unit, file, EDIT_VARIABLE, begin, name_end, declarer,
		     rewrite_what(unit, entry));
	if (entry->label) {
		g_autofree char *label = g_strdup_printf(" asm(\"%s\")", entry->label);

		rewrite_edit(unit, file, EDIT_VARIABLE, e->end, e->end, label,
			     rewrite_what(unit, entry));
	}
	cut_value(unit, file, e->end, entry);
}

static char *spelled_out(struct rewriting *unit, CXCursor variable, const struct plan_entry *entry)
{
	const struct graph_variable *v = graph_as_variable((struct graph_node *)entry->node);

	if (v->is_percpu)
		return g_strdup_printf("DECLARE_PER_CPU(typeof(%s), %s);", type_of(unit, variable),
				       entry->node->name);
	return rewrite_extern(type_of(unit, variable), rewrite_variable_name(unit, entry),
			      entry->label);
}

static void declare_made(struct rewriting *unit, CXCursor variable, struct source_place name,
			 const struct expansion *e, unsigned begin, const struct plan_entry *entry)
{
	struct source_file *file = name.file;
	const char *declarer = declarer_of(e->name);
	unsigned end = ctext_find(file->text, e->end, ";");
	g_autofree char *text = NULL;

	g_hash_table_add(unit->replaced, (gpointer)e);
	if (declarer) {
		declare_by_macro(unit, name, e, begin, declarer, entry);
		return;
	}
	if (end == file->text.length) {
		rewrite_fail(unit, file, name.offset, "no semicolon ends the definition of %s",
			     entry->node->name);
		return;
	}
	text = spelled_out(unit, variable, entry);
	rewrite_edit(unit, file, EDIT_VARIABLE, begin, end + 1, text, rewrite_what(unit, entry));
}

/*
 * Turns the class's definition into an object of the module with the same value. A declaration
 * without a value stays one of vmlinux's object.
 */
static void rewrite_class(struct rewriting *unit, CXCursor variable, struct source_place name,
			  const struct expansion *e, unsigned begin, struct plan_entry *entry)
{
	struct source_file *file = name.file;
	unsigned end = e ? e->end
			 : ctext_declarator_end(file->text,
						name.offset + (unsigned)strlen(entry->node->name));
	g_autofree char *text = NULL, *declaration = NULL;

	if (clang_Cursor_isNull(clang_Cursor_getVarDeclInitializer(variable))) {
		make_extern(unit, file, begin, name.offset, entry);
		return;
	}
	/* nothing declares it earlier */
	if (clang_equalCursors(clang_getCanonicalCursor(variable), variable))
		declaration =
			rewrite_extern(type_of(unit, variable), entry->node->name, entry->label);
	text = g_strdup_printf("%s%sstatic %s " REWRITE_CLASS "%s", declaration ? declaration : "",
			       declaration ? "\n" : "", type_of(unit, variable), entry->node->name);
	rewrite_edit(unit, file, EDIT_CLASS, begin, end, text, rewrite_what(unit, entry));
	g_ptr_array_add(unit->result->defined, entry);
	rewrite_body(unit, variable, "");
}

static void drop(struct rewriting *unit, struct source_file *file, unsigned begin, unsigned end,
		 const struct plan_entry *entry)
{
	end = ctext_find(file->text, end, ";");
	end += end < file->text.length;
	ctext_widen(file->text, &begin, &end);
	rewrite_edit(unit, file, EDIT_UNUSED, begin, end, "", rewrite_what(unit, entry));
}

/*
 * Refuses variables of one statement that have different fates: the statement is either `extern` or
 * not.
 */
static bool is_mixture(struct rewriting *unit, struct source_place name, unsigned begin,
		       struct plan_entry *entry)
{
	g_autofree char *key = g_strdup_printf("%s:%u", name.file->name, begin);
	const struct plan_entry *first = g_hash_table_lookup(unit->statements, key);

	if (!first)
		g_hash_table_insert(unit->statements, g_steal_pointer(&key), entry);
	if (!first || first->fate == entry->fate)
		return false;
	rewrite_fail(
		unit, name.file, name.offset,
		"one statement defines both %s (%s) and %s (%s); give each a statement of its own",
		first->node->name, plan_fate_name(first->fate), entry->node->name,
		plan_fate_name(entry->fate));
	return true;
}

static void rewrite_found(struct rewriting *unit, CXCursor variable, struct source_place name,
			  const struct expansion *e, unsigned begin, unsigned end,
			  struct plan_entry *entry)
{
	switch (entry->fate) {
	case PLAN_DECLARE:
		if (e)
			declare_made(unit, variable, name, e, begin, entry);
		else
			declare_written(unit, variable, name, begin, entry);
		g_ptr_array_add(*graph_as_variable((struct graph_node *)entry->node)->owner
					? unit->result->locals
					: unit->result->declared,
				entry);
		break;
	case PLAN_CLASS:
		rewrite_class(unit, variable, name, e, begin, entry);
		break;
	case PLAN_DROP:
		drop(unit, name.file, begin, e ? MAX(end, e->end) : end, entry);
		break;
	default:
		rewrite_body(unit, variable,
			     graph_as_variable((struct graph_node *)entry->node)->owner);
	}
}

void rewrite_variable(struct rewriting *unit, CXCursor variable, const char *owner)
{
	struct source_place name = rewrite_locate(unit, clang_getCursorLocation(variable));
	struct plan_entry *entry = name.file ? rewrite_variable_entry(unit, variable, owner) : NULL;
	const struct expansion *e = name.file ? rewrite_expansion(name.file, name.offset) : NULL;
	struct source_file *file;
	unsigned begin, end;

	if (!entry || clang_Cursor_getStorageClass(variable) == CX_SC_Extern ||
	    (e && rewrite_statement_treatment(e->name) != TREAT_NOT))
		return;
	if (!rewrite_is_spelled(&name, entry->node->name)) {
		if (e && entry->fate == PLAN_CLASS)
			rewrite_class(unit, variable, name, e,
				      ctext_statement_begin(name.file->text, e->begin), entry);
		else if (!*owner && e)
			rewrite_add_to_group(unit, name.file, e, entry, variable);
		return; /* a static local that a macro makes up belongs to the module */
	}
	if (!rewrite_range(unit, variable, &file, &begin, &end) || file != name.file) {
		rewrite_fail(unit, name.file, name.offset,
			     "the definition of %s begins or ends inside a macro",
			     entry->node->name);
		return;
	}
	if (e && begin > e->begin)
		e = NULL; /* the whole definition is written in a macro's argument */
	/* for a local variable behind a comma, libclang's range begins behind that comma */
	if (*owner)
		begin = ctext_group_begin(file->text, begin);
	begin = ctext_statement_begin(file->text, begin);
	if (!is_mixture(unit, name, begin, entry))
		rewrite_found(unit, variable, name, e, begin, end, entry);
}
