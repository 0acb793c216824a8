// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records (structs and unions): may their layout change?
 *
 * A record's layout is external, which means that it may not change, in three cases: the record is
 * defined outside the scheduler's files, where anyone may embed it or take its size; one of its
 * members is external, other than by its address alone; or objects of it exist when a module is
 * loaded, because those have the layout that vmlinux was compiled with.
 *
 * The only objects that cannot exist then are those on the stacks of functions that the module
 * replaces, because no task is in one of these when the module takes over. So a record is internal
 * if every object of it is an automatic variable of such a function, or part of a record for which
 * this holds, and if every pointer to it is made from the address of an object. What is unknown is
 * external.
 *
 * Limits: sizeof() of a scheduler record in an outside unit that includes a scheduler header is not
 * seen.
 */
#include "graph/solve.h"

#include <string.h>

static gint compare_members(gconstpointer left, gconstpointer right)
{
	const struct graph_member *l = *(struct graph_member *const *)left;
	const struct graph_member *r = *(struct graph_member *const *)right;
	int order = strcmp(l->node.file, r->node.file);

	if (!order)
		order = strcmp(l->record, r->record);
	return order ? order : strcmp(l->node.id, r->node.id);
}

static struct graph_record *record_new(const struct graph_member *member)
{
	struct graph_record *record = g_new0(struct graph_record, 1);

	record->name = member->record;
	record->file = member->node.file;
	record->is_union = member->is_union;
	record->is_scheduler = member->node.is_scheduler;
	record->size = member->record_size;
	record->align = member->record_align;
	record->class = GRAPH_INTERNAL;
	record->reason = GRAPH_REASON_STACK_ONLY;
	record->why =
		"internal: every object of it is an automatic variable of functions in the module";
	record->members = g_ptr_array_new();
	return record;
}

static void group_members(struct graph *graph)
{
	g_autoptr(GPtrArray) members = g_ptr_array_copy(graph->members, NULL, NULL);
	struct graph_record *record = NULL;

	g_ptr_array_set_free_func(members, NULL);
	g_ptr_array_sort(members, compare_members);
	for (guint i = 0; i < members->len; i++) {
		struct graph_member *member = g_ptr_array_index(members, i);

		if (!record || strcmp(record->name, member->record) != 0 ||
		    strcmp(record->file, member->node.file) != 0) {
			record = record_new(member);
			g_ptr_array_add(graph->records, record);
		}
		g_ptr_array_add(record->members, member);
	}
}

/* Makes a record external. Frees `why`. */
static void expose(struct graph *graph, struct graph_record *record, enum graph_reason reason,
		   char *why)
{
	record->class = GRAPH_EXTERNAL;
	record->reason = reason;
	record->why = graph_string(graph, why);
	g_free(why);
}

static void expose_by_members(struct graph *graph, struct graph_record *record)
{
	if (!record->is_scheduler) {
		expose(graph, record, GRAPH_REASON_OUTSIDE,
		       g_strdup_printf(
			       "external: %s is not one of the scheduler's files, so others may hold or "
			       "measure it",
			       record->file));
		return;
	}
	for (guint i = 0; i < record->members->len && record->class == GRAPH_INTERNAL; i++) {
		const struct graph_member *member = g_ptr_array_index(record->members, i);

		/* who has the address of a member alone does not know where it is in its record */
		if (member->node.class == GRAPH_EXTERNAL &&
		    member->node.reason != GRAPH_REASON_ESCAPES)
			expose(graph, record, GRAPH_REASON_MEMBER_EXTERNAL,
			       g_strdup_printf("external: its member %s is external",
					       member->member));
	}
}

/* --- objects */

/* The records and their instances, while it is decided which objects may exist. */
struct record_instances {
	struct graph *graph;
	GHashTable *by_name; /* "FILE:NAME" -> struct graph_record * */
	GPtrArray **of;      /* for each record in order its instances (const struct
	                        graph_instance *) */
};

static char *record_key(const char *file, const char *name)
{
	return g_strconcat(file, ":", name, NULL);
}

/*
 * True if a task may be in the function when the module is loaded: the function stays in vmlinux,
 * or every sleeping task is in it.
 */
static bool outlives(const struct graph_node *node)
{
	const struct graph_function *f = graph_as_function((struct graph_node *)node);

	if (!f || node->class == GRAPH_EXTERNAL || node->reason == GRAPH_REASON_SPRINGBOARD)
		return true;
	for (guint i = 0; f->inlined_into && i < f->inlined_into->len; i++)
		if (((const struct graph_node *)g_ptr_array_index(f->inlined_into, i))->reason ==
		    GRAPH_REASON_SPRINGBOARD)
			return true;
	return false;
}

