// SPDX-License-Identifier: GPL-2.0-only
/*
 * The graph's memory and order: nodes by key, uses, sorting, ids.
 *
 * Everything that can be observed is sorted by its content (file, line, name), never by the order
 * of insertion or by address. So the same facts give the same graph, in whatever order they came.
 */
#include "graph/graph.h"

#include "graph/overlap.h"
#include "graph/solve.h"

#include <string.h>

static const struct {
	const char *code, *text;
} reasons[] = {
#define REASON(symbol, code, text) [GRAPH_REASON_##symbol] = { code, text },
#include "graph/reasons.def"
#undef REASON
};

static const char *const kind_names[] = {
	[GRAPH_FUNCTION] = "function",
	[GRAPH_VARIABLE] = "variable",
	[GRAPH_MEMBER] = "member",
};

static const char *const class_names[] = {
	[GRAPH_INTERNAL] = "internal",
	[GRAPH_INTERFACE] = "interface",
	[GRAPH_EXTERNAL] = "external",
};

static const char *const use_kind_names[] = {
	[GRAPH_CALL] = "call",     [GRAPH_INDIRECT] = "indirect", [GRAPH_ADDRESS] = "address",
	[GRAPH_READ] = "read",     [GRAPH_WRITE] = "write",       [GRAPH_READ_WRITE] = "read-write",
	[GRAPH_OBJECT] = "object", [GRAPH_CLONE] = "clone",       [GRAPH_ESCAPE] = "escape",
};

static const char *const layer_names[] = {
	[GRAPH_LAYER_SIGNATURE] = "signature",     [GRAPH_LAYER_VALUE] = "value",
	[GRAPH_LAYER_MEMBER] = "member",           [GRAPH_LAYER_CHAIN] = "chain",
	[GRAPH_LAYER_STATIC_CALL] = "static-call",
};

static const char *const instance_kind_names[] = {
	[GRAPH_INSTANCE_HELD] = "held",
	[GRAPH_INSTANCE_STACK] = "stack",
	[GRAPH_INSTANCE_POINTER] = "pointer",
	[GRAPH_INSTANCE_KEPT] = "kept",
};

const char *graph_reason_code(enum graph_reason reason)
{
	return reasons[reason].code;
}

const char *graph_reason_text(enum graph_reason reason)
{
	return reasons[reason].text;
}

const char *graph_class_name(enum graph_class class)
{
	return class_names[class];
}

const char *graph_cause(const char *why)
{
	for (size_t i = 0; i < G_N_ELEMENTS(class_names); i++) {
		size_t length = strlen(class_names[i]);

		if (strncmp(why, class_names[i], length) == 0 &&
		    strncmp(why + length, ": ", 2) == 0)
			return why + length + 2;
	}
	return why;
}

const char *graph_kind_name(enum graph_node_kind kind)
{
	return kind_names[kind];
}

const char *graph_use_kind_name(enum graph_use_kind kind)
{
	return use_kind_names[kind];
}

const char *graph_instance_kind_name(enum graph_instance_kind kind)
{
	return instance_kind_names[kind];
}

const char *graph_layer_name(enum graph_layer layer)
{
	return layer_names[layer];
}

static void node_free(gpointer data)
{
	struct graph_node *node = data;
	struct graph_function *function = graph_as_function(node);
	struct graph_variable *variable = graph_as_variable(node);

	if (function) {
		g_clear_pointer(&function->inlined_into, g_ptr_array_unref);
		g_clear_pointer(&function->unknown_calls, g_ptr_array_unref);
		g_free(function->objects);
		g_free(function->binary.clones);
	}
	if (variable) {
		g_free(variable->objects);
		g_free(variable->binary.clones);
	}
	g_clear_pointer(&node->uses_of, g_ptr_array_unref);
	g_clear_pointer(&node->uses_by, g_ptr_array_unref);
	g_free(node);
}

static void record_free(gpointer data)
{
	struct graph_record *record = data;

	g_ptr_array_unref(record->members);
	g_clear_pointer(&record->where, g_ptr_array_unref);
	g_free(record);
}

