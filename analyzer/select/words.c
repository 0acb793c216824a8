// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words of C files.
 *
 * Method: one pass over the text. It skips comments, strings and the lines of conditionals, knows
 * #include and #define, and tracks braces: what is in the braces after `name(...)` at the top level
 * is that function's body. All branches of #if count. An identifier may get too many owners (an
 * attribute macro before a body looks like the function itself), never too few.
 */
#include "analyzer/select/words.h"
#include "base/lex.h"

#include <ctype.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_DEPTH 16

struct words_scan {
	struct words *words;
	struct word_file *file;
	const char *at, *end;
	char previous, before; /* last non-blank character, and the one before it */
	unsigned braces, parens;
	GArray *owners;     /* names followed by ( at the top level in this declaration */
	uint32_t macro;     /* name of the macro whose #define is being read; 0: none */
	GArray *parameters; /* uint32_t: its parameters */
	bool after_struct;  /* the last word was struct or union */
	uint32_t tag;       /* `struct TAG` that a declared name may follow; 0: none */
	/* by depth of braces: tag of the struct that the braces belong to, 0 if none */
	uint32_t enclosing[MAX_DEPTH];
};

static void file_free(gpointer data)
{
	struct word_file *file = data;

	g_free(file->path);
	g_array_free(file->uses, TRUE);
	g_array_free(file->declarations, TRUE);
	g_array_free(file->macros, TRUE);
	g_ptr_array_free(file->quoted, TRUE);
	g_ptr_array_free(file->angled, TRUE);
	g_free(file);
}

struct words *words_new(const struct tree *tree)
{
	struct words *words = g_new0(struct words, 1);

	words->tree = tree;
	words->ids = g_hash_table_new(g_str_hash, g_str_equal);
	words->strings = g_string_chunk_new(64 * 1024);
	words->files = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, file_free);
	return words;
}

void words_free(struct words *words)
{
	if (!words)
		return;
	g_hash_table_destroy(words->ids);
	g_string_chunk_free(words->strings);
	g_hash_table_destroy(words->files);
	g_free(words);
}

uint32_t words_id(struct words *words, const char *identifier, size_t length)
{
	char name[256];
	gpointer id;

	length = MIN(length, sizeof(name) - 1);
	memcpy(name, identifier, length);
	name[length] = '\0';
	id = g_hash_table_lookup(words->ids, name);
	if (!id) {
		id = GUINT_TO_POINTER(g_hash_table_size(words->ids) + 1);
		g_hash_table_insert(words->ids, g_string_chunk_insert(words->strings, name), id);
	}
	return GPOINTER_TO_UINT(id);
}

/* The next text that is not blank. */
static const char *next_text(const struct words_scan *s)
{
	const char *at = s->at;

	while (at < s->end && isspace((unsigned char)*at))
		at++;
	return at;
}

/* True if the name just read is assigned to: `x->m = ...`, `{ .m = ... }`, `{ .m { ... } }`. */
static bool is_assigned(const struct words_scan *s)
{
	const char *next = next_text(s);

	return (s->previous == '.' && (s->before == '{' || s->before == ',')) ||
	       (next + 1 < s->end && next[0] == '=' && next[1] != '=');
}

static void add_use(struct words_scan *s, uint32_t word, uint32_t owner)
{
	struct word_use use = { .word = word, .owner = owner };

	use.is_member = s->previous && strchr(".>,(#", s->previous) != NULL;
	use.is_accessed = s->previous == '.' || s->previous == '>';
	use.may_read = use.is_accessed && !is_assigned(s);
	g_array_append_val(s->file->uses, use);
}

