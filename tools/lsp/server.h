/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The server: receives messages, sends messages, and keeps the state between them.
 *
 * It does not know where bytes come from and go to; main.c connects it. Messages are queued when
 * they arrive, so that a $/cancelRequest reaches a request that still waits, and are handled one at
 * a time and in order.
 */
#ifndef PLUGSCHED_LSP_SERVER_H
#define PLUGSCHED_LSP_SERVER_H

#include "tools/lsp/framing.h"
#include "tools/lsp/view.h"

#include <cjson/cJSON.h>

#define SERVER_MESSAGE_MAX (32 << 20) /* longest message, in bytes */
/* most queued messages; while the queue is full nothing is read */
#define SERVER_QUEUE_MAX 1024

/* Errors of requests, with the codes of JSON-RPC and of the protocol. */
#define RPC_ERROR g_quark_from_static_string("rpc-error-quark")
enum rpc_error {
	RPC_PARSE_ERROR = -32700,
	RPC_INVALID_REQUEST = -32600,
	RPC_METHOD_NOT_FOUND = -32601,
	RPC_INVALID_PARAMS = -32602,
	RPC_INTERNAL_ERROR = -32603,
	RPC_SERVER_NOT_INITIALIZED = -32002,
	RPC_REQUEST_FAILED = -32803,
	RPC_REQUEST_CANCELLED = -32800,
};

/* The protocol's MessageType. */
enum server_message {
	SERVER_MESSAGE_ERROR = 1,
	SERVER_MESSAGE_WARNING,
	SERVER_MESSAGE_INFO,
	SERVER_MESSAGE_LOG,
};

enum server_state {
	SERVER_NEW,
	SERVER_RUNNING,
	SERVER_SHUT_DOWN,
	SERVER_ENDED, /* exit was received, or the client is gone */
};

/*
 * Options from the command line, which initializationOptions may override. The strings are
 * borrowed; NULL means not given.
 */
struct server_options {
	const char *report, *kernel;
	const char *lint; /* path of plugsched-lint; NULL for no diagnostics */
	/* sends a message to the client */
	void (*send)(void *data, const char *body, size_t length);
	/* writes a line to the log file; may be NULL */
	void (*log)(void *data, const char *text);
	void *data;
};

/* The client's capabilities. */
struct server_client {
	bool has_markdown, has_hierarchical_symbols, has_watch, has_lens_refresh, has_hint_refresh,
		has_related;
	/* the client's command that shows references at a place; NULL if it has none */
	char *show_references;
	int pid; /* 0 if unknown */
};

struct checker;

struct server {
	struct server_options options;
	enum server_state state;
	int status; /* exit status of the process, valid once it has ended */
	struct framing *framing;
	GQueue *queue; /* cJSON *: messages that wait */
	/* cJSON *: answers that are sent together; NULL: each is sent by itself */
	GPtrArray *batch;
	struct server_client client;
	enum text_encoding encoding;
	struct view view;
	struct emit_read *report;
	struct checker *checker;
	unsigned requests;               /* number of requests sent to the client */
	gint64 report_time, report_size; /* of the file when it was last read, valid or not */
	/* why there is no report, or why the last one was rejected; NULL if all is well */
	char *report_trouble;
};

/*
 * A server in the state SERVER_NEW. The strings of `options` must outlive it.
 * Free it with server_free().
 */
struct server *server_new(const struct server_options *options);

/* Accepts NULL. */
void server_free(struct server *server);

/* Processes bytes from the client. */
void server_receive(struct server *server, const char *bytes, size_t length);

/* server_has_work() is true while messages wait; server_step() handles one of them. */
bool server_has_work(const struct server *server);
void server_step(struct server *server);

/*
 * The client is gone or has closed its end. The exit status is 0 only if the client
 * had shut the server down.
 */
void server_end(struct server *server);

/* --- for the functions that answer */

/* Answers a request: returns the result, which the caller owns, or NULL with `error`. */
typedef cJSON *(*server_answer)(struct server *server, const cJSON *params, GError **error);

/* Sends an answer, together with others if it belongs to a batch. Takes over `message`. */
void server_send(struct server *server, cJSON *message);

/* Sends a notification or a request to the client. Takes over `params`. */
void server_notify(struct server *server, const char *method, cJSON *params);
void server_request(struct server *server, const char *method, cJSON *params);

/* Send window/showMessage and window/logMessage. */
void server_show(struct server *server, enum server_message type, const char *format, ...)
	G_GNUC_PRINTF(3, 4);
void server_log(struct server *server, enum server_message type, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

/*
 * Answers with an error; `code` is from enum rpc_error. `id` is NULL for bytes that are no message.
 */
void server_fail(struct server *server, const cJSON *id, int code, const char *message);

/* Handles a parsed message from the client and takes it over. (dispatch.c) */
void server_handle(struct server *server, cJSON *message);

/* Cancels the waiting requests with that id. */
void server_cancel(struct server *server, const cJSON *id);

/*
 * The function for a method; NULL if there is none. `is_request` selects requests or
 * notifications. (methods.c)
 */
server_answer server_find_method(const char *method, bool is_request);

/*
 * Reads the report, also again. On failure the old report stays, and
 * `report_trouble` says why. (lifecycle.c)
 */
bool server_load_report(struct server *server);

/* The same, and tells the client, which is asked to request again what it shows. */
void server_reload_report(struct server *server);

/*
 * Tells the client which report is used, or why none is, and asks it to watch the file.
 * (lifecycle.c)
 */
void server_tell_report(struct server *server);

/*
 * The tree among the folders that the client names in the params of initialize. Caller frees it
 * with workspace_free(). (root.c)
 */
struct workspace *server_find_workspace(const struct server *server, const cJSON *params);

/*
 * A document is about to be opened: goes over to its tree, if the present one has no use. (root.c)
 */
void server_follow(struct server *server, const char *uri);

#endif