static void site_free(gpointer data)
{
	struct graph_site *site = data;

	g_ptr_array_unref(site->through);
	g_ptr_array_unref(site->targets);
	g_free(site);
}

struct graph *graph_new(void)
{
	struct graph *graph = g_new0(struct graph, 1);

	graph->functions = g_ptr_array_new_with_free_func(node_free);
	graph->variables = g_ptr_array_new_with_free_func(node_free);
	graph->members = g_ptr_array_new_with_free_func(node_free);
	graph->records = g_ptr_array_new_with_free_func(record_free);
	graph->instances = g_ptr_array_new_with_free_func(g_free);
	graph->uses = g_ptr_array_new_with_free_func(g_free);
	graph->sites = g_ptr_array_new_with_free_func(site_free);
	graph->strings = g_string_chunk_new(64 * 1024);
	graph->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return graph;
}

void graph_free(struct graph *graph)
{
	if (!graph)
		return;
	g_ptr_array_unref(graph->functions);
	g_ptr_array_unref(graph->variables);
	g_ptr_array_unref(graph->members);
	g_ptr_array_unref(graph->records);
	g_ptr_array_unref(graph->instances);
	g_ptr_array_unref(graph->uses);
	g_ptr_array_unref(graph->sites);
	g_hash_table_destroy(graph->by_key);
	g_string_chunk_free(graph->strings);
	g_free(graph);
}

const char *graph_string(struct graph *graph, const char *string)
{
	return string && *string ? g_string_chunk_insert_const(graph->strings, string) : "";
}

static const char kind_letters[] = {
	[GRAPH_FUNCTION] = 'f', [GRAPH_VARIABLE] = 'v', [GRAPH_MEMBER] = 'm'
};

static void init_function(struct graph_function *f)
{
	f->unit = f->signature = f->section = f->alias = "";
}

static void init_variable(struct graph_variable *v)
{
	v->unit = v->type = v->section = v->owner = "";
}

static void init_member(struct graph_member *m)
{
	m->record = m->member = m->type = "";
}

static struct graph_node *node_new(struct graph *graph, enum graph_node_kind kind)
{
	static const size_t sizes[] = { [GRAPH_FUNCTION] = sizeof(struct graph_function),
					[GRAPH_VARIABLE] = sizeof(struct graph_variable),
					[GRAPH_MEMBER] = sizeof(struct graph_member) };
	GPtrArray *arrays[] = { [GRAPH_FUNCTION] = graph->functions,
				[GRAPH_VARIABLE] = graph->variables,
				[GRAPH_MEMBER] = graph->members };
	struct graph_node *node = g_malloc0(sizes[kind]);

	node->kind = kind;
	node->id = node->name = node->file = node->why = "";
	if (kind == GRAPH_FUNCTION)
		init_function((struct graph_function *)node);
	else if (kind == GRAPH_VARIABLE)
		init_variable((struct graph_variable *)node);
	else
		init_member((struct graph_member *)node);
	g_ptr_array_add(arrays[kind], node);
	return node;
}

struct graph_node *graph_find(const struct graph *graph, enum graph_node_kind kind, const char *key)
{
	g_autofree char *full = g_strdup_printf("%c%s", kind_letters[kind], key);

	return g_hash_table_lookup(graph->by_key, full);
}

struct graph_node *graph_node(struct graph *graph, enum graph_node_kind kind, const char *key,
			      bool *is_new)
{
	char *full = g_strdup_printf("%c%s", kind_letters[kind], key);
	struct graph_node *node = g_hash_table_lookup(graph->by_key, full);

	if (is_new)
		*is_new = !node;
	if (node) {
		g_free(full);
		return node;
	}
	node = node_new(graph, kind);
	g_hash_table_insert(graph->by_key, full, node);
	return node;
}

struct graph_use *graph_use_add(struct graph *graph, const struct graph_use *use)
{
	struct graph_use *copy = g_memdup2(use, sizeof(*use));

	copy->file = graph_string(graph, use->file);
	copy->detail = graph_string(graph, use->detail);
	g_ptr_array_add(graph->uses, copy);
	return copy;
}

