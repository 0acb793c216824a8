/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The text of a hover about an entry: Markdown with headings and lists only, so that it is readable
 * as plain text too.
 */
#ifndef PLUGSCHED_LSP_DESCRIBE_H
#define PLUGSCHED_LSP_DESCRIBE_H

#include "tools/lsp/view.h"

/* Describes everything that was found for a word. For g_free(). */
char *describe_found(const struct view *view, const struct view_found *found);

/* The same text without Markdown's signs. For g_free(). */
char *describe_plain(const char *markdown);

/*
 * The class, and the reason if the entry stays in vmlinux: "interface", or
 * "external (waits)". For g_free().
 */
char *describe_class(const struct graph_node *node);

#endif
