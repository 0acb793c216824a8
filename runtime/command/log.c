// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's log, read from /dev/kmsg. */
#include "runtime/command/log.h"

#include "runtime/command/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define RECORD_MAX 8192 /* bytes: the longest record of /dev/kmsg */

int log_open(void)
{
	g_autofree char *path = kernel_path("/dev/kmsg");
	int log = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (log >= 0)
		lseek(log, 0, SEEK_END);
	return log;
}

/* What is looked for in the log, and whether it was found. */
struct log_search {
	const char *module, *sentence;
	bool is_found;
};

/*
 * Print the message of a line "priority,number,time,flags;message" if it concerns the module. Lines
 * that begin with a space hold details of the message before them, for programs.
 */
static void print_line(const char *line, struct log_search *search)
{
	const char *message = strchr(line, ';');
	g_autofree char *own = g_strconcat(search->module, ":", NULL);

	message = message ? message + 1 : line;
	if (*line == ' ' || !(strstr(message, "plugsched") || strstr(message, own)))
		return;
	g_printerr("  %s\n", message);
	if (search->sentence && strstr(message, search->sentence))
		search->is_found = true;
}

static void print_record(char *record, struct log_search *search)
{
	char *rest = record, *line;

	while ((line = strsep(&rest, "\n")))
		print_line(line, search);
}

bool log_print(int log, const char *module, const char *sentence)
{
	struct log_search search = { module, sentence, false };
	char record[RECORD_MAX + 1];
	ssize_t length;

	if (log < 0)
		return true;
	/*
	 * EPIPE: the kernel has overwritten records that we had not read; go on with the oldest
	 * one that is left
	 */
	while ((length = read(log, record, RECORD_MAX)) > 0 ||
	       (length < 0 && (errno == EPIPE || errno == EINTR))) {
		record[MAX(length, 0)] = '\0';
		print_record(record, &search);
	}
	return search.is_found;
}

void log_close(int log)
{
	if (log >= 0)
		close(log);
}