void graph_instance_add(struct graph *graph, const struct graph_instance *instance)
{
	struct graph_instance *copy = g_memdup2(instance, sizeof(*instance));

	copy->record = graph_string(graph, instance->record);
	copy->file = graph_string(graph, instance->file);
	copy->source = graph_string(graph, instance->source);
	g_ptr_array_add(graph->instances, copy);
}

struct graph_site *graph_site_add(struct graph *graph, const struct graph_site *site)
{
	struct graph_site *copy = g_memdup2(site, sizeof(*site));

	copy->file = graph_string(graph, site->file);
	copy->signature = graph_string(graph, site->signature);
	copy->through = g_ptr_array_new();
	copy->targets = g_ptr_array_new();
	g_ptr_array_add(graph->sites, copy);
	return copy;
}

static int compare_unsigned(unsigned left, unsigned right)
{
	return left < right ? -1 : left > right;
}

static gint compare_nodes(gconstpointer left, gconstpointer right)
{
	const struct graph_node *l = *(struct graph_node *const *)left;
	const struct graph_node *r = *(struct graph_node *const *)right;
	int order = strcmp(l->file, r->file);

	if (!order)
		order = compare_unsigned(l->line, r->line);
	if (!order)
		order = strcmp(l->name, r->name);
	if (!order && l->kind == GRAPH_VARIABLE)
		order = strcmp(((const struct graph_variable *)l)->owner,
			       ((const struct graph_variable *)r)->owner);
	return order;
}

static int compare_ends(const struct graph_node *left, const struct graph_node *right)
{
	if (left == right)
		return 0;
	if (!left || !right)
		return left ? 1 : -1;
	if (left->kind != right->kind)
		return compare_unsigned(left->kind, right->kind);
	return strcmp(left->id, right->id);
}

/* Compares all but `order` and flags. Of uses that are equal in this, the first is kept. */
static int compare_use_identity(const struct graph_use *l, const struct graph_use *r)
{
	int order = compare_ends(l->from, r->from);

	if (!order && l->file != r->file)
		order = strcmp(l->file, r->file);
	if (!order)
		order = compare_unsigned(l->line, r->line);
	if (!order)
		order = compare_ends(l->to, r->to);
	if (!order)
		order = compare_unsigned(l->kind, r->kind);
	if (!order && l->detail != r->detail)
		order = strcmp(l->detail, r->detail);
	return order;
}

static gint compare_uses(gconstpointer left, gconstpointer right)
{
	const struct graph_use *l = *(struct graph_use *const *)left;
	const struct graph_use *r = *(struct graph_use *const *)right;
	int order = compare_use_identity(l, r);

	return order ? order : compare_unsigned(l->order, r->order);
}

static gint compare_ids(gconstpointer left, gconstpointer right)
{
	const struct graph_node *l = *(struct graph_node *const *)left;
	const struct graph_node *r = *(struct graph_node *const *)right;

	return strcmp(l->id, r->id);
}

static int compare_through(const GPtrArray *left, const GPtrArray *right)
{
	int order = compare_unsigned(left->len, right->len);

	for (guint i = 0; !order && i < left->len; i++)
		order = compare_ends(g_ptr_array_index(left, i), g_ptr_array_index(right, i));
	return order;
}

static gint compare_sites(gconstpointer left, gconstpointer right)
{
	const struct graph_site *l = *(struct graph_site *const *)left;
	const struct graph_site *r = *(struct graph_site *const *)right;
	int order = strcmp(l->file, r->file);

	if (!order)
		order = compare_unsigned(l->line, r->line);
	if (!order)
		order = compare_ends(l->from, r->from);
	if (!order)
		order = strcmp(l->signature, r->signature);
	return order ? order : compare_through(l->through, r->through);
}

/* Sorts the targets and removes duplicates. */
static void unique_targets(GPtrArray *targets)
{
	guint kept = 0;

	g_ptr_array_sort(targets, compare_ids);
	for (guint i = 0; i < targets->len; i++)
		if (!kept || g_ptr_array_index(targets, kept - 1) != g_ptr_array_index(targets, i))
			g_ptr_array_index(targets, kept++) = g_ptr_array_index(targets, i);
	g_ptr_array_set_size(targets, (gint)kept);
}

