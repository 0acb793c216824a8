/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Diagnostics: runs plugsched-lint as a child process on the documents that changed, with unsaved
 * texts in place of the files.
 *
 * A run starts when nothing was typed for a while. Only one child runs at a time, and a newer
 * change ends it. A run checks the documents that changed since the last completed run and those
 * that have diagnostics, so its result replaces all diagnostics.
 */
#ifndef PLUGSCHED_LSP_CHECKER_H
#define PLUGSCHED_LSP_CHECKER_H

#include "tools/lsp/server.h"

/* Does not start a run. Free the result with checker_free(). */
struct checker *checker_new(struct server *server);

/* Ends a running child and waits for it. Accepts NULL. */
void checker_free(struct checker *checker);

/* Schedules a check, because the document was opened, changed or saved. */
void checker_schedule(struct checker *checker, struct file *file);

/* Schedules a check of all open documents, because there is a new report. */
void checker_schedule_all(struct checker *checker);

/* Clears the diagnostics of a document that was closed. */
void checker_forget(struct checker *checker, struct file *file);

/* Ends a running child and cancels a scheduled run. */
void checker_stop(struct checker *checker);

#endif
