// SPDX-License-Identifier: GPL-2.0-only
/*
 * diff: compares two kernels, or two configurations of one, and reports what
 * entered, left or changed.
 *
 * Entries are paired by id (file and name). The rest is paired by name alone if that is unique on
 * both sides, as when a function moved to another file. Line numbers never count. Without --all,
 * entries of other code are compared if both reports have them, because their class and layout
 * matter to the scheduler, but they are not reported as entering or leaving.
 */
#include "tools/query/query.h"

#include <string.h>

struct diff {
	const struct query *query;
	struct answer *answer;
	GArray *changes; /* struct change */
};

enum change_kind {
	CHANGE_ENTERED,
	CHANGE_LEFT,
	CHANGE_CLASS,
	CHANGE_FILE,
	CHANGE_SIGNATURE,
	CHANGE_TYPE,
	CHANGE_OFFSET,
	CHANGE_SIZE,
	CHANGE_ALIGN,
	N_CHANGES,
};

static const struct {
	const char *role, *title;
} changes[] = {
	[CHANGE_ENTERED] = { "entered", "entered" },
	[CHANGE_LEFT] = { "left", "left" },
	[CHANGE_CLASS] = { "class", "changed class" },
	[CHANGE_FILE] = { "file", "moved to another file" },
	[CHANGE_SIGNATURE] = { "signature", "changed signature" },
	[CHANGE_TYPE] = { "type", "changed type" },
	[CHANGE_OFFSET] = { "offset", "moved in its record" },
	[CHANGE_SIZE] = { "size", "changed size" },
	[CHANGE_ALIGN] = { "align", "changed alignment" },
};

/* A node or a record of one of the reports. */
struct item {
	const struct graph_node *node;
	const struct graph_record *record;
};

/* A difference. Its strings belong to the answer. */
struct change {
	enum change_kind kind;
	struct item item;  /* the newer one, if both exist */
	const char *title; /* "function", "struct" ... */
	const char *name, *id, *before, *after;
};

static const char *name_of(const struct item *item)
{
	return item->node ? item->node->name : item->record->name;
}

static const char *file_of(const struct item *item)
{
	return item->node ? item->node->file : item->record->file;
}

static bool is_scheduler(const struct item *item)
{
	return item->node ? item->node->is_scheduler : item->record->is_scheduler;
}

static const char *title_of(const struct item *item)
{
	return item->node ? graph_kind_name(item->node->kind) : "record";
}

/* FILE:NAME; for g_free(). */
static char *id_of(const struct item *item)
{
	return item->node ? g_strdup(item->node->id)
			  : g_strconcat(item->record->file, ":", item->record->name, NULL);
}

/* The id without the file: the name, or FUNCTION.NAME for a static local; for g_free(). */
static char *bare_id_of(const struct item *item)
{
	g_autofree char *id = id_of(item);
	size_t length = strlen(file_of(item));

	return g_strdup(strlen(id) > length ? id + length + 1 : id);
}

static void note(struct diff *diff, enum change_kind kind, const struct item *item,
		 const char *before, const char *after)
{
	g_autofree char *id = id_of(item);
	struct change change = {
		.kind = kind,
		.item = *item,
		.title = title_of(item),
		.name = name_of(item),
		.id = answer_string(diff->answer, id),
		.before = answer_string(diff->answer, before),
		.after = answer_string(diff->answer, after),
	};

	g_array_append_val(diff->changes, change);
}

static void note_if(struct diff *diff, enum change_kind kind, const struct item *item,
		    const char *before, const char *after)
{
	if (strcmp(before, after) != 0)
		note(diff, kind, item, before, after);
}

static void note_number(struct diff *diff, enum change_kind kind, const struct item *item,
			unsigned before, unsigned after)
{
	g_autofree char *old = g_strdup_printf("%u", before), *new = g_strdup_printf("%u", after);

	note_if(diff, kind, item, old, new);
}

/* "external (waits)"; for g_free(). */
static char *class_of(const struct item *item)
{
	if (item->record)
		return g_strdup(graph_class_name(item->record->class));
	return g_strdup_printf("%s (%s)", graph_class_name(item->node->class),
			       graph_reason_code(item->node->reason));
}

static void compare_records(struct diff *diff, const struct item *new, const struct graph_record *l,
			    const struct graph_record *r)
{
	note_number(diff, CHANGE_SIZE, new, l->size, r->size);
	note_number(diff, CHANGE_ALIGN, new, l->align, r->align);
	note_if(diff, CHANGE_TYPE, new, l->is_union ? "union" : "struct",
		r->is_union ? "union" : "struct");
}

/* "bit 64", "bit 64, 1 wide"; for g_free(). */
static char *place_of(const struct graph_member *member)
{
	return member->width ? g_strdup_printf("bit %u, %u wide", member->offset, member->width)
			     : g_strdup_printf("bit %u", member->offset);
}

