/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to rewriter/source: places in C text that libclang does not tell.
 *
 * Offsets are bytes; comments, strings and directives are heeded where a scan could run into them.
 */
#ifndef PLUGSCHED_REWRITER_TEXT_H
#define PLUGSCHED_REWRITER_TEXT_H

#include <stdbool.h>

struct text {
	const char *bytes; /* NUL behind the last */
	unsigned length;
};

/* True if the word stands there as a whole. */
bool text_has_word(struct text text, unsigned offset, const char *word);

/* Where a declaration that contains `offset`, its first specifier that libclang tells, begins: attributes included. */
unsigned text_statement_begin(struct text text, unsigned offset);

/* Of a declarator that a comma precedes, where the statement begins; `offset` for any other. */
unsigned text_group_begin(struct text text, unsigned offset);

/* From `offset` on, the first of the characters `stops` outside all brackets, strings and comments; the length if none. */
unsigned text_find(struct text text, unsigned offset, const char *stops);

/* Behind blanks and comments, forwards. */
unsigned text_skip_blank(struct text text, unsigned offset);

/* Behind the last character before `offset` that is neither blank nor a comment's. */
unsigned text_blank_begin(struct text text, unsigned offset);

/* Behind a declarator whose name ends at `offset`: its brackets, parameters and closing parentheses. */
unsigned text_declarator_end(struct text text, unsigned offset);

/* Behind the semicolon that follows `offset` after blanks; `offset` if none does. */
unsigned text_after_semicolon(struct text text, unsigned offset);

/*
 * Widens a range that goes to whole lines, with the comment right above it and one blank line if it leaves two together.
 * It stays as it is if something else stands on its lines.
 */
void text_widen(struct text text, unsigned *begin, unsigned *end);

/* The begin of the line that holds `offset`, if only blanks lie between; else `offset`. */
unsigned text_line_begin(struct text text, unsigned offset);

/* True if the place is in a line that a directive or a // comment takes up to its end. */
bool text_is_line_taken(struct text text, unsigned offset);

#endif
