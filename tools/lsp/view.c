// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds the entries of the report for a word.
 *
 * If a macro's arguments span several lines, a use in them has the line where the macro begins. So
 * uses in lines shortly above count too, unless the name is in those lines themselves.
 */
#include "tools/lsp/view.h"

#include <string.h>

const struct graph_index_file *view_file(const struct view *view, const struct file *file)
{
	return view->index && file->name ? graph_index_file(view->index, file->name) : NULL;
}

bool view_is_scheduler(const struct view *view, const struct file *file)
{
	for (guint i = 0; file->name && i < view->workspace->folders->len; i++)
		if (g_str_has_prefix(file->name, g_ptr_array_index(view->workspace->folders, i)))
			return true;
	return false;
}

struct map_lines view_old_lines(const struct view *view, struct file *file, unsigned line)
{
	const struct map *map;

	if (files_map(view->files, file, &map))
		return map_to_old(map, line + 1);
	return (struct map_lines){ 1, 0, false };
}

static void add_once(GPtrArray *list, void *entry)
{
	if (!g_ptr_array_find(list, entry, NULL))
		g_ptr_array_add(list, entry);
}

/* --- by line */

static bool is_word_of(const struct graph_node *node, const struct view_found *found)
{
	return (node->kind == GRAPH_MEMBER || !found->word->is_member) &&
	       strcmp(graph_word(node), found->name) == 0;
}

/* True for the functions that SYSCALL_DEFINE1(nice, ...) makes, such as __do_sys_nice. */
static bool is_syscall_of(const struct graph_node *node, const struct view_found *found)
{
	const char *name = strstr(node->name, "_sys_");

	return node->kind == GRAPH_FUNCTION && name &&
	       strcmp(name + strlen("_sys_"), found->name) == 0;
}

/* True if the name is in that line of the analysed text. */
static bool stands_in(struct text *original, unsigned line, const char *name)
{
	return original && text_find_in_line(original, line - 1, name, false);
}

/*
 * Finds uses in the lines [first, last]. `is_above`: these are lines above the requested one, so a
 * use counts only if its line does not contain the name.
 */
static void find_uses(const struct view *view, const struct file *file, unsigned first,
		      unsigned last, bool is_above, struct view_found *found)
{
	const struct graph_index_file *known = view_file(view, file);
	struct text *original = files_original(view->files, file);

	for (guint i = graph_index_first_use(known, first); i < known->uses->len; i++) {
		const struct graph_use *use = g_ptr_array_index(known->uses, i);

		if (use->line > last)
			break;
		if (is_word_of(use->to, found) &&
		    !(is_above && stands_in(original, use->line, found->name)))
			add_once(found->nodes, use->to);
	}
}

static void find_definitions(const struct graph_index_file *known, struct map_lines lines,
			     struct view_found *found)
{
	for (guint i = graph_index_first_node(known, lines.first); i < known->nodes->len; i++) {
		struct graph_node *node = g_ptr_array_index(known->nodes, i);

		if (node->line > lines.last)
			break;
		if (is_word_of(node, found) || is_syscall_of(node, found))
			add_once(found->nodes, node);
	}
}

static bool find_by_line(const struct view *view, struct file *file, unsigned line,
			 struct view_found *found)
{
	const struct graph_index_file *known = view_file(view, file);
	struct map_lines lines = view_old_lines(view, file, line);

	if (!known || lines.first > lines.last)
		return false;
	find_definitions(known, lines, found);
	if (!found->nodes->len)
		find_uses(view, file, lines.first, lines.last, false, found);
	if (!found->nodes->len && lines.first > 1)
		find_uses(view, file, lines.first > VIEW_SPAN ? lines.first - VIEW_SPAN : 1,
			  lines.first - 1, true, found);
	found->how = VIEW_LINE;
	return found->nodes->len;
}

/* --- by name */

static bool is_static(const struct graph_node *node)
{
	if (node->kind == GRAPH_FUNCTION)
		return ((const struct graph_function *)node)->is_static;
	return node->kind == GRAPH_VARIABLE && ((const struct graph_variable *)node)->is_static;
}

static bool is_static_local(const struct graph_node *node)
{
	return node->kind == GRAPH_VARIABLE && *((const struct graph_variable *)node)->owner;
}