/* True if the holder is a member of a record that is internal itself. */
static bool is_part_of_dead(const struct record_instances *o, const struct graph_node *holder)
{
	const struct graph_member *member = graph_as_member((struct graph_node *)holder);
	g_autofree char *key = member ? record_key(holder->file, member->record) : NULL;
	const struct graph_record *outer = member ? g_hash_table_lookup(o->by_name, key) : NULL;

	return outer && outer->class == GRAPH_INTERNAL;
}

/* True if the instance shows that an object may exist when a module is loaded. */
static bool is_live(const struct record_instances *o, const struct graph_instance *instance)
{
	switch (instance->kind) {
	case GRAPH_INSTANCE_HELD:
		return !is_part_of_dead(o, instance->by);
	case GRAPH_INSTANCE_STACK:
		return outlives(instance->by);
	case GRAPH_INSTANCE_POINTER:
		return true;
	default: /* the scheduler also keeps pointers to objects on its stacks; other code may
	            keep pointers to its own */
		return !instance->by->is_scheduler;
	}
}

/* In words, who has, makes or keeps an object. Caller frees. */
static char *describe(const struct graph_instance *instance)
{
	const struct graph_node *by = instance->by;
	const struct graph_member *member = graph_as_member((struct graph_node *)by);
	bool is_call = g_str_has_suffix(instance->source, "()");

	if (instance->kind == GRAPH_INSTANCE_KEPT)
		return g_strdup_printf("%s keeps pointers to them", by->name);
	if (instance->kind == GRAPH_INSTANCE_HELD)
		return member ? g_strdup_printf("%s %s embeds one (%s)",
						member->is_union ? "union" : "struct",
						member->record, member->member)
			      : g_strdup_printf("the variable %s holds one", by->name);
	if (instance->kind == GRAPH_INSTANCE_STACK)
		return g_strdup_printf("%s() has one on its stack and %s", by->name,
				       by->class == GRAPH_EXTERNAL
					       ? "stays in vmlinux"
					       : "is on the stack of every sleeping task");
	if (is_call)
		return g_strdup_printf("%s%s gets one from %s", by->name,
				       by->kind == GRAPH_FUNCTION ? "()" : "", instance->source);
	if (*instance->source)
		return g_strdup_printf("%s%s makes a pointer to one of %s%s", by->name,
				       by->kind == GRAPH_FUNCTION ? "()" : "",
				       g_str_has_suffix(instance->source, "*") ? "a " : "",
				       instance->source);
	return by->kind == GRAPH_FUNCTION
		       ? g_strdup_printf("%s() in %s gives pointers to them", by->name, by->file)
		       : g_strdup_printf("%s, in a union, is a pointer to one", by->name);
}

/* A sentence with the first instance of each kind; NULL if no object may exist. Caller frees. */
static char *explain_live(const struct record_instances *o, const GPtrArray *instances)
{
	const struct graph_instance *first[GRAPH_INSTANCE_KEPT + 1] = { NULL };
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *joined = NULL;
	bool lives = false;

	for (guint i = 0; i < instances->len; i++) {
		const struct graph_instance *instance = g_ptr_array_index(instances, i);
		bool live = is_live(o, instance);

		lives |= live;
		if ((live || instance->kind == GRAPH_INSTANCE_KEPT) && !first[instance->kind])
			first[instance->kind] = instance;
	}
	if (!lives)
		return NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(first); i++)
		if (first[i])
			g_ptr_array_add(parts, describe(first[i]));
	g_ptr_array_add(parts, NULL);
	joined = g_strjoinv(", ", (char **)parts->pdata);
	return g_strconcat("external: objects of it live in vmlinux's memory: ", joined, NULL);
}

static bool expose_live(const struct record_instances *o, struct graph_record *record,
			const GPtrArray *instances)
{
	char *why = explain_live(o, instances);

	if (why)
		expose(o->graph, record, GRAPH_REASON_LIVE, why);
	return why != NULL;
}

/* True if an instance was seen that is more than a kept pointer. */
static bool has_object(const GPtrArray *instances)
{
	for (guint i = 0; i < instances->len; i++)
		if (((const struct graph_instance *)g_ptr_array_index(instances, i))->kind !=
		    GRAPH_INSTANCE_KEPT)
			return true;
	return false;
}

