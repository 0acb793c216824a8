/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Diagnostics: plugsched-lint run as a child over the documents that changed, with their unsaved texts laid over the files.
 *
 * It waits until nothing was typed for a while, one child runs at a time, and a newer change ends the running one. A run looks at
 * the documents that changed since the last whole one and at those that have diagnostics, so its result replaces all.
 */
#ifndef PLUGSCHED_LSP_LINT_H
#define PLUGSCHED_LSP_LINT_H

#include "tools/lsp/server.h"

struct lint *lint_new(struct server *server);

/* Ends a running child. Accepts NULL. */
void lint_free(struct lint *lint);

/* The document was opened, changed or saved. */
void lint_schedule(struct lint *lint, struct file *file);

/* All open documents are to be checked again: there is a new report. */
void lint_schedule_all(struct lint *lint);

/* The document is closed: it has no diagnostics any more. */
void lint_forget(struct lint *lint, struct file *file);

/* Ends what runs and waits. */
void lint_stop(struct lint *lint);

#endif
