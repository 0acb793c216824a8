/* SPDX-License-Identifier: GPL-2.0-only */
/* What is said of an entry in a hover: Markdown with headings and lists only, so that it reads as plain text too. */
#ifndef PLUGSCHED_LSP_DESCRIBE_H
#define PLUGSCHED_LSP_DESCRIBE_H

#include "tools/lsp/view.h"

/* All that was found for a word. For g_free(). */
char *describe_found(const struct view *view, const struct view_found *found);

/* The same without Markdown's signs. For g_free(). */
char *describe_plain(const char *markdown);

/* "interface", or "external (waits)": what stays has its reason with it. For g_free(). */
char *describe_class(const struct graph_node *node);

#endif
