// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records (structs and unions): may their layout change?
 *
 * A record's layout is external if the record is defined outside the scheduler's files, where anyone may embed
 * or measure it, if one of its members is external, or if an external record holds it by value.
 *
 * Limit: sizeof() of a scheduler record in an outside unit that includes a scheduler header is not seen.
 */
#include "graph/solve.h"

#include <string.h>

static gint compare_members(gconstpointer left, gconstpointer right)
{
	const struct graph_member *l = *(struct graph_member *const *)left;
	const struct graph_member *r = *(struct graph_member *const *)right;
	int order = strcmp(l->node.file, r->node.file);

	if (!order)
		order = strcmp(l->record, r->record);
	return order ? order : strcmp(l->node.id, r->node.id);
}

static struct graph_record *record_new(const struct graph_member *member)
{
	struct graph_record *record = g_new0(struct graph_record, 1);

	record->name = member->record;
	record->file = member->node.file;
	record->is_union = member->is_union;
	record->is_scheduler = member->node.is_scheduler;
	record->size = member->record_size;
	record->align = member->record_align;
	record->class = GRAPH_INTERNAL;
	record->why = "internal: only the scheduler module uses its members";
	record->members = g_ptr_array_new();
	return record;
}

static void group_members(struct graph *graph)
{
	g_autoptr(GPtrArray) members = g_ptr_array_copy(graph->members, NULL, NULL);
	struct graph_record *record = NULL;

	g_ptr_array_set_free_func(members, NULL);
	g_ptr_array_sort(members, compare_members);
	for (guint i = 0; i < members->len; i++) {
		struct graph_member *member = g_ptr_array_index(members, i);

		if (!record || strcmp(record->name, member->record) != 0 ||
		    strcmp(record->file, member->node.file) != 0) {
			record = record_new(member);
			g_ptr_array_add(graph->records, record);
		}
		g_ptr_array_add(record->members, member);
	}
}

/* Takes over `why`. */
static void expose(struct graph *graph, struct graph_record *record, char *why)
{
	record->class = GRAPH_EXTERNAL;
	record->why = graph_string(graph, why);
	g_free(why);
}

static void expose_by_members(struct graph *graph, struct graph_record *record)
{
	if (!record->is_scheduler) {
		expose(graph, record,
		       g_strdup_printf("external: %s is not one of the scheduler's files, so others may hold or "
				       "measure it",
				       record->file));
		return;
	}
	for (guint i = 0; i < record->members->len && record->class == GRAPH_INTERNAL; i++) {
		const struct graph_member *member = g_ptr_array_index(record->members, i);

		if (member->node.class == GRAPH_EXTERNAL)
			expose(graph, record, g_strdup_printf("external: its member %s is external", member->member));
	}
}

/* True for the type `struct NAME` or an array of it. */
static bool is_held_by_value(const char *type, const struct graph_record *record)
{
	static const char *const qualifiers[] = { "const ", "volatile " };
	size_t length = strlen(record->name);

	for (size_t i = 0; i < G_N_ELEMENTS(qualifiers); i++)
		if (g_str_has_prefix(type, qualifiers[i]))
			type += strlen(qualifiers[i]);
	if (!g_str_has_prefix(type, record->is_union ? "union " : "struct "))
		return false;
	type = strchr(type, ' ') + 1;
	return strncmp(type, record->name, length) == 0 && !strchr(type + length, '*') &&
	       (type[length] == '\0' || type[length] == '[' || type[length] == ' ');
}

/* Exposes what `outer` holds by value; true if anything changed. */
static bool expose_held(struct graph *graph, const struct graph_record *outer)
{
	bool changed = false;

	for (guint m = 0; m < outer->members->len; m++) {
		const struct graph_member *member = g_ptr_array_index(outer->members, m);

		for (guint i = 0; i < graph->records->len; i++) {
			struct graph_record *record = g_ptr_array_index(graph->records, i);

			if (record->class != GRAPH_INTERNAL || !is_held_by_value(member->type, record))
				continue;
			expose(graph, record,
			       g_strdup_printf("external: %s, whose layout is external, holds one", outer->name));
			changed = true;
		}
	}
	return changed;
}

void solve_records(const struct solve *solve)
{
	struct graph *graph = solve->graph;
	bool changed = true;

	g_ptr_array_set_size(graph->records, 0);
	group_members(graph);
	for (guint i = 0; i < graph->records->len; i++)
		expose_by_members(graph, g_ptr_array_index(graph->records, i));
	while (changed) {
		changed = false;
		for (guint i = 0; i < graph->records->len; i++) {
			const struct graph_record *outer = g_ptr_array_index(graph->records, i);

			if (outer->class == GRAPH_EXTERNAL)
				changed |= expose_held(graph, outer);
		}
	}
}
