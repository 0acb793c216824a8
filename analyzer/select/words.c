// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words of C files.
 *
 * Method: one pass over the text. It skips comments, strings and the lines of conditionals, knows
 * #include and #define, and tracks braces: what is in the braces after `name(...)` at the top level
 * is that function's body. All branches of #if count. An identifier may get too many owners (an
 * attribute macro before a body looks like the function itself), never too few.
 */
#include "analyzer/select/scan.h"
#include "base/lex.h"

#include <ctype.h>
#include <string.h>
#include <sys/stat.h>

static void file_free(gpointer data)
{
	struct word_file *file = data;

	g_free(file->path);
	g_array_free(file->uses, TRUE);
	g_array_free(file->declarations, TRUE);
	g_array_free(file->typed, TRUE);
	g_array_free(file->locals, TRUE);
	g_array_free(file->aliases, TRUE);
	g_array_free(file->fills, TRUE);
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

/* True if the name just read is assigned to: `x->m = ...`, `{ .m = ... }`, `{ .m { ... } }`. */
static bool is_assigned(const struct words_scan *s)
{
	const char *next = words_next(s);

	return (s->previous == '.' && (s->before == '{' || s->before == ',')) ||
	       (next + 1 < s->end && next[0] == '=' && next[1] != '=');
}

/* True for a character after which * and & are operators with one operand, as far as it tells. */
static bool is_before_operand(char c)
{
	return !c || strchr("=(,;{}?:!&|<>+-)*", c) != NULL;
}

/* What follows the word just read, behind its subscripts. */
static const char *behind_subscripts(const struct words_scan *s)
{
	const char *next = words_next(s);

	while (next < s->end && *next == '[') {
		unsigned depth = 0;

		for (; next < s->end && *next != ';'; next++) {
			depth += *next == '[';
			if (*next == ']' && --depth == 0)
				break;
		}
		next += next < s->end && *next == ']';
		while (next < s->end && isspace((unsigned char)*next))
			next++;
	}
	return next;
}

/* True if the word is assigned to, by something else than a list in braces. */
static bool is_target(const struct words_scan *s, const char *next)
{
	if (next + 1 >= s->end || *next != '=' || next[1] == '=')
		return false;
	for (next++; next < s->end && isspace((unsigned char)*next); next++)
		;
	return next < s->end && *next != '{';
}

/* Finds out whether what the word just read names or points to is handled as a whole. */
static void mark_whole(const struct words_scan *s, struct word_use *use)
{
	const char *next = behind_subscripts(s);
	bool is_end = next >= s->end || strchr(";,):?}(\\\n", *next) || is_target(s, next);
	bool is_operand = is_before_operand(s->path_before);

	use->is_whole = s->bytes || (s->macro && s->macro_bytes) ||
			(is_end && s->path_sign == '*' && is_operand && !s->after_sizeof);
	use->is_object = is_end && !(s->path_sign == '&' && is_operand) && !s->after_sizeof;
}

static void add_use(struct words_scan *s, uint32_t word, uint32_t owner)
{
	struct word_use use = { .word = word, .owner = owner };

	use.is_member = s->previous && strchr(".>,(#", s->previous) != NULL;
	use.is_accessed = s->previous == '.' || s->previous == '>';
	use.may_read = use.is_accessed && !is_assigned(s);
	mark_whole(s, &use);
	g_array_append_val(s->file->uses, use);
}

static bool is_followed_by_paren(const struct words_scan *s)
{
	const char *next = words_next(s);

	return next < s->end && *next == '(';
}

/* True for functions that read or write a number of bytes at an address. */
static bool takes_bytes(const char *text, size_t length)
{
	static const char *const words[] = { "memset", "memcpy",  "memmove",        "memcmp",
					     "bcmp",   "kmemdup", "kmemdup_noprof", NULL };
	static const char *const prefixes[] = { "__builtin_", "__" };

	for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++) {
		size_t n = strlen(prefixes[i]);

		if (length > n && strncmp(text, prefixes[i], n) == 0)
			return words_is_one_of(text + n, length - n, words);
	}
	return words_is_one_of(text, length, words);
}

static bool is_measure(const char *text, size_t length)
{
	static const char *const words[] = { "sizeof",   "typeof",      "__typeof__",
					     "_Alignof", "__alignof__", NULL };

	return words_is_one_of(text, length, words);
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
	if (!(s->previous == '.' || (s->previous == '>' && s->before == '-'))) {
		s->path_sign = s->previous;
		s->path_before = s->before;
	}
	if (!s->macro)
		words_declaration(s, text, length, word);
	else
		words_alias(s, text, length, word);
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
	if (takes_bytes(text, length) && is_followed_by_paren(s)) {
		s->macro_bytes |= s->macro != 0;
		if (!s->macro && !s->bytes)
			s->bytes = s->parens + 1;
	}
	s->after_sizeof = is_measure(text, length);
	s->last = word;
	s->last_before = s->previous;
	s->before = s->previous;
	/* what follows `return` begins an expression */
	s->previous = length == 6 && strncmp(text, "return", 6) == 0 ? ';' : 'a';
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
		s->saved_start = s->at_start;
		s->saved_previous = s->previous;
		s->saved_before = s->before;
		s->previous = s->before = 0;
		s->macro_bytes = s->after_struct = s->after_sizeof = false;
		take_parameters(s);
		s->at_start = s->parameters->len == 0;
		g_array_append_val(s->file->macros, s->macro);
	} else {
		s->at = lex_find(s->at, s->end, '\n');
	}
}

/* Goes on with what was before the macro's definition. */
static void end_macro(struct words_scan *s)
{
	if (!s->macro)
		return;
	s->macro = 0;
	s->at_start = s->saved_start;
	s->previous = s->saved_previous;
	s->before = s->saved_before;
	s->after_struct = s->after_sizeof = false;
}

static void take_punctuation(struct words_scan *s)
{
	char c = *s->at++;

	if (c == '\\' && s->at < s->end && *s->at == '\n')
		s->at++; /* the line continues */
	else if (c == '\n')
		end_macro(s);
	if (isspace((unsigned char)c) || c == '\\')
		return;
	s->before = s->previous;
	s->previous = c;
	s->after_sizeof &= c == '(' || c == '*';
	if (s->macro) { /* its braces may be unbalanced */
		s->at_start = s->after_struct = false;
		return;
	}
	words_fill(s, c);
	words_nesting(s, c);
	words_start(s, c);
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
				.parameters = parameters,
				.at_start = true };

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
	file->typed = g_array_new(FALSE, FALSE, sizeof(struct word_declaration));
	file->locals = g_array_new(FALSE, FALSE, sizeof(struct word_local));
	file->aliases = g_array_new(FALSE, FALSE, sizeof(struct word_alias));
	file->fills = g_array_new(FALSE, FALSE, sizeof(struct word_fill));
	file->macros = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	file->quoted = g_ptr_array_new_with_free_func(g_free);
	file->angled = g_ptr_array_new_with_free_func(g_free);
	g_hash_table_insert(words->files, file->path, file);
	read_file(words, file);
	return file;
}
