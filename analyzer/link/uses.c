// SPDX-License-Identifier: GPL-2.0-only
/*
 * Uses: which of a unit's uses go into the graph.
 *
 * All uses by the scheduler do. Of uses by other code, these do: those of scheduler symbols that
 * the unit's object confirms, those of the scheduler's own members, and of each other member that
 * matters the first one in file order.
 */
#include "analyzer/link/private.h"

#include <string.h>

static const enum graph_use_kind use_kinds[] = {
	[FACTS_CALL] = GRAPH_CALL,       [FACTS_INDIRECT] = GRAPH_INDIRECT,
	[FACTS_ADDRESS] = GRAPH_ADDRESS, [FACTS_READ] = GRAPH_READ,
	[FACTS_WRITE] = GRAPH_WRITE,     [FACTS_READ_WRITE] = GRAPH_READ_WRITE,
};

static char *describe_member(const struct unit_link *u, const char *how, uint32_t index)
{
	const struct facts_member *m = &u->facts->members[index];

	return g_strdup_printf("%s %s.%s", how, string_at(u, u->facts->records[m->record].name),
			       string_at(u, m->name));
}

/* In words, where an address goes; NULL if there is nothing to say. Caller frees. */
static char *describe_sink(const struct unit_link *u, const struct facts_use *use)
{
	const char *name = string_at(u, use->sink_name);

	switch (use->sink) {
	case FACTS_SINK_INIT:
		return describe_member(u, "initialiser of", use->sink_target);
	case FACTS_SINK_ASSIGN:
		return describe_member(u, "assigned to", use->sink_target);
	case FACTS_SINK_INIT_VAR:
		return g_strdup_printf("initialiser of %s", name);
	case FACTS_SINK_ASSIGN_VAR:
		return g_strdup_printf("assigned to %s", name);
	case FACTS_SINK_ARGUMENT:
		return g_strdup_printf(
			"argument %s of %s", name,
			use->sink_target == FACTS_NONE
				? "an indirect call"
				: string_at(u, u->facts->symbols[use->sink_target].name));
	case FACTS_SINK_RETURN:
		return g_strdup("returned");
	default:
		return NULL;
	}
}

struct graph_node *link_target_node(struct unit_link *u, const struct facts_use *use)
{
	if (use->target_kind == FACTS_TARGET_MEMBER)
		return link_member_node(u, use->target);
	return link_symbol_node(u, use->target);
}

/* Fills in what is the same for every use. The caller sets `to` and `from`, and frees *detail. */
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

	*detail = use->kind == FACTS_INDIRECT ? g_strdup(string_at(u, use->type))
					      : describe_sink(u, use);
	out.detail = *detail;
	if (use->kind == FACTS_ADDRESS && use->sink == FACTS_SINK_ARGUMENT &&
	    use->sink_target != FACTS_NONE) {
		out.handed_to = link_symbol_node(u, use->sink_target);
		out.is_thread_entry = strcmp(string_at(u, use->sink_name), "threadfn") == 0;
	}
	if (use->kind == FACTS_ADDRESS &&
	    (use->sink == FACTS_SINK_INIT || use->sink == FACTS_SINK_ASSIGN))
		out.kept_in = link_member_node(u, use->sink_target);
	return out;
}

static void add_use(struct unit_link *u, const struct facts_use *use)
{
	g_autofree char *detail = NULL;
	struct graph_use out = make_use(u, use, &detail);

	out.from = link_symbol_node(u, use->from);
	out.to = link_target_node(u, use);
	graph_use_add(u->link->graph, &out);
}

/*
 * The compiler's built-in functions, and those that exist only to fail a build, do not count as
 * called functions.
 */
static bool is_pseudo_function(const char *name)
{
	return g_str_has_prefix(name, "__builtin_") ||
	       g_str_has_prefix(name, "__compiletime_assert_");
}

bool link_is_scheduler_use(const struct unit_link *u, const struct facts_use *use)
{
	const struct facts_symbol *from = &u->facts->symbols[use->from];

	/* a static local of a scheduler function is in that function's file */
	return is_scheduler_symbol(from);
}

static void add_unknown_call(struct unit_link *u, struct graph_function *from,
			     const char *signature)
{
	const char *kept = graph_string(u->link->graph, signature);

	if (!from->unknown_calls)
		from->unknown_calls = g_ptr_array_new();
	if (!g_ptr_array_find(from->unknown_calls, kept, NULL))
		g_ptr_array_add(from->unknown_calls, (gpointer)kept);
}

/* Notes that a parsed use explains a relocation of the unit's object to that name. */
static void explain(struct unit_link *u, const char *name)
{
	if (*u->unit->object && link_is_object_symbol(u->link, name))
		g_hash_table_add(u->link->explained,
				 g_strdup_printf("%s\n%s", u->unit->object, name));
}

static bool share_bytes(const struct facts_member *left, const struct facts_member *right)
{
	uint64_t left_size = left->width ? left->width : MAX((uint64_t)left->size * 8, 1);
	uint64_t right_size = right->width ? right->width : MAX((uint64_t)right->size * 8, 1);

	return left->record == right->record && left->offset < right->offset + right_size &&
	       right->offset < left->offset + left_size;
}

