/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where files lie: the folder that is edited, the kernel's source that was analysed, and the names that reports give files.
 *
 * A report names files relative to the kernel's source. In an extracted folder core.c is kernel/sched/core.c of the report, and all
 * that the folder has not is the kernel's.
 */
#ifndef PLUGSCHED_LSP_WORKSPACE_H
#define PLUGSCHED_LSP_WORKSPACE_H

#include <glib.h>
#include <stdbool.h>

struct workspace {
	char *root;          /* the kernel tree or extracted folder; absolute */
	char *kernel;        /* as given or found: what tools are told; NULL if not known */
	char *source;        /* the kernel's sources; the root if no kernel is known */
	char *report;        /* path of the report */
	bool is_extracted;
	GPtrArray *folders;  /* char *: folders of the scheduler's files, as "kernel/sched/"; from the report */
};

/*
 * The tree around `start`, which may lie below its root. `kernel` and `report` may be NULL: the first is then taken from an
 * extracted folder's Makefile, the second is boundary.json in the root.
 */
struct workspace *workspace_new(const char *start, const char *kernel, const char *report);

/* Accepts NULL. */
void workspace_free(struct workspace *workspace);

/* Takes the folders of the scheduler's files from patterns such as "kernel/sched/" followed by "*.c". */
void workspace_set_patterns(struct workspace *workspace, const GPtrArray *patterns);

/* The report's name of the file at `path`; NULL if it lies in neither place. For g_free(). */
char *workspace_name(const struct workspace *workspace, const char *path);

/* Where the file of that name is to be edited or read. For g_free(). */
char *workspace_path(const struct workspace *workspace, const char *name);

/* Where the text of that name that was analysed is. For g_free(). */
char *workspace_original(const struct workspace *workspace, const char *name);

#endif
