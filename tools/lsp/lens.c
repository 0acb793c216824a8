// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is shown in the text without a request of the user: lenses above functions, and hints at
 * calls and members.
 *
 * These are hints and not semantic tokens, because clangd already colours every word, and the
 * tokens of two servers for one word would hide each other.
 */
#include "tools/lsp/census.h"
#include "tools/lsp/describe.h"
#include "tools/lsp/methods.h"
#include "tools/lsp/params.h"

#include <string.h>

/* --- lenses */

/*
 * If a macro defines several functions in one line, the lens describes the one that vmlinux enters.
 */
static bool is_better(const struct graph_function *f, const struct graph_function *than)
{
	return !than || (than->node.class != GRAPH_INTERFACE && f->node.class == GRAPH_INTERFACE);
}

/* False if the name is not in the text because a macro made it. */
static bool is_named(const struct view_place *place, const char *name)
{
	return strlen(name) == place->end - place->begin &&
	       memcmp(place->file->text->bytes + place->begin, name, strlen(name)) == 0;
}

/*
 * True if the place is the function's own line: a function that was deleted or
 * extracted away has no lens.
 */
static bool is_there(const struct server *server, const struct view_place *place,
		     const struct graph_node *node)
{
	struct map_lines lines = view_old_lines(&server->view, place->file,
						text_line_of(place->file->text, place->begin));

	return lines.first <= node->line + VIEW_SPAN && node->line <= lines.last;
}

static void add_command(const struct server *server, cJSON *lens, const char *title,
			const struct view_place *place)
{
	cJSON *command = cJSON_AddObjectToObject(lens, "command"), *arguments;
	const char *name = server->client.show_references;

	cJSON_AddStringToObject(command, "title", title);
	cJSON_AddStringToObject(command, "command", name ? name : "");
	if (!name)
		return;
	arguments = cJSON_AddArrayToObject(command, "arguments");
	cJSON_AddItemToArray(arguments, cJSON_CreateString(place->file->uri));
	cJSON_AddItemToArray(arguments, result_position(server, place->file->text, place->begin));
}

static void add_lens(struct server *server, cJSON *list, const struct file *file,
		     struct graph_function *f)
{
	struct view_place place;
	struct census census;
	g_autofree char *class = describe_class(&f->node), *phrase = NULL, *title = NULL;
	bool is_plain;
	cJSON *lens;

	if (!view_locate_node(&server->view, &f->node, &place) || place.file != file ||
	    !is_there(server, &place, &f->node))
		return;
	census_take(&census, server->view.walk, &f->node);
	phrase = census_phrase(&census, "caller");
	is_plain = is_named(&place, f->node.name);
	title = g_strdup_printf("%s%s%s · %s", is_plain ? "" : f->node.name, is_plain ? "" : ": ",
				class, phrase);
	lens = cJSON_CreateObject();
	cJSON_AddItemToObject(lens, "range",
			      result_range(server, place.file->text, place.begin, place.end));
	add_command(server, lens, title, &place);
	cJSON_AddItemToArray(list, lens);
	census_clear(&census);
}

cJSON *method_code_lens(struct server *server, const cJSON *params, GError **error)
{
	struct file *file = params_file(server, params, error);
	const struct graph_index_file *known = file ? view_file(&server->view, file) : NULL;
	cJSON *list;

	if (!file)
		return NULL;
	list = cJSON_CreateArray();
	for (guint i = 0, next; known && i < known->nodes->len; i = next) {
		const struct graph_node *first = g_ptr_array_index(known->nodes, i);
		struct graph_function *best = NULL;

		for (next = i; next < known->nodes->len; next++) {
			struct graph_node *node = g_ptr_array_index(known->nodes, next);
			struct graph_function *f = graph_as_function(node);

			if (node->line != first->line)
				break;
			if (f && f->is_defined && node->is_scheduler && is_better(f, best))
				best = f;
		}
		if (best)
			add_lens(server, list, file, best);
	}
	return list;
}

/* --- hints */

struct hints {
	struct server *server;
	struct file *file;
	size_t begin, end; /* the requested range */
	cJSON *list;
};

