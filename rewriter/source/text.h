/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to rewriter/source: finds places in C text that libclang does not report.
 *
 * All offsets are in bytes. Comments, strings and directives are skipped where a scan could run
 * into them. "Blanks" are white space and comments.
 */
#ifndef PLUGSCHED_REWRITER_TEXT_H
#define PLUGSCHED_REWRITER_TEXT_H

#include <stdbool.h>

struct text {
	const char *bytes; /* with a NUL behind the last byte */
	unsigned length;
};

/* True if the whole word `word` stands at `offset`. */
bool text_has_word(struct text text, unsigned offset, const char *word);

/*
 * The start of the declaration that contains `offset`, attributes included. `offset` is at the
 * first specifier that libclang reports.
 */
unsigned text_statement_begin(struct text text, unsigned offset);

/* For a declarator behind a comma, the start of its statement; `offset` for any other. */
unsigned text_group_begin(struct text text, unsigned offset);

/*
 * The first of the characters `stops` from `offset` on that is outside brackets, strings and
 * comments; the text's length if there is none.
 */
unsigned text_find(struct text text, unsigned offset, const char *stops);

/* The offset behind blanks that start at `offset`. */
unsigned text_skip_blank(struct text text, unsigned offset);

/* The offset behind the last character before `offset` that does not belong to a blank. */
unsigned text_blank_begin(struct text text, unsigned offset);

/*
 * The end of a declarator whose name ends at `offset`: behind its brackets, parameters and closing
 * parentheses.
 */
unsigned text_declarator_end(struct text text, unsigned offset);

/* The offset behind the semicolon that follows `offset` after blanks; `offset` if there is none. */
unsigned text_after_semicolon(struct text text, unsigned offset);

/*
 * Widens a range that is to be removed to whole lines, including the comment right above it, and
 * one blank line if the removal would leave two together. Does nothing if these lines hold anything
 * else.
 */
void text_widen(struct text text, unsigned *begin, unsigned *end);

/* The start of the line that holds `offset`, if only white space lies between; else `offset`. */
unsigned text_line_begin(struct text text, unsigned offset);

/*
 * True if `offset` lies in a directive or behind the // of a comment, so that nothing may be
 * appended in this line.
 */
bool text_is_line_taken(struct text text, unsigned offset);

#endif
