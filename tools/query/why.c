// SPDX-License-Identifier: GPL-2.0-only
/*
 * why: an entry's class, the reason, and the shortest chain that forces it.
 *
 * Each reason tells which uses can have forced the class, and so which nodes are behind it. A
 * breadth-first search goes from node to node until it reaches one whose class needs no further
 * cause: other code, an address taken, init text, a system call. Internal entries have no such
 * chain; for them all users are shown, which are all in the module.
 */
#include "tools/query/names.h"
#include "tools/query/walk.h"

#include <string.h>

/*
 * One link of the chain: `step` shows how `cause` forces `node`. `cause` is NULL if the chain ends
 * in the step itself, as at a relocation.
 */
struct chain_link {
	struct graph_node *node, *cause;
	struct walk_step step;
	const char *verb; /* what the cause does, if the step does not tell */
	bool is_last;     /* the cause needs no further cause */
};

static bool is_external(const struct graph_node *node)
{
	return node->class == GRAPH_EXTERNAL;
}

/* True for a use in the source of `user`. */
static bool is_use_by(const struct walk_step *step, const struct graph_node *user)
{
	return step->use && step->use->kind != GRAPH_CLONE && step->use->kind != GRAPH_ESCAPE &&
	       step->from == user;
}

/* True for a user that stays in vmlinux and never runs again. */
static bool is_gone(const struct graph_node *node)
{
	const struct graph_function *f = graph_as_function((struct graph_node *)node);

	return is_external(node) &&
	       (node->reason == GRAPH_REASON_INIT_TEXT || node->reason == GRAPH_REASON_OVERRIDDEN ||
		(f && !node->is_scheduler && f->is_init));
}

/*
 * True if the step, a use by code that stays in vmlinux or by a pointer, can be
 * the cause for this reason.
 */
static bool is_cause(enum graph_reason reason, const struct graph_node *node,
		     const struct walk_step *step)
{
	bool is_outside = step->from && is_external(step->from);
	bool still_runs = is_outside && !is_gone(step->from);

	switch (reason) {
	case GRAPH_REASON_CALLED_FROM_OUTSIDE:
		return walk_is_call(step) && step->use && still_runs && !step->from->is_scheduler;
	case GRAPH_REASON_CALLED_BY_EXTERNAL:
		return step->use && step->use->kind == GRAPH_CALL &&
		       ((still_runs && step->from->is_scheduler) || step->from == node->via);
	case GRAPH_REASON_ADDRESS_TAKEN:
	case GRAPH_REASON_SCHED_CLASS:
		return step->use && step->use->kind == GRAPH_ADDRESS &&
		       (reason == GRAPH_REASON_ADDRESS_TAKEN || step->from == node->via);
	case GRAPH_REASON_NAMED_BY_OBJECT:
		return step->kind == WALK_OBJECT;
	case GRAPH_REASON_NO_SYMBOL:
	case GRAPH_REASON_ABI_CHANGED:
	case GRAPH_REASON_TOO_SHORT:
	case GRAPH_REASON_PATCHED:
	case GRAPH_REASON_IPA_RA:
		return (step->use && step->use->kind == GRAPH_CALL && still_runs) ||
		       is_use_by(step, node->via) || (!node->via && step->kind == WALK_OBJECT);
	case GRAPH_REASON_CLONE_CALLED:
		return step->use && step->use->kind == GRAPH_CLONE &&
		       (step->from == node->via || still_runs);
	case GRAPH_REASON_INLINED_OUTSIDE:
		return (step->kind == WALK_INLINED && still_runs) || is_use_by(step, node->via);
	case GRAPH_REASON_USED_OUTSIDE:
		return step->use && is_outside && !step->from->is_scheduler;
	case GRAPH_REASON_USED_BY_EXTERNAL:
		return step->use && is_outside && step->from->is_scheduler &&
		       step->from->kind == GRAPH_FUNCTION;
	case GRAPH_REASON_ESCAPES:
		return step->use && step->use->kind == GRAPH_ESCAPE && step->to == node &&
		       (step->use->handed_to == node->via || step->use->kept_in == node->via ||
			step->from == node->via);
	case GRAPH_REASON_HELD_BY_EXTERNAL:
		return step->use && is_outside && step->from->is_scheduler &&
		       step->from->kind != GRAPH_FUNCTION;
	default:
		return false;
	}
}

