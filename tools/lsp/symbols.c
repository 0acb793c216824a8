// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report's entries as symbols: those of a document, and those of the
 * workspace that match a query.
 */
#include "tools/lsp/describe.h"
#include "tools/lsp/methods.h"
#include "tools/lsp/params.h"

#include <string.h>

#define SYMBOLS_MAX 128 /* most symbols of the workspace */

/* The protocol's SymbolKind. */
enum kind {
	KIND_FIELD = 8,
	KIND_FUNCTION = 12,
	KIND_VARIABLE = 13,
	KIND_STRUCT = 23,
};

static enum kind kind_of(const struct graph_node *node)
{
	return node->kind == GRAPH_FUNCTION   ? KIND_FUNCTION
	       : node->kind == GRAPH_VARIABLE ? KIND_VARIABLE
					      : KIND_FIELD;
}

/* --- of a document */

struct outline {
	struct server *server;
	struct file *file;
	const char *uri;
	cJSON *list; /* that of the innermost symbol */
	const char *container;
};

/*
 * Adds a symbol in the form that the client supports. Returns the list for its children. `end` is
 * the end of its range.
 */
static cJSON *add_symbol(struct outline *outline, const char *name, const char *detail,
			 enum kind kind, const struct view_place *place, size_t end)
{
	cJSON *symbol = cJSON_CreateObject(), *location;
	struct server *server = outline->server;

	cJSON_AddItemToArray(outline->list, symbol);
	cJSON_AddStringToObject(symbol, "name", name);
	cJSON_AddNumberToObject(symbol, "kind", kind);
	if (!server->client.has_hierarchical_symbols) {
		location = cJSON_AddObjectToObject(symbol, "location");
		cJSON_AddStringToObject(location, "uri", outline->uri);
		cJSON_AddItemToObject(location, "range",
				      result_range(server, outline->file->text, place->begin, end));
		if (outline->container)
			cJSON_AddStringToObject(symbol, "containerName", outline->container);
		return outline->list;
	}
	cJSON_AddStringToObject(symbol, "detail", detail);
	cJSON_AddItemToObject(symbol, "range",
			      result_range(server, outline->file->text, place->begin, end));
	cJSON_AddItemToObject(symbol, "selectionRange",
			      result_range(server, outline->file->text, place->begin, place->end));
	return cJSON_AddArrayToObject(symbol, "children");
}

/* The end of a function's body in the text. */
static size_t end_of(const struct outline *outline, const struct graph_node *node,
		     const struct view_place *place)
{
	unsigned line, end_line = node->kind == GRAPH_FUNCTION
					  ? ((const struct graph_function *)node)->end_line
					  : 0;
	size_t length;
	const char *text;

	if (end_line <= node->line ||
	    !view_line(&outline->server->view, outline->file, end_line, &line))
		return place->end;
	text = text_line(outline->file->text, line, &length);
	return MAX((size_t)(text - outline->file->text->bytes) + length, place->end);
}

static void add_node(struct outline *outline, struct graph_node *node)
{
	g_autofree char *class = describe_class(node),
			*detail = g_strdup_printf("%s · %s", class, graph_type(node));
	struct view_place place;

	if (view_locate_node(&outline->server->view, node, &place) && place.file == outline->file)
		add_symbol(outline, graph_word(node), detail, kind_of(node), &place,
			   end_of(outline, node, &place));
}

/* The end of the last of the record's members that the report has, at least `end`. */
static size_t end_of_members(const struct outline *outline, const struct graph_record *record,
			     size_t end)
{
	struct view_place place;

	for (guint i = 0; i < record->members->len; i++)
		if (view_locate_node(&outline->server->view, g_ptr_array_index(record->members, i),
				     &place) &&
		    place.file == outline->file)
			end = MAX(end, place.end);
	return end;
}

static void add_record(struct outline *outline, const struct graph_record *record)
{
	g_autofree char *detail =
		g_strdup_printf("%s · %u bytes", graph_class_name(record->class), record->size);
	struct outline inner = *outline;
	struct view_place place;

	if (!view_locate_record(&outline->server->view, record, &place) ||
	    place.file != outline->file)
		return;
	inner.list = add_symbol(outline, record->name, detail, KIND_STRUCT, &place,
				end_of_members(outline, record, place.end));
	inner.container = record->name;
	for (guint i = 0; i < record->members->len; i++)
		add_node(&inner, g_ptr_array_index(record->members, i));
}

