// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opens a vmlinux and fills a struct binary.
 *
 * Stages: map the file and check it, read all symbols, scan the DWARF of the named units, search
 * the code for branches that enter a function elsewhere than at its symbol, sort.
 *
 * Names of symbols point into the mapped string table, so the file stays mapped until
 * binary_free(). Names from DWARF are copied, and what libdw allocated is freed after the scan.
 *
 * Limits: a named unit that vmlinux does not hold is no error here; its functions are just absent.
 */
#include "analyzer/binary/internal.h"

#include <string.h>

static void function_free(gpointer data)
{
	struct binary_function *function = data;

	g_ptr_array_unref(function->clones);
	g_array_unref(function->inlines);
	g_array_unref(function->bypasses);
	g_free(function);
}

static int compare_places(const char *left_file, unsigned left_line, const char *left_unit,
			  const char *right_file, unsigned right_line, const char *right_unit)
{
	int order = strcmp(left_file, right_file);

	if (order == 0 && left_line != right_line)
		order = left_line < right_line ? -1 : 1;
	return order ? order : strcmp(left_unit, right_unit);
}

static int compare_functions(gconstpointer left, gconstpointer right)
{
	const struct binary_function *first = *(struct binary_function *const *)left;
	const struct binary_function *second = *(struct binary_function *const *)right;
	int order = strcmp(first->name, second->name);

	return order ? order
		     : compare_places(first->file, first->line, first->unit, second->file,
				      second->line, second->unit);
}

/* Several static locals from one macro may differ only in their addresses. */
static int compare_variables(gconstpointer left, gconstpointer right)
{
	const struct binary_variable *first = *(struct binary_variable *const *)left;
	const struct binary_variable *second = *(struct binary_variable *const *)right;
	int order = strcmp(first->name, second->name);

	if (order == 0)
		order = compare_places(first->file, first->line, first->unit, second->file,
				       second->line, second->unit);
	if (order == 0 && first->address != second->address)
		order = first->address < second->address ? -1 : 1;
	return order;
}

static int compare_inlines(gconstpointer left, gconstpointer right)
{
	const struct binary_inline *first = left, *second = right;
	int order = strcmp(first->caller, second->caller);

	return order ? order : strcmp(first->caller_file, second->caller_file);
}

static int compare_bypasses(gconstpointer left, gconstpointer right)
{
	const struct binary_bypass *first = left, *second = right;
	int order = strcmp(first->caller, second->caller);

	if (order == 0)
		order = strcmp(first->caller_file, second->caller_file);
	if (order == 0)
		order = strcmp(first->entry, second->entry);
	return order ? order
		     : (first->address > second->address) - (first->address < second->address);
}

