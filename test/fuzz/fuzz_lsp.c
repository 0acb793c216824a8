// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes sent to the language server, which has a small report and a tree (made by run.sh).
 *
 * If the first byte is even, the rest is sent over the pipe as it is, headers included. If it is
 * odd, each line is the body of a message, to which a header is added.
 */
#include "test/fuzz/fuzz.h"

#include <string.h>

#include "tools/lsp/server.h"

#define TREE "build/fuzz/kernel"
#define REPORT "build/fuzz/seeds/report/wait"
#define STEPS_MAX 200 /* most messages of one input that are handled */

/* Everything that the server sends must be JSON. */
static void check_message(void *data, const char *body, size_t length)
{
	cJSON *message = cJSON_ParseWithLength(body, length);

	(void)data;
	g_assert_nonnull(message);
	cJSON_Delete(message);
}

static void send_body(struct server *server, const char *body, size_t length)
{
	g_autofree char *header = g_strdup_printf("Content-Length: %zu\r\n\r\n", length);

	server_receive(server, header, strlen(header));
	server_receive(server, body, length);
}

static void work(struct server *server)
{
	for (int i = 0; i < STEPS_MAX && server_has_work(server); i++)
		server_step(server);
}

static void initialize(struct server *server)
{
	g_autofree char *workspace = g_canonicalize_filename(TREE, NULL);
	g_autofree char *body = g_strdup_printf(
		"{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"rootUri\":"
		"\"file://%s\",\"capabilities\":{}}}",
		workspace);

	send_body(server, body, strlen(body));
	work(server);
}

static void send_lines(struct server *server, const char *text, size_t length)
{
	for (const char *end = text + length, *line = text; line < end;) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));

		stop = stop ? stop : end;
		send_body(server, line, (size_t)(stop - line));
		work(server);
		line = stop + 1;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *report = g_canonicalize_filename(REPORT, NULL);
	struct server_options options = { .report = report, .send = check_message };
	struct server *server;

	if (!size)
		return 0;
	server = server_new(&options);
	if (data[0] & 2)
		initialize(server);
	if (data[0] & 1)
		send_lines(server, (const char *)data + 1, size - 1);
	else
		server_receive(server, (const char *)data + 1, size - 1);
	work(server);
	server_end(server);
	server_free(server);
	return 0;
}