static void compare_nodes(struct diff *diff, const struct item *new, struct graph_node *l,
			  struct graph_node *r)
{
	g_autofree char *old_place = NULL, *new_place = NULL;

	switch (l->kind) {
	case GRAPH_FUNCTION:
		note_if(diff, CHANGE_SIGNATURE, new, graph_as_function(l)->signature,
			graph_as_function(r)->signature);
		break;
	case GRAPH_VARIABLE:
		note_if(diff, CHANGE_TYPE, new, graph_as_variable(l)->type,
			graph_as_variable(r)->type);
		break;
	case GRAPH_MEMBER:
		old_place = place_of(graph_as_member(l));
		new_place = place_of(graph_as_member(r));
		note_if(diff, CHANGE_TYPE, new, graph_as_member(l)->type, graph_as_member(r)->type);
		note_if(diff, CHANGE_OFFSET, new, old_place, new_place);
		break;
	}
}

static enum graph_class class_number(const struct item *item)
{
	return item->node ? item->node->class : item->record->class;
}

static void compare(struct diff *diff, const struct item *old, const struct item *new)
{
	g_autofree char *before = class_of(old), *after = class_of(new);

	if (class_number(old) != class_number(new))
		note(diff, CHANGE_CLASS, new, before, after);
	note_if(diff, CHANGE_FILE, new, file_of(old), file_of(new));
	if (new->record)
		compare_records(diff, new, old->record, new->record);
	else
		compare_nodes(diff, new, (struct graph_node *)old->node,
			      (struct graph_node *)new->node);
}

/* --- pairing */

/* The entries of one kind in one report. */
struct diff_side {
	GArray *items;    /* struct item */
	GArray *partners; /* int: the index of each item's partner, or -1 */
};

static void side_init(struct diff_side *side, const GPtrArray *array, bool are_records)
{
	const int none = -1;

	side->items = g_array_new(FALSE, TRUE, sizeof(struct item));
	side->partners = g_array_new(FALSE, FALSE, sizeof(int));
	for (guint i = 0; i < array->len; i++) {
		struct item item = { 0 };

		if (are_records)
			item.record = g_ptr_array_index(array, i);
		else
			item.node = g_ptr_array_index(array, i);
		g_array_append_val(side->items, item);
		g_array_append_val(side->partners, none);
	}
}

static void side_clear(struct diff_side *side)
{
	g_array_unref(side->items);
	g_array_unref(side->partners);
}

typedef char *(*key_function)(const struct item *item);

#define AMBIGUOUS G_MAXINT

/*
 * Maps each key to the index + 1 of the only item without a partner that has it, or to AMBIGUOUS.
 */
static GHashTable *index_side(const struct diff_side *side, key_function key_of)
{
	GHashTable *index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < side->items->len; i++) {
		char *key;

		if (g_array_index(side->partners, int, i) >= 0)
			continue;
		key = key_of(&g_array_index(side->items, struct item, i));
		if (g_hash_table_contains(index, key))
			g_hash_table_insert(index, key, GINT_TO_POINTER(AMBIGUOUS));
		else
			g_hash_table_insert(index, key, GINT_TO_POINTER((int)i + 1));
	}
	return index;
}

/* Makes two items partners if they share a key that no other item has. */
static void pair(struct diff_side *left, struct diff_side *right, key_function key_of)
{
	g_autoptr(GHashTable) lefts = index_side(left, key_of), rights = index_side(right, key_of);
	GHashTableIter iter;
	gpointer key, value;

	g_hash_table_iter_init(&iter, lefts);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		int l = GPOINTER_TO_INT(value),
		    r = GPOINTER_TO_INT(g_hash_table_lookup(rights, key));

		if (l == AMBIGUOUS || r == AMBIGUOUS || !r)
			continue;
		g_array_index(left->partners, int, l - 1) = r - 1;
		g_array_index(right->partners, int, r - 1) = l - 1;
	}
}

static void note_alone(struct diff *diff, const struct diff_side *side, enum change_kind kind)
{
	for (guint i = 0; i < side->items->len; i++) {
		const struct item *item = &g_array_index(side->items, struct item, i);
		g_autofree char *class = class_of(item);

		if (g_array_index(side->partners, int, i) >= 0 ||
		    (!is_scheduler(item) && !diff->query->is_all))
			continue;
		note(diff, kind, item, kind == CHANGE_LEFT ? class : "",
		     kind == CHANGE_LEFT ? "" : class);
	}
}

static bool is_own(const struct item *old, const struct item *new)
{
	return is_scheduler(old) || is_scheduler(new);
}

/*
 * Functions and variables of other code are never in the module; only the
 * layout of its records matters.
 */
static bool is_compared(const struct diff *diff, const struct item *old, const struct item *new)
{
	return diff->query->is_all || is_own(old, new) || new->record ||
	       new->node->kind == GRAPH_MEMBER;
}