static int compare_strings(gconstpointer left, gconstpointer right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Sorts and leaves each once. */
static void sort_set(GArray *array, GCompareFunc compare)
{
	guint size = g_array_get_element_size(array), kept = 0;

	g_array_sort(array, compare);
	for (guint i = 0; i < array->len; i++) {
		char *each = array->data + (gsize)i * size,
		     *last = array->data + (gsize)kept * size;

		if (kept > 0 && compare(last - size, each) == 0)
			continue;
		memmove(last, each, size);
		kept++;
	}
	g_array_set_size(array, kept);
}

static void finish_function(gpointer data, gpointer unused)
{
	struct binary_function *function = data;

	(void)unused;
	g_ptr_array_sort(function->clones, compare_strings);
	sort_set(function->inlines, compare_inlines);
	sort_set(function->bypasses, compare_bypasses);
}

/* Sorts and leaves each once. */
static void sort_names(GPtrArray *names)
{
	guint kept = 0;

	g_ptr_array_sort(names, compare_strings);
	for (guint i = 0; i < names->len; i++)
		if (kept == 0 || strcmp(names->pdata[kept - 1], names->pdata[i]) != 0)
			names->pdata[kept++] = names->pdata[i];
	g_ptr_array_set_size(names, (gint)kept);
}

static struct binary *binary_new(const char *path)
{
	struct binary *binary = g_new0(struct binary, 1);
	struct binary_state *state = g_new0(struct binary_state, 1);

	state->pieces = g_array_new(FALSE, FALSE, sizeof(struct piece));
	binary->state = state;
	binary->strings = g_string_chunk_new(64 * 1024);
	binary->path = g_string_chunk_insert(binary->strings, path);
	binary->functions = g_ptr_array_new_with_free_func(function_free);
	binary->variables = g_ptr_array_new_with_free_func(g_free);
	binary->units = g_ptr_array_new();
	return binary;
}

/* --- the file */

G_DEFINE_QUARK(plugsched - binary - error, binary_error)

struct image *binary_image_open(const char *path, GError **error)
{
	g_autoptr(GError) found = NULL;
	struct image *image = image_open(path, &found);

	if (image)
		return image;
	if (g_error_matches(found, IMAGE_ERROR, IMAGE_ERROR_MACHINE))
		g_set_error(error, BINARY_ERROR, BINARY_ERROR_FORMAT,
			    "%s: built for another machine; only 64-bit x86 is supported", path);
	else if (g_error_matches(found, IMAGE_ERROR, IMAGE_ERROR_IO))
		g_set_error_literal(error, BINARY_ERROR, BINARY_ERROR_IO, found->message);
	else
		g_set_error(error, BINARY_ERROR, BINARY_ERROR_FORMAT, "%s; build vmlinux again",
			    found->message);
	return NULL;
}

static bool check_vmlinux(const struct image *vmlinux, GError **error)
{
	g_autoptr(GError) emptied = NULL;
	const char *problem = NULL;

	if (!image_is_linked(vmlinux))
		problem = "not a linked image; give the vmlinux of the kernel";
	else if (image_raw_count(vmlinux) <= 1)
		problem =
			"no symbol table; give the vmlinux that was not stripped, built with CONFIG_DEBUG_INFO_DWARF5=y";
	if (!problem && !image_has_bytes(vmlinux, &emptied)) {
		g_set_error_literal(error, BINARY_ERROR, BINARY_ERROR_FORMAT, emptied->message);
		return false;
	}
	if (problem)
		g_set_error(error, BINARY_ERROR, BINARY_ERROR_FORMAT, "%s: %s", image_path(vmlinux),
			    problem);
	return problem == NULL;
}

char *binary_read_build_id(const char *path, GError **error)
{
	struct image *image = binary_image_open(path, error);
	char *build_id = image ? g_strdup(image_build_id(image)) : NULL;

	if (image && !build_id)
		g_set_error(error, BINARY_ERROR, BINARY_ERROR_FORMAT,
			    "%s: has no build-id; link it with --build-id", path);
	image_free(image);
	return build_id;
}

uint64_t binary_address_of(const struct image *image, const char *name)
{
	const struct image_symbol *symbol = image_find(image, name);

	return symbol ? symbol->address : 0;
}

const struct image_symbol *binary_symbol_at(const struct image *image, uint64_t address,
					    const struct image_symbol *previous)
{
	const struct image_section *section = image_section_at(image, address);

	return section ? image_symbol_at(image, section->index, address, previous) : NULL;
}

/* --- all of it */

struct binary *binary_open(const char *path, const char *source_dir, const char *build_dir,
			   GHashTable *maps, GHashTable *units, GError **error)
{
	struct binary *binary = binary_new(path);
	struct binary_state *state = binary->state;

	binary->source_dir = source_dir;
	binary->build_dir = build_dir;
	binary->maps = maps ? g_hash_table_ref(maps) : NULL;
	state->maps = binary_distinct_maps(maps);
	state->image = binary_image_open(path, error);
	if (!state->image || !check_vmlinux(state->image, error))
		goto fail;
	binary->build_id = g_strdup(image_build_id(state->image));
	state->patched = patched_read(state);
	state->tracer = binary_address_of(state->image, arch_tracer_symbol);
	if (!scan_units(binary, units, error))
		goto fail;
	branches_find(binary);
	g_ptr_array_foreach(binary->functions, finish_function, NULL);
	g_ptr_array_sort(binary->functions, compare_functions);
	g_ptr_array_sort(binary->variables, compare_variables);
	sort_names(binary->units);
	return binary;
fail:
	binary_free(binary);
	return NULL;
}

void binary_free(struct binary *binary)
{
	struct binary_state *state;

	if (!binary)
		return;
	state = binary->state;
	g_ptr_array_unref(binary->functions);
	g_ptr_array_unref(binary->variables);
	g_ptr_array_unref(binary->units);
	g_string_chunk_free(binary->strings);
	g_free(binary->build_id);
	g_clear_pointer(&state->patched, g_array_unref);
	g_clear_pointer(&state->maps, g_hash_table_unref);
	g_clear_pointer(&binary->maps, g_hash_table_unref);
	g_array_unref(state->pieces);
	image_free(state->image);
	g_free(state);
	g_free(binary);
}

bool binary_has_symbol(const struct binary *binary, const char *name)
{
	const struct binary_state *state = binary->state;

	return image_find(state->image, name) != NULL;
}

GArray *binary_other_names(const struct binary *binary, const char *own, uint64_t address,
			   uint64_t size)
{
	const struct image *image = ((const struct binary_state *)binary->state)->image;
	const struct image_section *section = image_section_at(image, address);
	GArray *names = g_array_new(FALSE, FALSE, sizeof(struct binary_name));

	for (const struct image_symbol *each =
		     section ? image_symbol_from(image, section->index, address) : NULL;
	     each && each->address < address + MAX(size, 1);
	     each = image_symbol_after(image, each)) {
		struct binary_name name = {
			.name = each->name,
			.offset = each->address - address,
			.is_global = each->is_global,
			.is_typed = each->is_function || each->is_object,
			.is_exported = place_is_exported(image, each),
		};

		if (strcmp(each->name, own) != 0)
			g_array_append_val(names, name);
	}
	return names;
}
