// SPDX-License-Identifier: GPL-2.0-only
/* Scans C text for what lies around the ranges that libclang reports. */
#include "rewriter/source/ctext.h"
#include "base/lex.h"

#include <ctype.h>
#include <string.h>
#include <sys/param.h>

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$';
}

bool ctext_has_word(struct ctext text, unsigned offset, const char *word)
{
	size_t n = strlen(word);

	return offset + n <= text.length && strncmp(text.bytes + offset, word, n) == 0 &&
	       !is_word(text.bytes[offset + n]) &&
	       (offset == 0 || !is_word(text.bytes[offset - 1]));
}

static bool is_comment(const char *p)
{
	return p[0] == '/' && (p[1] == '*' || p[1] == '/');
}

/*
 * The offset behind a comment, string or character constant that starts at `offset`; `offset` if
 * none does.
 */
static unsigned skip_quoted(struct ctext text, unsigned offset)
{
	const char *at = text.bytes + offset, *next;

	if (!strchr("/\"'", *at) || lex_next(at, text.bytes + text.length, &next) == LEX_SIGN)
		return offset;
	return (unsigned)(next - text.bytes);
}

static bool is_at_directive(struct ctext text, unsigned offset)
{
	if (text.bytes[offset] != '#')
		return false;
	while (offset > 0 && (text.bytes[offset - 1] == ' ' || text.bytes[offset - 1] == '\t'))
		offset--;
	return offset == 0 || text.bytes[offset - 1] == '\n';
}

/* The offset behind a directive, with its continuation lines. */
static unsigned skip_directive(struct ctext text, unsigned offset)
{
	while (offset < text.length &&
	       (text.bytes[offset] != '\n' || text.bytes[offset - 1] == '\\'))
		offset++;
	return offset;
}

unsigned ctext_find(struct ctext text, unsigned offset, const char *stops)
{
	int depth = 0;

	while (offset < text.length) {
		unsigned next = skip_quoted(text, offset);
		char c = text.bytes[offset];

		if (next == offset && is_at_directive(text, offset))
			next = skip_directive(text, offset);
		if (next > offset) {
			offset = next;
			continue;
		}
		if (depth == 0 && strchr(stops, c))
			return offset;
		depth += strchr("([{", c) != NULL;
		depth -= strchr(")]}", c) != NULL;
		offset++;
	}
	return text.length;
}

unsigned ctext_skip_blank(struct ctext text, unsigned offset)
{
	while (offset < text.length) {
		if (isspace((unsigned char)text.bytes[offset]))
			offset++;
		else if (is_comment(text.bytes + offset))
			offset = skip_quoted(text, offset);
		else
			break;
	}
	return offset;
}

/*
 * The start of the comment that ends at `offset`; `offset` if none ends there. Assumes that no
 * string precedes the comment in its line.
 */
static unsigned comment_begin(struct ctext text, unsigned offset)
{
	if (offset < 4 || strncmp(text.bytes + offset - 2, "*/", 2) != 0)
		return offset;
	for (unsigned i = offset - 3; i > 0; i--)
		if (text.bytes[i - 1] == '/' && text.bytes[i] == '*')
			return i - 1;
	return offset;
}

unsigned ctext_blank_begin(struct ctext text, unsigned offset)
{
	for (;;) {
		unsigned before;

		while (offset > 0 && isspace((unsigned char)text.bytes[offset - 1]))
			offset--;
		before = comment_begin(text, offset);
		if (before == offset)
			return offset;
		offset = before;
	}
}

bool ctext_is_line_taken(struct ctext text, unsigned offset)
{
	unsigned begin = offset;

	while (begin > 0 && text.bytes[begin - 1] != '\n')
		begin--;
	if (is_at_directive(text, begin + (unsigned)strspn(text.bytes + begin, " \t")))
		return true;
	for (unsigned i = begin; i < offset; i++) {
		unsigned next = skip_quoted(text, i);

		if (next > i && text.bytes[i] == '/' && text.bytes[i + 1] == '/')
			return true;
		i = next > i ? next - 1 : i;
	}
	return false;
}

/*
 * The offset of the parenthesis that matches the one right before `offset`; `offset` if there is
 * none.
 */
static unsigned bracket_begin(struct ctext text, unsigned offset)
{
	int depth = 0;

	for (unsigned i = offset; i > 0; i--) {
		depth += text.bytes[i - 1] == ')';
		depth -= text.bytes[i - 1] == '(';
		if (depth == 0)
			return i - 1;
	}
	return offset;
}

/*
 * True if the word that begins there, before arguments, is an attribute and not a macro that
 * defines something.
 */