/*
 * Whether a name alone is enough. In an unchanged line of the scheduler the report has all uses, so
 * a function's name that is not called there is something else, such as a local variable.
 */
static bool is_trusted(const struct graph_node *node, const struct view_found *found,
		       bool is_covered)
{
	if (node->kind == GRAPH_MEMBER)
		return found->word->is_member;
	if (found->word->is_member)
		return false;
	/* a static local's own name is not enough; the name that plugsched-extract gives it is */
	if (is_static_local(node))
		return strcmp(node->name, found->name) != 0;
	return !is_covered || node->kind != GRAPH_FUNCTION || found->word->is_called;
}

static bool is_header(const char *name)
{
	return g_str_has_suffix(name, ".h");
}

static void find_by_name(const struct view *view, const struct file *file, bool is_covered,
			 struct view_found *found)
{
	const GPtrArray *named = graph_index_word(view->index, found->name);

	for (int pass = VIEW_FILE; pass <= VIEW_NAME && !found->nodes->len; pass++) {
		found->how = (enum view_how)pass;
		for (guint i = 0; named && i < named->len; i++) {
			struct graph_node *node = g_ptr_array_index(named, i);
			bool is_here = g_strcmp0(node->file, file->name) == 0;

			if (!is_trusted(node, found, is_covered) || (pass == VIEW_FILE && !is_here))
				continue;
			if (is_static(node) && !is_here && !is_header(node->file) &&
			    view_is_scheduler(view, file) && !is_static_local(node) &&
			    named->len > 1)
				/* it is static in another file, and there are other candidates */
				continue;
			add_once(found->nodes, node);
		}
	}
	if (found->nodes->len > 1 && found->word->is_member)
		found->how = VIEW_MEMBERS;
}

static void find_records(const struct view *view, struct view_found *found)
{
	const GPtrArray *records = graph_index_records(view->index, found->name);

	for (guint i = 0; records && i < records->len; i++)
		g_ptr_array_add(found->records, g_ptr_array_index(records, i));
	found->how = VIEW_NAME;
}

bool view_find(const struct view *view, struct file *file, size_t offset, struct view_found *found)
{
	unsigned line;

	memset(found, 0, sizeof(*found));
	found->word = view->index ? text_word_at(file->text, offset) : NULL;
	if (!found->word)
		return false;
	line = text_line_of(file->text, found->word->begin);
	found->name = g_strndup(file->text->bytes + found->word->begin, found->word->length);
	found->nodes = g_ptr_array_new();
	found->records = g_ptr_array_new();
	if (found->word->is_tag)
		find_records(view, found);
	else if (!find_by_line(view, file, line, found))
		find_by_name(view, file,
			     view_is_scheduler(view, file) &&
				     view_old_lines(view, file, line).is_exact,
			     found);
	return found->nodes->len || found->records->len;
}

void view_found_clear(struct view_found *found)
{
	g_free(found->name);
	g_clear_pointer(&found->nodes, g_ptr_array_unref);
	g_clear_pointer(&found->records, g_ptr_array_unref);
	found->name = NULL;
}

/* --- from the report to texts */

bool view_line(const struct view *view, struct file *file, unsigned line, unsigned *found)
{
	const struct map *map;
	struct map_lines lines = { line, line, true };

	if (files_map(view->files, file, &map))
		lines = map_to_new(map, line);
	if (lines.first > lines.last || lines.first == 0 || lines.first > text_lines(file->text))
		return false;
	*found = lines.first - 1;
	return true;
}

static void set_word(struct view_place *place, const struct word *word)
{
	place->begin = word->begin;
	place->end = (size_t)word->begin + word->length;
}

static void set_line(struct view_place *place, unsigned line)
{
	size_t length;
	const char *text = text_line(place->file->text, line, &length);
	size_t indent = 0;

	while (indent < length && g_ascii_isspace(text[indent]))
		indent++;
	place->begin = (size_t)(text - place->file->text->bytes) + indent;
	place->end = (size_t)(text - place->file->text->bytes) + length;
}

