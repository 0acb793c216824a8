// SPDX-License-Identifier: GPL-2.0-only
/*
 * Steps in the graph. What the graph stores in one direction only is indexed once
 * for the other direction.
 */
#include "tools/query/walk.h"

#include <string.h>

struct walk {
	GHashTable *sites_by; /* function -> GPtrArray of struct graph_site in it */
	GHashTable *sites_of; /* function -> GPtrArray of struct graph_site that may call it */
	GHashTable *copies;   /* function -> GPtrArray of struct graph_function inlined into it */
};

static GHashTable *index_new(void)
{
	return g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);
}

static void index_add(GHashTable *index, const void *key, const void *value)
{
	GPtrArray *list = g_hash_table_lookup(index, key);

	if (!list) {
		list = g_ptr_array_new();
		g_hash_table_insert(index, (gpointer)key, list);
	}
	g_ptr_array_add(list, (gpointer)value);
}

/* The list for a key; an empty list if there is none. */
static const GPtrArray *index_get(GHashTable *index, const void *key)
{
	static const GPtrArray none;
	const GPtrArray *list = g_hash_table_lookup(index, key);

	return list ? list : &none;
}

struct walk *walk_new(const struct graph *graph)
{
	struct walk *walk = g_new0(struct walk, 1);

	walk->sites_by = index_new();
	walk->sites_of = index_new();
	walk->copies = index_new();
	for (guint i = 0; i < graph->sites->len; i++) {
		const struct graph_site *site = g_ptr_array_index(graph->sites, i);

		index_add(walk->sites_by, site->from, site);
		for (guint t = 0; t < site->targets->len; t++)
			index_add(walk->sites_of, g_ptr_array_index(site->targets, t), site);
	}
	for (guint i = 0; i < graph->functions->len; i++) {
		const struct graph_function *f = g_ptr_array_index(graph->functions, i);

		for (guint h = 0; f->inlined_into && h < f->inlined_into->len; h++)
			index_add(walk->copies, g_ptr_array_index(f->inlined_into, h), f);
	}
	return walk;
}

void walk_free(struct walk *walk)
{
	if (!walk)
		return;
	g_hash_table_destroy(walk->sites_by);
	g_hash_table_destroy(walk->sites_of);
	g_hash_table_destroy(walk->copies);
	g_free(walk);
}

struct walk *walk_of(struct query *query)
{
	if (!query->walk)
		query->walk = walk_new(query->report->graph);
	return query->walk;
}

static void add_step(GArray *steps, struct walk_step step)
{
	g_array_append_val(steps, step);
}

static void add_uses(GArray *steps, const GPtrArray *uses)
{
	for (guint i = 0; i < uses->len; i++) {
		const struct graph_use *use = g_ptr_array_index(uses, i);

		if (use->kind == GRAPH_OBJECT)
			add_step(steps, (struct walk_step){ .kind = WALK_OBJECT,
							    .to = use->to,
							    .object = use->file });
		else
			add_step(steps, (struct walk_step){ WALK_USE, use->from, use->to, use, NULL,
							    NULL });
	}
}

static const char *unit_of(struct graph_node *node)
{
	const struct graph_function *f = graph_as_function(node);
	const struct graph_variable *v = graph_as_variable(node);

	return f ? f->unit : v ? v->unit : "";
}

/* True if a use in the object's own unit explains the object's relocation. */
static bool is_explained(const GPtrArray *uses, const char *object)
{
	/* includes the dot */
	size_t stem = strlen(object) - (g_str_has_suffix(object, ".o") ? 1 : 0);

	for (guint i = 0; i < uses->len; i++) {
		const struct graph_use *use = g_ptr_array_index(uses, i);

		if (use->kind == GRAPH_OBJECT ? strcmp(use->file, object) == 0
					      : strncmp(unit_of(use->from), object, stem) == 0)
			return true;
	}
	return false;
}

void walk_to(const struct walk *walk, struct graph_node *node, GArray *steps)
{
	const GPtrArray *sites = index_get(walk->sites_of, node);
	const struct graph_function *f = graph_as_function(node);

	add_uses(steps, node->uses_of);
	for (guint i = 0; i < sites->len; i++) {
		const struct graph_site *site = g_ptr_array_index(sites, i);

		add_step(steps,
			 (struct walk_step){ WALK_SITE, site->from, node, NULL, site, NULL });
	}
	for (guint i = 0; f && f->inlined_into && i < f->inlined_into->len; i++)
		add_step(steps,
			 (struct walk_step){ WALK_INLINED, g_ptr_array_index(f->inlined_into, i),
					     node, NULL, NULL, NULL });
	for (size_t i = 0; f && f->objects && f->objects[i]; i++)
		if (!is_explained(node->uses_of, f->objects[i]))
			add_step(steps, (struct walk_step){ .kind = WALK_OBJECT,
							    .to = node,
							    .object = f->objects[i] });
}

