// SPDX-License-Identifier: GPL-2.0-only
/*
 * plugsched-lsp: the server on stdin and stdout.
 *
 * The main loop reads stdin, handles one message per iteration, and runs the child of
 * checker.c. A separate thread writes, so that a client that does not read while it writes
 * cannot cause a deadlock.
 */
#include "base/command.h"
#include "tools/lsp/server.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define READ_BYTES (64 << 10)
/* how long the server waits at the end for the client to read the output */
#define FLUSH_US (2 * G_USEC_PER_SEC)

enum status {
	STATUS_SHUT_DOWN = 0,
	STATUS_LOST = 1, /* exit without shutdown, or the client is gone */
	STATUS_USAGE = 2,
};

static struct arguments {
	char *report, *kernel, *lint, *log;
	gboolean stdio;
} arguments;

static const GOptionEntry entries[] = {
	{ "report", 'r', 0, G_OPTION_ARG_FILENAME, &arguments.report,
	  "The report (default: boundary.json in the workspace)", "FILE" },
	{ "kernel", 'k', 0, G_OPTION_ARG_FILENAME, &arguments.kernel,
	  "The kernel that was analysed (default: what an extracted folder's Makefile says, or the tree itself)",
	  "DIR" },
	{ "lint", 0, 0, G_OPTION_ARG_FILENAME, &arguments.lint,
	  "plugsched-lint (default: beside this program, or in PATH)", "PATH" },
	{ "log", 0, 0, G_OPTION_ARG_FILENAME, &arguments.log, "Append messages to a file", "FILE" },
	{ "stdio", 0, 0, G_OPTION_ARG_NONE, &arguments.stdio,
	  "Talk on stdin and stdout, which it does anyway", NULL },
	{ NULL, 0, 0, 0, NULL, NULL, NULL },
};

struct program {
	struct server *server;
	GMainLoop *loop;
	GAsyncQueue *out; /* GBytes *: messages; an empty one ends the writer thread */
	GThread *writer;
	gint is_written; /* atomic: the writer thread has ended */
	FILE *log;
	guint input, work; /* sources; 0 if there is none */
	bool is_watched;   /* the client's process is being watched */
};

/* --- out */

static bool write_all(const char *bytes, size_t length)
{
	while (length) {
		ssize_t n = write(STDOUT_FILENO, bytes, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes += n;
		length -= (size_t)n;
	}
	return true;
}

static gpointer write_messages(gpointer data)
{
	struct program *program = data;
	bool is_open = true;

	for (;;) {
		GBytes *bytes = g_async_queue_pop(program->out);
		gsize length;
		const char *message = g_bytes_get_data(bytes, &length);

		is_open = is_open && write_all(message, length);
		g_bytes_unref(bytes);
		if (!length)
			break;
	}
	g_atomic_int_set(&program->is_written, 1);
	return NULL;
}

static void send_message(void *data, const char *body, size_t length)
{
	struct program *program = data;
	GString *message = g_string_sized_new(length + 32);

	g_string_printf(message, "Content-Length: %zu\r\n\r\n", length);
	g_string_append_len(message, body, (gssize)length);
	g_async_queue_push(program->out, g_string_free_to_bytes(message));
}

/*
 * Ends the writer thread. If it is blocked because the client does not read, the
 * process exits without it.
 */
static void end_writer(struct program *program)
{
	gint64 end = g_get_monotonic_time() + FLUSH_US;

	g_async_queue_push(program->out, g_bytes_new(NULL, 0));
	while (!g_atomic_int_get(&program->is_written) && g_get_monotonic_time() < end)
		g_usleep(1000);
	if (!g_atomic_int_get(&program->is_written))
		_exit(STATUS_LOST);
	g_thread_join(program->writer);
}

static void log_line(void *data, const char *text)
{
	struct program *program = data;
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	g_autofree char *time = g_date_time_format(now, "%F %T");

	if (!program->log)
		return;
	fprintf(program->log, "%s %s\n", time, text);
	fflush(program->log);
}

/* --- in */

static gboolean read_input(gint fd, GIOCondition condition, gpointer data);
static gboolean watch_client(gint fd, GIOCondition condition, gpointer data);

/* Watches the client's process once its id is known: the server ends when the client does. */
static void begin_watch(struct program *program)
{
	int pid = program->server->client.pid, fd;

	if (program->is_watched || !pid)
		return;
	program->is_watched = true;
	fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (fd >= 0)
		g_unix_fd_add(fd, G_IO_IN, watch_client, program);
	else if (errno == ESRCH)
		server_end(program->server);
}

static gboolean work(gpointer data)
{
	struct program *program = data;

	if (server_has_work(program->server))
		server_step(program->server);
	begin_watch(program);
	if (program->server->state == SERVER_ENDED)
		g_main_loop_quit(program->loop);
	if (!program->input && g_queue_get_length(program->server->queue) < SERVER_QUEUE_MAX)
		program->input = g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR,
					       read_input, program);
	if (server_has_work(program->server))
		return G_SOURCE_CONTINUE;
	program->work = 0;
	return G_SOURCE_REMOVE;
}

