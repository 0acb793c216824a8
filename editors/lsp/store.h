/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The texts that the server looks at: those open in the editor, those on disk, and those that were analysed.
 *
 * An open document hides the file on disk. Texts from disk are kept as long as their time and size stay, and all of them are
 * dropped when they are many. An analysed text is read once and kept until the next report: where the tree that is edited is the
 * one that was analysed, saving a file would change it.
 */
#ifndef PLUGSCHED_LSP_STORE_H
#define PLUGSCHED_LSP_STORE_H

#include "editors/lsp/map.h"
#include "editors/lsp/text.h"
#include "editors/lsp/tree.h"

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

struct store {
	struct tree *tree;      /* borrowed */
	GHashTable *open;       /* uri: struct file * */
	GHashTable *by_path;    /* path: struct file * of `open` */
	GHashTable *disk;       /* path: struct file * */
	GHashTable *originals;  /* name: struct text *, or NULL if there is none */
	GPtrArray *retired;     /* struct file *: replaced on disk, to be freed by store_trim() */
	size_t disk_bytes;
};

struct store *store_new(struct tree *tree);

/* Accepts NULL. */
void store_free(struct store *store);

/* An open document; one of that URI that is open already is replaced. Takes `text`. */
struct file *store_open(struct store *store, const char *uri, gint64 version, struct text *text);
void store_close(struct store *store, const char *uri);

/* The open document of that URI, or NULL. */
struct file *store_find(const struct store *store, const char *uri);

/* The document or the file on disk; NULL if it is neither open nor can be read. Good until it is closed or store_trim(). */
struct file *store_get(struct store *store, const char *path);
struct file *store_get_uri(struct store *store, const char *uri);

/* The same by the report's name of the file. */
struct file *store_get_name(struct store *store, const char *name);

/* Between requests: drops what is kept of the disk if it is too much. */
void store_trim(struct store *store);

/* To be called when a document's text has changed. */
void store_changed(struct file *file);

/* Forgets analysed texts and what was made of them, for a new report. */
void store_forget(struct store *store);

/* True if lines of the file can be told from those of the analysed text; `map` (NULL: the same text) is for map.h. */
bool store_map(struct store *store, struct file *file, const struct map **map);

/* The analysed text of the file; NULL if there is none. */
struct text *store_original(struct store *store, const struct file *file);

/* True if an open document's text is not the one on disk. */
bool store_is_unsaved(const struct file *file);

#endif
