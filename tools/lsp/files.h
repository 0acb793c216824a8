/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The texts that the server works on: those open in the editor, those on disk, and
 * those that were analysed.
 *
 * An open document hides the file on disk. Texts from disk are kept until their file's time or
 * size changes, and all of them are dropped when they become too many. An analysed text is
 * read once and kept until the next report: if the edited tree is the analysed one, saving a
 * file would change that text.
 */
#ifndef PLUGSCHED_LSP_FILES_H
#define PLUGSCHED_LSP_FILES_H

#include "tools/lsp/map.h"
#include "tools/lsp/text.h"
#include "tools/lsp/workspace.h"

/* A file's strings and text belong to it. */
struct file {
	char *uri;  /* as the client wrote it, for open documents */
	char *path; /* NULL if the URI does not name a file */
	char *name; /* its name in reports; NULL if it is outside the tree */
	struct text *text;
	bool is_open;
	gint64 version;   /* of an open document */
	bool needs_check; /* opened, changed or saved since it was last checked (checker.c) */
	/* private */
	struct map *map;
	bool has_map, is_mapped;
	gint64 time, size;
};

struct files {
	/* borrowed; call files_forget() after a change to another one */
	struct workspace *workspace;
	GHashTable *open;      /* uri: struct file * */
	GHashTable *by_path;   /* path: struct file * in `open` */
	GHashTable *disk;      /* path: struct file * */
	GHashTable *originals; /* name: struct text *, or NULL if there is no such text */
	/* struct file *: replaced by a newer text from disk; files_trim() frees them */
	GPtrArray *retired;
	size_t disk_bytes;
};

/* An empty set of files. `workspace` is borrowed. Free it with files_free(). */
struct files *files_new(struct workspace *workspace);

/* Accepts NULL. */
void files_free(struct files *files);

/* Adds an open document, and replaces one that is open under that URI. Takes over `text`. */
struct file *files_open(struct files *files, const char *uri, gint64 version, struct text *text);
/* Forgets the open document of that URI, if there is one. */
void files_close(struct files *files, const char *uri);

/* The open document of that URI, or NULL. */
struct file *files_find(const struct files *files, const char *uri);

/*
 * The open document, or else the file on disk; NULL if it cannot be read. Valid until the document
 * is closed or files_trim() is called.
 */
struct file *files_get(struct files *files, const char *path);
struct file *files_get_uri(struct files *files, const char *uri);

/* The same for the file that the report knows under that name. */
struct file *files_get_name(struct files *files, const char *name);

/* Drops texts from disk if they are too many. Call it only between requests. */
void files_trim(struct files *files);

/* Must be called after a document's text has changed. */
void files_changed(struct file *file);

/* Forgets the analysed texts and what was derived from them. Call it for a new report. */
void files_forget(struct files *files);

/*
 * True if lines of the file can be mapped to lines of the analysed text. `*map` is for map.h; NULL
 * means that the texts are equal.
 */
bool files_map(struct files *files, struct file *file, const struct map **map);

/* The analysed text of the file; NULL if there is none. Borrowed. */
struct text *files_original(struct files *files, const struct file *file);

/* True if an open document differs from its file on disk. */
bool files_is_unsaved(const struct file *file);

#endif
