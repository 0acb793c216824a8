// SPDX-License-Identifier: GPL-2.0-only
/* Sentences about entries. */
#include "tools/lsp/describe.h"

#include "tools/lsp/census.h"

#include <string.h>

#define PLACES_MAX 5  /* most users shown for each group */
#define ENTRIES_MAX 6 /* most entries described if the word may mean several */

char *describe_class(const struct graph_node *node)
{
	const char *class = graph_class_name(node->class);

	if (node->class != GRAPH_EXTERNAL || node->kind != GRAPH_FUNCTION ||
	    node->reason == GRAPH_REASON_OUTSIDE)
		return g_strdup(class);
	return g_strdup_printf("%s (%s)", class, graph_reason_code(node->reason));
}

/*
 * "void update_curr(struct cfs_rq *)" for a function of type "void (struct cfs_rq
 * *)"; "TYPE NAME" for data.
 */
static void append_declaration(GString *text, const struct graph_node *node)
{
	const char *type = graph_type(node),
		   *paren = node->kind == GRAPH_FUNCTION ? strstr(type, " (") : NULL;

	if (!*type)
		return;
	if (paren)
		g_string_append_printf(text, "\n```c\n%.*s %s%s\n```\n", (int)(paren - type), type,
				       node->name, paren + 1);
	else
		g_string_append_printf(text, "\n```c\n%s %s\n```\n", type, graph_word(node));
}

/* What the class permits, in one sentence. */
static const char *advice(const struct graph_node *node)
{
	bool is_function = node->kind == GRAPH_FUNCTION;

	if (!node->is_scheduler && is_function)
		return "It is not the scheduler's: the module calls it in vmlinux, or has its own copy of it if a header defines it.";
	if (is_function && node->class == GRAPH_INTERFACE)
		return "The body may change, the signature may not: vmlinux enters it.";
	if (is_function && node->class == GRAPH_INTERNAL)
		return "Body and signature may change.";
	if (is_function)
		return "It stays in vmlinux.";
	return node->class == GRAPH_INTERNAL
		       ? "Only the module uses it: its meaning may change."
		       : "What stays in vmlinux uses it: its meaning and its place must stay.";
}

/* "`kthread` kernel/kthread.c:357", and what distinguishes it from a direct call or a plain use. */
static void append_step(GString *text, const struct walk_step *step, unsigned uses)
{
	g_autofree char *place = walk_place(step), *detail = walk_detail(step);

	g_string_append(text, "- ");
	if (step->from)
		g_string_append_printf(text, "`%s` ", step->from->name);
	g_string_append(text, place);
	if (uses > 1)
		g_string_append_printf(text, " and %u more", uses - 1);
	if (step->kind == WALK_SITE)
		g_string_append_printf(text, " — may call it (%s)", detail);
	else if (step->kind == WALK_OBJECT)
		g_string_append(text, " — an object names it");
	else if (step->to->kind != GRAPH_FUNCTION)
		g_string_append_printf(text, " — %s", graph_use_kind_name(step->use->kind));
	else if (*detail)
		g_string_append_printf(text, " — %s", detail);
	g_string_append_c(text, '\n');
}

static void append_group(GString *text, const struct census *census, enum census_group group)
{
	static const char *const titles[] = { "Outside the scheduler",
					      "In the scheduler, but staying in vmlinux",
					      "In the module" };
	unsigned shown = 0;

	if (!census->count[group])
		return;
	g_string_append_printf(text, "\n%s: %u\n\n", titles[group], census->count[group]);
	for (guint i = 0; i < census->rows->len && shown < PLACES_MAX; i++) {
		const struct census_row *row = &g_array_index(census->rows, struct census_row, i);

		if (row->group == group && ++shown)
			append_step(text, &row->step, row->uses);
	}
	if (census->count[group] > shown)
		g_string_append_printf(text, "- ... %u more\n", census->count[group] - shown);
}

static void append_others(GString *text, const struct census *census)
{
	if (census->others->len)
		g_string_append_printf(text, "\nAddress taken, or named by an object: %u\n\n",
				       census->others->len);
	for (guint i = 0; i < census->others->len && i < PLACES_MAX; i++)
		append_step(text, &g_array_index(census->others, struct walk_step, i), 1);
	if (census->others->len > PLACES_MAX)
		g_string_append_printf(text, "- ... %u more\n", census->others->len - PLACES_MAX);
	if (census->copies)
		g_string_append_printf(text, "\nInlined into %u function%s.\n", census->copies,
				       census->copies == 1 ? "" : "s");
}

