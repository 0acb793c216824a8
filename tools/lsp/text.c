// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines and positions. A byte that is not UTF-8 counts as one unit, so that
 * every text has positions.
 */
#include "tools/lsp/text.h"

#include "base/search.h"

#include <string.h>

static const char *const encodings[] = {
	[TEXT_UTF8] = "utf-8", [TEXT_UTF16] = "utf-16", [TEXT_UTF32] = "utf-32"
};

bool text_encoding_find(const char *name, enum text_encoding *encoding)
{
	for (size_t i = 0; i < G_N_ELEMENTS(encodings); i++)
		if (strcmp(name, encodings[i]) == 0) {
			*encoding = (enum text_encoding)i;
			return true;
		}
	return false;
}

const char *text_encoding_name(enum text_encoding encoding)
{
	return encodings[encoding];
}

static void find_lines(struct text *text)
{
	size_t start = 0;

	g_array_set_size(text->starts, 0);
	g_array_append_val(text->starts, start);
	for (const char *c = text->bytes, *end = c + text->length; c < end; c++) {
		if (*c != '\n' && *c != '\r')
			continue;
		if (*c == '\r' && c + 1 < end && c[1] == '\n')
			c++;
		start = (size_t)(c + 1 - text->bytes);
		g_array_append_val(text->starts, start);
	}
	g_clear_pointer(&text->words, g_array_unref);
}

struct text *text_new(char *bytes, size_t length)
{
	struct text *text = g_new0(struct text, 1);

	text->bytes = bytes;
	text->length = length;
	text->starts = g_array_new(FALSE, FALSE, sizeof(size_t));
	find_lines(text);
	return text;
}

void text_free(struct text *text)
{
	if (!text)
		return;
	g_free(text->bytes);
	g_array_unref(text->starts);
	g_clear_pointer(&text->words, g_array_unref);
	g_free(text);
}

void text_replace(struct text *text, size_t begin, size_t end, const char *bytes, size_t length)
{
	size_t total;
	char *made;

	end = MIN(end, text->length);
	begin = MIN(begin, end);
	total = text->length - (end - begin) + length;
	made = g_malloc(total + 1);
	memcpy(made, text->bytes, begin);
	memcpy(made + begin, bytes, length);
	memcpy(made + begin + length, text->bytes + end, text->length - end);
	made[total] = '\0';
	g_free(text->bytes);
	text->bytes = made;
	text->length = total;
	find_lines(text);
}

unsigned text_lines(const struct text *text)
{
	return text->starts->len;
}

size_t text_start(const struct text *text, unsigned line)
{
	return line < text->starts->len ? g_array_index(text->starts, size_t, line) : text->length;
}

const char *text_line(const struct text *text, unsigned line, size_t *length)
{
	size_t begin = text_start(text, line), end = text_start(text, line + 1);

	while (end > begin && (text->bytes[end - 1] == '\n' || text->bytes[end - 1] == '\r'))
		end--;
	*length = end - begin;
	return text->bytes + begin;
}

static bool is_not_behind(const void *start, const void *offset)
{
	return *(const size_t *)start <= *(const size_t *)offset;
}

unsigned text_line_of(const struct text *text, size_t offset)
{
	/* the first line starts at 0 */
	return search_array(text->starts, is_not_behind, &offset) - 1;
}

/* The character at `at`: returns its bytes, and sets `*units` to its units in the encoding. */
static size_t step(const char *at, const char *end, enum text_encoding encoding, unsigned *units)
{
	gunichar c = g_utf8_get_char_validated(at, end - at);
	size_t bytes = c >= (gunichar)-2 ? 1 : (size_t)(g_utf8_next_char(at) - at);

	*units = encoding == TEXT_UTF8                  ? (unsigned)bytes
		 : encoding == TEXT_UTF16 && bytes == 4 ? 2
							: 1;
	return bytes;
}

size_t text_offset(const struct text *text, enum text_encoding encoding, unsigned line,
		   unsigned character)
{
	size_t length;
	const char *at, *begin = text_line(text, line, &length), *end = begin + length;
	unsigned units, done = 0;

	if (line >= text_lines(text))
		return text->length;
	for (at = begin; at < end && done < character; done += units) {
		size_t bytes = step(at, end, encoding, &units);

		if (done + units > character) /* within a character: use its start */
			break;
		at += bytes;
	}
	return (size_t)(at - text->bytes);
}

unsigned text_character(const struct text *text, enum text_encoding encoding, size_t offset)
{
	unsigned line = text_line_of(text, offset), units, done = 0;
	size_t length;
	const char *at = text_line(text, line, &length), *end = at + length,
		   *stop = MIN(text->bytes + offset, end);

	while (at < stop) {
		at += step(at, end, encoding, &units);
		done += units;
	}
	return done;
}
