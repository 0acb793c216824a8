// SPDX-License-Identifier: GPL-2.0-only
/* Hover, definition and references. */
#include "tools/lsp/describe.h"
#include "tools/lsp/methods.h"
#include "tools/lsp/params.h"

/*
 * Finds what is at a request's position. False with `error`, or without one if the report has
 * nothing about it.
 */
static bool find_at(struct server *server, const cJSON *params, struct file **file,
		    struct view_found *found, GError **error)
{
	size_t offset;

	*file = params_file(server, params, error);
	if (!*file || !params_offset(server, *file, params, "position", &offset, error))
		return false;
	if (view_find(&server->view, *file, offset, found))
		return true;
	view_found_clear(found);
	return false;
}

/* The result if find_at() found nothing: null, or the fault, which is taken over. */
static cJSON *no_result(GError *fault, GError **error)
{
	if (!fault)
		return result_null();
	g_propagate_error(error, fault);
	return NULL;
}

cJSON *method_hover(struct server *server, const cJSON *params, GError **error)
{
	struct view_found found = { 0 };
	struct file *file;
	GError *fault = NULL;
	cJSON *result, *contents;
	g_autofree char *markdown = NULL, *plain = NULL;

	if (!find_at(server, params, &file, &found, &fault))
		return no_result(fault, error);
	markdown = describe_found(&server->view, &found);
	plain = server->client.has_markdown ? NULL : describe_plain(markdown);
	result = cJSON_CreateObject();
	contents = cJSON_AddObjectToObject(result, "contents");
	cJSON_AddStringToObject(contents, "kind", plain ? "plaintext" : "markdown");
	cJSON_AddStringToObject(contents, "value", plain ? plain : markdown);
	cJSON_AddItemToObject(result, "range",
			      result_range(server, file->text, found.word->begin,
					   (size_t)found.word->begin + found.word->length));
	view_found_clear(&found);
	return result;
}

static void add_location(struct server *server, cJSON *list, const struct view_place *place)
{
	cJSON *location = result_location(server, place);
	const cJSON *each;

	cJSON_ArrayForEach(each, list)
		if (cJSON_Compare(each, location, true)) {
			cJSON_Delete(location);
			return;
		}
	cJSON_AddItemToArray(list, location);
}

static void add_definitions(struct server *server, const struct view_found *found, cJSON *list)
{
	struct view_place place;

	for (guint i = 0; i < found->nodes->len; i++)
		if (view_locate_body(&server->view, g_ptr_array_index(found->nodes, i), &place))
			add_location(server, list, &place);
	for (guint i = 0; i < found->records->len; i++)
		if (view_locate_record(&server->view, g_ptr_array_index(found->records, i), &place))
			add_location(server, list, &place);
}

cJSON *method_definition(struct server *server, const cJSON *params, GError **error)
{
	struct view_found found = { 0 };
	struct file *file;
	GError *fault = NULL;
	cJSON *list;

	if (!find_at(server, params, &file, &found, &fault))
		return no_result(fault, error);
	list = cJSON_CreateArray();
	add_definitions(server, &found, list);
	view_found_clear(&found);
	return list;
}

/* --- references */

/* The places found so far. Each is listed once, however many uses it has. */
struct places {
	struct server *server;
	cJSON *list;
	GHashTable *known; /* "FILE:BEGIN" */
};

static void add_place(struct places *places, const char *file, unsigned line,
		      const struct graph_node *node)
{
	struct view_place place;
	char *key;

	if (!view_locate(&places->server->view, file, line, graph_word(node),
			 node->kind == GRAPH_MEMBER, &place))
		return;
	key = g_strdup_printf("%zu %s", place.begin, place.file->uri);
	if (g_hash_table_add(places->known, key))
		cJSON_AddItemToArray(places->list, result_location(places->server, &place));
}

/*
 * Adds the uses of a node. A call through a member or variable is where that
 * member or variable is read.
 */
static void add_uses(struct places *places, struct graph_node *node)
{
	g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(struct walk_step));

	walk_to(places->server->view.walk, node, steps);
	for (guint i = 0; i < steps->len; i++) {
		const struct walk_step *step = &g_array_index(steps, struct walk_step, i);

		if (step->kind == WALK_USE)
			add_place(places, step->use->file, step->use->line, node);
		else if (step->kind == WALK_SITE && step->site->through->len)
			add_place(places, step->site->file, step->site->line,
				  g_ptr_array_index(step->site->through, 0));
		else if (step->kind == WALK_SITE)
			add_place(places, step->site->file, step->site->line, node);
	}
}

cJSON *method_references(struct server *server, const cJSON *params, GError **error)
{
	struct view_found found = { 0 };
	struct file *file;
	GError *fault = NULL;
	struct places places = { .server = server };

	if (!find_at(server, params, &file, &found, &fault))
		return no_result(fault, error);
	places.list = cJSON_CreateArray();
	places.known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (params_bool(params_get(params, "context", "includeDeclaration", NULL)))
		add_definitions(server, &found, places.list);
	for (guint i = 0; i < found.nodes->len; i++)
		add_uses(&places, g_ptr_array_index(found.nodes, i));
	g_hash_table_destroy(places.known);
	view_found_clear(&found);
	return places.list;
}
