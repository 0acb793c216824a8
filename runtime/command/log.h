/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel's log says from a moment on. */
#ifndef PLUGSCHED_COMMAND_LOG_H
#define PLUGSCHED_COMMAND_LOG_H

/* Begins to listen; -1 if that is not permitted, which log_print() and log_close() accept. */
int log_open(void);

/* Prints the lines on the module or of it that came since to stderr. */
void log_print(int log);

void log_close(int log);

#endif
