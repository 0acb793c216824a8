// SPDX-License-Identifier: GPL-2.0-only
/*
 * callers and callees: who calls a function, and what it calls, several levels deep.
 *
 * A function that is met more than once is expanded only once, where it is nearest to the root. So
 * cycles end, and the text grows with the graph and not with the number of paths through it.
 * Addresses taken, inlined copies and relocations are shown but not followed.
 */
#include "tools/query/names.h"
#include "tools/query/walk.h"

#include <string.h>

struct call_tree {
	struct query *query;
	struct answer *answer;
	bool is_up; /* show callers instead of callees */
	unsigned depth;
	GHashTable *levels; /* node -> level at which it is expanded, + 1 */
	GHashTable *owners; /* node -> the node below which it is expanded */
};

/* The steps of one kind to or from one other node, such as three calls of the same function. */
struct branch {
	struct graph_node *other; /* NULL: an object, or a site without targets */
	struct walk_step step;    /* the first step */
	GString *places;
	GArray *steps; /* struct walk_step: all steps */
};

static void branch_clear(gpointer data)
{
	struct branch *branch = data;

	g_string_free(branch->places, TRUE);
	g_array_unref(branch->steps);
}

static bool is_same_branch(const struct walk_step *left, const struct walk_step *right)
{
	return left->kind == right->kind && left->from == right->from && left->to == right->to &&
	       left->use && right->use && left->use->kind == right->use->kind &&
	       strcmp(left->use->detail, right->use->detail) == 0;
}

/* Appends the place of a step; only its line if it is in the same file as the step before. */
static void add_place(struct branch *branch, const struct walk_step *step)
{
	const struct walk_step *last =
		branch->steps->len
			? &g_array_index(branch->steps, struct walk_step, branch->steps->len - 1)
			: NULL;
	g_autofree char *place = walk_place(step);

	if (last && last->use && step->use && strcmp(last->use->file, step->use->file) == 0)
		g_string_append_printf(branch->places, ", %u", step->use->line);
	else
		g_string_append_printf(branch->places, "%s%s", last ? ", " : "", place);
	g_array_append_vals(branch->steps, step, 1);
}

static void add_step(const struct call_tree *tree, GArray *branches, const struct walk_step *step)
{
	struct branch made;

	for (guint i = 0; i < branches->len; i++) {
		struct branch *branch = &g_array_index(branches, struct branch, i);

		if (is_same_branch(&branch->step, step)) {
			add_place(branch, step);
			return;
		}
	}
	made = (struct branch){ tree->is_up ? step->from : step->to, *step, g_string_new(NULL),
				g_array_new(FALSE, FALSE, sizeof(struct walk_step)) };
	add_place(&made, step);
	g_array_append_val(branches, made);
}

/* The steps to or from a node, as a GArray of struct branch. Caller unrefs. */
static GArray *find_branches(const struct call_tree *tree, struct graph_node *node)
{
	g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(struct walk_step));
	GArray *branches = g_array_new(FALSE, FALSE, sizeof(struct branch));

	g_array_set_clear_func(branches, branch_clear);
	(tree->is_up ? walk_to : walk_from)(walk_of(tree->query), node, steps);
	for (guint i = 0; i < steps->len; i++) {
		const struct walk_step *step = &g_array_index(steps, struct walk_step, i);

		if (walk_is_shown(steps, step, tree->is_up))
			add_step(tree, branches, step);
	}
	return branches;
}

static bool is_followed(const struct branch *branch)
{
	return branch->other && walk_is_call(&branch->step);
}

/* Finds, for every node in reach, the place where it is expanded: the one nearest to the root. */
static void find_owners(struct call_tree *tree, struct graph_node *root)
{
	g_autoptr(GPtrArray) work = g_ptr_array_new();

	g_hash_table_insert(tree->levels, root, GUINT_TO_POINTER(1));
	g_ptr_array_add(work, root);
	for (guint next = 0; next < work->len; next++) {
		struct graph_node *node = g_ptr_array_index(work, next);
		unsigned level = GPOINTER_TO_UINT(g_hash_table_lookup(tree->levels, node));
		g_autoptr(GArray) branches = level < tree->depth ? find_branches(tree, node) : NULL;

		for (guint i = 0; branches && i < branches->len; i++) {
			const struct branch *branch = &g_array_index(branches, struct branch, i);

			if (!is_followed(branch) ||
			    g_hash_table_contains(tree->levels, branch->other))
				continue;
			g_hash_table_insert(tree->levels, branch->other,
					    GUINT_TO_POINTER(level + 1));
			g_hash_table_insert(tree->owners, branch->other, node);
			g_ptr_array_add(work, branch->other);
		}
	}
}

