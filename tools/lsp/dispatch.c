// SPDX-License-Identifier: GPL-2.0-only
/* Decides what a message is, whether it is allowed now, and who answers it. */
#include "tools/lsp/params.h"

#include <string.h>

/* True if the value may be the id of a request. */
static bool is_id(const cJSON *id)
{
	return cJSON_IsString(id) || cJSON_IsNumber(id);
}

static void send_result(struct server *server, const cJSON *id, cJSON *result)
{
	cJSON *answer = cJSON_CreateObject();

	cJSON_AddStringToObject(answer, "jsonrpc", "2.0");
	cJSON_AddItemToObject(answer, "id", cJSON_Duplicate(id, true));
	cJSON_AddItemToObject(answer, "result", result);
	server_send(server, answer);
}

/* The error code if a request is not allowed now; 0 if it is. `message` says why. */
static int refusal(const struct server *server, const char *method, const char **message)
{
	bool is_initialize = strcmp(method, "initialize") == 0;

	if (server->state == SERVER_NEW && !is_initialize) {
		*message = "the first request must be initialize";
		return RPC_SERVER_NOT_INITIALIZED;
	}
	if (server->state == SERVER_RUNNING && is_initialize) {
		*message = "initialize may be sent once only";
		return RPC_INVALID_REQUEST;
	}
	if (server->state == SERVER_SHUT_DOWN || server->state == SERVER_ENDED) {
		*message = "the server was shut down: only exit may follow";
		return RPC_INVALID_REQUEST;
	}
	return 0;
}

static void handle_request(struct server *server, const cJSON *id, const char *method,
			   const cJSON *params)
{
	const char *message = NULL;
	int code = refusal(server, method, &message);
	server_answer answer = server_find_method(method, true);
	g_autoptr(GError) error = NULL;
	g_autofree char *unknown = NULL;
	cJSON *result;

	if (!code && !answer) {
		code = RPC_METHOD_NOT_FOUND;
		message = unknown =
			g_strdup_printf("%s is not a request that this server knows", method);
	}
	if (code) {
		server_fail(server, id, code, message);
		return;
	}
	result = answer(server, params, &error);
	if (result)
		send_result(server, id, result);
	else
		server_fail(server, id, error ? error->code : RPC_INTERNAL_ERROR,
			    error ? error->message : "no result");
}

static void handle_notification(struct server *server, const char *method, const cJSON *params)
{
	server_answer answer = server_find_method(method, false);
	g_autoptr(GError) error = NULL;
	cJSON *result;

	if (strcmp(method, "exit") == 0) {
		server_end(server);
		return;
	}
	if (server->state != SERVER_RUNNING || !answer)
		return;
	result = answer(server, params, &error);
	cJSON_Delete(result);
	if (error)
		server_log(server, SERVER_MESSAGE_ERROR, "%s: %s", method, error->message);
}

/* Handles a client's answer to a request of the server. Only an error is of interest. */
static void handle_response(struct server *server, const cJSON *message)
{
	const char *text = params_string(params_get(message, "error", NULL), "message");

	if (text && server->options.log)
		server->options.log(server->options.data, text);
}

static void handle_one(struct server *server, const cJSON *message)
{
	const cJSON *id = cJSON_GetObjectItemCaseSensitive(message, "id");
	const cJSON *params = cJSON_GetObjectItemCaseSensitive(message, "params");
	const char *method = params_string(message, "method");

	if (!cJSON_IsObject(message) || g_strcmp0(params_string(message, "jsonrpc"), "2.0") != 0)
		server_fail(server, is_id(id) ? id : NULL, RPC_INVALID_REQUEST,
			    "a message is an object with \"jsonrpc\": \"2.0\"");
	else if (!method &&
		 (cJSON_HasObjectItem(message, "result") || cJSON_HasObjectItem(message, "error")))
		handle_response(server, message);
	else if (!method || (id && !is_id(id)))
		server_fail(server, is_id(id) ? id : NULL, RPC_INVALID_REQUEST,
			    "a method and a valid id are needed");
	else if (params && !cJSON_IsObject(params) && !cJSON_IsArray(params) &&
		 !cJSON_IsNull(params))
		server_fail(server, id, RPC_INVALID_REQUEST,
			    "params must be an object or an array");
	else if (id)
		handle_request(server, id, method, params);
	else
		handle_notification(server, method, params);
}

/* Handles several messages in an array. Their answers are sent together in one array. */
static void handle_batch(struct server *server, const cJSON *messages)
{
	g_autoptr(GPtrArray) answers = g_ptr_array_new();
	const cJSON *message;
	cJSON *out;

	server->batch = answers;
	cJSON_ArrayForEach(message, messages)
		handle_one(server, message);
	server->batch = NULL;
	if (!answers->len)
		return;
	out = cJSON_CreateArray();
	for (guint i = 0; i < answers->len; i++)
		cJSON_AddItemToArray(out, g_ptr_array_index(answers, i));
	server_send(server, out);
}

void server_handle(struct server *server, cJSON *message)
{
	if (!cJSON_IsArray(message))
		handle_one(server, message);
	else if (cJSON_GetArraySize(message))
		handle_batch(server, message);
	else
		server_fail(server, NULL, RPC_INVALID_REQUEST, "an empty batch");
	cJSON_Delete(message);
}
