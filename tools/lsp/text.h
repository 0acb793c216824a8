/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A text as lines, with the positions of the protocol, and its words.
 *
 * Lines count from 0, as in the protocol. Columns of the protocol are in units of the encoding that was agreed upon; all else
 * is bytes. Positions behind the end of a line or text stand for its end.
 */
#ifndef PLUGSCHED_LSP_TEXT_H
#define PLUGSCHED_LSP_TEXT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum text_encoding {
	TEXT_UTF8,
	TEXT_UTF16,
	TEXT_UTF32,
};

/* The encoding of that name in the protocol, such as "utf-16"; false if it is none. */
bool text_encoding_find(const char *name, enum text_encoding *encoding);
const char *text_encoding_name(enum text_encoding encoding);

/* An identifier outside of comments, strings and numbers. */
struct word {
	uint32_t begin;
	uint16_t length;
	bool is_member : 1;    /* after . or -> */
	bool is_tag : 1;       /* after struct or union */
	bool is_called : 1;    /* before ( */
	bool is_opened : 1;    /* before { */
};

struct text {
	char *bytes;      /* ends in a NUL that does not count */
	size_t length;
	GArray *starts;   /* size_t: where each line begins */
	GArray *words;    /* struct word, in order; made when first asked for, NULL before */
};

/* Takes `bytes`, which g_malloc() made and which end in a NUL. */
struct text *text_new(char *bytes, size_t length);

/* Accepts NULL. */
void text_free(struct text *text);

/* Puts `bytes` in the place of [begin, end). */
void text_replace(struct text *text, size_t begin, size_t end, const char *bytes, size_t length);

unsigned text_lines(const struct text *text);

/* A line without its end; "" with length 0 if there is none. */
const char *text_line(const struct text *text, unsigned line, size_t *length);

/* The line that a byte stands in, and where that line begins. */
unsigned text_line_of(const struct text *text, size_t offset);
size_t text_start(const struct text *text, unsigned line);

/* From a position of the protocol to a byte, and back. */
size_t text_offset(const struct text *text, enum text_encoding encoding, unsigned line, unsigned character);
unsigned text_character(const struct text *text, enum text_encoding encoding, size_t offset);

/* --- words (words.c) */

const GArray *text_words(struct text *text);

/* The word at a byte or ending there; NULL if there is none. */
const struct word *text_word_at(struct text *text, size_t offset);

/* Words of a line: the index of the first and of the one behind the last. */
void text_words_of_line(struct text *text, unsigned line, guint *first, guint *end);

bool text_word_is(const struct text *text, const struct word *word, const char *name);

/* The first word of that name in a line, if there is one in the role of a member or not and no tag; NULL if there is none. */
const struct word *text_find_in_line(struct text *text, unsigned line, const char *name, bool is_member);

#endif
