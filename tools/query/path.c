// SPDX-License-Identifier: GPL-2.0-only
/*
 * path: the shortest path from one entry to another.
 *
 * The first search follows only calls: direct ones, and possible targets of indirect ones. If it
 * finds nothing, a second search also follows addresses that are taken, and variables that hold
 * them. If the end is data, its use is the last step. If the beginning is data, the first step goes
 * to what it holds or to its users.
 */
#include "tools/query/names.h"
#include "tools/query/walk.h"

/* How a node was reached. */
struct way {
	struct graph_node *before; /* NULL for a beginning */
	struct walk_step step;
};

struct path_search {
	struct query *query;
	GHashTable *ends; /* set of nodes to find */
	GHashTable *ways; /* node -> struct way */
	GPtrArray *work;  /* struct graph_node *, by distance */
	bool has_addresses;
};

static void reach(struct path_search *s, struct graph_node *node, const struct way *way)
{
	if (!node || g_hash_table_contains(s->ways, node))
		return;
	g_hash_table_insert(s->ways, node, g_memdup2(way, sizeof(*way)));
	g_ptr_array_add(s->work, node);
}

static bool is_way(const struct path_search *s, const struct walk_step *step)
{
	if (walk_is_call(step))
		return true;
	if (step->kind != WALK_USE)
		return false;
	if (step->to->kind != GRAPH_FUNCTION && g_hash_table_contains(s->ends, step->to))
		return true;
	return s->has_addresses &&
	       (step->use->kind == GRAPH_ADDRESS || step->to->kind == GRAPH_VARIABLE) &&
	       step->to->kind != GRAPH_MEMBER;
}

/* From a member, goes to what is called through it and what is stored in it. */
static void leave_member(struct path_search *s, struct graph_node *member)
{
	const struct graph *graph = s->query->report->graph;

	for (guint i = 0; i < graph->uses->len; i++) {
		const struct graph_use *use = g_ptr_array_index(graph->uses, i);
		struct way way = { member, { WALK_USE, use->from, use->to, use, NULL, NULL } };

		if (use->kept_in == member)
			reach(s, use->to, &way);
	}
}

/* Goes to the other end of each step, whatever kind of step it is. */
static void reach_all(struct path_search *s, struct graph_node *node, const GArray *steps)
{
	for (guint i = 0; i < steps->len; i++) {
		struct way way = { node, g_array_index(steps, struct walk_step, i) };

		reach(s, way.step.from == node ? way.step.to : way.step.from, &way);
	}
}

/* From data at the beginning, goes to what it holds and to its users. */
static void leave_data(struct path_search *s, struct graph_node *node)
{
	g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(struct walk_step));

	walk_from(walk_of(s->query), node, steps);
	if (node->kind == GRAPH_MEMBER)
		leave_member(s, node);
	walk_to(walk_of(s->query), node, steps);
	reach_all(s, node, steps);
}

static void leave(struct path_search *s, struct graph_node *node)
{
	g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(struct walk_step));

	walk_from(walk_of(s->query), node, steps);
	for (guint i = 0; i < steps->len; i++) {
		struct way way = { node, g_array_index(steps, struct walk_step, i) };

		if (way.step.to && is_way(s, &way.step))
			reach(s, way.step.to, &way);
	}
}

/* Searches; returns the first of the ends that is reached, or NULL. */
static struct graph_node *search(struct path_search *s, const GArray *beginnings)
{
	for (guint i = 0; i < beginnings->len; i++)
		reach(s, g_array_index(beginnings, struct named, i).node, &(struct way){ 0 });
	for (guint next = 0; next < s->work->len; next++) {
		struct graph_node *node = g_ptr_array_index(s->work, next);

		if (g_hash_table_contains(s->ends, node))
			return node;
		if (node->kind != GRAPH_FUNCTION && next < beginnings->len)
			leave_data(s, node);
		else
			leave(s, node);
	}
	return NULL;
}

/*
 * Adds a row "B  internal  call at FILE:LINE", or, for a step that is followed backwards, "A
 * internal  read of B at FILE:LINE".
 */
static void add_step(struct answer *answer, const struct way *way, const struct graph_node *at)
{
	const struct walk_step *step = &way->step;
	bool is_backward = at != step->to;
	g_autofree char *place = walk_place(step);
	g_autofree char *detail = walk_detail(step);
	struct answer_row *row = answer_row(
		answer, "step", 1, "%s  %s  %s%s%s%s%s%s%s%s", at->name,
		graph_class_name(at->class), walk_kind_name(step), is_backward ? " of " : "",
		is_backward ? step->to->name : "", *place ? " at " : "", place,
		*detail ? "  (" : "", detail, *detail ? ")" : "");

	row->edge = walk_answer(answer, step);
	row->node = answer_node(answer, at);
}

/* Shows the path to `end`, from its beginning. */
static void show(const struct path_search *s, const struct graph_node *end, char **words,
		 struct answer *answer)
{
	/* in the order from the end to the beginning */
	g_autoptr(GPtrArray) nodes = g_ptr_array_new();
	struct answer_row *row;

	while (end) {
		g_ptr_array_add(nodes, (gpointer)end);
		end = ((const struct way *)g_hash_table_lookup(s->ways, end))->before;
	}
	row = answer_head(
		answer, "subject", "%s -> %s: %u %s%s", words[0], words[1], nodes->len - 1,
		nodes->len == 2 ? "step" : "steps",
		s->has_addresses
			? ", not by calls alone: addresses taken are followed, and variables that hold them"
			: "");
	answer_number(row, "steps", nodes->len - 1);
	end = g_ptr_array_index(nodes, nodes->len - 1);
	answer_row(answer, "step", 1, "%s  %s", end->name, graph_class_name(end->class))->node =
		answer_node(answer, end);
	for (guint i = nodes->len - 1; i-- > 0;)
		add_step(answer, g_hash_table_lookup(s->ways, g_ptr_array_index(nodes, i)),
			 g_ptr_array_index(nodes, i));
}

static bool try(struct query *query, const GArray *beginnings, const GArray *ends,
		bool has_addresses, char **words, struct answer *answer)
{
	struct path_search s = { .query = query,
				 .ends = g_hash_table_new(NULL, NULL),
				 .ways = g_hash_table_new_full(NULL, NULL, NULL, g_free),
				 .work = g_ptr_array_new(),
				 .has_addresses = has_addresses };
	const struct graph_node *end;

	for (guint i = 0; i < ends->len; i++)
		g_hash_table_add(s.ends, g_array_index(ends, struct named, i).node);
	end = search(&s, beginnings);
	if (end)
		show(&s, end, words, answer);
	g_hash_table_destroy(s.ends);
	g_hash_table_destroy(s.ways);
	g_ptr_array_unref(s.work);
	return end;
}

bool query_path(struct query *query, char **words, struct answer *answer, GError **error)
{
	g_autoptr(GArray) beginnings = names_find(query, words[0], NAMES_NODE, error);
	g_autoptr(GArray) ends = beginnings ? names_find(query, words[1], NAMES_NODE, error) : NULL;

	if (!ends)
		return false;
	if (try(query, beginnings, ends, false, words, answer) ||
	    try(query, beginnings, ends, true, words, answer))
		return true;
	answer_head(answer, "none",
		    "%s -> %s: no path in this report, neither by calls nor by addresses taken",
		    words[0], words[1]);
	answer->is_negative = true;
	return true;
}
