// SPDX-License-Identifier: GPL-2.0-only
/* Texts, open and on disk. */
#include "editors/lsp/store.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define DISK_BYTES_MAX (32 << 20)

static void file_free(gpointer data)
{
	struct file *file = data;

	g_free(file->uri);
	g_free(file->path);
	g_free(file->name);
	text_free(file->text);
	map_free(file->map);
	g_free(file);
}

static void free_text(gpointer data)
{
	text_free(data);
}

struct store *store_new(struct tree *tree)
{
	struct store *store = g_new0(struct store, 1);

	store->tree = tree;
	store->open = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, file_free);
	store->by_path = g_hash_table_new(g_str_hash, g_str_equal);
	store->disk = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, file_free);
	store->originals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_text);
	store->retired = g_ptr_array_new_with_free_func(file_free);
	return store;
}

void store_free(struct store *store)
{
	if (!store)
		return;
	g_hash_table_destroy(store->by_path);
	g_hash_table_destroy(store->open);
	g_hash_table_destroy(store->disk);
	g_hash_table_destroy(store->originals);
	g_ptr_array_unref(store->retired);
	g_free(store);
}

static struct text *read_text(const char *path)
{
	char *bytes;
	gsize length;

	return g_file_get_contents(path, &bytes, &length, NULL) ? text_new(bytes, length) : NULL;
}

static char *path_of_uri(const char *uri)
{
	g_autofree char *path = g_filename_from_uri(uri, NULL, NULL);

	return path ? g_canonicalize_filename(path, "/") : NULL;
}

void store_close(struct store *store, const char *uri)
{
	struct file *file = g_hash_table_lookup(store->open, uri);

	if (!file)
		return;
	if (file->path && g_hash_table_lookup(store->by_path, file->path) == file)
		g_hash_table_remove(store->by_path, file->path);
	g_hash_table_remove(store->open, uri);
}

struct file *store_open(struct store *store, const char *uri, gint64 version, struct text *text)
{
	struct file *file = g_new0(struct file, 1);

	store_close(store, uri);
	file->uri = g_strdup(uri);
	file->path = path_of_uri(uri);
	file->name = file->path ? tree_name(store->tree, file->path) : NULL;
	file->text = text;
	file->version = version;
	file->is_open = true;
	g_hash_table_insert(store->open, file->uri, file);
	if (file->path)
		g_hash_table_insert(store->by_path, file->path, file);
	store_original(store, file); /* before the editor may write over it */
	return file;
}

struct file *store_find(const struct store *store, const char *uri)
{
	return g_hash_table_lookup(store->open, uri);
}

/* Takes a file that has changed out of those on disk; who holds it still may. */
static void retire(struct store *store, const char *path)
{
	gpointer file = NULL;

	if (g_hash_table_steal_extended(store->disk, path, NULL, &file))
		g_ptr_array_add(store->retired, file);
}

static struct file *read_file(struct store *store, const char *path, const GStatBuf *status)
{
	struct text *text = S_ISREG(status->st_mode) ? read_text(path) : NULL;
	struct file *file;

	if (!text)
		return NULL;
	file = g_new0(struct file, 1);
	file->path = g_strdup(path);
	file->uri = g_filename_to_uri(path, NULL, NULL);
	file->name = tree_name(store->tree, path);
	file->text = text;
	file->time = status->st_mtim.tv_sec * G_GINT64_CONSTANT(1000000000) + status->st_mtim.tv_nsec;
	file->size = status->st_size;
	retire(store, path);
	g_hash_table_insert(store->disk, file->path, file);
	store->disk_bytes += text->length;
	return file;
}

void store_trim(struct store *store)
{
	g_ptr_array_set_size(store->retired, 0);
	if (store->disk_bytes <= DISK_BYTES_MAX)
		return;
	g_hash_table_remove_all(store->disk);
	store->disk_bytes = 0;
}

struct file *store_get(struct store *store, const char *path)
{
	struct file *file = g_hash_table_lookup(store->by_path, path);
	GStatBuf status;

