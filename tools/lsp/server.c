// SPDX-License-Identifier: GPL-2.0-only
/* The server's life cycle, and how it sends to the client. */
#include "tools/lsp/server.h"

#include "tools/lsp/checker.h"

#include <string.h>

static void take_body(void *data, const char *body, size_t length);
static void take_fault(void *data, bool is_parse, const char *message);

struct server *server_new(const struct server_options *options)
{
	struct server *server = g_new0(struct server, 1);

	server->options = *options;
	server->options.report = g_strdup(options->report);
	server->options.kernel = g_strdup(options->kernel);
	server->options.lint = g_strdup(options->lint);
	server->framing = framing_new(SERVER_MESSAGE_MAX, take_body, take_fault, server);
	server->queue = g_queue_new();
	server->encoding = TEXT_UTF16;
	server->checker = checker_new(server);
	return server;
}

static void free_message(gpointer message)
{
	cJSON_Delete(message);
}

void server_free(struct server *server)
{
	if (!server)
		return;
	checker_free(server->checker);
	framing_free(server->framing);
	g_queue_free_full(server->queue, free_message);
	graph_index_free(server->view.index);
	walk_free(server->view.walk);
	emit_read_free(server->report);
	files_free(server->view.files);
	workspace_free(server->view.workspace);
	g_free((char *)server->options.report);
	g_free((char *)server->options.kernel);
	g_free((char *)server->options.lint);
	g_free(server->client.show_references);
	g_free(server->report_trouble);
	g_free(server);
}

/* --- in */

void server_receive(struct server *server, const char *bytes, size_t length)
{
	framing_feed(server->framing, bytes, length);
}

static void take_fault(void *data, bool is_parse, const char *message)
{
	server_fail(data, NULL, is_parse ? RPC_PARSE_ERROR : RPC_INVALID_REQUEST, message);
}

/* A cancellation is handled before all waiting messages. */
static bool is_cancel(const cJSON *message)
{
	return g_strcmp0(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(message, "method")),
			 "$/cancelRequest") == 0 &&
	       !cJSON_HasObjectItem(message, "id");
}

static void take_body(void *data, const char *body, size_t length)
{
	struct server *server = data;
	const char *end = NULL;
	cJSON *message = NULL;

	if (g_utf8_validate_len(body, length, NULL))
		message = cJSON_ParseWithLengthOpts(body, length, &end, false);
	while (end && end < body + length && g_ascii_isspace(*end))
		end++;
	if (!message || end != body + length) {
		cJSON_Delete(message);
		server_fail(server, NULL, RPC_PARSE_ERROR,
			    "the body of a message is not JSON in UTF-8");
	} else if (is_cancel(message)) {
		server_cancel(server,
			      cJSON_GetObjectItemCaseSensitive(
				      cJSON_GetObjectItemCaseSensitive(message, "params"), "id"));
		cJSON_Delete(message);
	} else {
		g_queue_push_tail(server->queue, message);
	}
}

static bool is_same_id(const cJSON *left, const cJSON *right)
{
	return left && right && cJSON_Compare(left, right, true);
}

void server_cancel(struct server *server, const cJSON *id)
{
	for (GList *link = server->queue->head, *next; link; link = next) {
		cJSON *message = link->data;
		const cJSON *its_id = cJSON_GetObjectItemCaseSensitive(message, "id");

		next = link->next;
		if (!is_same_id(its_id, id) || !cJSON_HasObjectItem(message, "method"))
			continue;
		server_fail(server, its_id, RPC_REQUEST_CANCELLED,
			    "the client cancelled the request");
		g_queue_delete_link(server->queue, link);
		cJSON_Delete(message);
	}
}

bool server_has_work(const struct server *server)
{
	return server->state != SERVER_ENDED && !g_queue_is_empty(server->queue);
}

void server_step(struct server *server)
{
	cJSON *message = g_queue_pop_head(server->queue);

	if (message)
		server_handle(server, message);
	if (server->view.files)
		files_trim(server->view.files);
}

void server_end(struct server *server)
{
	if (server->state != SERVER_ENDED)
		server->status = server->state == SERVER_SHUT_DOWN ? 0 : 1;
	server->state = SERVER_ENDED;
}

/* --- out */

void server_send(struct server *server, cJSON *message)
{
	char *body;

	if (server->batch) {
		g_ptr_array_add(server->batch, message);
		return;
	}
	body = cJSON_PrintUnformatted(message);
	server->options.send(server->options.data, body, strlen(body));
	cJSON_free(body);
	cJSON_Delete(message);
}

/* Sends a message that is not an answer, so it does not wait for the others of a batch. */
static void send_now(struct server *server, cJSON *message)
{
	GPtrArray *batch = g_steal_pointer(&server->batch);

	server_send(server, message);
	server->batch = batch;
}

void server_notify(struct server *server, const char *method, cJSON *params)
{
	cJSON *message = cJSON_CreateObject();

	cJSON_AddStringToObject(message, "jsonrpc", "2.0");
	cJSON_AddStringToObject(message, "method", method);
	cJSON_AddItemToObject(message, "params", params);
	send_now(server, message);
}

void server_request(struct server *server, const char *method, cJSON *params)
{
	cJSON *message = cJSON_CreateObject();
	g_autofree char *id = g_strdup_printf("plugsched-%u", ++server->requests);

	cJSON_AddStringToObject(message, "jsonrpc", "2.0");
	cJSON_AddStringToObject(message, "id", id);
	cJSON_AddStringToObject(message, "method", method);
	if (params)
		cJSON_AddItemToObject(message, "params", params);
	send_now(server, message);
}

static void send_text(struct server *server, const char *method, enum server_message type,
		      const char *text)
{
	cJSON *params = cJSON_CreateObject();

	if (server->options.log)
		server->options.log(server->options.data, text);
	cJSON_AddNumberToObject(params, "type", type);
	cJSON_AddStringToObject(params, "message", text);
	server_notify(server, method, params);
}

void server_show(struct server *server, enum server_message type, const char *format, ...)
{
	va_list arguments;
	g_autofree char *text = NULL;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	send_text(server, "window/showMessage", type, text);
}

void server_log(struct server *server, enum server_message type, const char *format, ...)
{
	va_list arguments;
	g_autofree char *text = NULL;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	send_text(server, "window/logMessage", type, text);
}

void server_fail(struct server *server, const cJSON *id, int code, const char *message)
{
	cJSON *answer = cJSON_CreateObject(), *error = cJSON_CreateObject();

	cJSON_AddStringToObject(answer, "jsonrpc", "2.0");
	cJSON_AddItemToObject(answer, "id", id ? cJSON_Duplicate(id, true) : cJSON_CreateNull());
	cJSON_AddNumberToObject(error, "code", code);
	cJSON_AddStringToObject(error, "message", message);
	cJSON_AddItemToObject(answer, "error", error);
	if (server->options.log)
		server->options.log(server->options.data, message);
	server_send(server, answer);
}
