/* SPDX-License-Identifier: GPL-2.0-only */
/* The folder of a module's source, written whole. */
#ifndef PLUGSCHED_REWRITER_WRITTEN_H
#define PLUGSCHED_REWRITER_WRITTEN_H

#include "rewriter/folder/folder.h"
#include "rewriter/generate/generate.h"
#include "rewriter/springboard/springboard.h"

/* What goes into it; all borrowed. */
struct written_folder {
	const struct generated *module; /* with the edited sources */
	const struct springboard *springboard;
	const char *report_text;
	size_t report_length;
};

/*
 * Writes all files aside and puts them in place at `path`; if the user has edits there, merges with
 * them or fails. If `stop` (may be NULL) became set, nothing is put in place.
 */
enum folder_result written_put(const struct written_folder *written, const char *path,
			       bool may_merge, const volatile int *stop, GError **error);

#endif