static bool is_followed_by_paren(const struct words_scan *s)
{
	const char *next = next_text(s);

	return next < s->end && *next == '(';
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

/* Notes a declaration `struct TAG * __attribute name`. `text` is the spelling of `word`. */
static void track_declaration(struct words_scan *s, const char *text, size_t length, uint32_t word)
{
	struct word_declaration declaration = { .tag = s->tag, .name = word };

	if (is_struct_keyword(text, length)) {
		s->after_struct = true;
		s->tag = 0;
	} else if (s->after_struct) {
		s->after_struct = false;
		s->tag = word;
	} else if (s->tag && !is_qualifier(text, length)) {
		declaration.enclosing = s->braces ? s->enclosing[MIN(s->braces, MAX_DEPTH) - 1] : 0;
		if (!s->parens && !(s->braces && s->owners->len))
			g_array_append_val(s->file->declarations, declaration);
	}
}

static bool is_parameter(const struct words_scan *s, uint32_t word)
{
	for (guint i = 0; i < s->parameters->len; i++)
		if (g_array_index(s->parameters, uint32_t, i) == word)
			return true;
	return false;
}

static void take_identifier(struct words_scan *s, const char *end)
{
	size_t length = (size_t)(end - s->at);
	const char *text = s->at;
	uint32_t word = words_id(s->words, text, length);

	s->at = end;
	if (!s->macro)
		track_declaration(s, text, length, word);
	if (s->macro) {
		if (!is_parameter(s, word)) /* its argument is named where the macro is used */
			add_use(s, word, s->macro);
	} else if ((s->braces || s->parens) && s->owners->len) {
		for (guint i = 0; i < s->owners->len; i++)
			add_use(s, word, g_array_index(s->owners, uint32_t, i));
	} else {
		add_use(s, word, 0);
		if (!s->braces && !s->parens && is_followed_by_paren(s))
			g_array_append_val(s->owners, word);
	}
	s->before = s->previous;
	s->previous = 'a';
}

static void take_include(struct words_scan *s)
{
	const char *stop = memchr(s->at, '\n', (size_t)(s->end - s->at));
	const char *open = s->at, *close;

	s->at = stop ? stop : s->end;
	while (open < s->at && *open != '"' && *open != '<')
		open++;
	if (open >= s->at)
		return;
	close = memchr(open + 1, *open == '"' ? '"' : '>', (size_t)(s->at - open - 1));
	if (close)
		g_ptr_array_add(*open == '"' ? s->file->quoted : s->file->angled,
				g_strndup(open + 1, (gsize)(close - open - 1)));
}

/* Reads the parameters of a macro, if a parenthesis directly follows its name. */
static void take_parameters(struct words_scan *s)
{
	g_array_set_size(s->parameters, 0);
	if (s->at >= s->end || *s->at != '(')
		return;
	while (s->at < s->end && *s->at != ')' && *s->at != '\n') {
		const char *end = lex_word_end(s->at, s->end);

		if (end > s->at && !g_ascii_isdigit(*s->at)) {
			uint32_t word = words_id(s->words, s->at, (size_t)(end - s->at));

			g_array_append_val(s->parameters, word);
			s->at = end;
		} else {
			s->at += *s->at == '\\' ? 2 : 1;
		}
	}
}

static void skip_blanks(struct words_scan *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t'))
		s->at++;
}

static bool is_word(const char *begin, const char *end, const char *word)
{
	return (size_t)(end - begin) == strlen(word) && memcmp(begin, word, strlen(word)) == 0;
}

/* A line that begins with #. Includes and definitions are read; any other line is skipped. */
static void take_directive(struct words_scan *s)
{
	const char *end;

	s->at++;
	skip_blanks(s);
	end = lex_word_end(s->at, s->end);
	if (is_word(s->at, end, "include")) {
		take_include(s);
	} else if (is_word(s->at, end, "define")) {
		s->at = end;
		skip_blanks(s);
		end = lex_word_end(s->at, s->end);
		s->macro = words_id(s->words, s->at, (size_t)(end - s->at));
		s->at = end;
		s->previous = 0;
		take_parameters(s);
		g_array_append_val(s->file->macros, s->macro);
	} else {
		s->at = lex_find(s->at, s->end, '\n');
	}
}

static void take_punctuation(struct words_scan *s)
{
	char c = *s->at++;

	if (c == '\\' && s->at < s->end && *s->at == '\n')
		s->at++; /* the line continues */
	else if (c == '\n')
		s->macro = 0;
	if (isspace((unsigned char)c) || c == '\\')
		return;
	s->before = s->previous;
	s->previous = c;
	if (s->macro) /* its braces may be unbalanced */
		return;
	if (c == '(')
		s->parens++;
	else if (c == ')' && s->parens)
		s->parens--;
	else if (c == '{') {
		s->enclosing[MIN(s->braces, MAX_DEPTH - 1)] = s->tag;
		s->braces++;
	} else if (c == '}' && s->braces)
		s->braces--;
	if (c != '*' && c != ',')
		s->tag = 0;
	if ((c == '}' && !s->braces) || (c == ';' && !s->braces && !s->parens))
		g_array_set_size(s->owners, 0);
}

static void scan_text(struct words_scan *s)
{
	bool at_line_start = true;

	while (s->at < s->end) {
		char c = *s->at;
		const char *next;
		enum lex_kind kind = lex_next(s->at, s->end, &next);

		if (c == '#' && at_line_start && !s->macro)
			take_directive(s);
		else if (kind == LEX_WORD)
			take_identifier(s, next);
		else if (kind == LEX_SIGN)
			take_punctuation(s);
		else
			s->at = next;
		if (kind != LEX_COMMENT)
			at_line_start = c == '\n' || (at_line_start && isspace((unsigned char)c));
	}
}

void words_stat(const struct tree *tree, const char *path, guint64 *size, gint64 *modified)
{
	g_autofree char *full = tree_file(tree, path);
	struct stat st;

	*size = 0;
	*modified = 0;
	if (stat(full, &st) != 0 || !S_ISREG(st.st_mode))
		return;
	*size = (guint64)st.st_size;
	*modified = (gint64)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
}

static void read_file(struct words *words, struct word_file *file)
{
	gsize length = 0;
	g_autofree char *text = tree_read_file(words->tree, file->path, &length);
	g_autoptr(GArray) owners = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	g_autoptr(GArray) parameters = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	struct words_scan s = { .words = words,
				.file = file,
				.at = text,
				.end = text + length,
				.owners = owners,
				.parameters = parameters };

	words_stat(words->tree, file->path, &file->size, &file->modified);
	if (text)
		scan_text(&s);
}

struct word_file *words_file(struct words *words, const char *path)
{
	struct word_file *file = g_hash_table_lookup(words->files, path);

	if (file)
		return file;
	file = g_new0(struct word_file, 1);
	file->path = g_strdup(path);
	file->uses = g_array_new(FALSE, FALSE, sizeof(struct word_use));
	file->declarations = g_array_new(FALSE, FALSE, sizeof(struct word_declaration));
	file->macros = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	file->quoted = g_ptr_array_new_with_free_func(g_free);
	file->angled = g_ptr_array_new_with_free_func(g_free);
	g_hash_table_insert(words->files, file->path, file);
	read_file(words, file);
	return file;
}
