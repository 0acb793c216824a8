// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds the entries of a report.
 *
 * One pass counts brackets and skips strings, without recursion. Whether an entry is valid JSON is
 * for the parser to find out. So a report with any order of keys and any spacing can be read with
 * the memory for one entry at a time.
 */
#include "emit/scan.h"

#include <string.h>

struct emit_scan {
	const char *at, *end;
};

static void skip_space(struct emit_scan *s)
{
	while (s->at < s->end && strchr(" \t\r\n", *s->at) && *s->at)
		s->at++;
}

static bool accept(struct emit_scan *s, char wanted)
{
	skip_space(s);
	if (s->at == s->end || *s->at != wanted)
		return false;
	s->at++;
	return true;
}

/* Skips a string; `at` is its opening quote. False if the string does not end. */
static bool skip_string(struct emit_scan *s)
{
	for (s->at++; s->at < s->end; s->at++) {
		if (*s->at == '"') {
			s->at++;
			return true;
		}
		if (*s->at == '\\' && s->at + 1 < s->end)
			s->at++;
	}
	s->at = s->end;
	return false;
}

/* Skips an object or array that begins at `at`. False if the text ends before it does. */
static bool skip_nested(struct emit_scan *s)
{
	size_t depth = 0;

	while (s->at < s->end) {
		char c = *s->at;

		if (c == '"') {
			if (!skip_string(s))
				return false;
			continue;
		}
		s->at++;
		if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && --depth == 0)
			return true;
	}
	return false;
}

static bool skip_scalar(struct emit_scan *s)
{
	const char *begin = s->at;

	while (s->at < s->end && (g_ascii_isalnum(*s->at) || (*s->at && strchr("+-.", *s->at))))
		s->at++;
	return s->at > begin;
}

static bool take_value(struct emit_scan *s, struct emit_scan_slice *value)
{
	bool is_good;

	skip_space(s);
	if (s->at == s->end)
		return false;
	value->begin = s->at;
	if (*s->at == '"')
		is_good = skip_string(s);
	else if (*s->at == '{' || *s->at == '[')
		is_good = skip_nested(s);
	else
		is_good = skip_scalar(s);
	value->length = (size_t)(s->at - value->begin);
	return is_good;
}

static bool take_entries(struct emit_scan *s, struct emit_scan_item *item)
{
	item->entries = g_array_new(FALSE, FALSE, sizeof(struct emit_scan_slice));
	s->at++;
	if (accept(s, ']'))
		return true;
	do {
		struct emit_scan_slice entry;

		if (!take_value(s, &entry))
			return false;
		g_array_append_val(item->entries, entry);
	} while (accept(s, ','));
	return accept(s, ']');
}

static bool take_key(struct emit_scan *s, struct emit_scan_item *item)
{
	const char *begin;

	skip_space(s);
	begin = s->at;
	if (s->at == s->end || *s->at != '"' || !skip_string(s))
		return false;
	item->key = g_strndup(begin + 1, (size_t)(s->at - begin - 2));
	return accept(s, ':');
}

static bool take_item(struct emit_scan *s, struct emit_scan_item *item)
{
	if (!take_key(s, item))
		return false;
	skip_space(s);
	if (s->at == s->end || *s->at != '[')
		return take_value(s, &item->value);
	item->value.begin = s->at;
	if (!take_entries(s, item))
		return false;
	item->value.length = (size_t)(s->at - item->value.begin);
	return true;
}

static bool take_object(struct emit_scan *s, GPtrArray *items)
{
	if (!accept(s, '{'))
		return false;
	if (accept(s, '}'))
		return true;
	do {
		struct emit_scan_item *item = g_new0(struct emit_scan_item, 1);

		g_ptr_array_add(items, item);
		if (!take_item(s, item))
			return false;
	} while (accept(s, ','));
	return accept(s, '}');
}

static void item_free(gpointer data)
{
	struct emit_scan_item *item = data;

	g_free(item->key);
	if (item->entries)
		g_array_unref(item->entries);
	g_free(item);
}

GPtrArray *emit_scan_object(const char *text, size_t length, const char **fault)
{
	struct emit_scan s = { text, text + length };
	GPtrArray *items = g_ptr_array_new_with_free_func(item_free);

	if (take_object(&s, items)) {
		skip_space(&s);
		if (s.at == s.end)
			return items;
	}
	*fault = s.at;
	g_ptr_array_unref(items);
	return NULL;
}