static void add_hint(struct hints *hints, size_t offset, const char *label, const char *tooltip)
{
	cJSON *hint;

	if (offset < hints->begin || offset > hints->end)
		return;
	hint = cJSON_CreateObject();
	cJSON_AddItemToObject(hint, "position",
			      result_position(hints->server, hints->file->text, offset));
	cJSON_AddStringToObject(hint, "label", label);
	cJSON_AddStringToObject(hint, "tooltip", tooltip);
	cJSON_AddTrueToObject(hint, "paddingLeft");
	cJSON_AddItemToArray(hints->list, hint);
}

static bool is_in_module(const struct graph_node *node)
{
	return node->kind == GRAPH_FUNCTION && node->is_scheduler && node->class != GRAPH_EXTERNAL;
}

/*
 * True if a call to the function goes to vmlinux. What a header defines is
 * compiled into the module too.
 */
static bool is_called_in_vmlinux(const struct graph_node *node)
{
	return node->kind == GRAPH_FUNCTION && node->class == GRAPH_EXTERNAL &&
	       !g_str_has_suffix(node->file, ".h");
}

/* The boundary that a call crosses; NULL if it crosses none. */
static const char *crossing(const struct graph_use *use)
{
	if (is_in_module(use->from) && is_called_in_vmlinux(use->to))
		return "→ vmlinux";
	return is_called_in_vmlinux(use->from) && is_in_module(use->to) ? "→ module" : NULL;
}

static void hint_call(struct hints *hints, unsigned line, const struct graph_use *use)
{
	const char *label = crossing(use);
	const struct word *word =
		label ? text_find_in_line(hints->file->text, line, use->to->name, false) : NULL;
	g_autofree char *tooltip = NULL;

	if (!word)
		return;
	tooltip = g_strdup_printf("%s (%s) calls %s (%s): %s", use->from->name,
				  graph_class_name(use->from->class), use->to->name,
				  graph_class_name(use->to->class), use->to->why);
	add_hint(hints, (size_t)word->begin + word->length, label, tooltip);
}

static void hint_member(struct hints *hints, unsigned line, const struct graph_node *node)
{
	const struct word *word =
		text_find_in_line(hints->file->text, line, graph_word(node), false);
	const char *end = word ? memchr(hints->file->text->bytes + word->begin, ';',
					text_start(hints->file->text, line + 1) - word->begin)
			       : NULL;

	if (word)
		add_hint(hints,
			 end ? (size_t)(end + 1 - hints->file->text->bytes)
			     : (size_t)word->begin + word->length,
			 graph_class_name(node->class), node->why);
}

/*
 * Adds the hints for the uses and members in a line. A changed line gets none, because nothing is
 * certain about it.
 */
static void hint_line(struct hints *hints, const struct graph_index_file *known, unsigned line)
{
	struct map_lines lines = view_old_lines(&hints->server->view, hints->file, line);

	if (!lines.is_exact)
		return;
	for (guint i = graph_index_first_use(known, lines.first); i < known->uses->len; i++) {
		const struct graph_use *use = g_ptr_array_index(known->uses, i);

		if (use->line != lines.first)
			break;
		if (use->kind == GRAPH_CALL)
			hint_call(hints, line, use);
	}
	for (guint i = graph_index_first_node(known, lines.first); i < known->nodes->len; i++) {
		const struct graph_node *node = g_ptr_array_index(known->nodes, i);

		if (node->line != lines.first)
			break;
		if (node->kind == GRAPH_MEMBER)
			hint_member(hints, line, node);
	}
}

cJSON *method_inlay_hint(struct server *server, const cJSON *params, GError **error)
{
	struct hints hints = { .server = server, .file = params_file(server, params, error) };
	const cJSON *range = params_get(params, "range", NULL);
	const struct graph_index_file *known =
		hints.file ? view_file(&server->view, hints.file) : NULL;

	if (!hints.file ||
	    !params_offset(server, hints.file, range, "start", &hints.begin, error) ||
	    !params_offset(server, hints.file, range, "end", &hints.end, error))
		return NULL;
	hints.list = cJSON_CreateArray();
	for (unsigned line = text_line_of(hints.file->text, hints.begin);
	     known && line <= text_line_of(hints.file->text, hints.end); line++)
		hint_line(&hints, known, line);
	return hints.list;
}
