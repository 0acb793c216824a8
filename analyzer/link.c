// SPDX-License-Identifier: GPL-2.0-only
/*
 * The link step.
 *
 * Identity: a function or variable with external linkage is its name; a static one its file
 * and name (and function, for a static local), so that a .c file included into another keeps its symbols
 * apart from equal names elsewhere. A weak definition of the scheduler that vmlinux takes from elsewhere
 * counts as static: its name means the other definition. A member is its record's place and its name.
 *
 * Passes: definitions of the scheduler; uses by the scheduler, which say which members matter;
 * uses by all else; what the binary knows; relocations that are still unexplained.
 */
#include "analyzer/link.h"

#include <string.h>

struct link {
	const struct link_input *input;
	struct graph *graph;
	GHashTable *overridden; /* names of weak scheduler functions that vmlinux takes from elsewhere */
	GHashTable *members;    /* keys of members that matter */
	GHashTable *witnesses;  /* member node -> struct graph_use *: its first use outside so far */
	GHashTable *explained;  /* "object\nsymbol" of relocations that a parsed use explains */
};

/* One unit while it is linked: nodes of its symbols and members, made on demand. */
struct unit_link {
	struct link *link;
	const struct link_unit *unit;
	const struct facts *facts;
	struct graph_node **symbols, **members;
};

static const char *string_at(const struct unit_link *u, uint32_t i)
{
	return u->facts->strings[i];
}

static bool is_scheduler_symbol(const struct facts_symbol *s)
{
	return (s->flags & FACTS_SCHEDULER) && (s->flags & FACTS_DEFINED);
}

/* Markers that the link discards (__ADDRESSABLE): neither data nor uses. */
static bool is_discarded(const struct unit_link *u, const struct facts_symbol *s)
{
	return g_str_has_prefix(string_at(u, s->section), ".discard");
}

/* --- nodes --- */

static char *symbol_key(const struct unit_link *u, const struct facts_symbol *s)
{
	const char *name = string_at(u, s->name), *file = string_at(u, s->file);
	bool is_local_weak = (s->flags & FACTS_WEAK) && is_scheduler_symbol(s) &&
			     g_hash_table_contains(u->link->overridden, name);

	if (s->owner != FACTS_NONE)
		return g_strdup_printf("%s:%s.%s:%u", file, string_at(u, u->facts->symbols[s->owner].name), name,
				       s->line);
	if ((s->flags & FACTS_STATIC) || is_local_weak)
		return g_strdup_printf("%s:%s", file, name);
	return g_strdup(name);
}

static void fill_node(const struct unit_link *u, struct graph_node *node, const struct facts_symbol *s)
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

	return graph_string(u->link->graph, (s->flags & FACTS_DEFINED) && !is_header ? u->facts->source : "");
}

static void fill_function(const struct unit_link *u, struct graph_function *f, const struct facts_symbol *s)
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
	f->is_syscall = s->flags & FACTS_SYSCALL;
	f->is_notrace = s->flags & FACTS_NOTRACE;
	f->is_init = s->flags & FACTS_INIT;
	f->is_noinstr = s->flags & FACTS_NOINSTR;
	f->is_noreturn = s->flags & FACTS_NORETURN;
	f->is_endless = s->flags & FACTS_ENDLESS;
}