/*
 * Sorts the sites and joins equal ones. An inline function of a header has its sites in every unit
 * that uses it; the joined site may call whatever one of them may.
 */
static void unique_sites(struct graph *graph)
{
	GPtrArray *sites = graph->sites;
	guint kept = 0;

	g_ptr_array_sort(sites, compare_sites);
	for (guint i = 0; i < sites->len; i++) {
		struct graph_site *site = g_ptr_array_index(sites, i),
				  *last = kept ? g_ptr_array_index(sites, kept - 1) : NULL;

		if (last && compare_sites(&last, &site) == 0) {
			last->layer = MIN(last->layer, site->layer);
			last->is_partial &= site->is_partial;
			g_ptr_array_extend(last->targets, site->targets, NULL, NULL);
			site_free(site);
		} else {
			g_ptr_array_index(sites, kept++) = site;
		}
	}
	g_ptr_array_set_free_func(sites, NULL);
	g_ptr_array_set_size(sites, (gint)kept);
	g_ptr_array_set_free_func(sites, site_free);
	for (guint i = 0; i < kept; i++)
		unique_targets(((struct graph_site *)g_ptr_array_index(sites, i))->targets);
}

/* Compares nodes without ids: they have none yet when instances are first sorted. */
static int compare_places(const struct graph_node *left, const struct graph_node *right)
{
	return left == right               ? 0
	       : left->kind != right->kind ? compare_unsigned(left->kind, right->kind)
					   : compare_nodes(&left, &right);
}

static int compare_instance_identity(const struct graph_instance *l, const struct graph_instance *r)
{
	int order = strcmp(l->file, r->file);

	if (!order)
		order = strcmp(l->record, r->record);
	if (!order)
		order = compare_unsigned(l->kind, r->kind);
	if (!order) /* allocators first: they say more than casts */
		order = compare_unsigned(!g_str_has_suffix(l->source, "()"),
					 !g_str_has_suffix(r->source, "()"));
	if (!order)
		order = compare_places(l->by, r->by);
	return order ? order : strcmp(l->source, r->source);
}

static gint compare_instances(gconstpointer left, gconstpointer right)
{
	const struct graph_instance *l = *(struct graph_instance *const *)left;
	const struct graph_instance *r = *(struct graph_instance *const *)right;
	int order = compare_instance_identity(l, r);

	return order ? order : compare_unsigned(l->line, r->line);
}

/*
 * True if `instance` adds nothing to `last`, the one before it. Of the pointers to a record that
 * were only cast, one is enough.
 */
static bool says_nothing_new(const struct graph_instance *last,
			     const struct graph_instance *instance)
{
	if (compare_instance_identity(last, instance) == 0)
		return true;
	return last->kind == GRAPH_INSTANCE_POINTER && instance->kind == last->kind &&
	       strcmp(last->record, instance->record) == 0 &&
	       strcmp(last->file, instance->file) == 0 && !g_str_has_suffix(instance->source, "()");
}

static void unique_instances(GPtrArray *instances)
{
	guint kept = 0;

	g_ptr_array_sort(instances, compare_instances);
	for (guint i = 0; i < instances->len; i++) {
		struct graph_instance *instance = g_ptr_array_index(instances, i);

		if (kept && says_nothing_new(g_ptr_array_index(instances, kept - 1), instance))
			g_free(instance);
		else
			g_ptr_array_index(instances, kept++) = instance;
	}
	g_ptr_array_set_free_func(instances, NULL);
	g_ptr_array_set_size(instances, (gint)kept);
	g_ptr_array_set_free_func(instances, g_free);
}

/* Sorts the functions that hold copies, so that every run visits them in the same order. */
static void sort_holders(const struct graph *graph)
{
	for (guint i = 0; i < graph->functions->len; i++) {
		const struct graph_function *function = g_ptr_array_index(graph->functions, i);

		if (function->inlined_into)
			g_ptr_array_sort(function->inlined_into, compare_ids);
	}
}

