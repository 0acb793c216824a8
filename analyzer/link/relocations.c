// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the objects' relocations and the configuration add to the nodes.
 */
#include "analyzer/link/private.h"

#include <string.h>

static void explain_by_object(struct link *link, struct graph_node *node, const char *object)
{
	g_autofree char *key = g_strdup_printf("%s\n%s", object, node->name);
	struct graph_use use = { .kind = GRAPH_OBJECT, .to = node, .file = object };

	if (!g_hash_table_contains(link->explained, key))
		graph_use_add(link->graph, &use);
}

static void take_objects(struct link *link, struct graph_node *node, const char ***objects)
{
	GPtrArray *users = g_hash_table_lookup(link->input->objects->users, node->name);
	struct graph_function *f = graph_as_function(node);
	struct graph_variable *v = graph_as_variable(node);
	bool is_static = f ? f->is_static : v->is_static;

	if (!users || is_static || (f && f->binary.is_overridden))
		return;
	*objects = link_copy_strings(link->graph, users);
	for (guint i = 0; i < users->len; i++)
		explain_by_object(link, node, g_ptr_array_index(users, i));
}

/* An object whose source is not known may use each member of the structs that it knows. */
static void take_sourceless(struct link *link, struct graph_member *member)
{
	const char *object = link->input->sourceless
				     ? g_hash_table_lookup(link->input->sourceless, member->record)
				     : NULL;
	struct graph_use use = { .kind = GRAPH_OBJECT, .to = &member->node, .file = object };

	if (object)
		graph_use_add(link->graph, &use);
}

void link_take_relocations(struct link *link)
{
	for (guint i = 0; i < link->graph->functions->len; i++) {
		struct graph_function *f = g_ptr_array_index(link->graph->functions, i);

		take_objects(link, &f->node, &f->objects);
	}
	for (guint i = 0; i < link->graph->variables->len; i++) {
		struct graph_variable *v = g_ptr_array_index(link->graph->variables, i);

		take_objects(link, &v->node, &v->objects);
	}
	for (guint i = 0; i < link->graph->members->len; i++)
		take_sourceless(link, g_ptr_array_index(link->graph->members, i));
}

static bool has_name(const GPtrArray *names, const char *name)
{
	return g_ptr_array_find_with_equal_func((GPtrArray *)names, name, g_str_equal, NULL);
}

static bool has_prefix(const GPtrArray *prefixes, const char *name)
{
	for (guint i = 0; i < prefixes->len; i++)
		if (g_str_has_prefix(name, g_ptr_array_index(prefixes, i)))
			return true;
	return false;
}

void link_take_config(struct link *link)
{
	const struct config *config = link->input->config;

	for (guint i = 0; i < link->graph->functions->len; i++) {
		struct graph_function *f = g_ptr_array_index(link->graph->functions, i);

		if (!f->node.is_scheduler)
			continue;
		f->is_forced_external = has_name(config->force_external, f->node.name);
		f->is_forced_interface =
			!f->is_forced_external && has_name(config->force_interface, f->node.name);
		f->has_interface_prefix = has_prefix(config->interface_prefix, f->node.name);
	}
	for (guint i = 0; i < link->graph->variables->len; i++) {
		struct graph_variable *v = g_ptr_array_index(link->graph->variables, i);

		v->is_forced_private = has_name(config->private, v->node.name);
	}
}