static void fill_variable(const struct unit_link *u, struct graph_variable *v, const struct facts_symbol *s)
{
	struct graph *graph = u->link->graph;
	const struct facts_symbol *owner = s->owner == FACTS_NONE ? NULL : &u->facts->symbols[s->owner];

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

/* The node of a symbol; a definition replaces what a declaration said before. */
static struct graph_node *symbol_node(struct unit_link *u, uint32_t index)
{
	const struct facts_symbol *s = &u->facts->symbols[index];
	g_autofree char *key = NULL;
	struct graph_node *node;
	bool is_new;

	if (u->symbols[index])
		return u->symbols[index];
	key = symbol_key(u, s);
	node = graph_node(u->link->graph, s->flags & FACTS_FUNCTION ? GRAPH_FUNCTION : GRAPH_VARIABLE, key, &is_new);
	u->symbols[index] = node;
	if (!is_new && (is_defined_node(node) || !(s->flags & FACTS_DEFINED)))
		return node;
	if (s->flags & FACTS_FUNCTION)
		fill_function(u, graph_as_function(node), s);
	else
		fill_variable(u, graph_as_variable(node), s);
	return node;
}

static char *member_key(const struct unit_link *u, uint32_t index)
{
	const struct facts_member *m = &u->facts->members[index];
	const struct facts_record *r = &u->facts->records[m->record];

	return g_strdup_printf("%s:%s.%s:%u", string_at(u, r->file), string_at(u, r->name), string_at(u, m->name),
			       m->line);
}

char *link_member_key(const struct graph_member *m)
{
	return g_strdup_printf("%s:%s.%s:%u", m->node.file, m->record, m->member, m->node.line);
}

static struct graph_node *member_node(struct unit_link *u, uint32_t index)
{
	const struct facts_member *m = &u->facts->members[index];
	const struct facts_record *r = &u->facts->records[m->record];
	struct graph *graph = u->link->graph;
	g_autofree char *key = NULL, *name = NULL;
	struct graph_member *member;
	bool is_new;

	if (u->members[index])
		return u->members[index];
	key = member_key(u, index);
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
	member->is_union = r->flags & FACTS_UNION;
	member->record_size = r->size;
	member->record_align = r->align;
	return u->members[index];
}

/* --- uses --- */

static const enum graph_use_kind use_kinds[] = {
	[FACTS_CALL] = GRAPH_CALL,	  [FACTS_INDIRECT] = GRAPH_INDIRECT,
	[FACTS_ADDRESS] = GRAPH_ADDRESS,  [FACTS_READ] = GRAPH_READ,
	[FACTS_WRITE] = GRAPH_WRITE,	  [FACTS_READ_WRITE] = GRAPH_READ_WRITE,
};

/* Where an address goes, in words. Caller frees; NULL if there is nothing to say. */
static char *describe_sink(const struct unit_link *u, const struct facts_use *use)
{
	const struct facts_member *m = &u->facts->members[use->sink_target];
	const char *name = string_at(u, use->sink_name);

	switch (use->sink) {
	case FACTS_SINK_INIT:
		return g_strdup_printf("initialiser of %s.%s", string_at(u, u->facts->records[m->record].name),
				       string_at(u, m->name));
	case FACTS_SINK_ASSIGN:
		return g_strdup_printf("assigned to %s.%s", string_at(u, u->facts->records[m->record].name),
				       string_at(u, m->name));
	case FACTS_SINK_INIT_VAR:
		return g_strdup_printf("initialiser of %s", name);
	case FACTS_SINK_ASSIGN_VAR:
		return g_strdup_printf("assigned to %s", name);
	case FACTS_SINK_ARGUMENT:
		return g_strdup_printf("argument %s of %s", name,
				       use->sink_target == FACTS_NONE ?
					       "an indirect call" :
					       string_at(u, u->facts->symbols[use->sink_target].name));
	case FACTS_SINK_RETURN:
		return g_strdup("returned");
	default:
		return NULL;
	}
}

static struct graph_node *target_node(struct unit_link *u, const struct facts_use *use)
{
	if (use->target_kind == FACTS_TARGET_MEMBER)
		return member_node(u, use->target);
	return symbol_node(u, use->target);
}

/* Fills what is the same for every use; `to` and `from` are the caller's. */
static struct graph_use make_use(struct unit_link *u, const struct facts_use *use, char **detail)
{
	struct graph_use out = {
		.kind = use_kinds[use->kind],
		.file = string_at(u, use->file),
		.line = use->line,
		.in_endless_loop = use->flags & FACTS_IN_ENDLESS_LOOP,
		.in_foreign_macro = use->flags & FACTS_IN_FOREIGN_MACRO,
		.order = (unsigned)(use - u->facts->uses),
	};

	*detail = use->kind == FACTS_INDIRECT ? g_strdup(string_at(u, use->type)) : describe_sink(u, use);
	out.detail = *detail;
	if (use->kind == FACTS_ADDRESS && use->sink == FACTS_SINK_ARGUMENT && use->sink_target != FACTS_NONE) {
		out.handed_to = symbol_node(u, use->sink_target);
		out.is_thread_entry = strcmp(string_at(u, use->sink_name), "threadfn") == 0;
	}
	if (use->kind == FACTS_ADDRESS && (use->sink == FACTS_SINK_INIT || use->sink == FACTS_SINK_ASSIGN))
		out.kept_in = member_node(u, use->sink_target);
	return out;
}

static void add_use(struct unit_link *u, const struct facts_use *use)
{
	g_autofree char *detail = NULL;
	struct graph_use out = make_use(u, use, &detail);

	out.from = symbol_node(u, use->from);
	out.to = target_node(u, use);
	graph_use_add(u->link->graph, &out);
}

/* Compiler's built-in functions and those that only exist to fail a build are no callees. */
static bool is_pseudo_function(const char *name)
{
	return g_str_has_prefix(name, "__builtin_") || g_str_has_prefix(name, "__compiletime_assert_");
}

static bool is_scheduler_use(const struct unit_link *u, const struct facts_use *use)
{
	const struct facts_symbol *from = &u->facts->symbols[use->from];

	/* a static local of a scheduler function stands in its file */
	return is_scheduler_symbol(from);
}

static void add_scheduler_use(struct unit_link *u, const struct facts_use *use)
{
	struct graph_function *from = graph_as_function(symbol_node(u, use->from));

	if (use->target_kind == FACTS_TARGET_NONE) {
		if (from && use->kind == FACTS_INDIRECT)
			from->calls_unknown = true;
		return;
	}
	if (use->target_kind == FACTS_TARGET_SYMBOL &&
	    is_pseudo_function(string_at(u, u->facts->symbols[use->target].name)))
		return;
	if (use->target_kind == FACTS_TARGET_MEMBER)
		g_hash_table_add(u->link->members, member_key(u, use->target));
	add_use(u, use);
}

/* What a scheduler object defines for others, wherever its source stands (trace events' come from headers). */
static bool is_object_symbol(const struct link *link, const char *name)
{
	return link->input->objects && g_hash_table_contains(link->input->objects->defined, name) &&
	       !g_hash_table_contains(link->overridden, name);
}

/* True if the unit's object has a relocation for the symbol, or nobody can tell. A scheduler unit needs none. */
static bool object_agrees(const struct unit_link *u, const char *name)
{
	const struct objects *objects = u->link->input->objects;
	GPtrArray *users;

	if (!objects || !*u->unit->object || u->unit->is_scheduler || !g_hash_table_contains(objects->defined, name))
		return true;
	users = g_hash_table_lookup(objects->users, name);
	for (guint i = 0; users && i < users->len; i++)
		if (strcmp(g_ptr_array_index(users, i), u->unit->object) == 0)
			return true;
	return false;
}

static void add_outside_symbol_use(struct unit_link *u, const struct facts_use *use)
{
	const struct facts_symbol *s = &u->facts->symbols[use->target], *from = &u->facts->symbols[use->from];
	const char *name = string_at(u, s->name);
	struct graph_node *target;
	bool is_static = (s->flags & FACTS_STATIC) != 0;

	if (is_static && !is_scheduler_symbol(s))
		return;
	target = u->symbols[use->target];
	if (!target)
		target = graph_find(u->link->graph, s->flags & FACTS_FUNCTION ? GRAPH_FUNCTION : GRAPH_VARIABLE, name);
	if (is_static || is_object_symbol(u->link, name))
		target = symbol_node(u, use->target);
	if (!target)
		return;
	if (!target->is_scheduler && (is_static || !is_object_symbol(u->link, name))) {
		/* one step further out: schedule_timeout_killable() calls schedule_timeout() */
		if (use->kind == FACTS_CALL && strstr(name, "schedule") &&
		    strstr(string_at(u, from->name), "schedule"))
			add_use(u, use);
		return;
	}
	if (!is_static && !object_agrees(u, name))
		return;
	if (!is_static)
		g_hash_table_add(u->link->explained, g_strdup_printf("%s\n%s", u->unit->object, name));
	add_use(u, use);
}

static int compare_places(const struct graph_use *left, const struct graph_use *right)
{
	int order = strcmp(left->file, right->file);

	if (!order)
		order = left->line < right->line ? -1 : left->line > right->line;
	if (!order)
		order = strcmp(left->from->name, right->from->name);
	if (!order)
		order = left->kind < right->kind ? -1 : left->kind > right->kind;
	return order;
}

/* Keeps the first use in file order: one is enough to make a member external. */
static void offer_witness(struct unit_link *u, const struct facts_use *use, struct graph_node *member)
{
	struct graph_use *known = g_hash_table_lookup(u->link->witnesses, member);
	g_autofree char *detail = NULL;
	struct graph_use offered = make_use(u, use, &detail);

	offered.from = symbol_node(u, use->from);
	offered.to = member;
	if (known && compare_places(known, &offered) <= 0)
		return;
	offered.file = graph_string(u->link->graph, offered.file);
	offered.detail = graph_string(u->link->graph, offered.detail);
	offered.handed_to = offered.kept_in = NULL;
	g_hash_table_insert(u->link->witnesses, member, g_memdup2(&offered, sizeof(offered)));
}

static void add_outside_member_use(struct unit_link *u, const struct facts_use *use)
{
	const struct facts_record *r = &u->facts->records[u->facts->members[use->target].record];
	g_autofree char *key = member_key(u, use->target);
	GHashTable *undecided = u->link->input->undecided;

	if (u->unit->members_only && !(undecided && g_hash_table_contains(undecided, key)))
		return;
	if (r->flags & FACTS_RECORD_SCHEDULER)
		add_use(u, use);
	else if (g_hash_table_contains(u->link->members, key))
		offer_witness(u, use, member_node(u, use->target));
}

/* --- passes --- */

static bool is_defined_by_object(const struct unit_link *u, const struct facts_symbol *s)
{
	return (s->flags & FACTS_DEFINED) && !(s->flags & FACTS_STATIC) &&
	       u->unit->is_scheduler &&
	       is_object_symbol(u->link, string_at(u, s->name));
}

static void define_scheduler(struct unit_link *u)
{
	for (gsize i = 0; i < u->facts->n_symbols; i++) {
		const struct facts_symbol *s = &u->facts->symbols[i];

		if ((is_scheduler_symbol(s) || is_defined_by_object(u, s)) && !is_discarded(u, s))
			symbol_node(u, (uint32_t)i);
	}
	for (gsize i = 0; i < u->facts->n_members; i++)
		if (u->facts->records[u->facts->members[i].record].flags & FACTS_RECORD_SCHEDULER)
			member_node(u, (uint32_t)i);
}

static void add_scheduler_uses(struct unit_link *u)
{
	for (gsize i = 0; i < u->facts->n_uses; i++) {
		const struct facts_use *use = &u->facts->uses[i];

		if (use->from != FACTS_NONE && is_scheduler_use(u, use) &&
		    !is_discarded(u, &u->facts->symbols[use->from]))
			add_scheduler_use(u, use);
	}
}

static void add_outside_uses(struct unit_link *u)
{
	for (gsize i = 0; i < u->facts->n_uses; i++) {
		const struct facts_use *use = &u->facts->uses[i];

		if (use->from == FACTS_NONE || is_scheduler_use(u, use) ||
		    is_discarded(u, &u->facts->symbols[use->from]))
			continue;
		if (use->target_kind == FACTS_TARGET_MEMBER)
			add_outside_member_use(u, use);
		else if (use->target_kind == FACTS_TARGET_SYMBOL && !u->unit->members_only)
			add_outside_symbol_use(u, use);
	}
}

static void for_each_unit(struct link *link, bool with_members_only, void (*pass)(struct unit_link *u))
{
	for (guint i = 0; i < link->input->units->len; i++) {
		const struct link_unit *unit = &g_array_index(link->input->units, struct link_unit, i);
		struct unit_link u = { .link = link, .unit = unit, .facts = unit->facts };

		if (!unit->facts || (unit->members_only && !with_members_only))
			continue;
		u.symbols = g_new0(struct graph_node *, u.facts->n_symbols + 1);
		u.members = g_new0(struct graph_node *, u.facts->n_members + 1);
		pass(&u);
		g_free(u.symbols);
		g_free(u.members);
	}
}

static void add_witnesses(struct link *link)
{
	GHashTableIter iter;
	gpointer use;

	g_hash_table_iter_init(&iter, link->witnesses);
	while (g_hash_table_iter_next(&iter, NULL, &use))
		graph_use_add(link->graph, use);
}

/* --- the binary --- */

static struct graph_node *find_function(const struct link *link, const char *name, const char *file)
{
	g_autofree char *key = g_strdup_printf("%s:%s", file, name);
	struct graph_node *node = graph_find(link->graph, GRAPH_FUNCTION, key);

	return node ? node : graph_find(link->graph, GRAPH_FUNCTION, name);
}

static const char **copy_strings(struct graph *graph, const GPtrArray *strings)
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
		.clones = copy_strings(graph, b->clones),
		.has_endbr = b->has_endbr,
		.has_fentry = b->has_fentry,
		.is_init = b->is_init || b->is_exit,
		.is_noinstr = b->is_noinstr,
		.is_sched_text = b->is_sched,
		.is_exported = b->is_exported,
		.is_overridden = b->is_overridden,
	};
}

