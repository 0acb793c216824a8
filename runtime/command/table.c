// SPDX-License-Identifier: GPL-2.0-only
#include "runtime/command/table.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

struct table {
	char **heads;    /* each with its "<" or ">" */
	GPtrArray *rows; /* char **: the words of a row */
};

static char **words_of(const char *first, va_list others)
{
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

	for (const char *word = first; word; word = va_arg(others, const char *))
		g_strv_builder_add(builder, word);
	return g_strv_builder_end(builder);
}

struct table *table_new(const char *head, ...)
{
	struct table *table = g_new0(struct table, 1);
	va_list others;

	va_start(others, head);
	table->heads = words_of(head, others);
	va_end(others);
	table->rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
	return table;
}

void table_add(struct table *table, const char *word, ...)
{
	va_list others;

	va_start(others, word);
	g_ptr_array_add(table->rows, words_of(word, others));
	va_end(others);
}

void table_free(struct table *table)
{
	if (!table)
		return;
	g_strfreev(table->heads);
	g_ptr_array_unref(table->rows);
	g_free(table);
}

/* --- printing */

static const char *word_at(const struct table *table, guint row, guint column)
{
	return ((char **)g_ptr_array_index(table->rows, row))[column];
}

/* In characters. */
static int width_of(const struct table *table, guint column)
{
	glong width = g_utf8_strlen(table->heads[column] + 1, -1);

	for (guint i = 0; i < table->rows->len; i++)
		width = MAX(width, g_utf8_strlen(word_at(table, i, column), -1));
	return (int)width;
}

/* The last column has no blanks at its end. */
static void print_word(const struct table *table, guint column, const char *word)
{
	int blanks = width_of(table, column) - (int)g_utf8_strlen(word, -1);
	bool is_right = *table->heads[column] == '>', is_last = !table->heads[column + 1];

	printf("%*s%s%*s%s", is_right ? blanks : 0, "", word, is_right || is_last ? 0 : blanks, "",
	       is_last ? "\n" : "  ");
}

void table_print(const struct table *table)
{
	guint columns = g_strv_length(table->heads);

	for (guint i = 0; i < columns; i++)
		print_word(table, i, table->heads[i] + 1);
	for (guint row = 0; row < table->rows->len; row++)
		for (guint i = 0; i < columns; i++)
			print_word(table, i, word_at(table, row, i));
}