static void want_work(struct program *program)
{
	if (!program->work)
		program->work = g_idle_add_full(G_PRIORITY_DEFAULT, work, program, NULL);
}

static gboolean watch_client(gint fd, GIOCondition condition, gpointer data)
{
	struct program *program = data;

	(void)condition;
	close(fd);
	server_end(program->server);
	g_main_loop_quit(program->loop);
	return G_SOURCE_REMOVE;
}

/*
 * Handles all queued messages before the server ends, because they came
 * before the end of the input.
 */
static void end_input(struct program *program)
{
	while (server_has_work(program->server))
		server_step(program->server);
	server_end(program->server);
	g_main_loop_quit(program->loop);
}

static gboolean read_input(gint fd, GIOCondition condition, gpointer data)
{
	struct program *program = data;
	static char buffer[READ_BYTES];
	ssize_t n = read(fd, buffer, sizeof(buffer));

	(void)condition;
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return G_SOURCE_CONTINUE;
	if (n <= 0) {
		program->input = 0;
		end_input(program);
		return G_SOURCE_REMOVE;
	}
	server_receive(program->server, buffer, (size_t)n);
	want_work(program);
	if (g_queue_get_length(program->server->queue) < SERVER_QUEUE_MAX)
		return G_SOURCE_CONTINUE;
	program->input = 0;
	return G_SOURCE_REMOVE;
}

/* --- options */

/*
 * plugsched-lint: the path given by the user, or beside this program, or in PATH; NULL if there is
 * none. For g_free().
 */
static char *find_lint(const char *named)
{
	g_autofree char *self = named ? NULL : g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = self ? g_path_get_dirname(self) : NULL;
	g_autofree char *beside = folder ? g_build_filename(folder, "plugsched-lint", NULL) : NULL;

	if (named)
		return g_canonicalize_filename(named, NULL);
	if (beside && g_file_test(beside, G_FILE_TEST_IS_EXECUTABLE))
		return g_steal_pointer(&beside);
	return g_find_program_in_path("plugsched-lint");
}

static const char *check(char **words)
{
	static char complaint[256];

	if (!words[0])
		return NULL;
	g_snprintf(complaint, sizeof(complaint), "unknown argument %s", words[0]);
	return complaint;
}

static int run(char **words)
{
	const struct arguments *a = &arguments;
	g_autofree char *lint = find_lint(a->lint);
	g_autofree char *report = a->report ? g_canonicalize_filename(a->report, NULL) : NULL;
	g_autofree char *kernel = a->kernel ? g_canonicalize_filename(a->kernel, NULL) : NULL;
	struct program program = { .loop = g_main_loop_new(NULL, FALSE),
				   .out = g_async_queue_new() };
	struct server_options options = { report, kernel, lint, send_message, log_line, &program };
	int status;

	(void)words;
	signal(SIGPIPE, SIG_IGN);
	if (a->log && !(program.log = fopen(a->log, "a")))
		g_printerr("plugsched-lsp: cannot write to %s: %s; it goes on without a log\n",
			   a->log, g_strerror(errno));
	program.server = server_new(&options);
	program.writer = g_thread_new("writer", write_messages, &program);
	program.input =
		g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, read_input, &program);
	g_main_loop_run(program.loop);

	if (program.input)
		g_source_remove(program.input);
	if (program.work)
		g_source_remove(program.work);
	status = program.server->status;
	server_free(program.server);
	end_writer(&program);
	g_async_queue_unref(program.out);
	g_main_loop_unref(program.loop);
	if (program.log)
		fclose(program.log);
	return status;
}

static const struct command command = {
	.name = "plugsched-lsp",
	.version = PLUGSCHED_VERSION,
	.summary =
		"A language server for the scheduler's boundary: it tells in an editor what a report of\n"
		"plugsched-analyze says, in a kernel tree or in an extracted folder.",
	.description =
		"Exit status: 0 shut down, 1 exit without shutdown or the client is gone, 2 wrong "
		"options.\nSee also plugsched-lsp(1).\n",
	.entries = entries,
	.check = check,
	.run = run,
	.failed = STATUS_USAGE,
};

int main(int argc, char **argv)
{
	(void)argc;
	return command_main(&command, argv);
}
