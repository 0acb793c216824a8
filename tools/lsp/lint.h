/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Diagnostics: runs plugsched-lint as a child process on the documents that changed, with unsaved
 * texts in place of the files.
 *
 * A run starts when nothing was typed for a while. Only one child runs at a time, and a newer
 * change ends it. A run checks the documents that changed since the last completed run and those
 * that have diagnostics, so its result replaces all diagnostics.
 */
#ifndef PLUGSCHED_LSP_LINT_H
#define PLUGSCHED_LSP_LINT_H

#include "tools/lsp/server.h"

/* Does not start a run. Free the result with lint_free(). */
struct lint *lint_new(struct server *server);

/* Ends a running child and waits for it. Accepts NULL. */
void lint_free(struct lint *lint);

/* Schedules a check, because the document was opened, changed or saved. */
void lint_schedule(struct lint *lint, struct file *file);

/* Schedules a check of all open documents, because there is a new report. */
void lint_schedule_all(struct lint *lint);

/* Clears the diagnostics of a document that was closed. */
void lint_forget(struct lint *lint, struct file *file);

/* Ends a running child and cancels a scheduled run. */
void lint_stop(struct lint *lint);

#endif