static char *explain_unseen(const GPtrArray *instances)
{
	g_autofree char *kept = instances->len ? describe(g_ptr_array_index(instances, 0)) : NULL;

	return g_strconcat("external: ", graph_reason_text(GRAPH_REASON_UNSEEN), kept ? "; " : "",
			   kept ? kept : "", NULL);
}

static bool is_of(const struct graph_instance *instance, const struct graph_record *record)
{
	return strcmp(instance->record, record->name) == 0 &&
	       (!*instance->file || strcmp(instance->file, record->file) == 0);
}

static void objects_init(struct record_instances *o, struct graph *graph)
{
	*o = (struct record_instances){
		graph, g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		g_new0(GPtrArray *, graph->records->len + 1)
	};
	for (guint i = 0; i < graph->records->len; i++) {
		struct graph_record *record = g_ptr_array_index(graph->records, i);

		g_hash_table_insert(o->by_name, record_key(record->file, record->name), record);
		o->of[i] = g_ptr_array_new();
		for (guint n = 0; record->is_scheduler && n < graph->instances->len; n++) {
			struct graph_instance *instance = g_ptr_array_index(graph->instances, n);

			if (is_of(instance, record))
				g_ptr_array_add(o->of[i], instance);
		}
	}
}

static void objects_clear(struct record_instances *o)
{
	for (guint i = 0; i < o->graph->records->len; i++)
		g_ptr_array_unref(o->of[i]);
	g_free(o->of);
	g_hash_table_destroy(o->by_name);
}

/*
 * Makes records external whose objects may exist. That may make records external that they hold, so
 * it is repeated until nothing changes.
 */
static void expose_by_objects(struct graph *graph)
{
	bool changed = true;
	struct record_instances o;

	objects_init(&o, graph);
	while (changed) {
		changed = false;
		for (guint i = 0; i < graph->records->len; i++) {
			struct graph_record *record = g_ptr_array_index(graph->records, i);

			if (record->class != GRAPH_INTERNAL)
				continue;
			changed |= expose_live(&o, record, o.of[i]);
			if (record->class == GRAPH_INTERNAL && !has_object(o.of[i])) {
				expose(graph, record, GRAPH_REASON_UNSEEN, explain_unseen(o.of[i]));
				changed = true;
			}
		}
	}
	objects_clear(&o);
}

/* Notes in a record of the scheduler whether objects of it live on, and who has, makes or keeps them. */
static void note_live(const struct record_instances *o, struct graph_record *record,
		      const GPtrArray *instances)
{
	record->is_live = !has_object(instances);
	for (guint i = 0; i < instances->len; i++)
		record->is_live |= is_live(o, g_ptr_array_index(instances, i));
	g_clear_pointer(&record->where, g_ptr_array_unref);
	if (!record->is_live)
		return;
	record->where = g_ptr_array_new();
	for (guint i = 0; i < instances->len; i++) {
		const struct graph_instance *instance = g_ptr_array_index(instances, i);

		if ((is_live(o, instance) || instance->kind == GRAPH_INSTANCE_KEPT) &&
		    !g_ptr_array_find(record->where, instance->by, NULL))
			g_ptr_array_add(record->where, instance->by);
	}
}

void solve_note_live(struct graph *graph)
{
	struct record_instances o;

	objects_init(&o, graph);
	for (guint i = 0; i < graph->records->len; i++) {
		struct graph_record *record = g_ptr_array_index(graph->records, i);

		if (record->is_scheduler)
			note_live(&o, record, o.of[i]);
	}
	objects_clear(&o);
}

/* Says of records that are external for another reason, too, where objects of them live on. */
static void tell_live(struct graph *graph)
{
	struct record_instances o;

	objects_init(&o, graph);
	for (guint i = 0; i < graph->records->len; i++) {
		struct graph_record *record = g_ptr_array_index(graph->records, i);
		g_autofree char *live = record->reason == GRAPH_REASON_MEMBER_EXTERNAL
						? explain_live(&o, o.of[i])
						: NULL;

		if (live)
			expose(graph, record, record->reason,
			       g_strconcat(record->why, ", and ", graph_cause(live), NULL));
	}
	objects_clear(&o);
}

void solve_records(const struct solve *solve)
{
	struct graph *graph = solve->graph;

	g_ptr_array_set_size(graph->records, 0);
	group_members(graph);
	for (guint i = 0; i < graph->records->len; i++)
		expose_by_members(graph, g_ptr_array_index(graph->records, i));
	expose_by_objects(graph);
	tell_live(graph);
	solve_note_live(graph);
}