/* Notes that uses of the member matter, and those of members that share bytes with it. */
static void want_member(struct unit_link *u, uint32_t index)
{
	const struct facts_member *member = &u->facts->members[index];

	g_hash_table_add(u->link->members, link_unit_member_key(u, index));
	if (!(member->flags & FACTS_MEMBER_SHARED))
		return;
	for (gsize i = 0; i < u->facts->n_members; i++) {
		if (!share_bytes(member, &u->facts->members[i]))
			continue;
		g_hash_table_add(u->link->members, link_unit_member_key(u, (uint32_t)i));
		link_member_node(u, (uint32_t)i);
	}
}

void link_add_whole_use(struct unit_link *u, const struct facts_use *use)
{
	struct graph_function *from = graph_as_function(link_symbol_node(u, use->from));

	if (use->target_kind == FACTS_TARGET_NONE) {
		if (from && use->kind == FACTS_INDIRECT)
			add_unknown_call(u, from, string_at(u, use->type));
		return;
	}
	if (use->target_kind == FACTS_TARGET_SYMBOL &&
	    is_pseudo_function(string_at(u, u->facts->symbols[use->target].name)))
		return;
	if (use->target_kind == FACTS_TARGET_MEMBER)
		want_member(u, use->target);
	else if (!(u->facts->symbols[use->target].flags & FACTS_STATIC))
		explain(u, string_at(u, u->facts->symbols[use->target].name));
	add_use(u, use);
}

bool link_is_object_symbol(const struct link *link, const char *name)
{
	return link->input->objects && g_hash_table_contains(link->input->objects->defined, name) &&
	       !g_hash_table_contains(link->overridden, name);
}

/*
 * True if the unit's object has a relocation for the symbol, or if that cannot be known. A
 * scheduler unit needs none.
 */
static bool object_agrees(const struct unit_link *u, const char *name)
{
	const struct objects *objects = u->link->input->objects;
	GPtrArray *users;

	if (!objects || !*u->unit->object || u->unit->is_scheduler ||
	    !g_hash_table_contains(objects->defined, name))
		return true;
	users = g_hash_table_lookup(objects->users, name);
	for (guint i = 0; users && i < users->len; i++)
		if (strcmp(g_ptr_array_index(users, i), u->unit->object) == 0)
			return true;
	return false;
}

void link_add_outside_symbol_use(struct unit_link *u, const struct facts_use *use)
{
	const struct facts_symbol *s = &u->facts->symbols[use->target],
				  *from = &u->facts->symbols[use->from];
	const char *name = string_at(u, s->name);
	struct graph_node *target;
	bool is_static = (s->flags & FACTS_STATIC) != 0;

	if (is_static && !is_scheduler_symbol(s))
		return;
	target = u->symbols[use->target];
	if (!target)
		target = graph_find(u->link->graph,
				    s->flags & FACTS_FUNCTION ? GRAPH_FUNCTION : GRAPH_VARIABLE,
				    name);
	if (is_static || link_is_object_symbol(u->link, name))
		target = link_symbol_node(u, use->target);
	if (!target)
		return;
	if (!target->is_scheduler && (is_static || !link_is_object_symbol(u->link, name))) {
		/* one step further out: schedule_timeout_killable() calls schedule_timeout() */
		if (use->kind == FACTS_CALL && strstr(name, "schedule") &&
		    strstr(string_at(u, from->name), "schedule"))
			add_use(u, use);
		return;
	}
	if (!is_static && !object_agrees(u, name))
		return;
	if (!is_static)
		explain(u, name);
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

/* Keeps the first use of a member in file order. One is enough to make it external. */
static void offer_witness(struct unit_link *u, const struct facts_use *use,
			  struct graph_node *member)
{
	struct graph_use *known = g_hash_table_lookup(u->link->witnesses, member);
	g_autofree char *detail = NULL;
	struct graph_use offered = make_use(u, use, &detail);

	offered.from = link_symbol_node(u, use->from);
	offered.to = member;
	if (known && compare_places(known, &offered) <= 0)
		return;
	offered.file = graph_string(u->link->graph, offered.file);
	offered.detail = graph_string(u->link->graph, offered.detail);
	offered.handed_to = offered.kept_in = NULL;
	g_hash_table_insert(u->link->witnesses, member, g_memdup2(&offered, sizeof(offered)));
}

static enum link_interest member_interest(const struct unit_link *u, uint32_t member)
{
	const struct facts_record *r = &u->facts->records[u->facts->members[member].record];
	g_autofree char *key = link_unit_member_key(u, member);
	GHashTable *undecided = u->link->input->undecided;

	if (u->unit->members_only && !(undecided && g_hash_table_contains(undecided, key)))
		return LINK_IGNORE;
	if (r->flags & FACTS_RECORD_SCHEDULER)
		return LINK_ALL_USES;
	return g_hash_table_contains(u->link->members, key) ? LINK_FIRST_USE : LINK_IGNORE;
}

void link_add_outside_member_use(struct unit_link *u, const struct facts_use *use)
{
	uint8_t *interest = &u->interests[use->target];

	if (*interest == LINK_UNKNOWN)
		*interest = (uint8_t)member_interest(u, use->target);
	if (*interest == LINK_ALL_USES)
		add_use(u, use);
	else if (*interest == LINK_FIRST_USE)
		offer_witness(u, use, link_member_node(u, use->target));
}
