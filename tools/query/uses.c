// SPDX-License-Identifier: GPL-2.0-only
/*
 * uses: who reads, writes, calls or points to an entry; for a struct or union,
 * its members and their uses.
 */
#include "tools/query/names.h"

#include <string.h>

static const struct {
	enum graph_use_kind kind;
	const char *title;
} groups[] = {
	{ GRAPH_READ, "read" },
	{ GRAPH_WRITE, "written" },
	{ GRAPH_READ_WRITE, "read and written" },
	{ GRAPH_ADDRESS, "address taken" },
	{ GRAPH_ESCAPE, "address let out" },
	{ GRAPH_INDIRECT, "called through" },
	{ GRAPH_CALL, "called" },
	{ GRAPH_CLONE, "a clone called" },
	{ GRAPH_OBJECT, "named by an object file" },
};

static bool is_inside(const struct graph_use *use)
{
	return use->from && use->from->is_scheduler;
}

static unsigned count_inside(const GPtrArray *uses)
{
	unsigned n = 0;

	for (guint i = 0; i < uses->len; i++)
		n += is_inside(g_ptr_array_index(uses, i));
	return n;
}

static unsigned count_kind(const GPtrArray *uses, enum graph_use_kind kind)
{
	unsigned n = 0;

	for (guint i = 0; i < uses->len; i++)
		n += ((const struct graph_use *)g_ptr_array_index(uses, i))->kind == kind;
	return n;
}

static void add_use(struct answer *answer, const struct graph_use *use)
{
	struct answer_row *row;
	struct answer_edge edge = { .to = answer_node(answer, use->to),
				    .kind = graph_use_kind_name(use->kind),
				    .file = use->file,
				    .line = use->line,
				    .detail = use->detail };

	if (use->from)
		row = answer_row(answer, "use", 2, "%s:%u  %s  %s%s%s%s", use->file, use->line,
				 use->from->name, graph_class_name(use->from->class),
				 *use->detail ? "  (" : "", use->detail, *use->detail ? ")" : "");
	else
		row = answer_row(answer, "use", 2, "%s", use->file);
	edge.from = use->from ? answer_node(answer, use->from) : answer_object(answer, use->file);
	row->edge = answer_edge(answer, &edge);
	row->node = edge.from;
}

static void add_groups(const struct graph_node *node, struct answer *answer)
{
	for (size_t g = 0; g < G_N_ELEMENTS(groups); g++) {
		unsigned n = count_kind(node->uses_of, groups[g].kind);
		struct answer_row *row;

		if (!n)
			continue;
		row = answer_row(answer, "group", 1, "%s: %u", groups[g].title, n);
		answer_text(answer, row, "kind", graph_use_kind_name(groups[g].kind));
		answer_number(row, "count", n);
		for (guint i = 0; i < node->uses_of->len; i++) {
			const struct graph_use *use = g_ptr_array_index(node->uses_of, i);

			if (use->kind == groups[g].kind)
				add_use(answer, use);
		}
	}
}

static void ask_node(struct graph_node *node, struct answer *answer)
{
	unsigned inside = count_inside(node->uses_of), outside = node->uses_of->len - inside;
	int number = answer_node(answer, node);
	const struct answer_node *made = &g_array_index(answer->nodes, struct answer_node, number);
	struct answer_row *row =
		answer_head(answer, "subject", "%s  %s (%s)  %s:%u  %s", node->name,
			    graph_class_name(node->class), graph_reason_code(node->reason),
			    node->file, node->line, made->type);

	row->node = number;
	answer_number(row, "inside", inside);
	answer_number(row, "outside", outside);
	row = answer_row(answer, "counts", 1, "%u in the scheduler's files, %u elsewhere", inside,
			 outside);
	row->node = number;
	add_groups(node, answer);
}

static gint compare_offsets(gconstpointer left, gconstpointer right)
{
	const struct graph_member *l = *(struct graph_member *const *)left;
	const struct graph_member *r = *(struct graph_member *const *)right;

	if (l->offset != r->offset)
		return l->offset < r->offset ? -1 : 1;
	return strcmp(l->member, r->member);
}

/* "byte 4", or "byte 4 bit 3, 1 wide" for a bit-field; for g_free(). */
static char *place_of(const struct graph_member *member)
{
	if (!member->width)
		return g_strdup_printf("byte %u", member->offset / 8);
	return g_strdup_printf("byte %u, bit %u, %u wide", member->offset / 8, member->offset % 8,
			       member->width);
}

static void add_member(struct answer *answer, const struct graph_record *record,
		       const struct graph_member *member)
{
	const GPtrArray *uses = member->node.uses_of;
	unsigned inside = count_inside(uses);
	g_autofree char *place = place_of(member);
	struct answer_row *row = answer_row(
		answer, "member", 1,
		"%s  %s  %s  %s (%s)  %u inside, %u outside; %u read, %u written, %u both, %u address taken",
		place, member->member, member->type, graph_class_name(member->node.class),
		graph_reason_code(member->node.reason), inside, uses->len - inside,
		count_kind(uses, GRAPH_READ), count_kind(uses, GRAPH_WRITE),
		count_kind(uses, GRAPH_READ_WRITE), count_kind(uses, GRAPH_ADDRESS));

	row->node = answer_node(answer, &member->node);
	answer_number(row, "offset_bits", member->offset);
	answer_number(row, "inside", inside);
	answer_number(row, "outside", uses->len - inside);
	row->edge =
		answer_edge(answer, &(struct answer_edge){ .from = answer_record(answer, record),
							   .to = row->node,
							   .kind = "member",
							   .file = "",
							   .detail = "" });
}

static void ask_record(const struct graph_record *record, struct answer *answer)
{
	g_autoptr(GPtrArray) members = g_ptr_array_copy(record->members, NULL, NULL);
	struct answer_row *row = answer_head(
		answer, "subject", "%s %s  %s  %s  %u bytes, aligned to %u",
		record->is_union ? "union" : "struct", record->name,
		graph_class_name(record->class), record->file, record->size, record->align);

	row->node = answer_record(answer, record);
	answer_number(row, "size", record->size);
	answer_number(row, "align", record->align);
	answer_row(answer, "why", 1, "%s", record->why)->node = row->node;
	g_ptr_array_sort(members, compare_offsets);
	for (guint i = 0; i < members->len; i++)
		add_member(answer, record, g_ptr_array_index(members, i));
}

bool query_uses(struct query *query, char **words, struct answer *answer, GError **error)
{
	for (; *words; words++) {
		g_autoptr(GArray) found =
			names_find(query, *words, NAMES_NODE | NAMES_RECORD, error);

		if (!found)
			return false;
		for (guint i = 0; i < found->len; i++) {
			const struct named *named = &g_array_index(found, struct named, i);

			if (named->node)
				ask_node(named->node, answer);
			else
				ask_record(named->record, answer);
		}
	}
	return true;
}
