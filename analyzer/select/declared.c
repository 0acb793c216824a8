// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the text of a C file declares, and which lists of values it has.
 *
 * Two names in a row at the beginning of a statement, member or parameter are taken for a
 * declaration, `TYPE NAME`. Whether the first really is a type is for the caller to know.
 */
#include "analyzer/select/scan.h"

#include <ctype.h>
#include <string.h>

const char *words_next(const struct words_scan *s)
{
	const char *at = s->at;

	while (at < s->end && isspace((unsigned char)*at))
		at++;
	return at;
}

/* Words that may stand between a struct's tag and the name declared with it. */
static bool is_qualifier(const char *word, size_t length)
{
	return (length > 2 && word[0] == '_' && word[1] == '_') ||
	       (length == 5 && strncmp(word, "const", 5) == 0) ||
	       (length == 8 && strncmp(word, "volatile", 8) == 0);
}

static bool is_struct_keyword(const char *word, size_t length)
{
	return (length == 6 && strncmp(word, "struct", 6) == 0) ||
	       (length == 5 && strncmp(word, "union", 5) == 0);
}

bool words_is_one_of(const char *word, size_t length, const char *const *words)
{
	for (; *words; words++)
		if (strlen(*words) == length && strncmp(word, *words, length) == 0)
			return true;
	return false;
}

/* Words that may stand before a type. */
static bool is_storage(const char *word, size_t length)
{
	static const char *const words[] = { "static",  "extern",   "inline", "register",
					     "typedef", "unsigned", "signed", NULL };

	return is_qualifier(word, length) || words_is_one_of(word, length, words);
}

static void add_local(struct words_scan *s, uint32_t name)
{
	struct word_local local = { s->tag, name, 0, s->is_tag, !s->is_pointer };

	for (guint i = 0; i < s->owners->len; i++) {
		local.owner = g_array_index(s->owners, uint32_t, i);
		g_array_append_val(s->file->locals, local);
	}
}

/* Notes that the name is declared with the tag or type before it. */
static void add_declaration(struct words_scan *s, uint32_t name)
{
	struct word_declaration declaration = { .tag = s->tag,
						.name = name,
						.is_value = !s->is_pointer };
	struct word_alias alias = { s->tag, name, s->is_tag };

	s->declared = s->tag;
	s->is_declared_tag = s->is_tag;
	if (s->owners->len && (s->parens || s->braces)) {
		add_local(s, name);
		return;
	}
	if (s->parens)
		return;
	declaration.enclosing = s->braces ? s->enclosing[MIN(s->braces, MAX_DEPTH) - 1] : 0;
	g_array_append_val(s->is_tag ? s->file->declarations : s->file->typed, declaration);
	if (s->after_typedef && !s->braces)
		g_array_append_val(s->file->aliases, alias);
}

void words_declaration(struct words_scan *s, const char *text, size_t length, uint32_t word)
{
	if (length == 7 && strncmp(text, "typedef", 7) == 0 && !s->braces)
		s->after_typedef = true;
	if (is_struct_keyword(text, length)) {
		s->after_struct = true;
		s->tag = 0;
		s->at_start = false;
	} else if (s->after_struct) {
		s->after_struct = false;
		s->tag = word;
		s->is_tag = true;
		s->is_pointer = false;
	} else if (s->tag && !is_qualifier(text, length)) {
		add_declaration(s, word);
	} else if (s->at_start && !is_storage(text, length)) {
		s->at_start = false;
		s->tag = word;
		s->is_tag = s->is_pointer = false;
	}
}

void words_alias(struct words_scan *s, const char *text, size_t length, uint32_t word)
{
	struct word_alias alias = { word, s->macro, s->after_struct };

	if (!s->at_start)
		return;
	if (is_struct_keyword(text, length)) {
		s->after_struct = true;
	} else if (!is_storage(text, length)) {
		s->at_start = s->after_struct = false;
		g_array_append_val(s->file->aliases, alias);
	}
}

static void add_fill(struct words_scan *s, struct word_fill fill)
{
	g_array_append_val(s->file->fills, fill);
	for (guint i = 0; i < s->owners->len; i++) {
		fill.owner = g_array_index(s->owners, uint32_t, i);
		g_array_append_val(s->file->fills, fill);
	}
}

/* Begins to look at the list in braces that may come next, for a tag or the name of a type. */
static void expect_fill(struct words_scan *s, uint32_t type, bool is_tag)
{
	struct word_fill fill = { .type = type, .is_tag = is_tag };

	if (s->fill.type) { /* part of another list: it is not looked into */
		add_fill(s, fill);
		return;
	}
	s->fill = fill;
	s->fill_braces = 0;
	s->is_filled = false;
}

/* True if what follows has no name in front of it: `{ 1`, but not `{ .member =` or `{ {`. */
static bool is_unnamed_value(const struct words_scan *s)
{
	const char *next = words_next(s);

	return next < s->end && !strchr(".[}{", *next);
}

/*
 * Looks for lists with values that have no names: `struct TAG x = { 1 }`, `(struct TAG){ 1 }`, also
 * in braces within. `c` is the character just read.
 */
void words_fill(struct words_scan *s, char c)
{
	if (s->fill.type && !s->fill_braces) {
		if (c == '{')
			s->fill_braces = s->braces + 1;
		else
			s->fill.type = 0;
	}
	if (s->fill.type) {
		if ((c == '{' || c == ',') && !s->is_filled && is_unnamed_value(s)) {
			add_fill(s, s->fill);
			s->is_filled = true;
		}
		if (c == '}' && s->braces == s->fill_braces)
			s->fill.type = 0;
	}
	if (c == '=' && s->declared)
		expect_fill(s, s->declared, s->is_declared_tag);
	else if (c == ')' && s->tag && s->is_tag && s->before == 'a')
		expect_fill(s, s->tag, true);
	else if (c == ')' && s->before == 'a' && s->last_before == '(' && s->path_before != 'a' &&
		 s->path_before != ')')
		expect_fill(s, s->last, false);
}

void words_nesting(struct words_scan *s, char c)
{
	if (c == '(')
		s->parens++;
	else if (c == ')' && s->parens)
		s->parens--;
	else if (c == '{') {
		/* what has no name belongs to what is around it */
		s->enclosing[MIN(s->braces, MAX_DEPTH - 1)] =
			s->tag && s->is_tag ? s->tag
			: s->braces         ? s->enclosing[MIN(s->braces, MAX_DEPTH) - 1]
					    : 0;
		s->after_struct = false;
		s->braces++;
	} else if (c == '}' && s->braces)
		s->braces--;
	if (s->bytes && s->parens < s->bytes && c == ')')
		s->bytes = 0;
}

/* Finds where a declaration may begin, and ends the one before it. */
void words_start(struct words_scan *s, char c)
{
	bool is_parameter = s->owners->len && !s->braces && s->parens;

	if (c == '*')
		s->is_pointer = true;
	else if (c == ',')
		s->is_pointer = false;
	if ((c != '*' && c != ',') || (c == ',' && is_parameter))
		s->tag = 0;
	if (c == '}') { /* struct TAG { } name */
		s->tag = s->enclosing[MIN(s->braces, MAX_DEPTH - 1)];
		s->is_tag = true;
		s->is_pointer = false;
	}
	if (c == ';' || c == ',' || c == '{')
		s->declared = 0;
	if (c == ';' && !s->braces)
		s->after_typedef = false;
	s->at_start = strchr(";{}", c) || (is_parameter && (c == '(' || c == ','));
}