static void mark_site(gpointer data, gpointer user_data)
{
	const struct graph_site *site = data;
	GHashTable *used = user_data;

	g_hash_table_add(used, site->from);
	for (guint i = 0; i < site->through->len; i++)
		g_hash_table_add(used, g_ptr_array_index(site->through, i));
	for (guint i = 0; i < site->targets->len; i++)
		g_hash_table_add(used, g_ptr_array_index(site->targets, i));
}

static void mark_instance(gpointer data, gpointer user_data)
{
	const struct graph_instance *instance = data;
	GHashTable *used = user_data;

	g_hash_table_add(used, instance->by);
}

static void mark_used(gpointer data, gpointer user_data)
{
	const struct graph_use *use = data;
	GHashTable *used = user_data;

	if (use->from)
		g_hash_table_add(used, use->from);
	if (use->handed_to)
		g_hash_table_add(used, use->handed_to);
	if (use->kept_in)
		g_hash_table_add(used, use->kept_in);
	g_hash_table_add(used, use->to);
}

static void mark_holders(gpointer data, gpointer user_data)
{
	const struct graph_function *function = data;
	GHashTable *used = user_data;

	for (guint i = 0; function->inlined_into && i < function->inlined_into->len; i++)
		g_hash_table_add(used, g_ptr_array_index(function->inlined_into, i));
}

/* Marks members that share bytes with one that is used. */
static void mark_overlapping(const struct graph *graph, GHashTable *used)
{
	struct overlap *overlap = overlap_new(graph);

	for (guint i = 0; i < graph->members->len; i++) {
		struct graph_member *member = g_ptr_array_index(graph->members, i);
		const GPtrArray *others = overlap_of(overlap, member);

		if (!member->node.is_scheduler && !g_hash_table_contains(used, member))
			continue;
		for (guint o = 0; others && o < others->len; o++)
			g_hash_table_add(used, g_ptr_array_index(others, o));
	}
	overlap_free(overlap);
}

static void drop_unused_nodes(GPtrArray *nodes, GHashTable *used)
{
	guint kept = 0;

	for (guint i = 0; i < nodes->len; i++) {
		struct graph_node *node = g_ptr_array_index(nodes, i);

		if (node->is_scheduler || g_hash_table_contains(used, node))
			g_ptr_array_index(nodes, kept++) = node;
		else
			node_free(node);
	}
	g_ptr_array_set_free_func(nodes, NULL);
	g_ptr_array_set_size(nodes, (gint)kept);
	g_ptr_array_set_free_func(nodes, node_free);
}

/* Sorts the nodes and gives each an id. Ids are unique over all kinds of nodes. */
static void make_ids(struct graph *graph, GPtrArray *nodes, GHashTable *taken)
{
	g_ptr_array_sort(nodes, compare_nodes);
	for (guint i = 0; i < nodes->len; i++) {
		struct graph_node *node = g_ptr_array_index(nodes, i);
		struct graph_variable *variable = graph_as_variable(node);
		bool is_local = variable && *variable->owner;
		g_autofree char *id =
			g_strdup_printf("%s:%s%s%s", node->file, is_local ? variable->owner : "",
					is_local ? "." : "", node->name);

		for (unsigned n = 2; g_hash_table_contains(taken, id); n++) {
			g_free(id);
			id = g_strdup_printf("%s:%s%s%s#%u", node->file,
					     is_local ? variable->owner : "", is_local ? "." : "",
					     node->name, n);
		}
		node->id = graph_string(graph, id);
		g_hash_table_add(taken, (gpointer)node->id);
	}
}

static void unique_uses(GPtrArray *uses)
{
	guint kept = 0;

	g_ptr_array_sort(uses, compare_uses);
	for (guint i = 0; i < uses->len; i++) {
		struct graph_use *use = g_ptr_array_index(uses, i);
		struct graph_use *last = kept ? g_ptr_array_index(uses, kept - 1) : NULL;

		if (last && compare_use_identity(last, use) == 0) {
			last->in_endless_loop |= use->in_endless_loop;
			last->is_thread_entry |= use->is_thread_entry;
			last->is_with_caller |= use->is_with_caller;
			last->in_foreign_macro &= use->in_foreign_macro;
			g_free(use);
			continue;
		}
		g_ptr_array_index(uses, kept++) = use;
	}
	g_ptr_array_set_free_func(uses, NULL);
	g_ptr_array_set_size(uses, (gint)kept);
	g_ptr_array_set_free_func(uses, g_free);
}

