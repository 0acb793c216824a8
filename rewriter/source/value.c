// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values that vmlinux keeps: enumerators and macros of the scheduler's files that are compiled into
 * functions that stay, and enumerators of a type that variables of vmlinux or records with a fixed
 * layout have.
 *
 * The names are found in the text of the functions; a macro counts with those that it is made of. A
 * macro is a value if it consists of numbers, operators and such macros; of any other one only the
 * text is compared, by plugsched-lint.
 *
 * Limit: what code outside of the scheduler has of a macro is not seen.
 */
#include "rewriter/source/unit.h"

#include <string.h>

#define MAX_DEPTH 8

struct macro {
	const char *file;
	const char *text; /* from the name on, without comments */
};

static bool is_word(char c)
{
	return g_ascii_isalnum(c) || c == '_';
}

/* The next word in [*at, end) that can be a name. NULL if there is none. Caller frees. */
static char *next_word(const char **at, const char *end)
{
	while (*at < end) {
		const char *begin = *at;
		unsigned length = 0;

		while (begin + length < end && is_word(begin[length]))
			length++;
		*at = begin + MAX(length, 1);
		if (length && !g_ascii_isdigit(*begin))
			return g_strndup(begin, length);
	}
	return NULL;
}

/* The text of a range with comments taken out. Caller frees. */
static char *without_comments(struct ctext text, unsigned begin, unsigned end)
{
	GString *plain = g_string_new(NULL);

	while (begin < end) {
		unsigned next = begin;

		if (text.bytes[begin] == '/')
			next = MIN(ctext_skip_blank(text, begin), end);
		g_string_append_c(plain, next > begin ? ' ' : text.bytes[begin]);
		begin = next > begin ? next : begin + 1;
	}
	return g_string_free(plain, FALSE);
}

void rewrite_note_macro(struct rewriting *unit, CXCursor definition)
{
	struct source_file *file;
	unsigned begin, end;
	struct macro *macro;
	g_autofree char *text = NULL;

	if (!rewrite_range(unit, definition, &file, &begin, &end))
		return;
	text = without_comments(file->text, begin, end);
	macro = g_new0(struct macro, 1);
	macro->file = file->name;
	macro->text = g_string_chunk_insert(unit->strings, text);
	g_hash_table_insert(unit->macros,
			    (gpointer)rewrite_take(unit, clang_getCursorSpelling(definition)),
			    macro);
}

/* --- what is found */

static void add_value(struct rewriting *unit, const char *name, const char *file,
		      const char *holder, const char *value, bool is_macro)
{
	GPtrArray *values = unit->result->values;
	struct rewrite_value *found;

	for (guint i = 0; i < values->len; i++)
		if (strcmp(((struct rewrite_value *)g_ptr_array_index(values, i))->name, name) == 0)
			return;
	found = g_new0(struct rewrite_value, 1);
	found->name = g_strdup(name);
	found->file = g_strdup(file);
	found->holder = g_strdup(holder);
	found->value = g_strdup(value);
	found->is_macro = is_macro;
	g_ptr_array_add(values, found);
}

/* --- macros */

/* What the macro stands for, without its name; NULL if it has parameters. */
static const char *body_of(const struct macro *macro, const char *name)
{
	const char *body = macro->text + strlen(name);

	return *body == '(' ? NULL : body;
}