cJSON *method_document_symbol(struct server *server, const cJSON *params, GError **error)
{
	struct outline outline = { .server = server, .file = params_file(server, params, error) };
	const struct graph_index_file *known =
		outline.file ? view_file(&server->view, outline.file) : NULL;

	if (!outline.file)
		return NULL;
	outline.uri = outline.file->uri;
	outline.list = cJSON_CreateArray();
	for (guint i = 0; known && i < known->records->len; i++)
		add_record(&outline, g_ptr_array_index(known->records, i));
	for (guint i = 0; known && i < known->nodes->len; i++) {
		struct graph_node *node = g_ptr_array_index(known->nodes, i);

		if (node->kind != GRAPH_MEMBER)
			add_node(&outline, node);
	}
	return outline.list;
}

/* --- of the workspace */

struct match {
	struct graph_node *node;
	unsigned score; /* the lower the better */
};

/*
 * How far a name is from a query. The letters of the query must be in the name in the same order,
 * in any case; else G_MAXUINT. Gaps, a late start and a longer name make the score worse.
 */
static unsigned score_name(const char *name, const char *query)
{
	unsigned gaps = 0, at = 0, length = (unsigned)strlen(name);
	const char *begin = NULL, *last = NULL;

	for (; *query; query++, last = name + at, at++) {
		while (name[at] && g_ascii_tolower(name[at]) != g_ascii_tolower(*query))
			at++;
		if (!name[at])
			return G_MAXUINT;
		if (!begin)
			begin = name + at;
		gaps += last && last + 1 != name + at;
	}
	return gaps * 1000 + (begin ? (unsigned)MIN(begin - name, 9) * 100 : 0) + MIN(length, 99);
}

static gint compare_matches(gconstpointer left, gconstpointer right)
{
	const struct match *l = left, *r = right;

	if (l->node->is_scheduler != r->node->is_scheduler)
		return l->node->is_scheduler ? -1 : 1;
	if (l->score != r->score)
		return l->score < r->score ? -1 : 1;
	return strcmp(l->node->id, r->node->id);
}

/* Compares a query with the member's name, or, if the query has a dot, with RECORD.MEMBER. */
static unsigned score_node(const struct graph_node *node, const char *query)
{
	return strchr(query, '.') ? score_name(node->name, query)
				  : score_name(graph_word(node), query);
}

static void add_matches(GArray *matches, const GPtrArray *nodes, const char *query)
{
	for (guint i = 0; i < nodes->len; i++) {
		struct match match = { g_ptr_array_index(nodes, i), 0 };

		match.score = score_node(match.node, query);
		if (match.score != G_MAXUINT)
			g_array_append_val(matches, match);
	}
}

static void add_workspace_symbol(struct server *server, cJSON *list, const struct graph_node *node)
{
	g_autofree char *class = describe_class(node),
			*container = g_strdup_printf("%s · %s", class, node->file);
	struct view_place place;
	cJSON *symbol;

	if (!view_locate_node(&server->view, node, &place))
		return;
	symbol = cJSON_CreateObject();
	cJSON_AddStringToObject(symbol, "name", node->name);
	cJSON_AddNumberToObject(symbol, "kind", kind_of(node));
	cJSON_AddStringToObject(symbol, "containerName", container);
	cJSON_AddItemToObject(symbol, "location", result_location(server, &place));
	cJSON_AddItemToArray(list, symbol);
}

cJSON *method_workspace_symbol(struct server *server, const cJSON *params, GError **error)
{
	const char *query = params_string(params, "query");
	const struct graph_index *index = server->view.index;
	g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(struct match));
	cJSON *list;

	if (!query) {
		g_set_error(error, RPC_ERROR, RPC_INVALID_PARAMS,
			    "query is missing or not a string");
		return NULL;
	}
	if (index) {
		add_matches(matches, index->graph->functions, query);
		add_matches(matches, index->graph->variables, query);
		add_matches(matches, index->graph->members, query);
	}
	g_array_sort(matches, compare_matches);
	list = cJSON_CreateArray();
	for (guint i = 0; i < matches->len && i < SYMBOLS_MAX; i++)
		add_workspace_symbol(server, list, g_array_index(matches, struct match, i).node);
	return list;
}
