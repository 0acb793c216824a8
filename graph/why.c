// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes one sentence for every decision: the class, the reason, and what forces it, with names.
 *
 * A sentence begins with the class, so that it can be read alone.
 */
#include "graph/solve.h"

#include <string.h>

/* The member of the schedule() family that a waiting function ends up in. */
static const struct graph_function *wait_end(const struct graph_function *f)
{
	do
		f = f->waits_in;
	while (f->waits_in && !f->is_schedule);
	return f;
}

static char *explain_wait(const struct graph_function *f)
{
	const struct graph_function *end = wait_end(f);

	if (f->is_handed_wait)
		return g_strdup_printf(
			"waits for its caller: calls the function it is handed, such as %s(), "
			"so it is always on some sleeping stack",
			f->waits_in->node.name);
	if (f->waits_in == end)
		return g_strdup_printf(
			"waits for its caller: calls %s() itself, so it is always on some "
			"sleeping stack",
			end->node.name);
	return g_strdup_printf(
		"waits for its caller: calls %s() through %s, so it is always on some sleeping stack",
		end->node.name, f->waits_in->node.name);
}

static const char *via_name(const struct graph_node *node)
{
	return node->via ? node->via->name : "other code";
}

/*
 * In words, which object names the node: one with a relocation to it, or to another name that it
 * has. Caller frees.
 */
static char *explain_named(const struct graph_node *n, const char **objects)
{
	if (objects && objects[0])
		return g_strdup_printf("%s names it", objects[0]);
	for (guint i = 0; i < n->uses_of->len; i++) {
		const struct graph_use *use = g_ptr_array_index(n->uses_of, i);

		if (use->kind == GRAPH_OBJECT && n->kind == GRAPH_MEMBER)
			return g_strdup_printf("%s, whose source is not known, knows the struct",
					       use->file);
		if (use->kind == GRAPH_OBJECT && use->detail && *use->detail)
			return g_strdup_printf("%s names it, as %s", use->file, use->detail);
	}
	return g_strdup("an object file names it");
}

static char *explain_entry(const struct graph_function *f)
{
	const struct graph_node *n = &f->node;

	switch (n->reason) {
	case GRAPH_REASON_CALLED_FROM_OUTSIDE:
		return g_strdup_printf("%s() in %s calls it", via_name(n), n->via->file);
	case GRAPH_REASON_CALLED_BY_EXTERNAL:
		return g_strdup_printf(n->via->class == GRAPH_EXTERNAL
					       ? "%s(), which stays in vmlinux, calls it"
					       : "%s() calls it behind the switch of stacks, where "
						 "vmlinux's code goes on",
				       via_name(n));
	case GRAPH_REASON_ADDRESS_TAKEN:
		return g_strdup_printf(
			"its address is taken by %s, so it is entered through a pointer",
			via_name(n));
	case GRAPH_REASON_SCHED_CLASS:
		return g_strdup_printf("it is a method of %s, whose contents the module replaces",
				       via_name(n));
	case GRAPH_REASON_NAMED_BY_OBJECT:
		return explain_named(n, f->objects);
	case GRAPH_REASON_SPRINGBOARD:
		return g_strdup(
			"it switches tasks itself, and the stack pivot replaces it although every sleeping "
			"task is in it");
	default:
		return g_strdup(graph_reason_text(n->reason));
	}
}

/* In words, who enters a function that cannot be redirected. Caller frees. */
static char *entered_by(const struct graph_function *f)
{
	const struct graph_node *n = &f->node;

	if (n->via)
		return g_strdup_printf("%s enters it", n->via->name);
	if (f->objects && f->objects[0])
		return g_strdup_printf("%s names it", f->objects[0]);
	return g_strdup("it is entered from outside");
}

/* The symbol, other than the function's own, that is entered by the node which forces the class. */
static const char *clone_entered(const struct graph_function *f)
{
	for (guint i = 0; i < f->node.uses_of->len; i++) {
		const struct graph_use *use = g_ptr_array_index(f->node.uses_of, i);

		if (use->kind == GRAPH_CLONE && use->from == f->node.via)
			return use->detail;
	}
	return "a clone";
}