static void attach_uses(struct graph *graph)
{
	GPtrArray *arrays[] = { graph->functions, graph->variables, graph->members };

	for (size_t a = 0; a < G_N_ELEMENTS(arrays); a++)
		for (guint i = 0; i < arrays[a]->len; i++) {
			struct graph_node *node = g_ptr_array_index(arrays[a], i);

			node->uses_of = g_ptr_array_new();
			node->uses_by = g_ptr_array_new();
		}
	for (guint i = 0; i < graph->uses->len; i++) {
		struct graph_use *use = g_ptr_array_index(graph->uses, i);

		g_ptr_array_add(use->to->uses_of, use);
		if (use->from)
			g_ptr_array_add(use->from->uses_by, use);
	}
}

static gint compare_orders(gconstpointer left, gconstpointer right)
{
	const struct graph_use *l = *(struct graph_use *const *)left;
	const struct graph_use *r = *(struct graph_use *const *)right;

	return compare_unsigned(l->order, r->order);
}

/*
 * Numbers the calls of each function from 0. The number of a use among all uses of its unit depends
 * on what else was parsed; its rank among the calls of its function does not.
 */
static void number_calls(const struct graph *graph)
{
	g_autoptr(GPtrArray) calls = g_ptr_array_new();

	for (guint i = 0; i < graph->functions->len; i++) {
		const struct graph_node *node = g_ptr_array_index(graph->functions, i);

		g_ptr_array_set_size(calls, 0);
		for (guint u = 0; u < node->uses_by->len; u++) {
			struct graph_use *use = g_ptr_array_index(node->uses_by, u);

			if (use->kind == GRAPH_CALL)
				g_ptr_array_add(calls, use);
		}
		g_ptr_array_sort(calls, compare_orders);
		for (guint c = 0; c < calls->len; c++)
			((struct graph_use *)g_ptr_array_index(calls, c))->order = c;
	}
}

/* Does what remains once every node has its id. */
static void join(struct graph *graph)
{
	g_hash_table_remove_all(graph->by_key); /* it may still have nodes that were freed */
	unique_uses(graph->uses);
	unique_instances(graph->instances);
	sort_holders(graph);
	unique_sites(graph);
	attach_uses(graph);
	number_calls(graph);
}

void graph_adopt(struct graph *graph)
{
	GPtrArray *arrays[] = { graph->functions, graph->variables, graph->members };

	for (size_t a = 0; a < G_N_ELEMENTS(arrays); a++)
		g_ptr_array_sort(arrays[a], compare_nodes);
	join(graph);
	solve_note_live(graph);
}

void graph_finish(struct graph *graph)
{
	GPtrArray *arrays[] = { graph->functions, graph->variables, graph->members };
	g_autoptr(GHashTable) used = g_hash_table_new(NULL, NULL);
	g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);

	unique_instances(graph->instances);
	g_ptr_array_foreach(graph->instances, mark_instance, used);
	g_ptr_array_foreach(graph->uses, mark_used, used);
	g_ptr_array_foreach(graph->sites, mark_site, used);
	g_ptr_array_foreach(graph->functions, mark_holders, used);
	mark_overlapping(graph, used);
	for (size_t a = 0; a < G_N_ELEMENTS(arrays); a++) {
		drop_unused_nodes(arrays[a], used);
		make_ids(graph, arrays[a], taken);
	}
	join(graph);
}

const char *graph_type(const struct graph_node *node)
{
	switch (node->kind) {
	case GRAPH_FUNCTION:
		return ((const struct graph_function *)node)->signature;
	case GRAPH_VARIABLE:
		return ((const struct graph_variable *)node)->type;
	default:
		return ((const struct graph_member *)node)->type;
	}
}
