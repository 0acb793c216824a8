// SPDX-License-Identifier: GPL-2.0-only
/*
 * Puts what vmlinux says about the scheduler's functions and variables into their nodes.
 *
 * Functions are joined by name and file, variables by name and place. A header's function has an
 * entry for each unit; one that has its own symbol tells most.
 */
#include "analyzer/link/private.h"

#include <string.h>

static struct graph_node *find_node(const struct link *link, enum graph_node_kind kind,
				    const char *name, const char *file)
{
	g_autofree char *key = g_strdup_printf("%s:%s", file, name);
	struct graph_node *node = graph_find(link->graph, kind, key);

	return node ? node : graph_find(link->graph, kind, name);
}

struct graph_node *link_find_function(const struct link *link, const char *name, const char *file)
{
	return find_node(link, GRAPH_FUNCTION, name, file);
}

const char **link_copy_strings(struct graph *graph, const GPtrArray *strings)
{
	const char **copy = g_new0(const char *, (strings ? strings->len : 0) + 1);

	for (guint i = 0; strings && i < strings->len; i++)
		copy[i] = graph_string(graph, g_ptr_array_index(strings, i));
	return copy;
}

static struct graph_binary binary_of_function(struct graph *graph, const struct binary_function *b)
{
	return (struct graph_binary){
		.is_known = true,
		.symbol = b->symbol ? graph_string(graph, b->symbol) : NULL,
		.address = b->address,
		.size = b->size,
		.room = b->room,
		.position = b->position,
		.cold = b->cold ? graph_string(graph, b->cold) : NULL,
		.clones = link_copy_strings(graph, b->clones),
		.has_endbr = b->has_endbr,
		.has_fentry = b->has_fentry,
		.has_ipa_ra = b->has_ipa_ra,
		.is_patched = b->is_patched,
		.is_init = b->is_init || b->is_exit,
		.is_noinstr = b->is_noinstr,
		.is_sched_text = b->is_sched,
		.is_exported = b->is_exported,
		.is_overridden = b->is_overridden,
	};
}

struct graph_node *link_holder(struct link *link, const char *name, const char *file, unsigned line)
{
	struct graph_node *known = link_find_function(link, name, file);
	g_autofree char *key = g_strdup_printf("%s:%s", file, name);
	struct graph_function *f;

	if (known)
		return known;
	f = graph_as_function(graph_node(link->graph, GRAPH_FUNCTION, key, NULL));
	f->node.name = graph_string(link->graph, name);
	f->node.file = graph_string(link->graph, file);
	f->node.line = line;
	return &f->node;
}

static void add_inlines(struct link *link, struct graph_function *f,
			const struct binary_function *b)
{
	for (guint i = 0; i < b->inlines->len; i++) {
		const struct binary_inline *inl =
			&g_array_index(b->inlines, struct binary_inline, i);
		struct graph_node *holder = link_holder(link, inl->caller, inl->caller_file, 0);

		if (holder == &f->node)
			continue;
		if (!f->inlined_into)
			f->inlined_into = g_ptr_array_new();
		if (!g_ptr_array_find(f->inlined_into, holder, NULL))
			g_ptr_array_add(f->inlined_into, holder);
	}
}

/* The node that a function of vmlinux belongs to; NULL if it is not the scheduler's. */
static struct graph_function *function_of(const struct link *link, const struct binary_function *b)
{
	struct graph_function *f = graph_as_function(link_find_function(link, b->name, b->file));

	return f && f->node.is_scheduler && strcmp(f->node.file, b->file) == 0 ? f : NULL;
}

static void take_function(struct link *link, const struct binary_function *b)
{
	struct graph_function *f = function_of(link, b);

	if (!f)
		return;
	f->is_noreturn |= b->is_noreturn;
	add_inlines(link, f, b);
	/* a header's function has an entry for each unit: prefer one with its own symbol */
	if (!f->binary.is_known || (!f->binary.symbol && b->symbol)) {
		g_free(f->binary.clones);
		f->binary = binary_of_function(link->graph, b);
	}
}

/* How a report names the entry: a second copy under the function's own name with its unit. */
static char *entry_name(const struct binary_bypass *bypass)
{
	return bypass->unit ? g_strdup_printf("%s of %s", bypass->entry, bypass->unit)
			    : g_strdup(bypass->entry);
}

/*
 * Adds a use for each branch to another entry. Call it when all functions were taken: only then is
 * it known which entry gets the jump.
 */