/* How a row describes what the other node does with this one. */
static const char *phrase(const struct call_tree *tree, const struct walk_step *step)
{
	static const char *const up[] = { [GRAPH_CALL] = "calls it at",
					  [GRAPH_INDIRECT] = "calls through it at",
					  [GRAPH_ADDRESS] = "takes its address at",
					  [GRAPH_CLONE] = "calls a clone of it:" };
	static const char *const down[] = { [GRAPH_CALL] = "called at",
					    [GRAPH_INDIRECT] = "called through at",
					    [GRAPH_ADDRESS] = "address taken at",
					    [GRAPH_CLONE] = "a clone called:" };

	switch (step->kind) {
	case WALK_USE:
		return tree->is_up ? up[step->use->kind] : down[step->use->kind];
	case WALK_SITE:
		return tree->is_up ? "may call it at" : "may be called at";
	case WALK_INLINED:
		return tree->is_up ? "holds an inlined copy" : "an inlined copy is in it";
	default:
		return "names it";
	}
}

static void add_row(struct call_tree *tree, const struct branch *branch, unsigned depth,
		    bool is_elsewhere)
{
	g_autofree char *detail = walk_detail(&branch->step);
	const char *name = branch->other         ? branch->other->name
			   : branch->step.object ? branch->step.object
						 : "(unknown)";
	struct answer_row *row = answer_row(
		tree->answer, tree->is_up ? "caller" : "callee", depth, "%s%s%s  %s%s%s%s%s%s%s",
		name, branch->other ? "  " : "",
		branch->other ? graph_class_name(branch->other->class) : "",
		phrase(tree, &branch->step), branch->places->len && !branch->step.object ? " " : "",
		branch->step.object ? "" : branch->places->str, *detail ? "  (" : "", detail,
		*detail ? ")" : "", is_elsewhere ? "  ..." : "");

	for (guint i = 0; i < branch->steps->len; i++) {
		int edge = walk_answer(tree->answer,
				       &g_array_index(branch->steps, struct walk_step, i));

		if (i == 0)
			row->edge = edge;
	}
	if (branch->other)
		row->node = answer_node(tree->answer, branch->other);
}

static void show(struct call_tree *tree, struct graph_node *node, unsigned depth)
{
	g_autoptr(GArray) branches = find_branches(tree, node);

	for (guint i = 0; i < branches->len; i++) {
		const struct branch *branch = &g_array_index(branches, struct branch, i);
		bool is_inner = is_followed(branch) && depth < tree->depth;
		bool is_here = is_inner && g_hash_table_lookup(tree->owners, branch->other) == node;

		add_row(tree, branch, depth, is_inner && !is_here);
		if (is_here) {
			/* there may be a second branch to it */
			g_hash_table_remove(tree->owners, branch->other);
			show(tree, branch->other, depth + 1);
		}
	}
	if (!branches->len && depth == 1)
		answer_row(tree->answer, "none", 1,
			   tree->is_up ? "nothing calls or names it" : "it calls nothing");
}

static void ask_one(struct call_tree *tree, struct graph_node *root)
{
	struct answer_row *row =
		answer_head(tree->answer, "subject", "%s  %s (%s)  %s:%u", root->name,
			    graph_class_name(root->class), graph_reason_code(root->reason),
			    root->file, root->line);

	row->node = answer_node(tree->answer, root);
	tree->levels = g_hash_table_new(NULL, NULL);
	tree->owners = g_hash_table_new(NULL, NULL);
	find_owners(tree, root);
	show(tree, root, 1);
	g_hash_table_destroy(tree->levels);
	g_hash_table_destroy(tree->owners);
}

static bool ask(struct query *query, char **words, bool is_up, struct answer *answer,
		GError **error)
{
	unsigned kinds = NAMES_FUNCTION | NAMES_MEMBER | NAMES_VARIABLE;
	struct call_tree tree = { .query = query,
				  .answer = answer,
				  .is_up = is_up,
				  .depth = query->depth ? query->depth : 1 };

	for (; *words; words++) {
		g_autoptr(GArray) found = names_find(query, *words, kinds, error);

		if (!found)
			return false;
		for (guint i = 0; i < found->len; i++)
			ask_one(&tree, g_array_index(found, struct named, i).node);
	}
	return true;
}

bool query_callers(struct query *query, char **words, struct answer *answer, GError **error)
{
	return ask(query, words, true, answer, error);
}

bool query_callees(struct query *query, char **words, struct answer *answer, GError **error)
{
	return ask(query, words, false, answer, error);
}
