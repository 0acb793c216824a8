// SPDX-License-Identifier: GPL-2.0-only
/* Macro uses between functions that add something to vmlinux's tables. */
#include "rewriter/source/unit.h"

#include <fnmatch.h>
#include <string.h>

#define GOES TREAT_GOES
#define FOLLOWS TREAT_FOLLOWS
#define METADATA TREAT_METADATA

static const struct {
	const char *pattern;
	enum treatment treatment;
} statements[] = {
#define STATEMENT(pattern, treatment) { pattern, treatment },
#include "rewriter/source/statements.def"
#undef STATEMENT
};

enum treatment rewrite_statement_treatment(const char *macro)
{
	for (guint i = 0; i < G_N_ELEMENTS(statements); i++)
		if (fnmatch(statements[i].pattern, macro, 0) == 0)
			return statements[i].treatment;
	return TREAT_NOT;
}

/* The function that the macro use names first; NULL if the plan has none of that name. */
static const struct plan_entry *
named_function(struct rewriting *unit, const struct source_file *file, const struct expansion *e)
{
	unsigned open = ctext_find(file->text, e->begin, "("),
		 begin = ctext_skip_blank(file->text, MIN(open + 1, file->text.length));
	g_autofree char *name = g_strndup(file->text.bytes + begin,
					  ctext_find(file->text, begin, " ,)\t\n") - begin);
	const struct plan_entry *entry = plan_function(unit->rewrite->plan, file->name, name);

	return entry ? entry : plan_function(unit->rewrite->plan, NULL, name);
}

static void remove_use(struct rewriting *unit, struct source_file *file, const struct expansion *e)
{
	unsigned begin = ctext_statement_begin(file->text, e->begin),
		 end = ctext_after_semicolon(file->text, e->end);

	if (ctext_line_begin(file->text, begin) != begin ||
	    (begin > 0 && file->text.bytes[begin - 1] != '\n'))
		begin = e->begin; /* something else stands before it in its line */
	else if (file->text.bytes[end] == '\n')
		end++;
	rewrite_edit(unit, file, EDIT_STATEMENT, begin, end, "", e->name);
}

static void finish_file(struct rewriting *unit, struct source_file *file)
{
	for (guint i = 0; i < file->expansions->len; i++) {
		const struct expansion *e = &g_array_index(file->expansions, struct expansion, i);
		enum treatment treatment = rewrite_statement_treatment(e->name);
		const struct plan_entry *entry;

		if (treatment == TREAT_FOLLOWS) {
			entry = named_function(unit, file, e);
			if (entry && (entry->fate == PLAN_KEEP || entry->fate == PLAN_COPY))
				continue;
		}
		if (treatment == TREAT_GOES || treatment == TREAT_FOLLOWS)
			remove_use(unit, file, e);
	}
}

void rewrite_statements(struct rewriting *unit)
{
	GHashTableIter iter;
	gpointer file;

	g_hash_table_iter_init(&iter, unit->files);
	while (g_hash_table_iter_next(&iter, NULL, &file))
		if (((struct source_file *)file)->file)
			finish_file(unit, file);
}
