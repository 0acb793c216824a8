// SPDX-License-Identifier: GPL-2.0-only
/* Counting users. */
#include "tools/lsp/census.h"

#include <string.h>

static enum census_group group_of(const struct graph_node *from)
{
	if (!from->is_scheduler)
		return CENSUS_OUTSIDE;
	return from->class == GRAPH_EXTERNAL ? CENSUS_STAYING : CENSUS_INSIDE;
}

static bool is_direct(const struct walk_step *step)
{
	return step->kind == WALK_USE && step->use->kind == GRAPH_CALL;
}

/* `known` maps a user to the index of its row + 1. */
static void add_user(struct census *census, GHashTable *known, const struct walk_step *step)
{
	guint at = GPOINTER_TO_UINT(g_hash_table_lookup(known, step->from));
	struct census_row made = { *step, group_of(step->from), 1 };
	struct census_row *row;

	if (!at) {
		g_array_append_val(census->rows, made);
		g_hash_table_insert(known, step->from, GUINT_TO_POINTER(census->rows->len));
		census->count[made.group]++;
		return;
	}
	row = &g_array_index(census->rows, struct census_row, at - 1);
	row->uses++;
	if (is_direct(step) && !is_direct(&row->step))
		row->step = *step;
}

/* True if the step makes its start a caller of a function, or a user of data. */
static bool is_use(const struct graph_node *node, const struct walk_step *step)
{
	if (node->kind == GRAPH_FUNCTION)
		return walk_is_call(step);
	return step->kind == WALK_USE && step->from;
}

static const char *file_of(const struct walk_step *step)
{
	return step->use ? step->use->file : step->site ? step->site->file : "";
}

static unsigned line_of(const struct walk_step *step)
{
	return step->use ? step->use->line : step->site ? step->site->line : 0;
}

static gint compare_rows(gconstpointer left, gconstpointer right)
{
	const struct census_row *l = left, *r = right;
	int order = strcmp(file_of(&l->step), file_of(&r->step));

	if (l->group != r->group)
		return l->group < r->group ? -1 : 1;
	if (order)
		return order;
	return line_of(&l->step) < line_of(&r->step) ? -1 : line_of(&l->step) > line_of(&r->step);
}

void census_take(struct census *census, struct walk *walk, struct graph_node *node)
{
	g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(struct walk_step));
	g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);

	memset(census, 0, sizeof(*census));
	census->rows = g_array_new(FALSE, FALSE, sizeof(struct census_row));
	census->others = g_array_new(FALSE, FALSE, sizeof(struct walk_step));
	walk_to(walk, node, steps);
	for (guint i = 0; i < steps->len; i++) {
		const struct walk_step *step = &g_array_index(steps, struct walk_step, i);

		if (is_use(node, step))
			add_user(census, known, step);
		else if (step->kind == WALK_INLINED)
			census->copies++;
		else if (step->kind == WALK_OBJECT || step->kind == WALK_USE)
			g_array_append_vals(census->others, step, 1);
	}
	g_array_sort(census->rows, compare_rows);
}

void census_clear(struct census *census)
{
	g_array_unref(census->rows);
	g_array_unref(census->others);
}

char *census_phrase(const struct census *census, const char *noun)
{
	unsigned outside = census->count[CENSUS_OUTSIDE], staying = census->count[CENSUS_STAYING];
	g_autofree char *stay = staying ? g_strdup_printf(" (%u %s in vmlinux)", staying,
							  staying == 1 ? "stays" : "stay")
					: NULL;

	return g_strdup_printf("%u %s%s outside · %u inside%s", outside, noun,
			       outside == 1 ? "" : "s", staying + census->count[CENSUS_INSIDE],
			       stay ? stay : "");
}
