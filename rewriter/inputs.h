/* SPDX-License-Identifier: GPL-2.0-only */
/* What an extraction reads: the report, and the kernel's tree that it was made from. */
#ifndef PLUGSCHED_REWRITER_INPUTS_H
#define PLUGSCHED_REWRITER_INPUTS_H

#include "analyzer/config/config.h"
#include "analyzer/tree/tree.h"
#include "base/elf/image.h"
#include "emit/read.h"

struct inputs {
	const char *boundary; /* the report's path; borrowed */
	char *report_text;    /* the report's bytes: they are written into the folder */
	size_t report_length;
	struct emit_read *report;
	struct tree *tree;
	struct config *config; /* names the scheduler's files, as the report does */
	struct image *vmlinux;
	GPtrArray *units; /* const struct tree_unit *: those that hold what moves into the module */
	char *folder;     /* of the units in the tree: "kernel/sched" */
};

/*
 * Opens everything and checks that it belongs together: report, vmlinux and .config are of one
 * build, the report is complete, the kernel has the options that a module needs. `build` may be
 * NULL. `in` is to be cleared also after a failure.
 */
bool inputs_open(struct inputs *in, const char *kernel, const char *build, const char *boundary,
		 GError **error);
void inputs_clear(struct inputs *in);

#endif
