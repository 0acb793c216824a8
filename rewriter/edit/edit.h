/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Edits of source files at exact places, and the record of them: the edited text and the hunks of
 * changed lines.
 *
 * An edit replaces the bytes [begin, end) of a file by a text. Several units that include one
 * header produce the same edits there; equal edits are merged into one. An edit that lies inside a
 * larger one is dropped, because the larger one covers it. Any other overlap is an error: the two
 * edits contradict each other.
 *
 * Call order: edits_new(), edits_file() and edits_add(), edits_finish(), then edits_file_text() and
 * edits_file_hunks().
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

/*
 * The machine-readable name of a kind, such as "prototype", and a phrase for people that says what
 * the kind is for. Both are static.
 */
const char *edit_kind_code(enum edit_kind kind);
const char *edit_kind_text(enum edit_kind kind);

struct edit {
	enum edit_kind kind;
	unsigned begin, end; /* byte offsets in the original */
	const char *text;    /* the replacement */
	const char *why;     /* what it is about: "do_idle: thread" */
};

/* A run of whole lines that changed. */
struct edit_hunk {
	/* in the original, from 1; a hunk without lines names the line before it */
	unsigned old_line, old_count;
	unsigned new_line, new_count; /* the same for the edited text */
	char *old_text, *new_text;
	GPtrArray *edits; /* const struct edit *, borrowed */
};

struct edit_file {
	char *name; /* of the original, relative to the tree */
	char *text; /* the original */
	gsize length;
	unsigned lines;   /* of the original */
	GPtrArray *edits; /* struct edit *; sorted and free of overlaps after edits_finish() */
};

struct edits {
	GPtrArray *files;    /* struct edit_file *; sorted by name after edits_finish() */
	GHashTable *by_name; /* private */
	GStringChunk *strings;
	GMutex lock;
};

/* An empty set of edits. Free it with edits_free(). */
struct edits *edits_new(void);

/* Frees the edits and their files. Accepts NULL. */
void edits_free(struct edits *edits);

/*
 * Returns the entry of the file `name` and creates it with a copy of `text` at the first call. The
 * entry belongs to `edits`. Several threads may call this function and edits_add() at once.
 */
struct edit_file *edits_file(struct edits *edits, const char *name, const char *text, gsize length);

/* Adds an edit to that file. The strings are copied. */
void edits_add(struct edits *edits, struct edit_file *file, const struct edit *edit);

/*
 * Sorts the edits, merges equal ones and drops those inside others. False with `error` if two
 * contradict each other.
 */
bool edits_finish(struct edits *edits, GError **error);

/* The text of the file with its edits applied; `length` may be NULL. Caller frees. */
char *edits_file_text(const struct edit_file *file, gsize *length);

/* The hunks of the file in order (struct edit_hunk *). Caller unrefs. */
GPtrArray *edits_file_hunks(const struct edit_file *file);

#endif
