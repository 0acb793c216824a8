// SPDX-License-Identifier: GPL-2.0-only
/*
 * The texts of files, and the place of a word in a line. Facts have only line numbers; the column
 * is found by searching the line for the name.
 */
#include "tools/lint/private.h"

#include <string.h>

struct lint_texts {
	const struct lint_inputs *inputs;
	GHashTable *read; /* file -> text, of the files that were read */
};

const struct source_overlay *lint_given(const struct lint_inputs *inputs, const char *file)
{
	for (guint i = 0; i < inputs->given->len; i++) {
		const struct source_overlay *overlay = g_ptr_array_index(inputs->given, i);
		g_autofree char *name = tree_path(inputs->tree, NULL, overlay->path);

		if (strcmp(name, file) == 0)
			return overlay;
	}
	return NULL;
}

struct lint_texts *lint_texts_new(const struct lint_inputs *inputs)
{
	struct lint_texts *texts = g_new0(struct lint_texts, 1);

	texts->inputs = inputs;
	texts->read = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return texts;
}

void lint_texts_free(struct lint_texts *texts)
{
	if (!texts)
		return;
	g_hash_table_destroy(texts->read);
	g_free(texts);
}

const char *lint_text(struct lint_texts *texts, const char *file)
{
	const struct source_overlay *given = lint_given(texts->inputs, file);
	char *text = g_hash_table_lookup(texts->read, file);

	if (given)
		return given->text;
	if (text)
		return text;
	text = tree_read_file(texts->inputs->tree, file, NULL);
	g_hash_table_insert(texts->read, g_strdup(file), text ? text : g_strdup(""));
	return text ? text : "";
}

unsigned lint_count_lines(const char *text)
{
	unsigned lines = 1;

	for (; (text = strchr(text, '\n')); text++)
		lines++;
	return lines;
}

static bool is_word(char c)
{
	return g_ascii_isalnum(c) || c == '_';
}

/* The first occurrence of the word in [begin, end); NULL if there is none. */
static const char *find_word(const char *begin, const char *end, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = begin; length && at + length <= end; at++)
		if (memcmp(at, word, length) == 0 && (at == begin || !is_word(at[-1])) &&
		    (at + length == end || !is_word(at[length])))
			return at;
	return NULL;
}

/* Line `line` of the text: [begin, end). Empty behind the end of the text. */
static const char *find_line(const char *text, unsigned line, const char **end)
{
	while (line > 1 && *text) {
		const char *next = strchr(text, '\n');

		text = next ? next + 1 : text + strlen(text);
		line--;
	}
	*end = text + strcspn(text, "\n");
	return text;
}

char *lint_path(const struct lint_inputs *inputs, const char *file)
{
	const struct source_overlay *given = lint_given(inputs, file);

	return given ? g_strdup(given->path) : tree_file(inputs->tree, file);
}

struct lint_place lint_place_of(struct lint_texts *texts, const char *file, unsigned line,
				const char *word)
{
	struct lint_place place = { .path = lint_path(texts->inputs, file), .line = MAX(line, 1) };
	const char *end, *begin = find_line(lint_text(texts, file), place.line, &end),
			 *found = find_word(begin, end, word);
	const char *first = begin;

	while (first < end && g_ascii_isspace(*first))
		first++;
	place.column = (unsigned)((found ? found : first) - begin) + 1;
	place.end_column =
		found ? place.column + (unsigned)strlen(word) : (unsigned)(end - begin) + 1;
	place.end_column = MAX(place.end_column, place.column);
	lint_count_points(texts, file, &place);
	return place;
}

/* The code point in the line that holds byte `column`, both from 1. */
static unsigned point_at(const char *begin, const char *end, unsigned column)
{
	const char *stop = begin + MIN((gsize)(end - begin), (gsize)column - 1);
	unsigned point = 1 + column - 1 - (unsigned)(stop - begin);

	for (const char *at = begin; at < stop; point++) {
		gunichar c = g_utf8_get_char_validated(at, end - at);
		bool is_valid = c != (gunichar)-1 && c != (gunichar)-2;

		at = is_valid ? g_utf8_next_char(at) : at + 1;
	}
	return point;
}

void lint_count_points(struct lint_texts *texts, const char *file, struct lint_place *place)
{
	const char *end, *begin = find_line(lint_text(texts, file), place->line, &end);

	place->point = place->column ? point_at(begin, end, place->column) : 0;
	place->end_point = place->end_column ? point_at(begin, end, place->end_column) : 0;
}
