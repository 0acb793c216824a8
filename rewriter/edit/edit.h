/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Edits of source files at exact places, and what is to be known of them afterwards.
 *
 * An edit replaces the bytes [begin, end) of a file by a text. Several units that read one header find the same edits; equal
 * ones are one. One that lies inside a larger one is part of it. Others that overlap are an error: they would contradict.
 *
 * Order of work: edits_new, edits_add, edits_finish, then edits_file_text, edits_file_hunks.
 */
#ifndef PLUGSCHED_EDIT_H
#define PLUGSCHED_EDIT_H

#include <glib.h>
#include <stdbool.h>

#define EDIT_ERROR g_quark_from_static_string("edit-error-quark")

enum edit_kind {
#define EDIT(symbol, code, text) EDIT_##symbol,
#include "rewriter/edit/kinds.def"
#undef EDIT
	EDIT_KINDS,
};

/* The machine-readable name of a kind, such as "prototype", and what it is for. */
const char *edit_kind_code(enum edit_kind kind);
const char *edit_kind_text(enum edit_kind kind);

struct edit {
	enum edit_kind kind;
	unsigned begin, end; /* bytes of the original */
	const char *text;    /* what stands there instead */
	const char *why;     /* about what: "do_idle: thread" */
};

/* Whole lines of a file that changed. */
struct edit_hunk {
	unsigned old_line, old_count; /* of the original, from 1; with no lines: the line before */
	unsigned new_line, new_count; /* likewise */
	char *old_text, *new_text;
	GPtrArray *edits;             /* const struct edit *, borrowed */
};

struct edit_file {
	char *name;          /* of the original, relative to the tree */
	char *text;          /* the original */
	gsize length;
	unsigned lines;      /* of the original */
	GPtrArray *edits;    /* struct edit *, after edits_finish() sorted and without overlaps */
};

struct edits {
	GPtrArray *files;    /* struct edit_file *, after edits_finish() sorted by name */
	GHashTable *by_name; /* private */
	GStringChunk *strings;
	GMutex lock;
};

struct edits *edits_new(void);

/* Accepts NULL. */
void edits_free(struct edits *edits);

/*
 * Makes a file known; `text` is copied on first sight. Gives the edits' own. Safe to call from several threads, as
 * edits_add() is.
 */
struct edit_file *edits_file(struct edits *edits, const char *name, const char *text, gsize length);

/* Adds an edit of that file; strings are copied. */
void edits_add(struct edits *edits, struct edit_file *file, const struct edit *edit);

/* Sorts all, joins equal ones, drops those that lie within others; false with `error` if two contradict each other. */
bool edits_finish(struct edits *edits, GError **error);

/* The edited text. Caller frees. */
char *edits_file_text(const struct edit_file *file, gsize *length);

/* The lines that differ, in order: struct edit_hunk *. Caller unrefs. */
GPtrArray *edits_file_hunks(const struct edit_file *file);

#endif
