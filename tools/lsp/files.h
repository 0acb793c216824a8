/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The texts that the server looks at: those open in the editor, those on disk, and those that were analysed.
 *
 * An open document hides the file on disk. Texts from disk are kept as long as their time and size stay, and all of them are
 * dropped when they are many. An analysed text is read once and kept until the next report: where the tree that is edited is the
 * one that was analysed, saving a file would change it.
 */
#ifndef PLUGSCHED_LSP_FILES_H
#define PLUGSCHED_LSP_FILES_H

#include "tools/lsp/map.h"
#include "tools/lsp/text.h"
#include "tools/lsp/workspace.h"

/* Strings and texts are the file's own. */
struct file {
	char *uri;          /* as the client wrote it, for an open document */
	char *path;         /* NULL if the URI is no file's */
	char *name;         /* in reports; NULL if it lies outside of the tree */
	struct text *text;
	bool is_open;
	gint64 version;     /* of an open document */
	bool needs_check;   /* was opened, changed or saved since it was last checked (lint.c) */
	/* private */
	struct map *map;
	bool has_map, is_mapped;
	gint64 time, size;
};

struct files {
	struct workspace *workspace;      /* borrowed */
	GHashTable *open;       /* uri: struct file * */
	GHashTable *by_path;    /* path: struct file * of `open` */
	GHashTable *disk;       /* path: struct file * */
	GHashTable *originals;  /* name: struct text *, or NULL if there is none */
	GPtrArray *retired;     /* struct file *: replaced on disk, to be freed by files_trim() */
	size_t disk_bytes;
};

struct files *files_new(struct workspace *workspace);

/* Accepts NULL. */
void files_free(struct files *files);

/* An open document; one of that URI that is open already is replaced. Takes `text`. */
struct file *files_open(struct files *files, const char *uri, gint64 version, struct text *text);
void files_close(struct files *files, const char *uri);

/* The open document of that URI, or NULL. */
struct file *files_find(const struct files *files, const char *uri);

/* The document or the file on disk; NULL if it is neither open nor can be read. Good until it is closed or files_trim(). */
struct file *files_get(struct files *files, const char *path);
struct file *files_get_uri(struct files *files, const char *uri);

/* The same by the report's name of the file. */
struct file *files_get_name(struct files *files, const char *name);

/* Between requests: drops what is kept of the disk if it is too much. */
void files_trim(struct files *files);

/* To be called when a document's text has changed. */
void files_changed(struct file *file);

/* Forgets analysed texts and what was made of them, for a new report. */
void files_forget(struct files *files);

/* True if lines of the file can be told from those of the analysed text; `map` (NULL: the same text) is for map.h. */
bool files_map(struct files *files, struct file *file, const struct map **map);

/* The analysed text of the file; NULL if there is none. */
struct text *files_original(struct files *files, const struct file *file);

/* True if an open document's text is not the one on disk. */
bool files_is_unsaved(const struct file *file);

#endif
