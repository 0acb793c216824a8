/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A text with its lines, the protocol's positions, and its words.
 *
 * Lines count from 0, as in the protocol. The protocol's columns are in units of the
 * negotiated encoding; everything else is in bytes. Positions behind the end of a line or
 * of the text mean its end.
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

/*
 * The encoding that the protocol calls `name`, such as "utf-16", and the name of an encoding.
 * text_encoding_find() is false for an unknown name.
 */
bool text_encoding_find(const char *name, enum text_encoding *encoding);
const char *text_encoding_name(enum text_encoding encoding);

/* An identifier outside comments, strings and numbers. */
struct word {
	uint32_t begin;
	uint16_t length;
	bool is_member : 1; /* after . or -> */
	bool is_tag : 1;    /* after struct or union */
	bool is_called : 1; /* before ( */
	bool is_opened : 1; /* before { */
};

struct text {
	char *bytes; /* ends with a NUL that `length` does not count */
	size_t length;
	GArray *starts; /* size_t: the start of each line */
	GArray *words;  /* struct word, in order; NULL until first needed */
};

/*
 * Takes over `bytes`, which g_malloc() allocated and which end with a NUL. Free the
 * result with text_free().
 */
struct text *text_new(char *bytes, size_t length);

/* Accepts NULL. */
void text_free(struct text *text);

/* Replaces [begin, end) by `bytes`. */
void text_replace(struct text *text, size_t begin, size_t end, const char *bytes, size_t length);

/* The number of lines. */
unsigned text_lines(const struct text *text);

/* A line without its line end; "" with length 0 if there is no such line. Borrowed. */
const char *text_line(const struct text *text, unsigned line, size_t *length);

/* The line that contains a byte, and the offset at which a line starts. */
unsigned text_line_of(const struct text *text, size_t offset);
size_t text_start(const struct text *text, unsigned line);

/*
 * Convert a position of the protocol to a byte offset, and a byte offset to
 * a column of the protocol.
 */
size_t text_offset(const struct text *text, enum text_encoding encoding, unsigned line,
		   unsigned character);
unsigned text_character(const struct text *text, enum text_encoding encoding, size_t offset);

/* --- words (words.c) */

/* All words in order. Borrowed; valid until the text changes. */
const GArray *text_words(struct text *text);

/* The word that contains the byte or ends there; NULL if there is none. */
const struct word *text_word_at(struct text *text, size_t offset);

/* The words of a line: the index of the first one, and of the one behind the last. */
void text_words_of_line(struct text *text, unsigned line, guint *first, guint *end);

/* True if the word is spelled `name`. */
bool text_word_is(const struct text *text, const struct word *word, const char *name);

/*
 * The best word of that name in a line: one whose role (member or not) is as asked for and that is
 * no tag, else any other. NULL if there is none.
 */
const struct word *text_find_in_line(struct text *text, unsigned line, const char *name,
				     bool is_member);

#endif