/* A caller that no use made known: it only appears because a copy was inlined into it. */
static struct graph_node *make_holder(struct link *link, const struct binary_inline *inl)
{
	g_autofree char *key = g_strdup_printf("%s:%s", inl->caller_file, inl->caller);
	struct graph_function *f = graph_as_function(graph_node(link->graph, GRAPH_FUNCTION, key, NULL));

	f->node.name = graph_string(link->graph, inl->caller);
	f->node.file = graph_string(link->graph, inl->caller_file);
	return &f->node;
}

static void add_inlines(struct link *link, struct graph_function *f, const struct binary_function *b)
{
	for (guint i = 0; i < b->inlines->len; i++) {
		const struct binary_inline *inl = &g_array_index(b->inlines, struct binary_inline, i);
		struct graph_node *holder = find_function(link, inl->caller, inl->caller_file);

		if (!holder)
			holder = make_holder(link, inl);
		if (holder == &f->node)
			continue;
		if (!f->inlined_into)
			f->inlined_into = g_ptr_array_new();
		if (!g_ptr_array_find(f->inlined_into, holder, NULL))
			g_ptr_array_add(f->inlined_into, holder);
	}
}

static void take_function(struct link *link, const struct binary_function *b)
{
	struct graph_function *f = graph_as_function(find_function(link, b->name, b->file));

	if (!f || !f->node.is_scheduler || strcmp(f->node.file, b->file) != 0)
		return;
	f->is_noreturn |= b->is_noreturn;
	add_inlines(link, f, b);
	/* a header's function has an entry for each unit: the one with a symbol of its own tells most */
	if (!f->binary.is_known || (!f->binary.symbol && b->symbol)) {
		g_free(f->binary.clones);
		f->binary = binary_of_function(link->graph, b);
	}
}