/*
 * True if the chain ends with this step: an address taken needs no further cause, nor does a call
 * behind the switch of stacks, which also runs when the calling function is replaced.
 */
static bool ends_chain(enum graph_reason reason, const struct walk_step *step)
{
	return reason == GRAPH_REASON_ADDRESS_TAKEN || reason == GRAPH_REASON_SCHED_CLASS ||
	       reason == GRAPH_REASON_ESCAPES || !step->from || !is_external(step->from);
}

/*
 * The use that takes the address of `node->via` to pass it to `node`, or else to another function;
 * NULL if there is none.
 */
static const struct graph_use *find_handing(const struct graph_node *node)
{
	const struct graph_use *found = NULL;

	for (guint i = 0; i < node->via->uses_of->len; i++) {
		const struct graph_use *use = g_ptr_array_index(node->via->uses_of, i);

		if (use->handed_to == node)
			return use;
		if (use->handed_to && !found)
			found = use;
	}
	return found;
}

/*
 * Adds the call of the function in which `node` waits. If there is no such call, `node` waits in a
 * function that was passed to it.
 */
static void add_wait(const struct walk *walk, struct graph_node *node, GArray *links)
{
	g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(struct walk_step));
	struct chain_link link = { .node = node,
				   .cause = node->via,
				   .verb = "is handed and waits in" };

	link.is_last = node->via->reason != GRAPH_REASON_WAITS;
	link.step =
		(struct walk_step){ WALK_WAIT, node, node->via, find_handing(node), NULL, NULL };
	walk_from(walk, node, steps);
	for (guint i = 0; i < steps->len; i++) {
		const struct walk_step *step = &g_array_index(steps, struct walk_step, i);

		if (step->kind != WALK_USE || step->to != node->via ||
		    step->use->kind != GRAPH_CALL)
			continue;
		link.step = *step;
		link.verb = "waits in";
		break;
	}
	g_array_append_val(links, link);
}

/*
 * Adds why `node` is a thread: whoever starts the thread passes its main function; the body of an
 * endless loop is called in the loop.
 */
static void add_thread(struct graph_node *node, GArray *links)
{
	for (guint i = 0; i < node->uses_of->len; i++) {
		const struct graph_use *use = g_ptr_array_index(node->uses_of, i);
		struct chain_link link = { .node = node, .cause = use->from, .is_last = true };

		if (!use->is_thread_entry && !(use->in_endless_loop && use->from == node->via))
			continue;
		link.verb =
			use->is_thread_entry ? "starts a thread in" : "calls in an endless loop";
		link.step = (struct walk_step){ WALK_USE, use->from, use->to, use, NULL, NULL };
		g_array_append_val(links, link);
		return;
	}
}

/* Adds the external node that lies at the same place. */
static void add_sharer(struct graph_node *node, GArray *links)
{
	struct chain_link link = { .node = node, .cause = node->via };

	link.verb = node->reason == GRAPH_REASON_OVERLAPS ? "shares its bytes with"
							  : "is at one place with";
	link.step = (struct walk_step){ WALK_WAIT, node, node->via, NULL, NULL, NULL };
	g_array_append_val(links, link);
}

/* Appends all links that can force the class of `node`. */
static void find_links(const struct walk *walk, struct graph_node *node, GArray *links)
{
	g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(struct walk_step));

	if (node->reason == GRAPH_REASON_WAITS && node->via)
		add_wait(walk, node, links);
	else if (node->reason == GRAPH_REASON_THREAD)
		add_thread(node, links);
	else if (node->via &&
		 (node->reason == GRAPH_REASON_OVERLAPS || node->reason == GRAPH_REASON_SAME_PLACE))
		add_sharer(node, links);
	else
		walk_to(walk, node, steps);
	for (guint i = 0; i < steps->len; i++) {
		const struct walk_step *step = &g_array_index(steps, struct walk_step, i);
		struct chain_link link = { node, step->from, *step, NULL, false };

		if (step->to != node || !is_cause(node->reason, node, step))
			continue;
		link.is_last = ends_chain(node->reason, step);
		if (step->from && !is_external(step->from) && step->use->kind == GRAPH_CALL)
			link.verb = "calls, after the switch of stacks,";
		g_array_append_val(links, link);
	}
}

