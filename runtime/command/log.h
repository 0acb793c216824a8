/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of the kernel's log that was written after a given moment. */
#ifndef PLUGSCHED_COMMAND_LOG_H
#define PLUGSCHED_COMMAND_LOG_H

#include <stdbool.h>

/*
 * Remember this moment. Returns a handle; -1 if reading the log is not permitted, which log_print()
 * and log_close() accept. log_close() ends it.
 */
int log_open(void);

/*
 * Print to stderr the lines written since then that are about plugsched or the module of that name.
 * Returns true if `sentence` stands in one of them, or if the log cannot be read.
 */
bool log_print(int log, const char *module, const char *sentence);

void log_close(int log);

#endif