static void compare_arrays(struct diff *diff, const GPtrArray *old, const GPtrArray *new,
			   bool are_records)
{
	struct diff_side left, right;

	side_init(&left, old, are_records);
	side_init(&right, new, are_records);
	pair(&left, &right, id_of);
	pair(&left, &right, bare_id_of);
	for (guint i = 0; i < left.items->len; i++) {
		const struct item *item = &g_array_index(left.items, struct item, i);
		int partner = g_array_index(left.partners, int, i);

		if (partner >= 0 &&
		    is_compared(diff, item, &g_array_index(right.items, struct item, partner)))
			compare(diff, item, &g_array_index(right.items, struct item, partner));
	}
	note_alone(diff, &left, CHANGE_LEFT);
	note_alone(diff, &right, CHANGE_ENTERED);
	side_clear(&left);
	side_clear(&right);
}

/* --- showing */

static int title_rank(const char *title)
{
	static const char *const order[] = { "function", "variable", "record", "member" };
	int rank = 0;

	while (strcmp(order[rank], title) != 0)
		rank++;
	return rank;
}

static gint compare_changes(gconstpointer left, gconstpointer right)
{
	const struct change *l = left, *r = right;
	int order = (int)l->kind - (int)r->kind;

	if (!order)
		order = title_rank(l->title) - title_rank(r->title);
	return order ? order : strcmp(l->id, r->id);
}

static void add_change(struct answer *answer, const struct change *change)
{
	const char *arrow = *change->before && *change->after ? " -> " : "";
	struct answer_row *row =
		answer_row(answer, changes[change->kind].role, 1, "%s  %s  %s%s%s", change->id,
			   change->title, change->before, arrow, change->after);

	row->node = change->item.node ? answer_node(answer, change->item.node)
				      : answer_record(answer, change->item.record);
	row->class = class_number(&change->item);
	answer_change(answer, row->node, changes[change->kind].role);
	answer_text(answer, row, "kind", change->title);
	answer_text(answer, row, "id", change->id);
	answer_text(answer, row, "before", change->before);
	answer_text(answer, row, "after", change->after);
}

static unsigned count(const GArray *all, enum change_kind kind, const char *title)
{
	unsigned n = 0;

	for (guint i = 0; i < all->len; i++) {
		const struct change *change = &g_array_index(all, struct change, i);

		n += change->kind == kind && (!title || strcmp(change->title, title) == 0);
	}
	return n;
}

static void add_summary(const struct diff *diff)
{
	static const char *const titles[] = { "function", "variable", "record", "member" };

	for (int kind = 0; kind < N_CHANGES; kind++) {
		g_autoptr(GString) text = g_string_new(NULL);
		struct answer_row *row;

		for (size_t i = 0; i < G_N_ELEMENTS(titles); i++) {
			unsigned n = count(diff->changes, kind, titles[i]);

			if (n)
				g_string_append_printf(text, "%s%u %s%s", text->len ? ", " : "", n,
						       titles[i], n == 1 ? "" : "s");
		}
		if (!text->len)
			continue;
		row = answer_row(diff->answer, "count", 1, "%s: %s", changes[kind].title,
				 text->str);
		answer_text(diff->answer, row, "change", changes[kind].role);
		for (size_t i = 0; i < G_N_ELEMENTS(titles); i++)
			answer_number(row, titles[i], count(diff->changes, kind, titles[i]));
	}
}

static const char *text_or(const char *text, const char *otherwise)
{
	return text ? text : otherwise;
}

static void show(const struct diff *diff)
{
	const struct emit_provenance *old = &diff->query->report->provenance,
				     *new = &diff->query->other->provenance;

	g_array_sort(diff->changes, compare_changes);
	answer_head(diff->answer, "subject", "Linux %s, build-id %s -> Linux %s, build-id %s%s",
		    text_or(old->kernel_release, "(unknown)"), text_or(old->build_id, "none"),
		    text_or(new->kernel_release, "(unknown)"), text_or(new->build_id, "none"),
		    diff->changes->len ? "" : ": no difference");
	add_summary(diff);
	for (guint i = 0; i < diff->changes->len; i++) {
		const struct change *change = &g_array_index(diff->changes, struct change, i);

		if (i == 0 ||
		    g_array_index(diff->changes, struct change, i - 1).kind != change->kind)
			answer_head(diff->answer, "title", "%s", changes[change->kind].title);
		add_change(diff->answer, change);
	}
	diff->answer->is_negative = diff->changes->len;
}

bool query_diff(struct query *query, char **words, struct answer *answer, GError **error)
{
	const struct graph *old = query->report->graph, *new = query->other->graph;
	struct diff diff = { query, answer, g_array_new(FALSE, FALSE, sizeof(struct change)) };

	(void)words;
	(void)error;
	compare_arrays(&diff, old->functions, new->functions, false);
	compare_arrays(&diff, old->variables, new->variables, false);
	compare_arrays(&diff, old->records, new->records, true);
	compare_arrays(&diff, old->members, new->members, false);
	show(&diff);
	g_array_unref(diff.changes);
	return true;
}
