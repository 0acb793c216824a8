// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule external-layout: structs that vmlinux's code knows, or of which objects live in its memory,
 * member by member. A new member that only fills a gap moves nothing, but is an error too: in
 * existing objects nobody has initialised it.
 *
 * A finding is placed where the change was made, as far as the report tells: at the first member
 * that is new or has another type; else at the first member that has moved; else at the struct.
 */
#include "tools/lint/private.h"

#include <string.h>

/* A record of the unit and the same record in the report. */
struct layout {
	const struct lint_unit *unit;
	const struct facts_record *here;
	const struct graph_record *there;
	GPtrArray *members; /* const struct facts_member *, in the order of their lines */
	struct lint_texts *texts;
	struct lint_result *result;
};

static gint compare_lines(gconstpointer left, gconstpointer right)
{
	const struct facts_member *l = *(const struct facts_member *const *)left,
				  *r = *(const struct facts_member *const *)right;

	return l->line < r->line ? -1 : l->line > r->line;
}

static const char *name_of(const struct layout *layout, const struct facts_member *member)
{
	return lint_string(layout->unit, member->name);
}

static const struct graph_member *member_there(const struct layout *layout, const char *name)
{
	for (guint i = 0; i < layout->there->members->len; i++) {
		const struct graph_member *member = g_ptr_array_index(layout->there->members, i);

		if (strcmp(member->member, name) == 0)
			return member;
	}
	return NULL;
}

static const struct facts_member *member_here(const struct layout *layout, const char *name)
{
	for (guint i = 0; i < layout->members->len; i++) {
		const struct facts_member *member = g_ptr_array_index(layout->members, i);

		if (strcmp(name_of(layout, member), name) == 0)
			return member;
	}
	return NULL;
}

static bool has_moved(const struct facts_member *here, const struct graph_member *there)
{
	return here->offset != there->offset || here->width != there->width ||
	       here->size != there->size;
}

/*
 * The first member in the source that is at another place than in vmlinux; NULL if there is none.
 * `*count` is the number of such members.
 */
static const struct facts_member *first_moved(const struct layout *layout, unsigned *count)
{
	const struct facts_member *first = NULL;

	*count = 0;
	for (guint i = 0; i < layout->members->len; i++) {
		const struct facts_member *here = g_ptr_array_index(layout->members, i);
		const struct graph_member *there = member_there(layout, name_of(layout, here));

		if (!there || !has_moved(here, there))
			continue;
		first = first ? first : here;
		++*count;
	}
	return first;
}

static const struct graph_member *first_gone(const struct layout *layout)
{
	for (guint i = 0; i < layout->there->members->len; i++) {
		const struct graph_member *there = g_ptr_array_index(layout->there->members, i);

		if (!member_here(layout, there->member))
			return there;
	}
	return NULL;
}

/*
 * The report has all members of the scheduler's own records, so another one is new. In a union a
 * new member only names bytes that already have a value.
 */
static bool is_new(const struct layout *layout, const struct facts_member *here)
{
	return layout->there->is_scheduler && !layout->there->is_union &&
	       !member_there(layout, name_of(layout, here));
}

static const struct facts_member *first_new(const struct layout *layout)
{
	for (guint i = 0; i < layout->members->len; i++)
		if (is_new(layout, g_ptr_array_index(layout->members, i)))
			return g_ptr_array_index(layout->members, i);
	return NULL;
}

/*
 * True if the member is new or has another type. Of records of other code the report has only the
 * members that were used, so an unknown one counts as unchanged.
 */
static bool is_changed(const struct layout *layout, const struct facts_member *here)
{
	const struct graph_member *there = member_there(layout, name_of(layout, here));

	if (!there)
		return layout->there->is_scheduler;
	return strcmp(there->type, lint_string(layout->unit, here->type)) != 0;
}

/*
 * The first changed member, up to the first one that has moved. NULL if the report does not tell.
 */
static const struct facts_member *first_changed(const struct layout *layout,
						const struct facts_member *moved)
{
	for (guint i = 0; i < layout->members->len; i++) {
		const struct facts_member *here = g_ptr_array_index(layout->members, i);

		if (is_changed(layout, here))
			return here;
		if (here == moved)
			break;
	}
	return NULL;
}

static struct lint_place place_of(const struct layout *layout, const struct facts_member *member)
{
	const char *file = lint_string(layout->unit, layout->here->file);

	if (member)
		return lint_place_of(layout->texts, file, member->line, name_of(layout, member));
	return lint_place_of(layout->texts, file, layout->here->line, layout->there->name);
}

/* "byte 8", "bit 65"; for g_free(). */
static char *place_text(unsigned offset)
{
	return offset % 8 ? g_strdup_printf("bit %u", offset)
			  : g_strdup_printf("byte %u", offset / 8);
}

