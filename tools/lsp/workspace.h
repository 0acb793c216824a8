/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where files are: the folder that is edited, the kernel's source that was analysed, and the names
 * that reports give files.
 *
 * A report names files relative to the kernel's source. In an extracted folder, core.c is the
 * report's kernel/sched/core.c; files that the folder does not have are the kernel's.
 */
#ifndef PLUGSCHED_LSP_WORKSPACE_H
#define PLUGSCHED_LSP_WORKSPACE_H

#include <glib.h>
#include <stdbool.h>

struct workspace {
	char *root;        /* the kernel tree or the extracted folder; absolute */
	char *kernel;      /* as given or found, for use in commands; NULL if unknown */
	char *source;      /* the kernel's sources; the root if no kernel is known */
	char *report;      /* path of the report */
	bool is_tree;      /* false: the start is in no tree, and the root is the start */
	bool is_extracted; /* the root is an extracted folder */
	/* char *: folders of the scheduler's files, such as "kernel/sched/", from the report */
	GPtrArray *folders;
};

/*
 * Finds the tree around `start`, which may be below its root. `kernel` and `report` may be NULL:
 * then the kernel is taken from an extracted folder's Makefile, and the report is boundary.json in
 * the root. Free the result with workspace_free().
 */
struct workspace *workspace_new(const char *start, const char *kernel, const char *report);

/* True if the report is there. */
bool workspace_has_report(const struct workspace *workspace);

/* Accepts NULL. */
void workspace_free(struct workspace *workspace);

/*
 * Sets the folders of the scheduler's files from the report's patterns, such as "kernel/sched/"
 * followed by "*.c".
 */
void workspace_set_patterns(struct workspace *workspace, const GPtrArray *patterns);

/*
 * The report's name for the file at `path`; NULL if it is neither in the root nor in the kernel's
 * source. For g_free().
 */
char *workspace_name(const struct workspace *workspace, const char *path);

/* The path at which the file of that name is edited or read. For g_free(). */
char *workspace_path(const struct workspace *workspace, const char *name);

/* The path of the text of that name that was analysed. For g_free(). */
char *workspace_original(const struct workspace *workspace, const char *name);

#endif
