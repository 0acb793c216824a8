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

/*
 * Print the message of a line "priority,number,time,flags;message" if it concerns the module. Lines
 * that begin with a space hold details of the message before them, for programs.
 */
static void print_line(const char *line)
{
	const char *message = strchr(line, ';');

	message = message ? message + 1 : line;
	if (*line != ' ' && (strstr(message, "plugsched") || strstr(message, KERNEL_MODULE ":")))
		g_printerr("  %s\n", message);
}

static void print_record(char *record)
{
	char *rest = record, *line;

	while ((line = strsep(&rest, "\n")))
		print_line(line);
}

void log_print(int log)
{
	char record[RECORD_MAX + 1];
	ssize_t length;

	if (log < 0)
		return;
	/*
	 * EPIPE: the kernel has overwritten records that we had not read; go on with the oldest
	 * one that is left
	 */
	while ((length = read(log, record, RECORD_MAX)) > 0 ||
	       (length < 0 && (errno == EPIPE || errno == EINTR))) {
		record[MAX(length, 0)] = '\0';
		print_record(record);
	}
}

void log_close(int log)
{
	if (log >= 0)
		close(log);
}
