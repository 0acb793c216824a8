// SPDX-License-Identifier: GPL-2.0-only
#include "tools/compare/name.h"

#include "rewriter/plan/plan.h"

#include <string.h>

/* a function of the module whose plain name stands for vmlinux's */
#define MODULE_PREFIX "__module_"
#define POSITION_MARK "__pos_"
#define NUMBER_MARK "__" /* name.5 is __vmlinux_name__5 in the module */
#define UNIQUE_PREFIX "__UNIQUE_ID_"

static bool is_number(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!g_ascii_isdigit(text[i]))
			return false;
	return length > 0;
}

/* Where the suffix "__pos_N" begins; NULL if there is none. */
static const char *position_mark(const char *symbol)
{
	const char *mark = g_strrstr(symbol, POSITION_MARK);

	return mark && mark > symbol &&
			       is_number(mark + strlen(POSITION_MARK),
					 strlen(mark + strlen(POSITION_MARK)))
		       ? mark
		       : NULL;
}

/* Removes the number of a static local from a name that the module uses for vmlinux's. */
static void drop_number_mark(GString *name)
{
	const char *mark = g_strrstr(name->str, NUMBER_MARK);
	const char *number = mark ? mark + strlen(NUMBER_MARK) : NULL;

	if (mark && mark > name->str && is_number(number, strlen(number)))
		g_string_truncate(name, (gsize)(mark - name->str));
}

static const char *skip_prefix(const char *symbol, const char *prefix)
{
	return g_str_has_prefix(symbol, prefix) ? symbol + strlen(prefix) : symbol;
}

static void drop_number_parts(GString *name)
{
	gsize start = 0;

	while (start < name->len) {
		const char *dot = strchr(name->str + start + 1, '.');
		gsize end = dot ? (gsize)(dot - name->str) : name->len;

		if (start > 0 && is_number(name->str + start + 1, end - start - 1))
			g_string_erase(name, start, end - start);
		else
			start = end;
	}
}

char *name_normal(const char *symbol)
{
	const char *start = skip_prefix(skip_prefix(symbol, MODULE_PREFIX), VMLINUX_PREFIX);
	const char *mark = position_mark(start);
	GString *name = mark ? g_string_new_len(start, mark - start) : g_string_new(start);

	if (g_str_has_prefix(symbol, VMLINUX_PREFIX))
		drop_number_mark(name);
	drop_number_parts(name);
	if (g_str_has_prefix(name->str, UNIQUE_PREFIX))
		while (name->len && g_ascii_isdigit(name->str[name->len - 1]))
			g_string_truncate(name, name->len - 1);
	return g_string_free(name, FALSE);
}

char *name_plain(const char *symbol)
{
	char *name = name_normal(symbol);
	char *dot = *name ? strchr(name + 1, '.') : NULL;

	if (dot)
		*dot = '\0';
	return name;
}

unsigned name_position(const char *symbol)
{
	const char *mark = position_mark(symbol);

	return mark ? (unsigned)g_ascii_strtoull(mark + strlen(POSITION_MARK), NULL, 10) : 0;
}

bool name_is_cold(const char *symbol)
{
	g_autofree char *name = name_normal(symbol);

	return g_str_has_suffix(name, ".cold");
}

bool name_is_own(const char *symbol)
{
	return g_str_has_prefix(symbol, "plugsched_");
}

bool name_is_padding(const char *symbol)
{
	return g_str_has_prefix(symbol, "__pfx_") || g_str_has_prefix(symbol, "__cfi_");
}
