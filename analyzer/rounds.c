// SPDX-License-Identifier: GPL-2.0-only
#include "analyzer/rounds.h"

#include "analyzer/leads.h"
#include "analyzer/link/link.h"
#include "analyzer/tails.h"
#include "analyzer/select/select.h"
#include "graph/boundary.h"

#include <string.h>

static bool collect_first(const struct subject *s, struct collection *c, struct problems *problems,
			  GError **error)
{
	guint n = s->tree->units->len;
	g_autofree uint8_t *wanted = g_new0(uint8_t, n + 1);

	for (guint i = 0; i < n; i++)
		wanted[i] = collection_takes_all(c->options) || s->roles[i] != SELECT_OTHER;
	return collection_add(c, wanted, "units", problems, error);
}

/*
 * Links what is collected. `undecided` has keys of members for which a user is searched, or is NULL
 * in the first round. `frontier` (may be NULL) is as in link_graph().
 */
static struct graph *link_and_solve(const struct subject *s, const struct collection *c,
				    GHashTable *undecided, const GArray *leads,
				    struct indirect_frontier **frontier)
{
	bool is_whole = c->options->is_whole;
	struct link_input input = {
		.config = s->config,
		.binary = s->binary,
		.objects = s->objects,
		.undecided = undecided,
		.sourceless = s->sourceless_records,
		.leads = leads,
		.is_whole = is_whole,
		.units = g_array_new(FALSE, FALSE, sizeof(struct link_unit)),
	};
	struct graph *graph;

	for (guint i = 0; i < s->tree->units->len; i++) {
		struct link_unit unit = {
			.facts = c->facts[i],
			.object = subject_object_of(s, subject_unit(s, i)),
			.is_scheduler = s->roles[i] == SELECT_SCHEDULER,
			.members_only = s->roles[i] == SELECT_OTHER && !is_whole,
		};

		if (unit.facts && (undecided || !unit.members_only))
			g_array_append_val(input.units, unit);
	}
	graph = link_graph(&input, frontier);
	boundary_solve(graph, &(struct boundary_options){ 0 });
	if (s->binary && tails_mark(s->binary, graph))
		boundary_solve(graph, &(struct boundary_options){ 0 });
	g_array_unref(input.units);
	return graph;
}

static void add_undecided(GHashTable *keys, GHashTable *names, const struct graph_member *m)
{
	g_hash_table_add(keys, link_member_key(m));
	g_hash_table_add(names, g_strdup(m->node.name));
}

/* Adds members that share bytes with one that is undecided: a use of one is a use of the other. */
static void add_overlapping(const struct graph *graph, GHashTable *keys, GHashTable *names,
			    const struct graph_member *member)
{
	for (guint i = 0; i < graph->members->len; i++) {
		const struct graph_member *other = g_ptr_array_index(graph->members, i);

		if (graph_members_overlap(member, other))
			add_undecided(keys, names, other);
	}
}

/*
 * Members of structs outside the scheduler's files that, so far, only code of the module is known
 * to use. Returns their keys (link_member_key) and adds their names to `names`.
 */
static GHashTable *undecided_members(const struct graph *graph, GHashTable *names)
{
	GHashTable *keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < graph->members->len; i++) {
		const struct graph_member *m = g_ptr_array_index(graph->members, i);

		if (m->node.is_scheduler || m->node.class != GRAPH_INTERNAL ||
		    !m->node.uses_of->len)
			continue;
		add_undecided(keys, names, m);
		add_overlapping(graph, keys, names, m);
	}
	return keys;
}

static void add_flags(uint8_t *flags, uint8_t *more, guint n)
{
	for (guint i = 0; i < n; i++)
		flags[i] |= more[i];
	g_free(more);
}

/*
 * Adds the units that could use one of the members (a set of names), and those that mattered in the
 * last run.
 */
static bool add_users(const struct subject *s, struct collection *c, GHashTable *members,
		      struct problems *problems, GError **error)
{
	const char *cache = c->options->cache_dir;
	g_autofree uint8_t *wanted =
		select_by_members(s->tree, s->roles, members, SELECT_USES, cache);
	bool is_new;