/*
 * What the change causes, for a message, such as ": __lock and 80 more go from byte 0 to byte 8;
 * its size goes from 3456 to 3520". For g_free().
 */
static char *consequences(const struct layout *layout, const struct facts_member *moved,
			  unsigned count)
{
	GString *text = g_string_new(NULL);

	if (moved) {
		const struct graph_member *there = member_there(layout, name_of(layout, moved));
		g_autofree char *from = place_text(there->offset), *to = place_text(moved->offset);

		if (moved->offset != there->offset)
			g_string_append_printf(text, "%s goes from %s to %s",
					       name_of(layout, moved), from, to);
		else
			g_string_append_printf(text, "%s goes from %u to %u %s",
					       name_of(layout, moved),
					       there->width ? there->width : there->size,
					       moved->width ? moved->width : moved->size,
					       moved->width ? "bits" : "bytes");
		if (count > 1)
			g_string_append_printf(text, ", %u more move%s", count - 1,
					       count == 2 ? "s" : "");
	}
	if (layout->here->size != layout->there->size)
		g_string_append_printf(text, "%sthe size from %u to %u bytes",
				       text->len ? ", " : "", layout->there->size,
				       layout->here->size);
	if (!text->len && first_new(layout))
		g_string_append(
			text,
			"it moves nothing, but in objects that are there nobody gave it a value");
	return g_string_free(text, FALSE);
}

static const char *keyword(const struct layout *layout)
{
	return layout->there->is_union ? "union" : "struct";
}

static void find_layout(const struct layout *layout, const struct facts_member *moved,
			unsigned count, const struct graph_member *gone)
{
	const struct facts_member *changed = first_changed(layout, moved);
	g_autofree char *effect = consequences(layout, moved, count), *cause = NULL;
	struct lint_finding *finding;

	if (changed)
		cause = g_strdup_printf("%s %s", name_of(layout, changed),
					member_there(layout, name_of(layout, changed))
						? "has another type"
						: "is new");
	else if (gone)
		cause = g_strdup_printf("%s is gone", gone->member);
	finding = lint_find(layout->result, LINT_RULE_LAYOUT,
			    place_of(layout, changed ? changed
					     : gone  ? NULL
						     : moved),
			    layout->there->file, layout->there->name,
			    "%s %s must keep its layout: %s%s%s (%s)", keyword(layout),
			    layout->there->name, cause ? cause : "", cause && *effect ? "; " : "",
			    effect, graph_cause(layout->there->why));
	if (moved && moved != changed)
		lint_relate(finding, place_of(layout, moved), "%s has moved",
			    name_of(layout, moved));
	if (moved || gone)
		lint_relate_users(finding,
				  moved ? &member_there(layout, name_of(layout, moved))->node
					: &gone->node,
				  layout->texts);
}

static void check_layout(const struct layout *layout)
{
	unsigned count;
	const struct facts_member *moved = first_moved(layout, &count);
	const struct graph_member *gone = first_gone(layout);

	if (moved || gone || first_new(layout) || layout->here->size != layout->there->size)
		find_layout(layout, moved, count, gone);
}

/* False if there are errors in the record's file: the compiler's layouts are then wrong. */
static bool is_sound(const struct lint_unit *unit, const struct facts_record *record)
{
	for (guint i = 0; i < unit->errors->len; i++)
		if (strcmp(((const struct source_error *)g_ptr_array_index(unit->errors, i))->file,
			   lint_string(unit, record->file)) == 0)
			return false;
	return record->size != 0;
}

static GPtrArray *members_of(const struct lint_unit *unit, uint32_t record)
{
	GPtrArray *members = g_ptr_array_new();

	for (gsize i = 0; i < unit->facts->n_members; i++)
		if (unit->facts->members[i].record == record)
			g_ptr_array_add(members, (gpointer)&unit->facts->members[i]);
	g_ptr_array_sort(members, compare_lines);
	return members;
}

void lint_layouts(const struct lint_inputs *inputs, const struct lint_unit *unit,
		  struct lint_texts *texts, struct lint_result *result)
{
	for (gsize i = 0; i < unit->facts->n_records; i++) {
		const struct facts_record *here = &unit->facts->records[i];
		const struct graph_record *there = lint_record(inputs->index, unit, here);
		struct layout layout = { unit, here, there, NULL, texts, result };

		if (!there || there->class != GRAPH_EXTERNAL || !there->size ||
		    !is_sound(unit, here))
			continue;
		layout.members = members_of(unit, (uint32_t)i);
		check_layout(&layout);
		g_ptr_array_unref(layout.members);
	}
}