/* True if the text consists of numbers, operators and macros that do. */
static bool is_constant(const struct rewriting *unit, const char *text, unsigned depth)
{
	bool has_operand = false;

	for (const char *at = text; *at;) {
		if (is_word(*at)) {
			g_autofree char *word = g_strndup(
				at, strspn(at, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_"));
			const struct macro *inner = g_hash_table_lookup(unit->macros, word);
			const char *body = inner ? body_of(inner, word) : NULL;

			if (!g_ascii_isdigit(*word) &&
			    (!body || depth == MAX_DEPTH || !is_constant(unit, body, depth + 1)))
				return false;
			has_operand = true;
			at += strlen(word);
		} else if (strchr("()+-*/%<>=!~&|^ \t\n\\", *at)) {
			at++;
		} else {
			return false;
		}
	}
	return has_operand;
}

/* The text in one line; a line's end with its backslash counts as a blank. Caller frees. */
static char *in_one_line(const char *text)
{
	char *line = g_strdup(text);

	for (char *at = line; *at; at++)
		if (*at == '\\' || *at == '\n' || *at == '\t')
			*at = ' ';
	return g_strstrip(line);
}

static void take_macros(struct rewriting *unit, const char *text, const char *holder,
			GHashTable *seen)
{
	const char *at = text, *end = text + strlen(text);
	char *word;

	for (; (word = next_word(&at, end)); g_free(word)) {
		const struct macro *macro = g_hash_table_lookup(unit->macros, word);
		const char *body = macro ? body_of(macro, word) : NULL;
		g_autofree char *value =
			body && is_constant(unit, body, 0) ? in_one_line(body) : NULL;

		if (!macro || g_hash_table_contains(seen, macro))
			continue;
		g_hash_table_add(seen, (gpointer)macro);
		if (strlen(macro->text) > strlen(word)) /* else it is empty */
			add_value(unit, word, macro->file, holder, value, true);
		take_macros(unit, macro->text, holder, seen);
	}
}

/* --- enumerators */

struct enumerator_search {
	struct rewriting *unit;
	const char *holder;
};

static void take_enumerator(struct rewriting *unit, CXCursor enumerator, const char *holder)
{
	struct source_place place = rewrite_locate(unit, clang_getCursorLocation(enumerator));
	const char *name = rewrite_take(unit, clang_getCursorSpelling(enumerator));
	g_autofree char *value =
		g_strdup_printf("%lld", clang_getEnumConstantDeclValue(enumerator));

	if (place.file && rewrite_is_spelled(&place, name))
		add_value(unit, name, place.file->name, holder, value, false);
}

static enum CXChildVisitResult visit_mention(CXCursor cursor, CXCursor parent, CXClientData data)
{
	const struct enumerator_search *search = data;
	CXCursor target = clang_getCursorKind(cursor) == CXCursor_DeclRefExpr
				  ? clang_getCursorReferenced(cursor)
				  : clang_getNullCursor();

	(void)parent;
	if (clang_getCursorKind(target) == CXCursor_EnumConstantDecl)
		take_enumerator(search->unit, target, search->holder);
	return CXChildVisit_Recurse;
}

static bool names_type(const char *type, const char *name)
{
	size_t length = strlen(name);
	const char *at = strstr(type, name);

	return at && !is_word(at[length]) && !strchr(type, '(');
}

/* What in vmlinux's memory holds values of the type; NULL if nothing is known to. Caller frees. */
static char *memory_with(const struct plan *plan, const char *type)
{
	const struct graph *graph = plan->graph;

	for (guint i = 0; i < graph->variables->len; i++) {
		const struct graph_variable *v = g_ptr_array_index(graph->variables, i);
		const struct plan_entry *entry = plan_of(plan, &v->node);

		if (entry && entry->fate == PLAN_DECLARE && names_type(v->type, type))
			return g_strdup_printf("the variable %s", v->node.name);
	}
	for (guint i = 0; i < graph->records->len; i++) {
		const struct graph_record *r = g_ptr_array_index(graph->records, i);

		for (guint n = 0;
		     r->class == GRAPH_EXTERNAL && r->is_scheduler && n < r->members->len; n++) {
			const struct graph_member *m = g_ptr_array_index(r->members, n);

			if (names_type(m->type, type))
				return g_strdup_printf("the member %s", m->node.name);
		}
	}
	return NULL;
}

static enum CXChildVisitResult visit_constant(CXCursor cursor, CXCursor parent, CXClientData data)
{
	const struct enumerator_search *search = data;

	(void)parent;
	if (clang_getCursorKind(cursor) == CXCursor_EnumConstantDecl)
		take_enumerator(search->unit, cursor, search->holder);
	return CXChildVisit_Continue;
}

void rewrite_note_enum(struct rewriting *unit, CXCursor definition)
{
	struct source_place place = rewrite_locate(unit, clang_getCursorLocation(definition));
	const char *type =
		rewrite_take(unit, clang_getTypeSpelling(clang_getCursorType(definition)));
	g_autofree char *holder = NULL;
	struct enumerator_search search = { .unit = unit };

	if (!place.file || strchr(type, '('))
		return;
	holder = memory_with(unit->rewrite->plan, type);
	search.holder = holder;
	if (holder)
		clang_visitChildren(definition, visit_constant, &search);
}

/* --- functions that stay */

/* The function in whose code the values are: itself, or one that it is inlined into. */
static const struct graph_node *code_with(const struct graph_function *f)
{
	for (guint i = 0; !f->binary.symbol && f->inlined_into && i < f->inlined_into->len; i++) {
		const struct graph_node *node = g_ptr_array_index(f->inlined_into, i);

		if (node->class == GRAPH_EXTERNAL)
			return node;
	}
	return &f->node;
}

void rewrite_note_values(struct rewriting *unit, CXCursor definition,
			 const struct plan_entry *entry)
{
	const struct graph_function *f = graph_as_function((struct graph_node *)entry->node);
	const struct graph_node *code;
	g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
	g_autofree char *holder = NULL, *text = NULL;
	struct enumerator_search search = { .unit = unit };
	struct source_file *file;
	unsigned begin, end;

	if (entry->node->class != GRAPH_EXTERNAL || entry->node->reason == GRAPH_REASON_INIT_TEXT ||
	    entry->node->reason == GRAPH_REASON_OVERRIDDEN ||
	    !rewrite_range(unit, definition, &file, &begin, &end))
		return;
	code = code_with(f);
	holder = g_strdup_printf("%s() in %s", code->name, code->file);
	search.holder = holder;
	text = without_comments(file->text, begin, end);
	take_macros(unit, text, holder, seen);
	clang_visitChildren(definition, visit_mention, &search);
}