static char *explain_obstacle(const struct solve *solve, const struct graph_function *f)
{
	const struct graph_node *n = &f->node;
	g_autofree char *entered = entered_by(f);

	switch (n->reason) {
	case GRAPH_REASON_WAITS:
		return explain_wait(f);
	case GRAPH_REASON_THREAD:
		return n->via && n->via->is_scheduler
			       ? g_strdup_printf(
					 "it is the body of the endless loop in %s, so it never leaves that "
					 "thread's stack",
					 n->via->name)
			       : g_strdup_printf(
					 "it is a thread's main function (handed to %s), so it never leaves "
					 "that thread's stack",
					 via_name(n));
	case GRAPH_REASON_NORETURN:
		return g_strdup(
			f->is_noreturn
				? "it is declared noreturn, so it never leaves the stack"
				: "it never returns (an endless loop), so it never leaves the stack");
	case GRAPH_REASON_NO_SYMBOL:
		return g_strdup_printf(
			"%s, and it has no out-of-line copy in vmlinux that could be redirected",
			entered);
	case GRAPH_REASON_ABI_CHANGED:
		return g_strdup_printf(
			"%s, and the compiler changed how it is called: vmlinux has only %s",
			entered, f->binary.clones[0]);
	case GRAPH_REASON_TOO_SHORT:
		return g_strdup_printf(
			"%s, and a jump of %u bytes does not fit into its %" G_GUINT64_FORMAT,
			entered, solve->jump_size, f->binary.room);
	case GRAPH_REASON_PATCHED:
		return g_strdup_printf(
			"%s, and the kernel itself patches the %u bytes that a jump needs (a static call or a lock "
			"prefix)",
			entered, solve->jump_size);
	case GRAPH_REASON_CLONE_CALLED:
		return g_strdup_printf(
			"%s, whose code stays in vmlinux, calls %s there, and a jump at the symbol %s does not catch that",
			via_name(n), clone_entered(f),
			f->binary.symbol ? f->binary.symbol : n->name);
	case GRAPH_REASON_IPA_RA:
		return g_strdup_printf(
			"%s, which stays in vmlinux, calls it, and gcc may have compiled that call to rely on registers that it "
			"leaves alone (-fipa-ra)",
			via_name(n));
	case GRAPH_REASON_SAME_PLACE:
		return g_strdup_printf(
			"vmlinux has one piece of code for it and %s, and a jump there would take both",
			via_name(n));
	case GRAPH_REASON_INLINED_OUTSIDE:
		return g_strdup_printf("a copy of it is inlined into %s, which stays in vmlinux",
				       via_name(n));
	default:
		return g_strdup(graph_reason_text(n->reason));
	}
}

static char *explain_function(const struct solve *solve, const struct graph_function *f)
{
	if (f->node.class == GRAPH_EXTERNAL)
		return explain_obstacle(solve, f);
	return explain_entry(f);
}

/* The first escape by which the data is external. */
static const struct graph_use *escape_of(const struct graph_node *n)
{
	for (guint i = 0; i < n->uses_of->len; i++) {
		const struct graph_use *use = g_ptr_array_index(n->uses_of, i);

		if (use->kind == GRAPH_ESCAPE && solve_gets_out(use))
			return use;
	}
	return NULL;
}

/* Who has the address of the data. Caller frees. */
static char *explain_escape(const struct graph_node *n)
{
	const struct graph_use *use = escape_of(n);

	if (!use)
		return g_strdup(graph_reason_text(n->reason));
	if (use->is_with_caller)
		return g_strdup_printf("the callers of %s have its address (%s)", use->from->name,
				       use->detail);
	if (use->handed_to)
		return g_strdup_printf("%s has its address (%s), which %s lets out",
				       use->handed_to->name, use->detail, use->from->name);
	return g_strdup_printf("%s lets its address out (%s)", use->from->name, use->detail);
}

static char *explain_data(const struct graph_node *n)
{
	const struct graph_variable *v = graph_as_variable((struct graph_node *)n);

	switch (n->reason) {
	case GRAPH_REASON_USED_OUTSIDE:
		return g_strdup_printf("%s in %s uses it", via_name(n), n->via->file);
	case GRAPH_REASON_USED_BY_EXTERNAL:
		return g_strdup_printf("%s, which stays in vmlinux, uses it", via_name(n));
	case GRAPH_REASON_LINKER_TABLE:
		return g_strdup_printf(
			"its section, %s, is a table that the linker collects and other code walks",
			v->section);
	case GRAPH_REASON_HELD_BY_EXTERNAL:
		return g_strdup_printf("its address stands in %s, which others use", via_name(n));
	case GRAPH_REASON_OVERLAPS:
		return g_strdup_printf("it shares its bytes with %s, which is external",
				       via_name(n));
	case GRAPH_REASON_ESCAPES:
		return explain_escape(n);
	case GRAPH_REASON_SAME_PLACE:
		return g_strdup_printf("vmlinux has it and %s, which is external, at one place",
				       via_name(n));
	case GRAPH_REASON_NAMED_BY_OBJECT:
		return explain_named(n, v ? v->objects : NULL);
	default:
		return g_strdup(graph_reason_text(n->reason));
	}
}

void solve_explain(const struct solve *solve)
{
	struct graph *graph = solve->graph;
	GPtrArray *arrays[] = { graph->functions, graph->variables, graph->members };

	for (size_t a = 0; a < G_N_ELEMENTS(arrays); a++)
		for (guint i = 0; i < arrays[a]->len; i++) {
			struct graph_node *node = g_ptr_array_index(arrays[a], i);
			struct graph_function *f = graph_as_function(node);
			g_autofree char *text = f ? explain_function(solve, f) : explain_data(node);
			g_autofree char *why =
				g_strconcat(graph_class_name(node->class), ": ", text, NULL);

			node->why = graph_string(graph, why);
		}
}