static void take_variable(struct link *link, const struct binary_variable *b, GHashTable *by_place)
{
	g_autofree char *place = g_strdup_printf("%s:%u:%s", b->file, b->line, b->name);
	struct graph_variable *v = g_hash_table_lookup(by_place, place);

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

static void take_binary(struct link *link)
{
	const struct binary *binary = link->input->binary;
	g_autoptr(GHashTable) by_place = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < link->graph->variables->len; i++) {
		struct graph_node *v = g_ptr_array_index(link->graph->variables, i);

		g_hash_table_insert(by_place, g_strdup_printf("%s:%u:%s", v->file, v->line, v->name), v);
	}
	for (guint i = 0; i < binary->functions->len; i++)
		take_function(link, g_ptr_array_index(binary->functions, i));
	for (guint i = 0; i < binary->variables->len; i++)
		take_variable(link, g_ptr_array_index(binary->variables, i), by_place);
	link->graph->has_binary = true;
}

/* The function that another is an alias of, or NULL: it stands in the same file. */
static struct graph_function *alias_target(const struct link *link, const struct graph_function *f)
{
	return *f->alias ? graph_as_function(find_function(link, f->alias, f->node.file)) : NULL;
}

/* An alias is entered at its target's address: as if it did nothing but call it. */
static void take_aliases(struct link *link)
{
	const struct binary *binary = link->input->binary;

	for (guint i = 0; i < link->graph->functions->len; i++) {
		struct graph_function *f = g_ptr_array_index(link->graph->functions, i);
		struct graph_function *target = f->node.is_scheduler ? alias_target(link, f) : NULL;
		struct graph_use use = { .kind = GRAPH_CALL, .from = &f->node, .detail = "alias" };

		if (!target)
			continue;
		use.to = &target->node;
		use.file = f->node.file;
		use.line = f->node.line;
		graph_use_add(link->graph, &use);
		if (!binary || !binary_has_symbol(binary, f->node.name))
			continue;
		g_free(f->binary.clones);
		f->binary = target->binary;
		f->binary.symbol = f->node.name;
		f->binary.clones = NULL;
	}
}

