/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to rewriter/source: finds places in C text that libclang does not report.
 *
 * All offsets are in bytes. Comments, strings and directives are skipped where a scan could run
 * into them. "Blanks" are white space and comments.
 */
#ifndef PLUGSCHED_REWRITER_CTEXT_H
#define PLUGSCHED_REWRITER_CTEXT_H

#include <stdbool.h>

struct ctext {
	const char *bytes; /* with a NUL behind the last byte */
	unsigned length;
};

/* True if the whole word `word` stands at `offset`. */
bool ctext_has_word(struct ctext text, unsigned offset, const char *word);

/*
 * The start of the declaration that contains `offset`, attributes included. `offset` is at the
 * first specifier that libclang reports.
 */
unsigned ctext_statement_begin(struct ctext text, unsigned offset);

/* For a declarator behind a comma, the start of its statement; `offset` for any other. */
unsigned ctext_group_begin(struct ctext text, unsigned offset);

/*
 * The first of the characters `stops` from `offset` on that is outside brackets, strings and
 * comments; the text's length if there is none.
 */
unsigned ctext_find(struct ctext text, unsigned offset, const char *stops);

/* The offset behind blanks that start at `offset`. */
unsigned ctext_skip_blank(struct ctext text, unsigned offset);

/* The offset behind the last character before `offset` that does not belong to a blank. */
unsigned ctext_blank_begin(struct ctext text, unsigned offset);

/*
 * The end of a declarator whose name ends at `offset`: behind its brackets, parameters and closing
 * parentheses.
 */
unsigned ctext_declarator_end(struct ctext text, unsigned offset);

/* The offset behind the semicolon that follows `offset` after blanks; `offset` if there is none. */
unsigned ctext_after_semicolon(struct ctext text, unsigned offset);

/*
 * Widens a range that is to be removed to whole lines, including the comment right above it, and
 * one blank line if the removal would leave two together. Does nothing if these lines hold anything
 * else.
 */
void ctext_widen(struct ctext text, unsigned *begin, unsigned *end);

/* The start of the line that holds `offset`, if only white space lies between; else `offset`. */
unsigned ctext_line_begin(struct ctext text, unsigned offset);

/*
 * True if `offset` lies in a directive or behind the // of a comment, so that nothing may be
 * appended in this line.
 */
bool ctext_is_line_taken(struct ctext text, unsigned offset);

#endif
