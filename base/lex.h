/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pieces of a C text: comments, strings, words, numbers, and the single characters between
 * them.
 *
 * Directives and macros are not known. A backslash before a newline continues a comment or a
 * string; elsewhere it is a character like others. All functions take the place where a piece may
 * begin and the end of the text, and look at nothing behind that end.
 */
#ifndef PLUGSCHED_BASE_LEX_H
#define PLUGSCHED_BASE_LEX_H

#include <glib.h>

enum lex_kind {
	LEX_COMMENT, /* without the newline behind it */
	LEX_QUOTED,  /* a string or character constant; one that is not closed ends with its line */
	LEX_WORD,
	LEX_NUMBER,
	LEX_SIGN, /* any other character, white space too */
};

/* The end of the letters, digits and underscores that begin at `at`. */
static inline const char *lex_word_end(const char *at, const char *end)
{
	while (at < end && (g_ascii_isalnum(*at) || *at == '_'))
		at++;
	return at;
}

/* The end of a number; the dots of a range such as 0...9 do not belong to it. */
static inline const char *lex_number_end(const char *at, const char *end)
{
	const char *next = lex_word_end(at, end);

	while (next + 1 < end && *next == '.' && next[1] != '.')
		next = lex_word_end(next + 1, end);
	return next;
}

/* The first `stop` or newline that no backslash precedes; `end` if there is none. */
static inline const char *lex_find(const char *at, const char *end, char stop)
{
	while (at < end && *at != stop && *at != '\n')
		at += *at == '\\' && at + 1 < end ? 2 : 1;
	return at;
}

/* The end of the comment that begins at `at`; `at` if none does. */
static inline const char *lex_comment_end(const char *at, const char *end)
{
	const char *stop;

	if (end - at < 2 || at[0] != '/' || (at[1] != '*' && at[1] != '/'))
		return at;
	if (at[1] == '/')
		return lex_find(at, end, '\n');
	stop = g_strstr_len(at + 2, end - at - 2, "*/");
	return stop ? stop + 2 : end;
}

/* What begins at `at`, which is not the end. `*next` gets the place behind it. */
static inline enum lex_kind lex_next(const char *at, const char *end, const char **next)
{
	*next = lex_word_end(at, end);
	if (*next > at && !g_ascii_isdigit(*at))
		return LEX_WORD;
	if (*next > at) {
		*next = lex_number_end(at, end);
		return LEX_NUMBER;
	}
	*next = lex_comment_end(at, end);
	if (*next > at)
		return LEX_COMMENT;
	*next = at + 1;
	if (*at != '"' && *at != '\'')
		return LEX_SIGN;
	*next = lex_find(at + 1, end, *at);
	*next += *next < end && **next == *at;
	return LEX_QUOTED;
}

#endif
