/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The server: messages in, messages out, and what is known between them.
 *
 * It does not know where bytes come from and go to: main.c hands it both. Messages are queued as they come, so that a
 * $/cancelRequest reaches a request that still waits, and handled one at a time, in order.
 */
#ifndef PLUGSCHED_LSP_SERVER_H
#define PLUGSCHED_LSP_SERVER_H

#include "tools/lsp/frame.h"
#include "tools/lsp/view.h"

#include <cjson/cJSON.h>

#define SERVER_MESSAGE_MAX (32 << 20) /* bytes of a message */
#define SERVER_QUEUE_MAX 1024         /* messages that wait; more are not read meanwhile */

/* Errors of requests; the codes are those of JSON-RPC and of the protocol. */
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

/* MessageType of the protocol. */
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
	SERVER_ENDED, /* exit came, or the client is gone */
};

/* What the command line says, and then initializationOptions. Strings are owned by who made it; NULL: not given. */
struct server_options {
	const char *report, *kernel;
	const char *lint;     /* path of plugsched-lint; NULL: no diagnostics */
	void (*send)(void *data, const char *body, size_t length); /* a message for the client */
	void (*log)(void *data, const char *text);                 /* a line for the log file; may be NULL */
	void *data;
};

/* What the client can do. */
struct server_client {
	bool has_markdown, has_hierarchical_symbols, has_watch, has_lens_refresh, has_hint_refresh, has_related;
	char *show_references; /* the client's command that shows references at a place; NULL: it has none */
	int pid;               /* 0: not told */
};

struct lint;

struct server {
	struct server_options options;
	enum server_state state;
	int status;                /* of the process, once it has ended */
	struct frame *frame;
	GQueue *queue;             /* cJSON *: messages that wait */
	GPtrArray *batch;          /* cJSON *: answers that go out together; NULL: each by itself */
	struct server_client client;
	enum text_encoding encoding;
	struct view view;
	struct emit_read *report;
	struct lint *lint;
	unsigned requests;         /* sent to the client */
	gint64 report_time, report_size; /* of the file when it was last read, good or bad */
	char *report_trouble;      /* why there is no report, or the last one was not taken; NULL: all is well */
};

struct server *server_new(const struct server_options *options);

/* Accepts NULL. */
void server_free(struct server *server);

/* Takes bytes of the client's. */
void server_receive(struct server *server, const char *bytes, size_t length);

/* True while messages wait; handles one. */
bool server_has_work(const struct server *server);
void server_step(struct server *server);

/* The client is gone or closed its end: the status is 0 only if it had shut the server down. */
void server_end(struct server *server);

/* --- for those who answer */

/* The result of a request, which the caller hands over; NULL with `error`. */
typedef cJSON *(*server_answer)(struct server *server, const cJSON *params, GError **error);

/* An answer, which goes out with others if it belongs to a batch; takes it. */
void server_send(struct server *server, cJSON *message);

/* A notification or request to the client; takes `params`. */
void server_notify(struct server *server, const char *method, cJSON *params);
void server_request(struct server *server, const char *method, cJSON *params);

/* window/showMessage and window/logMessage. */
void server_show(struct server *server, enum server_message type, const char *format, ...) G_GNUC_PRINTF(3, 4);
void server_log(struct server *server, enum server_message type, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* What was wrong with bytes that make no message; `code` is of enum rpc_error. */
void server_fail(struct server *server, const cJSON *id, int code, const char *message);

/* A message of the client's, parsed; takes it. (dispatch.c) */
void server_handle(struct server *server, cJSON *message);

/* Cancels the requests of that id that wait. */
void server_cancel(struct server *server, const cJSON *id);

/* The method's answer; NULL if there is none. `is_request`: it is one, not a notification. (methods.c) */
server_answer server_find_method(const char *method, bool is_request);

/* Reads the report (again); on failure the old one stays and the reason is kept in `report_trouble`. (lifecycle.c) */
bool server_load_report(struct server *server);

/* The same, told to the client, and what it shows is asked for again. */
void server_reload_report(struct server *server);

#endif