static bool is_attribute(struct ctext text, unsigned begin)
{
	return strncmp(text.bytes + begin, "__", 2) == 0;
}

static unsigned word_begin(struct ctext text, unsigned end)
{
	while (end > 0 && is_word(text.bytes[end - 1]))
		end--;
	return end;
}

unsigned ctext_statement_begin(struct ctext text, unsigned offset)
{
	for (;;) {
		unsigned last = offset, newlines = 0, begin;
		bool has_arguments;

		for (; last > 0 && isspace((unsigned char)text.bytes[last - 1]); last--)
			newlines += text.bytes[last - 1] == '\n';
		if (last == 0 || newlines > 1 || ctext_is_line_taken(text, last))
			return offset;
		has_arguments = text.bytes[last - 1] == ')';
		if (has_arguments)
			last = bracket_begin(text, last);
		begin = word_begin(text, last);
		if (begin == last || (has_arguments && !is_attribute(text, begin)))
			return offset;
		offset = begin;
	}
}

unsigned ctext_group_begin(struct ctext text, unsigned offset)
{
	unsigned begin = ctext_blank_begin(text, offset);
	int depth = 0;

	if (begin == 0 || text.bytes[begin - 1] != ',' || ctext_is_line_taken(text, begin))
		return offset;
	for (; begin > 0; begin--) {
		char c = text.bytes[begin - 1];

		if (depth == 0 && strchr(";{", c))
			break;
		depth += strchr(")]}", c) != NULL;
		depth -= strchr("([{", c) != NULL;
	}
	return ctext_skip_blank(text, begin);
}

unsigned ctext_declarator_end(struct ctext text, unsigned offset)
{
	unsigned end = offset;

	for (;;) {
		unsigned next = ctext_skip_blank(text, end);

		if (next < text.length && strchr("[(", text.bytes[next]))
			end = MIN(ctext_find(text, next + 1, text.bytes[next] == '[' ? "]" : ")") +
					  1,
				  text.length);
		else if (text.bytes[next] == ')')
			end = next + 1;
		else
			return end;
	}
}

unsigned ctext_after_semicolon(struct ctext text, unsigned offset)
{
	unsigned next = ctext_skip_blank(text, offset);

	return next < text.length && text.bytes[next] == ';' ? next + 1 : offset;
}

unsigned ctext_line_begin(struct ctext text, unsigned offset)
{
	unsigned begin = offset;

	while (begin > 0 && (text.bytes[begin - 1] == ' ' || text.bytes[begin - 1] == '\t'))
		begin--;
	return begin == 0 || text.bytes[begin - 1] == '\n' ? begin : offset;
}

/*
 * The offset behind the end of the line if only white space and comments lie between; else
 * `offset`.
 */
static unsigned rest_of_line(struct ctext text, unsigned offset)
{
	unsigned end = offset;

	for (;;) {
		while (text.bytes[end] == ' ' || text.bytes[end] == '\t')
			end++;
		if (!is_comment(text.bytes + end))
			break;
		end = skip_quoted(text, end);
	}
	if (end < text.length && text.bytes[end] != '\n')
		return offset;
	return end < text.length ? end + 1 : end;
}

static bool is_line_blank(struct ctext text, unsigned begin)
{
	while (text.bytes[begin] == ' ' || text.bytes[begin] == '\t')
		begin++;
	return begin < text.length && text.bytes[begin] == '\n';
}

/* The start of a comment of whole lines that ends on the line above; `line` if there is none. */
static unsigned comment_above(struct ctext text, unsigned line)
{
	unsigned begin;

	if (line < 1)
		return line;
	begin = comment_begin(text, line - 1);
	if (begin == line - 1)
		return line;
	begin = ctext_line_begin(text, begin);
	return begin == 0 || text.bytes[begin - 1] == '\n' ? begin : line;
}

static unsigned previous_line(struct ctext text, unsigned line)
{
	if (line == 0)
		return 0;
	for (line--; line > 0 && text.bytes[line - 1] != '\n'; line--)
		;
	return line;
}

void ctext_widen(struct ctext text, unsigned *begin, unsigned *end)
{
	unsigned line = ctext_line_begin(text, *begin), rest = rest_of_line(text, *end);

	if ((line > 0 && text.bytes[line - 1] != '\n') || rest == *end)
		return;
	*begin = comment_above(text, line);
	*end = rest;
	if ((*begin == 0 || is_line_blank(text, previous_line(text, *begin))) &&
	    is_line_blank(text, *end))
		*end = rest_of_line(text, *end);
}
