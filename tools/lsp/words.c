// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words of a C text, with what is before and after each.
 *
 * It does not know macros and conditions: words in parts that the configuration
 * leaves out are words too.
 */
#include "base/lex.h"
#include "base/search.h"
#include "tools/lsp/text.h"

#include <string.h>

struct text_scan {
	const char *begin, *at, *end;
	char last, before; /* the two characters before `at` that are neither space nor comment */
	bool is_after_tag; /* only space and comments follow the word struct or union */
	GArray *words;
};

static bool is_after_member_sign(const struct text_scan *s)
{
	return (s->last == '.' && s->before != '.') || (s->last == '>' && s->before == '-');
}

static bool is_tag_word(const char *word, size_t length)
{
	return (length == 6 && memcmp(word, "struct", 6) == 0) ||
	       (length == 5 && memcmp(word, "union", 5) == 0);
}

static void pass(struct text_scan *s, char c)
{
	s->before = s->last;
	s->last = c;
}

static void take_word(struct text_scan *s, size_t length)
{
	struct word word = { .begin = (uint32_t)(s->at - s->begin),
			     .length = (uint16_t)MIN(length, UINT16_MAX),
			     .is_member = is_after_member_sign(s),
			     .is_tag = s->is_after_tag };

	s->is_after_tag = is_tag_word(s->at, length);
	g_array_append_val(s->words, word);
	pass(s, 'a');
}

/* True at the < of #include <...>. */
static bool is_include(const struct text_scan *s)
{
	const struct word *word =
		s->words->len ? &g_array_index(s->words, struct word, s->words->len - 1) : NULL;

	return *s->at == '<' && s->last == 'a' && s->before == '#' && word &&
	       word->length == strlen("include") &&
	       memcmp(s->begin + word->begin, "include", word->length) == 0;
}

static const char *line_end(const char *at, const char *end)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at));

	return newline ? newline : end;
}

static void take_sign(struct text_scan *s, char c)
{
	if (s->last == 'a' && s->words->len && (c == '(' || c == '{')) {
		struct word *word = &g_array_index(s->words, struct word, s->words->len - 1);

		word->is_called = c == '(';
		word->is_opened = c == '{';
	}
	s->is_after_tag = false;
	pass(s, c);
}

static GArray *scan_words(const char *bytes, size_t length)
{
	struct text_scan s = { .begin = bytes,
			       .at = bytes,
			       .end = bytes + length,
			       .words = g_array_new(FALSE, FALSE, sizeof(struct word)) };

	while (s.at < s.end) {
		const char *next;
		enum lex_kind kind = lex_next(s.at, s.end, &next);

		if (kind == LEX_WORD)
			take_word(&s, (size_t)(next - s.at));
		else if (kind == LEX_QUOTED || kind == LEX_NUMBER)
			pass(&s, kind == LEX_QUOTED ? '"' : '0');
		else if (is_include(&s))
			next = line_end(next, s.end);
		else if (kind == LEX_SIGN && !g_ascii_isspace(*s.at))
			take_sign(&s, *s.at);
		s.at = next;
	}
	return s.words;
}

const GArray *text_words(struct text *text)
{
	if (!text->words)
		text->words = scan_words(text->bytes, MIN(text->length, UINT32_MAX));
	return text->words;
}

static bool begins_before(const void *word, const void *offset)
{
	return ((const struct word *)word)->begin < *(const size_t *)offset;
}

/* The index of the first word that begins at or behind `offset`. */
static guint first_from(const GArray *words, size_t offset)
{
	return search_array(words, begins_before, &offset);
}

const struct word *text_word_at(struct text *text, size_t offset)
{
	const GArray *words = text_words(text);
	guint i = first_from(words, offset + 1);
	const struct word *word = i ? &g_array_index(words, struct word, i - 1) : NULL;

	return word && offset <= (size_t)word->begin + word->length ? word : NULL;
}

void text_words_of_line(struct text *text, unsigned line, guint *first, guint *end)
{
	const GArray *words = text_words(text);

	*first = first_from(words, text_start(text, line));
	*end = line + 1 < text_lines(text) ? first_from(words, text_start(text, line + 1))
					   : words->len;
	if (line >= text_lines(text))
		*first = *end;
}

bool text_word_is(const struct text *text, const struct word *word, const char *name)
{
	return strlen(name) == word->length &&
	       memcmp(text->bytes + word->begin, name, word->length) == 0;
}

/* How well a word fits: 2 if its role is as asked for, 1 in another role, 0 not at all. */
static int fit(const struct text *text, const struct word *word, const char *name, bool is_member)
{
	if (!text_word_is(text, word, name))
		return 0;
	return word->is_member == is_member && !word->is_tag ? 2 : 1;
}

const struct word *text_find_in_line(struct text *text, unsigned line, const char *name,
				     bool is_member)
{
	const GArray *words = text_words(text);
	const struct word *found = NULL;
	int best = 0;
	guint first, end;

	text_words_of_line(text, line, &first, &end);
	for (guint i = first; i < end; i++) {
		const struct word *word = &g_array_index(words, struct word, i);
		int fits = fit(text, word, name, is_member);

		if (fits > best) {
			best = fits;
			found = word;
		}
	}
	return found;
}