static void append_census(GString *text, const struct view *view, struct graph_node *node)
{
	bool is_function = node->kind == GRAPH_FUNCTION;
	struct census census;
	g_autofree char *phrase = NULL;

	census_take(&census, view->walk, node);
	phrase = census_phrase(&census, is_function ? "caller" : "user");
	g_string_append_printf(text, "\n**%s**\n", phrase);
	for (int group = 0; group < CENSUS_GROUPS; group++)
		append_group(text, &census, (enum census_group)group);
	append_others(text, &census);
	census_clear(&census);
}

static void append_record(GString *text, const struct graph_record *record)
{
	g_string_append_printf(text, "\nThe layout of `%s %s` (%u bytes) **%s**: %s.\n",
			       record->is_union ? "union" : "struct", record->name, record->size,
			       record->class == GRAPH_INTERNAL ? "may change" : "may not change",
			       graph_cause(record->why));
}

static void append_member(GString *text, const struct view *view, const struct graph_member *member)
{
	const struct graph_record *record = graph_index_record_of(view->index, member);

	g_string_append_printf(text, "\nAt byte %u", member->offset / 8);
	if (member->width)
		g_string_append_printf(text, ", bit %u, %u wide", member->offset % 8,
				       member->width);
	g_string_append_printf(text, " of %u.\n", member->record_size);
	if (record)
		append_record(text, record);
	if (record && !record->is_scheduler)
		g_string_append(
			text,
			"Of the users outside the report keeps one: the struct is not the scheduler's.\n");
}

static void append_node(GString *text, const struct view *view, struct graph_node *node)
{
	g_string_append_printf(text, "**%s** — %s, **%s** (`%s`)\n\n", node->name,
			       graph_kind_name(node->kind), graph_class_name(node->class),
			       graph_reason_code(node->reason));
	g_string_append_printf(text, "%s.\n", graph_cause(node->why));
	append_declaration(text, node);
	g_string_append_printf(text, "\n%s\n", advice(node));
	if (node->kind == GRAPH_MEMBER)
		append_member(text, view, (const struct graph_member *)node);
	append_census(text, view, node);
	g_string_append_printf(text, "\n%s:%u\n", node->file, node->line);
}

static void append_record_alone(GString *text, const struct graph_record *record)
{
	unsigned internal = 0;

	for (guint i = 0; i < record->members->len; i++)
		internal +=
			((const struct graph_node *)g_ptr_array_index(record->members, i))->class ==
			GRAPH_INTERNAL;
	g_string_append_printf(text, "**%s %s** — **%s**\n", record->is_union ? "union" : "struct",
			       record->name, graph_class_name(record->class));
	append_record(text, record);
	g_string_append_printf(
		text, "\nOf its members the report has %u: %u internal, %u external.\n\n%s\n",
		record->members->len, internal, record->members->len - internal, record->file);
}

/* Says why the following entries may not be what the user means. */
static void append_doubt(GString *text, const struct view_found *found)
{
	if (found->how == VIEW_MEMBERS)
		g_string_append_printf(
			text,
			"The report has no use of a `%s` at this line: it may be any of these.\n\n---\n\n",
			found->name);
	else if (found->nodes->len > 1 && found->how != VIEW_LINE)
		g_string_append_printf(text,
				       "The report has several entries called `%s`.\n\n---\n\n",
				       found->name);
	else if (found->nodes->len && found->how == VIEW_NAME)
		g_string_append(
			text, "Found by its name: the report has no use at this line.\n\n---\n\n");
}

char *describe_found(const struct view *view, const struct view_found *found)
{
	GString *text = g_string_new(NULL);
	guint n = found->nodes->len + found->records->len;

	append_doubt(text, found);
	for (guint i = 0; i < n && i < ENTRIES_MAX; i++) {
		if (i)
			g_string_append(text, "\n---\n\n");
		if (i < found->nodes->len)
			append_node(text, view, g_ptr_array_index(found->nodes, i));
		else
			append_record_alone(
				text, g_ptr_array_index(found->records, i - found->nodes->len));
	}
	if (n > ENTRIES_MAX)
		g_string_append_printf(text, "\n---\n\n%u more\n", n - ENTRIES_MAX);
	return g_string_free(text, FALSE);
}

char *describe_plain(const char *markdown)
{
	g_auto(GStrv) lines = g_strsplit(markdown, "\n", -1);
	GString *text = g_string_new(NULL);

	for (char **line = lines; *line; line++) {
		if (g_str_has_prefix(*line, "```"))
			continue;
		for (const char *c = *line; *c; c++) {
			if (c[0] == '*' && c[1] == '*')
				c++;
			else if (*c != '`')
				g_string_append_c(text, *c);
		}
		if (line[1])
			g_string_append_c(text, '\n');
	}
	return g_string_free(text, FALSE);
}