/* Inserts the links from `root` to `end` before the chain. */
static void prepend_ways(GArray *chain, GHashTable *ways, const struct graph_node *root,
			 const struct graph_node *end)
{
	while (end && end != root) {
		const struct chain_link *link = g_hash_table_lookup(ways, end);

		g_array_prepend_vals(chain, link, 1);
		end = link->node;
	}
}

/*
 * The chain from `root`, as a GArray of struct chain_link with the outermost cause last; empty if
 * none is needed. Caller unrefs.
 */
static GArray *find_chain(const struct walk *walk, struct graph_node *root)
{
	/* node -> the link that led there */
	g_autoptr(GHashTable) ways = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	g_autoptr(GPtrArray) work = g_ptr_array_new();
	GArray *chain = g_array_new(FALSE, FALSE, sizeof(struct chain_link));
	struct graph_node *end = NULL;

	g_ptr_array_add(work, root);
	for (guint next = 0; next < work->len && !end; next++) {
		struct graph_node *node = g_ptr_array_index(work, next);
		g_autoptr(GArray) links = g_array_new(FALSE, FALSE, sizeof(struct chain_link));

		find_links(walk, node, links);
		if (!links->len)
			end = node;
		for (guint i = 0; i < links->len && !end; i++) {
			const struct chain_link *link = &g_array_index(links, struct chain_link, i);

			if (link->is_last) {
				g_array_append_vals(chain, link, 1);
				end = node;
			} else if (link->cause != root &&
				   !g_hash_table_contains(ways, link->cause)) {
				g_hash_table_insert(ways, link->cause,
						    g_memdup2(link, sizeof(*link)));
				g_ptr_array_add(work, link->cause);
			}
		}
	}
	prepend_ways(chain, ways, root, end);
	return chain;
}

static const char *verb_of(const struct chain_link *link)
{
	static const char *const verbs[] = {
		[GRAPH_CALL] = "calls",
		[GRAPH_INDIRECT] = "calls through",
		[GRAPH_ADDRESS] = "takes the address of",
		[GRAPH_READ] = "reads",
		[GRAPH_WRITE] = "writes",
		[GRAPH_READ_WRITE] = "changes",
		[GRAPH_OBJECT] = "names",
		[GRAPH_CLONE] = "calls a clone of",
		[GRAPH_ESCAPE] = "lets out the address of",
	};

	if (link->verb)
		return link->verb;
	if (link->step.kind == WALK_INLINED)
		return "holds an inlined copy of";
	return link->step.use ? verbs[link->step.use->kind] : "names";
}

/* Says why the cause is in its class; nothing if its class does not matter. */
static void add_cause(struct answer *answer, const struct chain_link *link, int node)
{
	const struct graph_node *cause = link->cause;

	if (link->is_last && link->node->reason == GRAPH_REASON_WAITS)
		answer_row(answer, "cause", 3,
			   "%s is of the schedule() family, which switches tasks", cause->name)
			->node = node;
	else if (!link->is_last || is_external(cause))
		answer_row(answer, "cause", 3, "%s is %s (%s: %s)", cause->name,
			   graph_class_name(cause->class), graph_reason_code(cause->reason),
			   graph_reason_text(cause->reason))
			->node = node;
}

/* Adds "FILE:LINE  A calls B", and why A is a cause. */
static void add_link(struct answer *answer, const struct chain_link *link)
{
	bool is_callee = link->step.from == link->node && link->cause != link->node &&
			 link->step.to == link->cause;
	const struct graph_node *subject = is_callee || !link->cause ? link->node : link->cause;
	const struct graph_node *object = is_callee ? link->cause : link->node;
	const char *name = !link->cause && link->step.object ? link->step.object : subject->name;
	g_autofree char *place = walk_place(&link->step);
	g_autofree char *detail = walk_detail(&link->step);
	struct answer_row *row =
		answer_row(answer, "link", 2, "%s%s%s %s %s%s%s%s", link->step.object ? "" : place,
			   *place && !link->step.object ? "  " : "", name, verb_of(link),
			   object->name, *detail ? " (" : "", detail, *detail ? ")" : "");

	row->edge = walk_answer(answer, &link->step);
	if (!link->cause)
		return;
	row->node = answer_node(answer, link->cause);
	add_cause(answer, link, row->node);
}

