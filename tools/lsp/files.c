// SPDX-License-Identifier: GPL-2.0-only
/* The texts in open documents and on disk. */
#include "tools/lsp/files.h"

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

struct files *files_new(struct workspace *workspace)
{
	struct files *files = g_new0(struct files, 1);

	files->workspace = workspace;
	files->open = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, file_free);
	files->by_path = g_hash_table_new(g_str_hash, g_str_equal);
	files->disk = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, file_free);
	files->originals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_text);
	files->retired = g_ptr_array_new_with_free_func(file_free);
	return files;
}

void files_free(struct files *files)
{
	if (!files)
		return;
	g_hash_table_destroy(files->by_path);
	g_hash_table_destroy(files->open);
	g_hash_table_destroy(files->disk);
	g_hash_table_destroy(files->originals);
	g_ptr_array_unref(files->retired);
	g_free(files);
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

void files_close(struct files *files, const char *uri)
{
	struct file *file = g_hash_table_lookup(files->open, uri);

	if (!file)
		return;
	if (file->path && g_hash_table_lookup(files->by_path, file->path) == file)
		g_hash_table_remove(files->by_path, file->path);
	g_hash_table_remove(files->open, uri);
}

struct file *files_open(struct files *files, const char *uri, gint64 version, struct text *text)
{
	struct file *file = g_new0(struct file, 1);

	files_close(files, uri);
	file->uri = g_strdup(uri);
	file->path = path_of_uri(uri);
	file->name = file->path ? workspace_name(files->workspace, file->path) : NULL;
	file->text = text;
	file->version = version;
	file->is_open = true;
	g_hash_table_insert(files->open, file->uri, file);
	if (file->path)
		g_hash_table_insert(files->by_path, file->path, file);
	files_original(files, file); /* read it before the editor may overwrite it */
	return file;
}

struct file *files_find(const struct files *files, const char *uri)
{
	return g_hash_table_lookup(files->open, uri);
}

/*
 * Removes a changed file from those on disk. It is freed later, because someone may still use it.
 */
static void retire(struct files *files, const char *path)
{
	gpointer file = NULL;

	if (g_hash_table_steal_extended(files->disk, path, NULL, &file))
		g_ptr_array_add(files->retired, file);
}

static struct file *read_file(struct files *files, const char *path, const GStatBuf *status)
{
	struct text *text = S_ISREG(status->st_mode) ? read_text(path) : NULL;
	struct file *file;

	if (!text)
		return NULL;
	file = g_new0(struct file, 1);
	file->path = g_strdup(path);
	file->uri = g_filename_to_uri(path, NULL, NULL);
	file->name = workspace_name(files->workspace, path);
	file->text = text;
	file->time =
		status->st_mtim.tv_sec * G_GINT64_CONSTANT(1000000000) + status->st_mtim.tv_nsec;
	file->size = status->st_size;
	retire(files, path);
	g_hash_table_insert(files->disk, file->path, file);
	files->disk_bytes += text->length;
	return file;
}

void files_trim(struct files *files)
{
	g_ptr_array_set_size(files->retired, 0);
	if (files->disk_bytes <= DISK_BYTES_MAX)
		return;
	g_hash_table_remove_all(files->disk);
	files->disk_bytes = 0;
}

struct file *files_get(struct files *files, const char *path)
{
	struct file *file = g_hash_table_lookup(files->by_path, path);
	GStatBuf status;

	if (file)
		return file;
	file = g_hash_table_lookup(files->disk, path);
	if (g_stat(path, &status) != 0)
		return NULL;
	if (file && file->size == status.st_size &&
	    file->time ==
		    status.st_mtim.tv_sec * G_GINT64_CONSTANT(1000000000) + status.st_mtim.tv_nsec)
		return file;
	return read_file(files, path, &status);
}

struct file *files_get_uri(struct files *files, const char *uri)
{
	struct file *file = files_find(files, uri);
	g_autofree char *path = file ? NULL : path_of_uri(uri);

	return file ? file : path ? files_get(files, path) : NULL;
}

/* The open document of that name. It may have been opened under another path, through a link. */
static struct file *find_open_name(const struct files *files, const char *name)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, files->open);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		if (g_strcmp0(((struct file *)value)->name, name) == 0)
			return value;
	return NULL;
}

struct file *files_get_name(struct files *files, const char *name)
{
	g_autofree char *path = workspace_path(files->workspace, name);
	struct file *file = g_hash_table_lookup(files->by_path, path);

	if (!file && (file = find_open_name(files, name)) && files->workspace->is_extracted) {
		/* in an extracted folder, the kernel's file of that name is a different file */
		g_autofree char *real =
			g_file_test(path, G_FILE_TEST_EXISTS) ? realpath(path, NULL) : NULL;
		g_autofree char *opened = file->path ? realpath(file->path, NULL) : NULL;

		file = g_strcmp0(real, opened) == 0 ? file : NULL;
	}
	return file ? file : files_get(files, path);
}

static void drop_map(struct file *file)
{
	g_clear_pointer(&file->map, map_free);
	file->has_map = file->is_mapped = false;
}

void files_changed(struct file *file)
{
	drop_map(file);
}

void files_forget(struct files *files)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_remove_all(files->originals);
	g_hash_table_remove_all(files->disk);
	files->disk_bytes = 0;
	g_hash_table_iter_init(&iter, files->open);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct file *file = value;

		drop_map(file);
		g_free(file->name);
		file->name = file->path ? workspace_name(files->workspace, file->path) : NULL;
		files_original(files, file);
	}
}

struct text *files_original(struct files *files, const struct file *file)
{
	gpointer found;
	g_autofree char *path = NULL;

	if (!file->name)
		return NULL;
	if (g_hash_table_lookup_extended(files->originals, file->name, NULL, &found))
		return found;
	path = workspace_original(files->workspace, file->name);
	found = read_text(path);
	g_hash_table_insert(files->originals, g_strdup(file->name), found);
	return found;
}

/*
 * A copy of the text in which a lone carriage return is a newline, so that the diff counts lines as
 * text.h does. Caller frees.
 */
static char *with_newlines(const struct text *text)
{
	char *bytes = g_memdup2(text->bytes, text->length + 1);

	for (size_t i = 0; i < text->length; i++)
		if (bytes[i] == '\r' && bytes[i + 1] != '\n')
			bytes[i] = '\n';
	return bytes;
}

static void make_map(struct files *files, struct file *file)
{
	const struct text *original = files_original(files, file), *text = file->text;
	g_autofree char *old = NULL, *new = NULL;

	file->has_map = true;
	file->is_mapped = original;
	if (!original || (original->length == text->length &&
			  memcmp(original->bytes, text->bytes, text->length) == 0))
		return;
	old = with_newlines(original);
	new = with_newlines(text);
	file->map = map_new(old, original->length, new, text->length);
	file->is_mapped = file->map;
}

bool files_map(struct files *files, struct file *file, const struct map **map)
{
	if (!file->has_map)
		make_map(files, file);
	*map = file->map;
	return file->is_mapped;
}

bool files_is_unsaved(const struct file *file)
{
	g_autofree char *bytes = NULL;
	gsize length;

	if (!file->path || !g_file_get_contents(file->path, &bytes, &length, NULL))
		return true;
	return length != file->text->length || memcmp(bytes, file->text->bytes, length) != 0;
}
