// SPDX-License-Identifier: GPL-2.0-only
/*
 * The call hierarchy, including indirect calls.
 *
 * Indirect calls are entries of their own, even if the same function also makes a direct call: the
 * entry's detail says that the function may call, and through what.
 */
#include "tools/lsp/describe.h"
#include "tools/lsp/methods.h"
#include "tools/lsp/params.h"

#include <string.h>

#define KIND_FUNCTION 12 /* of the protocol's SymbolKind */

/*
 * A CallHierarchyItem; `how` (may be "") goes before the class. NULL if the
 * node's file cannot be read.
 */
static cJSON *make_item(struct server *server, struct graph_node *node, const char *how)
{
	g_autofree char *class = describe_class(node), *detail = NULL;
	struct view_place place;
	cJSON *item;

	if (!view_locate_body(&server->view, node, &place))
		return NULL;
	detail = g_strdup_printf("%s%s%s · %s", how, *how ? " · " : "", class, node->file);
	item = cJSON_CreateObject();
	cJSON_AddStringToObject(item, "name", node->name);
	cJSON_AddNumberToObject(item, "kind", KIND_FUNCTION);
	cJSON_AddStringToObject(item, "detail", detail);
	cJSON_AddStringToObject(item, "uri", place.file->uri);
	cJSON_AddItemToObject(item, "range",
			      result_range(server, place.file->text, place.begin, place.end));
	cJSON_AddItemToObject(item, "selectionRange",
			      result_range(server, place.file->text, place.begin, place.end));
	cJSON_AddStringToObject(item, "data", node->id);
	return item;
}

cJSON *method_prepare_calls(struct server *server, const cJSON *params, GError **error)
{
	struct file *file = params_file(server, params, error);
	struct view_found found = { 0 };
	size_t offset;
	cJSON *list, *item;

	if (!file || !params_offset(server, file, params, "position", &offset, error))
		return NULL;
	list = cJSON_CreateArray();
	view_find(&server->view, file, offset, &found);
	for (guint i = 0; found.nodes && i < found.nodes->len; i++) {
		struct graph_node *node = g_ptr_array_index(found.nodes, i);

		item = node->kind == GRAPH_FUNCTION ? make_item(server, node, "") : NULL;
		if (item)
			cJSON_AddItemToArray(list, item);
	}
	view_found_clear(&found);
	if (cJSON_GetArraySize(list))
		return list;
	cJSON_Delete(list);
	return result_null();
}

/* The function that one of our items stands for; NULL with `error` if there is none. */
static struct graph_node *node_of_item(struct server *server, const cJSON *params, GError **error)
{
	const char *id = params_string(params_get(params, "item", NULL), "data");
	struct graph_node *node =
		id && server->view.index ? graph_index_id(server->view.index, id) : NULL;

	if (!node)
		g_set_error(error, RPC_ERROR, RPC_INVALID_PARAMS,
			    id ? "the report has no %s; ask for the call hierarchy again"
			       : "%s is not an item of this server",
			    id ? id : "item.data");
	return node;
}

/* "indirect, may call (sched_class.pick_task)"; "" for a direct call. For g_free(). */
static char *how_of(const struct walk_step *step)
{
	g_autofree char *detail = step->kind == WALK_SITE ? walk_detail(step) : NULL;

	return detail ? g_strdup_printf("indirect, may call (%s)", detail) : g_strdup("");
}

/* The calls between the same two functions in the same way. */
struct hierarchy_branch {
	struct graph_node *other;
	char *how;
	cJSON *ranges;
};

struct hierarchy {
	struct server *server;
	GArray *branches; /* struct hierarchy_branch, in the order of the steps */
	bool is_incoming;
};

static struct hierarchy_branch *branch_of(struct hierarchy *h, struct graph_node *other,
					  const struct walk_step *step)
{
	struct hierarchy_branch made = { other, how_of(step), NULL };

	for (guint i = 0; i < h->branches->len; i++) {
		struct hierarchy_branch *branch =
			&g_array_index(h->branches, struct hierarchy_branch, i);

		if (branch->other == other && strcmp(branch->how, made.how) == 0) {
			g_free(made.how);
			return branch;
		}
	}
	made.ranges = cJSON_CreateArray();
	g_array_append_val(h->branches, made);
	return &g_array_index(h->branches, struct hierarchy_branch, h->branches->len - 1);
}

/* The name in the source at the call: the callee's, or what an indirect call goes through. */
static const struct graph_node *named_at(const struct walk_step *step)
{
	if (step->kind == WALK_SITE && step->site->through->len)
		return g_ptr_array_index(step->site->through, 0);
	return step->to;
}

static void add_call(struct hierarchy *h, const struct walk_step *step)
{
	const char *file = step->use ? step->use->file : step->site->file;
	unsigned line = step->use ? step->use->line : step->site->line;
	const struct graph_node *named = named_at(step);
	struct hierarchy_branch *branch =
		branch_of(h, h->is_incoming ? step->from : step->to, step);
	struct view_place place, body;

	/* the ranges must be in the caller's file */
	if (view_locate_body(&h->server->view, step->from, &body) &&
	    view_locate(&h->server->view, file, line, graph_word(named),
			named->kind == GRAPH_MEMBER, &place) &&
	    place.file == body.file)
		cJSON_AddItemToArray(branch->ranges, result_range(h->server, place.file->text,
								  place.begin, place.end));
}

/* Adds the branch to the result as the protocol wants it; takes over its parts. */
static void finish_branch(const struct hierarchy *h, struct hierarchy_branch *branch, cJSON *list)
{
	cJSON *item = make_item(h->server, branch->other, branch->how), *call;

	g_free(branch->how);
	if (!item) {
		cJSON_Delete(branch->ranges);
		return;
	}
	call = cJSON_CreateObject();
	cJSON_AddItemToObject(call, h->is_incoming ? "from" : "to", item);
	cJSON_AddItemToObject(call, "fromRanges", branch->ranges);
	cJSON_AddItemToArray(list, call);
}

static cJSON *answer_calls(struct server *server, const cJSON *params, bool is_incoming,
			   GError **error)
{
	struct graph_node *node = node_of_item(server, params, error);
	struct hierarchy h = { .server = server, .is_incoming = is_incoming };
	g_autoptr(GArray) steps = NULL;
	cJSON *list;

	if (!node)
		return NULL;
	steps = g_array_new(FALSE, FALSE, sizeof(struct walk_step));
	h.branches = g_array_new(FALSE, FALSE, sizeof(struct hierarchy_branch));
	(is_incoming ? walk_to : walk_from)(server->view.walk, node, steps);
	for (guint i = 0; i < steps->len; i++) {
		const struct walk_step *step = &g_array_index(steps, struct walk_step, i);

		if (walk_is_call(step) && step->from && step->to)
			add_call(&h, step);
	}
	list = cJSON_CreateArray();
	for (guint i = 0; i < h.branches->len; i++)
		finish_branch(&h, &g_array_index(h.branches, struct hierarchy_branch, i), list);
	g_array_unref(h.branches);
	return list;
}

cJSON *method_incoming_calls(struct server *server, const cJSON *params, GError **error)
{
	return answer_calls(server, params, true, error);
}

cJSON *method_outgoing_calls(struct server *server, const cJSON *params, GError **error)
{
	return answer_calls(server, params, false, error);
}
