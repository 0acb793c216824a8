// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nodes: which function, variable or member a row of a unit's facts stands for.
 *
 * A function or variable with external linkage is identified by its name. A static one is
 * identified by its file and name (a static local by its function and line too), so that a .c file
 * included into another keeps its symbols apart from equal names elsewhere. A weak definition of
 * the scheduler that vmlinux replaces by another one counts as static, because its name means the
 * other definition. A member is identified by its record's file and name and its own name and line.
 */
#include "analyzer/link/private.h"

#include <string.h>

static char *symbol_key(const struct unit_link *u, const struct facts_symbol *s)
{
	const char *name = string_at(u, s->name), *file = string_at(u, s->file);
	bool is_local_weak = (s->flags & FACTS_WEAK) && is_scheduler_symbol(s) &&
			     g_hash_table_contains(u->link->overridden, name);

	if (s->owner != FACTS_NONE)
		return g_strdup_printf("%s:%s.%s:%u", file,
				       string_at(u, u->facts->symbols[s->owner].name), name,
				       s->line);
	if ((s->flags & FACTS_STATIC) || is_local_weak)
		return g_strdup_printf("%s:%s", file, name);
	return g_strdup(name);
}

static void fill_node(const struct unit_link *u, struct graph_node *node,
		      const struct facts_symbol *s)
{
	struct graph *graph = u->link->graph;

	node->name = graph_string(graph, string_at(u, s->name));
	node->file = graph_string(graph, string_at(u, s->file));
	node->line = s->line;
	node->is_scheduler = is_scheduler_symbol(s);
}

static const char *unit_of(const struct unit_link *u, const struct facts_symbol *s)
{
	bool is_header = g_str_has_suffix(string_at(u, s->file), ".h");

	return graph_string(u->link->graph,
			    (s->flags & FACTS_DEFINED) && !is_header ? u->facts->source : "");
}

static void fill_function(const struct unit_link *u, struct graph_function *f,
			  const struct facts_symbol *s)
{
	struct graph *graph = u->link->graph;

	fill_node(u, &f->node, s);
	f->end_line = s->end_line;
	f->unit = unit_of(u, s);
	f->signature = graph_string(graph, string_at(u, s->type));
	f->section = graph_string(graph, string_at(u, s->section));
	f->alias = graph_string(graph, string_at(u, s->alias));
	f->is_defined = s->flags & FACTS_DEFINED;
	f->is_static = s->flags & FACTS_STATIC;
	f->is_inline = s->flags & FACTS_INLINE;
	f->is_weak = s->flags & FACTS_WEAK;
	f->is_used = s->flags & FACTS_USED;
	f->is_syscall = s->flags & FACTS_SYSCALL;
	f->is_notrace = s->flags & FACTS_NOTRACE;
	f->is_init = s->flags & FACTS_INIT;
	f->is_noinstr = s->flags & FACTS_NOINSTR;
	f->is_noreturn = s->flags & FACTS_NORETURN;
	f->is_endless = s->flags & FACTS_ENDLESS;
}

static void fill_variable(const struct unit_link *u, struct graph_variable *v,
			  const struct facts_symbol *s)
{
	struct graph *graph = u->link->graph;
	const struct facts_symbol *owner =
		s->owner == FACTS_NONE ? NULL : &u->facts->symbols[s->owner];

	fill_node(u, &v->node, s);
	v->unit = unit_of(u, s);
	v->type = graph_string(graph, string_at(u, s->type));
	v->section = graph_string(graph, string_at(u, s->section));
	v->owner = graph_string(graph, owner ? string_at(u, owner->name) : "");
	v->is_defined = s->flags & FACTS_DEFINED;
	v->is_static = s->flags & FACTS_STATIC;
	v->is_percpu = s->flags & FACTS_PERCPU;
	v->is_const = s->flags & FACTS_CONST;
	v->is_static_key = s->flags & FACTS_STATIC_KEY;
}

static bool is_defined_node(struct graph_node *node)
{
	struct graph_function *f = graph_as_function(node);

	return f ? f->is_defined : graph_as_variable(node)->is_defined;
}

static bool is_settled(const struct link *link, struct graph_node *node)
{
	return link->settled && g_hash_table_contains(link->settled, node);
}

struct graph_node *link_symbol_node(struct unit_link *u, uint32_t index)
{
	const struct facts_symbol *s = &u->facts->symbols[index];
	g_autofree char *key = NULL;
	struct graph_node *node;
	bool is_new;

	if (u->symbols[index])
		return u->symbols[index];
	key = symbol_key(u, s);
	node = graph_node(u->link->graph,
			  s->flags & FACTS_FUNCTION ? GRAPH_FUNCTION : GRAPH_VARIABLE, key,
			  &is_new);
	u->symbols[index] = node;
	if (!is_new &&
	    (is_defined_node(node) || !(s->flags & FACTS_DEFINED) || is_settled(u->link, node)))
		return node;
	if (s->flags & FACTS_FUNCTION)
		fill_function(u, graph_as_function(node), s);
	else
		fill_variable(u, graph_as_variable(node), s);
	return node;
}

char *link_unit_member_key(const struct unit_link *u, uint32_t index)
{
	const struct facts_member *m = &u->facts->members[index];
	const struct facts_record *r = &u->facts->records[m->record];

	return g_strdup_printf("%s:%s.%s:%u", string_at(u, r->file), string_at(u, r->name),
			       string_at(u, m->name), m->line);
}

char *link_member_key(const struct graph_member *m)
{
	return g_strdup_printf("%s:%s.%s:%u", m->node.file, m->record, m->member, m->node.line);
}

struct graph_node *link_member_node(struct unit_link *u, uint32_t index)
{
	const struct facts_member *m = &u->facts->members[index];
	const struct facts_record *r = &u->facts->records[m->record];
	struct graph *graph = u->link->graph;
	g_autofree char *key = NULL, *name = NULL;
	struct graph_member *member;
	bool is_new;

	if (u->members[index])
		return u->members[index];
	key = link_unit_member_key(u, index);
	u->members[index] = graph_node(graph, GRAPH_MEMBER, key, &is_new);
	if (!is_new)
		return u->members[index];
	member = graph_as_member(u->members[index]);
	name = g_strdup_printf("%s.%s", string_at(u, r->name), string_at(u, m->name));
	member->node.name = graph_string(graph, name);
	member->node.file = graph_string(graph, string_at(u, r->file));
	member->node.line = m->line;
	member->node.is_scheduler = r->flags & FACTS_RECORD_SCHEDULER;
	member->record = graph_string(graph, string_at(u, r->name));
	member->member = graph_string(graph, string_at(u, m->name));
	member->type = graph_string(graph, string_at(u, m->type));
	member->offset = m->offset;
	member->width = m->width;
	member->size = m->size;
	member->is_union = r->flags & FACTS_UNION;
	member->record_size = r->size;
	member->record_align = r->align;
	return u->members[index];
}