static void take_bypasses(struct link *link, const struct binary_function *b)
{
	struct graph_function *f = function_of(link, b);

	for (guint i = 0; f && i < b->bypasses->len; i++) {
		const struct binary_bypass *bypass =
			&g_array_index(b->bypasses, struct binary_bypass, i);
		struct graph_use use = { .kind = GRAPH_CLONE, .to = &f->node };
		g_autofree char *detail = entry_name(bypass);

		if (bypass->unit && bypass->address == f->binary.address)
			continue;
		use.from =
			link_holder(link, bypass->caller, bypass->caller_file, bypass->caller_line);
		use.file = use.from->file;
		use.line = use.from->line;
		use.detail = detail;
		graph_use_add(link->graph, &use);
	}
}

/* The node of what a lead leads to; NULL if it is not the scheduler's. */
static struct graph_node *lead_target(const struct link *link, const struct binary_lead *lead)
{
	struct graph_node *node;

	if (lead->to) {
		struct graph_function *f = function_of(link, lead->to);

		return f ? &f->node : NULL;
	}
	node = find_node(link, GRAPH_VARIABLE, lead->to_variable->name, lead->to_variable->file);
	return node && node->is_scheduler ? node : NULL;
}

/* The node of a variable that holds an address, or of what else is there. */
static struct graph_node *lead_source(struct link *link, const struct binary_lead *lead)
{
	struct graph_node *variable =
		lead->is_code ? NULL : find_node(link, GRAPH_VARIABLE, lead->from, lead->from_file);

	return variable ? variable
			: link_holder(link, lead->from, lead->from_file, lead->from_line);
}

/* Adds the uses of functions and variables that no source was seen to make. */
static void take_leads(struct link *link, const GArray *leads)
{
	for (guint i = 0; leads && i < leads->len; i++) {
		const struct binary_lead *lead = &g_array_index(leads, struct binary_lead, i);
		struct graph_use use = { .kind = !lead->is_code ? GRAPH_ADDRESS
						 : lead->to     ? GRAPH_CALL
								: GRAPH_READ_WRITE,
					 .to = lead_target(link, lead) };

		if (!use.to)
			continue;
		use.from = lead_source(link, lead);
		use.file = use.from->file;
		use.line = use.from->line;
		use.detail = lead->is_code ? "in the machine code" : "in the data";
		graph_use_add(link->graph, &use);
	}
}

static char *place_of(const char *file, unsigned line, const char *name)
{
	return g_strdup_printf("%s:%u:%s", file, line, name);
}

/*
 * The node of a variable. Debug information gives the place where its file first declares it. That
 * may be a tentative definition far above the one with a value; then a variable that is not a
 * static local is found by its symbol.
 */
static struct graph_variable *find_variable(const struct binary_variable *b, GHashTable *by_place)
{
	g_autofree char *place = place_of(b->file, b->line, b->name),
			*anywhere = place_of(b->file, 0, b->name);
	struct graph_variable *v = g_hash_table_lookup(by_place, place);

	if (v || !b->symbol || strcmp(b->symbol, b->name) != 0)
		return v;
	return g_hash_table_lookup(by_place, anywhere);
}

static void take_variable(const struct link *link, const struct binary_variable *b,
			  GHashTable *by_place)
{
	struct graph_variable *v = find_variable(b, by_place);

	if (!v || v->binary.symbol)
		return;
	v->binary = (struct graph_binary){
		.is_known = true,
		.symbol = b->symbol ? graph_string(link->graph, b->symbol) : NULL,
		.address = b->address,
		.size = b->size,
		.position = b->position,
		.is_exported = b->is_exported,
		.is_percpu = b->is_percpu,
	};
}

void link_take_binary(struct link *link)
{
	const struct binary *binary = link->input->binary;
	g_autoptr(GHashTable) by_place =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < link->graph->variables->len; i++) {
		struct graph_variable *v = g_ptr_array_index(link->graph->variables, i);

		g_hash_table_insert(by_place, place_of(v->node.file, v->node.line, v->node.name),
				    v);
		if (!*v->owner)
			g_hash_table_insert(by_place, place_of(v->node.file, 0, v->node.name), v);
	}
	for (guint i = 0; i < binary->functions->len; i++)
		take_function(link, g_ptr_array_index(binary->functions, i));
	for (guint i = 0; i < binary->functions->len; i++)
		take_bypasses(link, g_ptr_array_index(binary->functions, i));
	take_leads(link, link->input->leads);
	for (guint i = 0; i < binary->variables->len; i++)
		take_variable(link, g_ptr_array_index(binary->variables, i), by_place);
	link->graph->has_binary = true;
}

void link_find_overridden(struct link *link)
{
	const struct binary *binary = link->input->binary;

	for (guint i = 0; binary && i < binary->functions->len; i++) {
		const struct binary_function *b = g_ptr_array_index(binary->functions, i);

		if (b->is_overridden && config_is_scheduler_file(link->input->config, b->file))
			g_hash_table_add(link->overridden, g_strdup(b->name));
	}
}