	if (file)
		return file;
	file = g_hash_table_lookup(store->disk, path);
	if (g_stat(path, &status) != 0)
		return NULL;
	if (file && file->size == status.st_size &&
	    file->time == status.st_mtim.tv_sec * G_GINT64_CONSTANT(1000000000) + status.st_mtim.tv_nsec)
		return file;
	return read_file(store, path, &status);
}

struct file *store_get_uri(struct store *store, const char *uri)
{
	struct file *file = store_find(store, uri);
	g_autofree char *path = file ? NULL : path_of_uri(uri);

	return file ? file : path ? store_get(store, path) : NULL;
}

/* The open document of that name, under whatever path it was opened (links). */
static struct file *find_open_name(const struct store *store, const char *name)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, store->open);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		if (g_strcmp0(((struct file *)value)->name, name) == 0)
			return value;
	return NULL;
}

struct file *store_get_name(struct store *store, const char *name)
{
	g_autofree char *path = tree_path(store->tree, name);
	struct file *file = g_hash_table_lookup(store->by_path, path);

	if (!file && (file = find_open_name(store, name)) && store->tree->is_extracted) {
		/* the kernel's file of that name is another one than the folder's */
		g_autofree char *real = g_file_test(path, G_FILE_TEST_EXISTS) ? realpath(path, NULL) : NULL;
		g_autofree char *opened = file->path ? realpath(file->path, NULL) : NULL;

		file = g_strcmp0(real, opened) == 0 ? file : NULL;
	}
	return file ? file : store_get(store, path);
}

static void drop_map(struct file *file)
{
	g_clear_pointer(&file->map, map_free);
	file->has_map = file->is_mapped = false;
}

void store_changed(struct file *file)
{
	drop_map(file);
}

void store_forget(struct store *store)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_remove_all(store->originals);
	g_hash_table_remove_all(store->disk);
	store->disk_bytes = 0;
	g_hash_table_iter_init(&iter, store->open);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct file *file = value;

		drop_map(file);
		g_free(file->name);
		file->name = file->path ? tree_name(store->tree, file->path) : NULL;
		store_original(store, file);
	}
}

struct text *store_original(struct store *store, const struct file *file)
{
	gpointer found;
	g_autofree char *path = NULL;

	if (!file->name)
		return NULL;
	if (g_hash_table_lookup_extended(store->originals, file->name, NULL, &found))
		return found;
	path = tree_original(store->tree, file->name);
	found = read_text(path);
	g_hash_table_insert(store->originals, g_strdup(file->name), found);
	return found;
}

/* A text as one that the difference counts lines of as text.h does: a lone carriage return ends a line. */
static char *with_newlines(const struct text *text)
{
	char *bytes = g_memdup2(text->bytes, text->length + 1);

	for (size_t i = 0; i < text->length; i++)
		if (bytes[i] == '\r' && bytes[i + 1] != '\n')
			bytes[i] = '\n';
	return bytes;
}

static void make_map(struct store *store, struct file *file)
{
	const struct text *original = store_original(store, file), *text = file->text;
	g_autofree char *old = NULL, *new = NULL;

	file->has_map = true;
	file->is_mapped = original;
	if (!original || (original->length == text->length && memcmp(original->bytes, text->bytes, text->length) == 0))
		return;
	old = with_newlines(original);
	new = with_newlines(text);
	file->map = map_new(old, original->length, new, text->length);
	file->is_mapped = file->map;
}

bool store_map(struct store *store, struct file *file, const struct map **map)
{
	if (!file->has_map)
		make_map(store, file);
	*map = file->map;
	return file->is_mapped;
}

bool store_is_unsaved(const struct file *file)
{
	g_autofree char *bytes = NULL;
	gsize length;

	if (!file->path || !g_file_get_contents(file->path, &bytes, &length, NULL))
		return true;
	return length != file->text->length || memcmp(bytes, file->text->bytes, length) != 0;
}