static void add_chain(struct query *query, struct graph_node *node, struct answer *answer)
{
	g_autoptr(GArray) chain = find_chain(walk_of(query), node);

	if (chain->len)
		answer_row(answer, "because", 1, "forced by:");
	for (guint i = 0; i < chain->len; i++)
		add_link(answer, &g_array_index(chain, struct chain_link, i));
}

/*
 * True for a step that says nothing about an internal function: an inline function
 * elsewhere that calls what it is passed was compiled into its caller; otherwise the
 * function would not be internal.
 */
static bool is_compiled_in(const struct walk_step *step)
{
	return step->kind == WALK_SITE && !step->from->is_scheduler;
}

/* Adds every user of an internal node once. */
static void add_users(struct query *query, struct graph_node *node, struct answer *answer)
{
	g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(struct walk_step));
	g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);

	walk_to(walk_of(query), node, steps);
	if (steps->len)
		answer_row(answer, "because", 1,
			   "all that use it are in the module, or never run again:");
	for (guint i = 0; i < steps->len; i++) {
		const struct walk_step *step = &g_array_index(steps, struct walk_step, i);
		g_autofree char *place = walk_place(step);
		struct answer_row *row;

		if (!step->from || is_compiled_in(step) || !g_hash_table_add(seen, step->from))
			continue;
		row = answer_row(answer, "user", 2, "%s  %s (%s)  %s%s%s%s", step->from->name,
				 graph_class_name(step->from->class),
				 graph_reason_code(step->from->reason), walk_kind_name(step),
				 *place ? " at " : "", place,
				 is_gone(step->from) ? ", never runs again" : "");
		row->edge = walk_answer(answer, step);
		row->node = answer_node(answer, step->from);
	}
}

static const struct graph_record *record_of(const struct graph *graph,
					    const struct graph_member *member)
{
	for (guint i = 0; i < graph->records->len; i++) {
		const struct graph_record *record = g_ptr_array_index(graph->records, i);

		if (strcmp(record->name, member->record) == 0 &&
		    strcmp(record->file, member->node.file) == 0)
			return record;
	}
	return NULL;
}

static void add_record(struct answer *answer, const struct graph_record *record, unsigned depth)
{
	const char *keyword = record->is_union ? "union" : "struct";
	struct answer_row *row =
		depth ? answer_row(answer, "record", depth, "layout of %s %s: %s", keyword,
				   record->name, record->why)
		      : answer_head(answer, "subject", "%s %s  %s  %s", keyword, record->name,
				    graph_class_name(record->class), record->file);

	row->node = answer_record(answer, record);
	if (!depth)
		answer_row(answer, "why", 1, "%s", record->why)->node = row->node;
}

void query_why_chain(struct query *query, struct graph_node *node, struct answer *answer)
{
	if (node->class == GRAPH_INTERNAL)
		add_users(query, node, answer);
	else
		add_chain(query, node, answer);
}

static void ask_one(struct query *query, struct graph_node *node, struct answer *answer)
{
	struct answer_row *row = answer_head(
		answer, "subject", "%s  %s (%s)  %s:%u", node->name, graph_class_name(node->class),
		graph_reason_code(node->reason), node->file, node->line);
	const struct graph_member *member = graph_as_member(node);
	const struct graph_record *record = member ? record_of(query->report->graph, member) : NULL;

	row->node = answer_node(answer, node);
	answer_row(answer, "why", 1, "%s", node->why)->node = row->node;
	query_why_chain(query, node, answer);
	if (record)
		add_record(answer, record, 1);
}

bool query_why(struct query *query, char **words, struct answer *answer, GError **error)
{
	for (; *words; words++) {
		g_autoptr(GArray) found =
			names_find(query, *words, NAMES_NODE | NAMES_RECORD, error);

		if (!found)
			return false;
		for (guint i = 0; i < found->len; i++) {
			const struct named *named = &g_array_index(found, struct named, i);

			if (named->node)
				ask_one(query, named->node, answer);
			else
				add_record(answer, named->record, 0);
		}
	}
	return true;
}