/* Finds the word in the lines [first, last], which count from 0. */
static bool find_in_lines(struct view_place *place, unsigned first, unsigned last, const char *word,
			  bool is_member)
{
	for (unsigned line = first; line <= last && line < text_lines(place->file->text); line++) {
		const struct word *found =
			text_find_in_line(place->file->text, line, word, is_member);

		if (found) {
			set_word(place, found);
			return true;
		}
	}
	return false;
}

/* Finds the word of that name that is nearest to a line. */
static bool find_nearest(struct view_place *place, unsigned line, const char *name)
{
	const GArray *words = text_words(place->file->text);
	size_t start = text_start(place->file->text, line), best = G_MAXSIZE;

	for (guint i = 0; i < words->len; i++) {
		const struct word *word = &g_array_index(words, struct word, i);
		size_t distance = word->begin > start ? word->begin - start : start - word->begin;

		if (distance < best && text_word_is(place->file->text, word, name)) {
			best = distance;
			set_word(place, word);
		}
	}
	return best != G_MAXSIZE;
}

/* Finds the word, or the line, in the analysed text. */
static bool locate_original(const struct view *view, const char *name, unsigned line,
			    const char *word, bool is_member, struct view_place *place)
{
	g_autofree char *path = workspace_original(view->workspace, name);

	place->file = files_get(view->files, path);
	if (!place->file)
		return false;
	if (!find_in_lines(place, line - 1, line - 1 + VIEW_SPAN, word, is_member))
		set_line(place, MIN(line - 1, text_lines(place->file->text) - 1));
	return true;
}

bool view_locate(const struct view *view, const char *name, unsigned line, const char *word,
		 bool is_member, struct view_place *place)
{
	const struct map *map;
	struct map_lines lines = { line, line, true };
	unsigned first;

	place->file = line ? files_get_name(view->files, name) : NULL;
	if (!place->file)
		return false;
	if (files_map(view->files, place->file, &map))
		lines = map_to_new(map, line);
	first = lines.first ? lines.first - 1 : 0;
	if (lines.first <= lines.last &&
	    find_in_lines(place, first, lines.is_exact ? first : lines.last - 1, word, is_member))
		return true;
	/* removed by the extraction: vmlinux's file still has it */
	if (!lines.is_exact && view->workspace->is_extracted)
		return locate_original(view, name, line, word, is_member, place);
	if (lines.is_exact && find_in_lines(place, first, first + VIEW_SPAN, word, is_member))
		return true;
	if (!lines.is_exact && find_nearest(place, first, word))
		return true;
	set_line(place, MIN(first, text_lines(place->file->text) - 1));
	return true;
}

/* True if the last line of the function's body is in the text. */
static bool has_body(const struct view *view, struct file *file, const struct graph_function *f)
{
	const struct map *map;

	return f->end_line <= f->node.line || !files_map(view->files, file, &map) ||
	       map_to_new(map, f->end_line).is_exact;
}

bool view_locate_body(const struct view *view, const struct graph_node *node,
		      struct view_place *place)
{
	const struct graph_function *f = graph_as_function((struct graph_node *)node);
	struct view_place original;

	if (!view_locate_node(view, node, place))
		return false;
	if (f && view->workspace->is_extracted && !has_body(view, place->file, f) &&
	    node->class == GRAPH_EXTERNAL &&
	    locate_original(view, node->file, node->line, node->name, false, &original))
		*place = original;
	return true;
}

bool view_locate_node(const struct view *view, const struct graph_node *node,
		      struct view_place *place)
{
	return view_locate(view, node->file, node->line, graph_word(node), false, place);
}

/* Searches the text for the record, because a report has no line for it. */
bool view_locate_record(const struct view *view, const struct graph_record *record,
			struct view_place *place)
{
	const char *dot = strrchr(record->name, '.'), *name = dot ? dot + 1 : record->name;
	const GArray *words;

	place->file = files_get_name(view->files, record->file);
	if (!place->file)
		return false;
	words = text_words(place->file->text);
	for (guint i = 0; i < words->len; i++) {
		const struct word *word = &g_array_index(words, struct word, i);

		if (word->is_tag && word->is_opened &&
		    text_word_is(place->file->text, word, name)) {
			set_word(place, word);
			return true;
		}
	}
	return record->members->len &&
	       view_locate_node(view, g_ptr_array_index(record->members, 0), place);
}
