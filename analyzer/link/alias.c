// SPDX-License-Identifier: GPL-2.0-only
/*
 * Other names of the scheduler's functions and variables.
 *
 * There are four kinds: the attribute alias; a name that assembly or the linker script sets equal to
 * another; a label within; and a function whose equal code gcc has merged. Where both names have
 * nodes, vmlinux's address joins them in the solver. Where the other name has no definition in any
 * source, a use of it becomes a use of what lies there.
 *
 * Symbols of the linker script that only mark where a section begins are no names of what lies there.
 * They have no type, and no object defines them.
 *
 * Limit: without a vmlinux only the attribute is known.
 */
#include "analyzer/link/private.h"

#include <string.h>

/* A node, what vmlinux has at its place, and one other name for that. */
struct other_name {
	struct graph_node *node;
	struct graph_binary *binary;
	const struct binary_name *name;
};

static bool is_defined(const struct link *link, const char *name)
{
	return link->input->objects && g_hash_table_contains(link->input->objects->defined, name);
}

/* The node of that kind and name, of the same file or global; NULL if no source names it. */
static struct graph_node *namesake(const struct link *link, const struct other_name *other)
{
	g_autofree char *key = g_strdup_printf("%s:%s", other->node->file, other->name->name);
	struct graph_node *node = graph_find(link->graph, other->node->kind, key);

	return node ? node : graph_find(link->graph, other->node->kind, other->name->name);
}

/* A variable that is declared as an alias has no place in the debug information. */
static void join_variable(struct graph_node *node, const struct other_name *other)
{
	struct graph_variable *v = graph_as_variable(node);

	if (!v || v->binary.symbol || other->name->offset)
		return;
	v->binary = *other->binary;
	v->binary.symbol = v->node.name;
	v->binary.is_exported = other->name->is_exported;
}

static void add_use(struct link *link, const struct other_name *other, struct graph_node *from,
		    const char *object)
{
	struct graph_use use = { .from = from, .to = other->node, .detail = "alias" };

	/* a jump at the entry does not catch who enters at a label within */
	if (other->node->kind == GRAPH_FUNCTION && other->name->offset) {
		use.kind = GRAPH_CLONE;
		use.from = from ? from : link_holder(link, other->name->name, object, 0);
		use.detail = other->name->name;
	} else if (!from) {
		use.kind = GRAPH_OBJECT;
		use.detail = other->name->name;
	} else {
		use.kind = from->kind == GRAPH_FUNCTION ? GRAPH_CALL : GRAPH_ADDRESS;
	}
	use.file = use.from ? use.from->file : object;
	use.line = use.from ? use.from->line : 0;
	graph_use_add(link->graph, &use);
}

static void take_name(struct link *link, const struct other_name *other)
{
	const struct objects *objects = link->input->objects;
	const char *name = other->name->name;
	struct graph_node *node = namesake(link, other);
	const GPtrArray *users = objects ? g_hash_table_lookup(objects->mentions, name) : NULL;

	if (!other->name->is_typed && !is_defined(link, name))
		return;
	if (node && node->is_scheduler) {
		join_variable(node, other);
		return;
	}
	if (!other->name->is_global)
		return;
	other->binary->is_exported |= other->name->is_exported;
	if (node)
		add_use(link, other, node, NULL);
	for (guint i = 0; users && i < users->len; i++)
		add_use(link, other, NULL, g_ptr_array_index(users, i));
}

static void take_names(struct link *link, struct graph_node *node, struct graph_binary *binary)
{
	g_autoptr(GArray) names = NULL;

	if (!node->is_scheduler || !binary->symbol || !binary->size)
		return;
	names = binary_other_names(link->input->binary, binary->symbol, binary->address,
				   binary->size);
	for (guint i = 0; i < names->len; i++) {
		struct other_name other = { node, binary,
					    &g_array_index(names, struct binary_name, i) };

		take_name(link, &other);
	}
}

/*
 * Functions of other code that gcc has merged with one of the scheduler's, as it may do with a
 * header's: code that stays enters there, and means the other.
 */
static void take_merged(struct link *link)
{
	g_autoptr(GHashTable) by_address = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < link->graph->functions->len; i++) {
		struct graph_function *f = g_ptr_array_index(link->graph->functions, i);

		if (f->node.is_scheduler && f->binary.symbol)
			g_hash_table_insert(by_address, GSIZE_TO_POINTER(f->binary.address), f);
	}
	for (guint i = 0; i < link->input->binary->functions->len; i++) {
		const struct binary_function *b =
			g_ptr_array_index(link->input->binary->functions, i);
		struct graph_function *f =
			b->symbol && b->size
				? g_hash_table_lookup(by_address, GSIZE_TO_POINTER(b->address))
				: NULL;
		struct graph_use use = { .kind = GRAPH_CLONE, .detail = b->symbol };

		if (!f || config_is_scheduler_file(link->input->config, b->file))
			continue;
		use.to = &f->node;
		use.from = link_holder(link, b->name, b->file, b->line);
		use.file = use.from->file;
		use.line = use.from->line;
		graph_use_add(link->graph, &use);
	}
}

/* The function in the same file that `f` is an alias of, or NULL. */
static struct graph_function *alias_target(const struct link *link, const struct graph_function *f)
{
	return *f->alias ? graph_as_function(link_find_function(link, f->alias, f->node.file))
			 : NULL;
}

/* An alias has its target's address, so it is treated as a function that only calls its target. */
static void take_attribute(struct link *link, struct graph_function *f)
{
	struct graph_function *target = f->node.is_scheduler ? alias_target(link, f) : NULL;
	struct graph_use use = { .kind = GRAPH_CALL, .from = &f->node, .detail = "alias" };

	if (!target)
		return;
	use.to = &target->node;
	use.file = f->node.file;
	use.line = f->node.line;
	graph_use_add(link->graph, &use);
	if (!link->input->binary || !binary_has_symbol(link->input->binary, f->node.name))
		return;
	g_free(f->binary.clones);
	f->binary = target->binary;
	f->binary.symbol = f->node.name;
	f->binary.clones = NULL;
}

void link_take_aliases(struct link *link)
{
	const GPtrArray *functions = link->graph->functions, *variables = link->graph->variables;

	for (guint i = 0; i < functions->len; i++)
		take_attribute(link, g_ptr_array_index(functions, i));
	if (!link->input->binary)
		return;
	take_merged(link);
	for (guint i = 0; i < functions->len; i++) {
		struct graph_function *f = g_ptr_array_index(functions, i);

		take_names(link, &f->node, &f->binary);
	}
	for (guint i = 0; i < variables->len; i++) {
		struct graph_variable *v = g_ptr_array_index(variables, i);

		take_names(link, &v->node, &v->binary);
	}
}
