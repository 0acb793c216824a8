// SPDX-License-Identifier: GPL-2.0-only
#include "analyzer/layouts.h"

#include "analyzer/select/select.h"

/* The sources of the scheduler's units. */
static GHashTable *scheduler_units(const struct subject *s)
{
	GHashTable *units = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < s->tree->units->len; i++)
		if (s->roles[i] == SELECT_SCHEDULER)
			g_hash_table_add(units, (gpointer)subject_unit(s, i)->source);
	return units;
}

static void add_members(GArray *to, const GPtrArray *from)
{
	for (guint i = 0; i < from->len; i++) {
		const struct graph_member *m = g_ptr_array_index(from, i);
		struct binary_layout_member member = { m->member, m->offset };

		g_array_append_val(to, member);
	}
}

bool layouts_check(const struct subject *subject, const struct graph *graph, GError **error)
{
	g_autoptr(GHashTable) units = NULL;
	GArray *layouts;
	bool is_equal;

	if (!subject->binary)
		return true;
	units = scheduler_units(subject);
	layouts = g_array_new(FALSE, FALSE, sizeof(struct binary_layout));
	for (guint i = 0; i < graph->records->len; i++) {
		const struct graph_record *r = g_ptr_array_index(graph->records, i);
		struct binary_layout layout = {
			.file = r->file,
			.record = r->name,
			.size = r->size,
			.members = g_array_new(FALSE, FALSE, sizeof(struct binary_layout_member)),
		};

		add_members(layout.members, r->members);
		g_array_append_val(layouts, layout);
	}
	is_equal = binary_check_layouts(subject->binary, units, layouts, error);
	for (guint i = 0; i < layouts->len; i++)
		g_array_unref(g_array_index(layouts, struct binary_layout, i).members);
	g_array_unref(layouts);
	return is_equal;
}