	add_flags(wanted, select_hint(s->tree, s->roles, cache), s->tree->units->len);
	return collection_add_new(c, wanted, &is_new, problems, error);
}

/*
 * Adds the units that could change where an indirect call leads. `*is_new` tells whether there were
 * any.
 */
static bool add_at_frontier(const struct subject *s, struct collection *c,
			    const struct indirect_frontier *f, bool *is_new,
			    struct problems *problems, GError **error)
{
	const char *cache = c->options->cache_dir;
	guint n = s->tree->units->len;
	g_autofree uint8_t *wanted = select_by_symbols(s->tree, s->objects, f->defined, f->used);

	add_flags(wanted, select_by_members(s->tree, s->roles, f->members, SELECT_READS, cache), n);
	if (s->binary)
		add_flags(
			wanted,
			select_by_signatures(s->tree, s->binary, s->objects, f->signatures, cache),
			n);
	return collection_add_new(c, wanted, is_new, problems, error);
}

/*
 * Links with the keys of the undecided members, and again after each round that added units. NULL
 * with `error` on failure.
 */
static struct graph *follow_pointers(const struct subject *s, struct collection *c,
				     GHashTable *undecided, const GArray *leads,
				     struct problems *problems, GError **error)
{
	bool takes_all = collection_takes_all(c->options), is_new, is_done;
	struct indirect_frontier *frontier = NULL;
	struct graph *graph;

	for (;;) {
		graph = link_and_solve(s, c, undecided, leads, takes_all ? NULL : &frontier);
		if (!frontier)
			return graph;
		is_done = add_at_frontier(s, c, frontier, &is_new, problems, error);
		g_clear_pointer(&frontier, indirect_frontier_free);
		if (is_done && !is_new)
			return graph;
		graph_free(graph);
		if (!is_done)
			return NULL;
	}
}

static bool has_lead(const GArray *leads, const struct binary_lead *wanted)
{
	for (guint i = 0; i < leads->len; i++) {
		const struct binary_lead *lead = &g_array_index(leads, struct binary_lead, i);

		if (lead->to == wanted->to && lead->to_variable == wanted->to_variable &&
		    lead->address == wanted->address && lead->is_code == wanted->is_code &&
		    strcmp(lead->from, wanted->from) == 0)
			return true;
	}
	return false;
}

/* Adds those that are not there yet. False if there are none. */
static bool add_leads(GArray *leads, const GArray *more)
{
	guint before = leads->len;

	for (guint i = 0; i < more->len; i++) {
		const struct binary_lead *lead = &g_array_index(more, struct binary_lead, i);

		if (!has_lead(leads, lead))
			g_array_append_vals(leads, lead, 1);
	}
	return leads->len > before;
}

/* Does so again while vmlinux shows a use that the graph does not have. */
static struct graph *follow_leads(const struct subject *s, struct collection *c,
				  GHashTable *undecided, struct problems *problems, GError **error)
{
	g_autoptr(GArray) leads = g_array_new(FALSE, FALSE, sizeof(struct binary_lead));
	struct graph *graph;

	for (;;) {
		g_autoptr(GArray) more = NULL;

		graph = follow_pointers(s, c, undecided, leads, problems, error);
		if (!graph || !s->binary)
			return graph;
		more = leads_find(s, graph);
		if (!add_leads(leads, more))
			return graph;
		graph_free(graph);
	}
}

struct graph *rounds_run(const struct subject *s, struct collection *c, struct problems *problems,
			 GError **error)
{
	bool takes_all = collection_takes_all(c->options);
	g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable) undecided = NULL;
	struct graph *graph;

	if (!collect_first(s, c, problems, error))
		return NULL;
	if (!c->options->is_whole) {
		graph = link_and_solve(s, c, NULL, NULL, NULL);
		undecided = undecided_members(graph, names);
		graph_free(graph);
	}
	if (!takes_all && !add_users(s, c, names, problems, error))
		return NULL;
	graph = follow_leads(s, c, undecided, problems, error);
	if (graph && !takes_all)
		select_keep_hint(s->tree, s->roles, c->is_asked, c->options->cache_dir);
	return graph;
}