static void add_site(GArray *steps, const struct graph_site *site)
{
	if (!site->targets->len)
		add_step(steps,
			 (struct walk_step){ WALK_SITE, site->from, NULL, NULL, site, NULL });
	for (guint i = 0; i < site->targets->len; i++)
		add_step(steps, (struct walk_step){ WALK_SITE, site->from,
						    g_ptr_array_index(site->targets, i), NULL, site,
						    NULL });
}

void walk_from(const struct walk *walk, struct graph_node *node, GArray *steps)
{
	const GPtrArray *sites = index_get(walk->sites_by, node);
	const GPtrArray *copies = index_get(walk->copies, node);

	add_uses(steps, node->uses_by);
	for (guint i = 0; i < sites->len; i++)
		add_site(steps, g_ptr_array_index(sites, i));
	for (guint i = 0; i < copies->len; i++)
		add_step(steps,
			 (struct walk_step){ WALK_INLINED, node, g_ptr_array_index(copies, i), NULL,
					     NULL, NULL });
}

bool walk_is_call(const struct walk_step *step)
{
	return step->kind == WALK_SITE || (step->kind == WALK_USE && step->use->kind == GRAPH_CALL);
}

static bool has_direct(const GArray *steps, const struct walk_step *copy)
{
	for (guint i = 0; i < steps->len; i++) {
		const struct walk_step *step = &g_array_index(steps, struct walk_step, i);

		if (step->kind == WALK_USE && step->use->kind == GRAPH_CALL &&
		    step->from == copy->from && step->to == copy->to)
			return true;
	}
	return false;
}

static bool has_site(const GArray *steps, const struct graph_use *use)
{
	for (guint i = 0; i < steps->len; i++) {
		const struct walk_step *step = &g_array_index(steps, struct walk_step, i);

		if (step->site && step->site->line == use->line &&
		    strcmp(step->site->file, use->file) == 0)
			return true;
	}
	return false;
}

bool walk_is_shown(const GArray *steps, const struct walk_step *step, bool is_up)
{
	if (step->kind == WALK_INLINED)
		return !has_direct(steps, step);
	if (step->kind != WALK_USE)
		return true;
	switch (step->use->kind) {
	case GRAPH_CALL:
		return true;
	case GRAPH_INDIRECT:
		return is_up || !has_site(steps, step->use);
	case GRAPH_CLONE:
		return !has_direct(steps, step);
	case GRAPH_ADDRESS:
		return step->to->kind == GRAPH_FUNCTION;
	default:
		return false;
	}
}

const char *walk_kind_name(const struct walk_step *step)
{
	static const char *const names[] = { [WALK_SITE] = "may-call",
					     [WALK_INLINED] = "inlined",
					     [WALK_WAIT] = "waits",
					     [WALK_OBJECT] = "object" };

	return step->kind == WALK_USE ? graph_use_kind_name(step->use->kind) : names[step->kind];
}

char *walk_place(const struct walk_step *step)
{
	if (step->use)
		return g_strdup_printf("%s:%u", step->use->file, step->use->line);
	if (step->site)
		return g_strdup_printf("%s:%u", step->site->file, step->site->line);
	return g_strdup(step->object ? step->object : "");
}

/*
 * "chain: rq.curr of task_struct.sched_class": the layer, and what an indirect call
 * goes through or its type.
 */
static char *site_detail(const struct graph_site *site)
{
	GString *text = g_string_new(graph_layer_name(site->layer));

	for (guint i = 0; i < site->through->len; i++) {
		const struct graph_node *node = g_ptr_array_index(site->through, i);

		g_string_append_printf(text, "%s%s", i ? " of " : ": ", node->name);
	}
	if (!site->through->len && *site->signature)
		g_string_append_printf(text, ": %s", site->signature);
	if (site->is_partial)
		g_string_append(text, "; and other code");
	return g_string_free(text, FALSE);
}

char *walk_detail(const struct walk_step *step)
{
	if (step->site)
		return site_detail(step->site);
	return g_strdup(step->use ? step->use->detail : "");
}

int walk_answer(struct answer *answer, const struct walk_step *step)
{
	g_autofree char *detail = walk_detail(step);
	struct answer_edge edge = { .kind = walk_kind_name(step),
				    .file = "",
				    .detail = answer_string(answer, detail) };

	if (!step->to || (!step->from && !step->object))
		return ANSWER_NONE;
	if (step->use || step->site) {
		edge.file = step->use ? step->use->file : step->site->file;
		edge.line = step->use ? step->use->line : step->site->line;
	}
	edge.from =
		step->from ? answer_node(answer, step->from) : answer_object(answer, step->object);
	edge.to = answer_node(answer, step->to);
	return answer_edge(answer, &edge);
}