static void find_overridden(struct link *link)
{
	const struct binary *binary = link->input->binary;

	for (guint i = 0; binary && i < binary->functions->len; i++) {
		const struct binary_function *b = g_ptr_array_index(binary->functions, i);

		if (b->is_overridden && config_is_scheduler_file(link->input->config, b->file))
			g_hash_table_add(link->overridden, g_strdup(b->name));
	}
}

/* --- relocations and the configuration --- */

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
	*objects = copy_strings(link->graph, users);
	for (guint i = 0; i < users->len; i++)
		explain_by_object(link, node, g_ptr_array_index(users, i));
}

static void take_relocations(struct link *link)
{
	for (guint i = 0; i < link->graph->functions->len; i++) {
		struct graph_function *f = g_ptr_array_index(link->graph->functions, i);

		take_objects(link, &f->node, &f->objects);
	}
	for (guint i = 0; i < link->graph->variables->len; i++) {
		struct graph_variable *v = g_ptr_array_index(link->graph->variables, i);

		take_objects(link, &v->node, &v->objects);
	}
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

static void take_config(struct link *link)
{
	const struct config *config = link->input->config;

	for (guint i = 0; i < link->graph->functions->len; i++) {
		struct graph_function *f = g_ptr_array_index(link->graph->functions, i);

		if (!f->node.is_scheduler)
			continue;
		f->is_forced_external = has_name(config->force_external, f->node.name);
		f->is_forced_interface = !f->is_forced_external &&
					 (has_name(config->force_interface, f->node.name) ||
					  has_prefix(config->interface_prefix, f->node.name));
	}
	for (guint i = 0; i < link->graph->variables->len; i++) {
		struct graph_variable *v = g_ptr_array_index(link->graph->variables, i);

		v->is_forced_private = has_name(config->private, v->node.name);
	}
}

struct graph *link_graph(const struct link_input *input)
{
	struct link link = { .input = input, .graph = graph_new() };

	link.overridden = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	link.members = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	link.witnesses = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	link.explained = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	find_overridden(&link);
	for_each_unit(&link, false, define_scheduler);
	for_each_unit(&link, false, add_scheduler_uses);
	for_each_unit(&link, true, add_outside_uses);
	add_witnesses(&link);
	if (input->binary)
		take_binary(&link);
	take_aliases(&link);
	if (input->objects)
		take_relocations(&link);
	take_config(&link);
	graph_finish(link.graph);
	g_hash_table_destroy(link.overridden);
	g_hash_table_destroy(link.members);
	g_hash_table_destroy(link.witnesses);
	g_hash_table_destroy(link.explained);
	return link.graph;
}
