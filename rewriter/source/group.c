// SPDX-License-Identifier: GPL-2.0-only
/*
 * Definitions whose names macros make up, as SYSCALL_DEFINE does.
 *
 * One macro use makes several definitions, and its text can only be kept or removed as a whole. It
 * stays if all functions in it stay in the module. If none does, declarations of what is needed
 * replace it. A mixture is refused.
 */
#include "rewriter/source/unit.h"

#include <string.h>

static struct group *group_of(struct rewriting *unit, struct source_file *file,
			      const struct expansion *expansion)
{
	struct group *group = g_hash_table_lookup(unit->groups, expansion);

	if (group)
		return group;
	group = g_new0(struct group, 1);
	group->file = file;
	group->expansion = expansion;
	group->begin = ctext_statement_begin(file->text, expansion->begin);
	group->end = expansion->end;
	group->entries = g_ptr_array_new();
	group->types = g_ptr_array_new();
	g_hash_table_insert(unit->groups, (gpointer)expansion, group);
	g_ptr_array_add(unit->group_order, group);
	return group;
}

static bool has_text(const struct plan_entry *entry)
{
	return entry->fate == PLAN_KEEP || entry->fate == PLAN_COPY;
}

void rewrite_add_to_group(struct rewriting *unit, struct source_file *file,
			  const struct expansion *expansion, struct plan_entry *entry,
			  CXCursor definition)
{
	struct source_file *end_file;
	struct group *group;
	unsigned begin, end;

	if (!expansion)
		return;
	group = group_of(unit, file, expansion);
	if (rewrite_range(unit, definition, &end_file, &begin, &end) && end_file == file)
		group->end = MAX(group->end, end);
	g_ptr_array_add(group->entries, entry);
	g_ptr_array_add(group->types,
			(gpointer)rewrite_take(
				unit, clang_getTypeSpelling(clang_getCursorType(definition))));
	if (entry->node->kind == GRAPH_FUNCTION && has_text(entry)) {
		g_ptr_array_add(unit->result->defined, entry);
		rewrite_body(unit, definition, entry->node->name);
	}
}

static guint count_kept(const struct group *group, enum graph_node_kind kind)
{
	guint n = 0;

	for (guint i = 0; i < group->entries->len; i++) {
		const struct plan_entry *entry = g_ptr_array_index(group->entries, i);

		n += entry->node->kind == kind && has_text(entry);
	}
	return n;
}

/* Declarations of what the module needs from the group, one per line. */
static GString *declarations(const struct group *group)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < group->entries->len; i++) {
		const struct plan_entry *entry = g_ptr_array_index(group->entries, i);
		g_autofree char *declaration = rewrite_extern(g_ptr_array_index(group->types, i),
							      entry->node->name, entry->label);

		if (entry->is_needed)
			g_string_append_printf(text, "%s%s", text->len ? "\n" : "", declaration);
	}
	return text;
}

static void replace(struct rewriting *unit, const struct group *group)
{
	const struct plan_entry *first = g_ptr_array_index(group->entries, 0);
	unsigned begin = group->begin, end = ctext_after_semicolon(group->file->text, group->end);
	bool is_init = first->node->reason == GRAPH_REASON_INIT_TEXT;
	GString *text = declarations(group);

	if (g_hash_table_contains(unit->replaced, group->expansion)) {
		if (text->len)
			g_string_append_c(text, '\n');
		/*
		 * a variable that the use also defines, by a name in the text, has already replaced
		 * it
		 */
		end = begin;
	} else if (!text->len) {
		ctext_widen(group->file->text, &begin, &end);
	}
	if (text->len || end > begin)
		rewrite_edit(unit, group->file,
			     is_init     ? EDIT_INIT
			     : text->len ? EDIT_PROTOTYPE
					 : EDIT_UNUSED,
			     begin, end, text->str, rewrite_what(unit, first));
	g_string_free(text, TRUE);
}

/* Refuses a group in which some functions stay in the module and others do not. */
static void refuse_mixture(struct rewriting *unit, const struct group *group)
{
	const struct plan_entry *goes = NULL, *stays = NULL;

	for (guint i = 0; i < group->entries->len; i++) {
		const struct plan_entry *entry = g_ptr_array_index(group->entries, i);

		if (has_text(entry))
			stays = entry;
		else if (entry->node->kind == GRAPH_FUNCTION &&
			 (entry->is_needed || entry->fate == PLAN_DECLARE))
			goes = entry;
	}
	if (goes && stays)
		rewrite_fail(
			unit, group->file, group->begin,
			"%s makes both %s, which moves into the module, and %s, which stays (%s); make both interface or external with "
			"--config of plugsched-analyze",
			group->expansion->name, stays->node->name, goes->node->name,
			graph_reason_code(goes->node->reason));
}

static void mark(struct rewriting *unit, const struct group *group)
{
	for (guint i = 0; i < group->entries->len; i++) {
		const struct plan_entry *entry = g_ptr_array_index(group->entries, i);

		if (entry->node->class == GRAPH_INTERFACE && has_text(entry)) {
			rewrite_mark_function(unit, group->file, group->begin, entry);
			return;
		}
	}
}

static void finish(struct rewriting *unit, const struct group *group)
{
	if (count_kept(group, GRAPH_FUNCTION)) {
		refuse_mixture(unit, group);
		mark(unit, group);
	} else if (!count_kept(group, GRAPH_VARIABLE)) {
		replace(unit, group);
	}
}

/* Turns off SYSCALL_METADATA: system calls are traced through what vmlinux has registered. */
static void neutralise(struct rewriting *unit)
{
	g_autoptr(GHashTable) done = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < unit->group_order->len; i++) {
		const struct group *group = g_ptr_array_index(unit->group_order, i);
		unsigned line = ctext_line_begin(group->file->text, group->begin);

		if (rewrite_statement_treatment(group->expansion->name) != TREAT_METADATA ||
		    !count_kept(group, GRAPH_FUNCTION) || !g_hash_table_add(done, group->file))
			continue;
		rewrite_edit(
			unit, group->file, EDIT_NEUTRAL, line, line,
			"#undef SYSCALL_METADATA /* vmlinux has these system calls' trace events */\n#define SYSCALL_METADATA(name, ...) PLUGSCHED_SYSTEM_CALL(name)\n",
			"SYSCALL_METADATA");
	}
}

void rewrite_groups(struct rewriting *unit)
{
	for (guint i = 0; i < unit->group_order->len; i++)
		finish(unit, g_ptr_array_index(unit->group_order, i));
	neutralise(unit);
}
