/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of the kernel's log that was written after a given moment. */
#ifndef PLUGSCHED_COMMAND_LOG_H
#define PLUGSCHED_COMMAND_LOG_H

/*
 * Remember this moment. Returns a handle; -1 if reading the log is not permitted, which log_print()
 * and log_close() accept. log_close() ends it.
 */
int log_open(void);

/* Print to stderr the lines written since then that are about the module or come from it. */
void log_print(int log);

void log_close(int log);

#endif
