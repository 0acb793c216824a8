// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which compilations become units, and under which names.
 *
 * Method: name source and object relative to the trees. Leave out what, by the tables below, never
 * runs in vmlinux or a module, and what is known already. Keep the rest, with all strings in the
 * tree's chunk. The object decides, not the source: kernel/bpf/relo_core.o belongs to the kernel
 * although its source is in tools/. Where the object is unknown or outside the build tree, the
 * source decides.
 *
 * Limits: the tables name folders, written for x86 with the usual folders of other architectures. A
 * host program in another folder that is built from several objects is not recognised.
 */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/tree/tree_private.h"

/* Patterns for fnmatch() with FNM_PATHNAME. A folder stands for everything below it. */

/* What runs in the kernel although the next table names its folder. */
static const char *const kept[] = {
	"arch/x86/*/vdso/vma.?",
	"arch/x86/*/vdso/extable.?", /* they map the vDSO into a process */
	/* the second: the image as an array */
	"arch/x86/*/vdso/vdso32-setup.?",
	"arch/x86/*/vdso/vdso-image-*.?",
};

static const char *const left_out[] = {
	/* these run on the build host */
	"scripts", "tools", "arch/*/tools", "samples/bpf", "Documentation",
	"usr", /* the initial file system */
	/* these run before or after the kernel */
	"arch/*/boot", "arch/*/purgatory", "arch/*/realmode/rm",
	"drivers/firmware/efi/libstub", /* part of the boot loader */
	"arch/*/vdso", "arch/*/*/vdso", "arch/*/*/vdso32", "arch/*/*/vdso64",
	"arch/*/*/compat_vdso",
	/* the vDSO's own code, which runs in user space */
};

/* Sources compiled only to read constants from the assembly text. They are never linked. */
static const char *const constants[] = { "*offsets.c", "bounds.c" };

void collector_init(struct collector *collector, struct tree *tree)
{
	collector->tree = tree;
	collector->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	collector->linked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void collector_release(struct collector *collector)
{
	g_hash_table_unref(collector->seen);
	g_hash_table_unref(collector->linked);
}

static bool matches_any(const char *name, const char *const *patterns, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!fnmatch(patterns[i], name, FNM_PATHNAME | FNM_LEADING_DIR))
			return true;
	}
	return false;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* True for .vmlinux.export.c, x.mod.c: tables that modpost writes after all is compiled. */
static bool is_of_modpost(const char *name)
{
	const char *base = base_name(name);

	return *base == '.' || g_str_has_suffix(base, ".mod.c") || g_str_has_suffix(base, ".mod.o");
}

static bool is_left_out(const char *source, const char *object)
{
	const char *name = *object && !g_path_is_absolute(object) ? object : source;

	if (is_of_modpost(source) || is_of_modpost(name))
		return true;
	return !matches_any(name, kept, G_N_ELEMENTS(kept)) &&
	       matches_any(name, left_out, G_N_ELEMENTS(left_out));
}

static bool is_of_constants(const char *source)
{
	return matches_any(base_name(source), constants, G_N_ELEMENTS(constants));
}

/* The path with the folder's symlinks resolved; NULL if there is no such folder. Caller frees. */
static char *resolve_folder(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	char *resolved = realpath(folder, NULL);
	char *result = resolved ? g_build_filename(resolved, base_name(path), NULL) : NULL;

	free(resolved);
	return result;
}

/* As tree_path(), even if the build recorded a symlink to the tree. Caller frees. */
static char *name_source(const struct tree *tree, const struct compilation *compilation)
{
	g_autofree char *name = tree_path(tree, compilation->directory, compilation->source);
	g_autofree char *resolved = g_path_is_absolute(name) ? resolve_folder(name) : NULL;

	return resolved ? tree_path(tree, NULL, resolved) : g_steal_pointer(&name);
}

/* Relative to the build tree; absolute if it is elsewhere, "" if unknown. Caller frees. */
static char *name_object(const struct tree *tree, const struct compilation *compilation)
{
	g_autofree char *absolute = NULL;
	g_autofree char *resolved = NULL;
	const char *below;

	if (!compilation->object)
		return g_strdup("");
	absolute = g_canonicalize_filename(compilation->object, compilation->directory);
	below = tree_path_below(absolute, tree->build_dir);
	if (!below && (resolved = resolve_folder(absolute)))
		below = tree_path_below(resolved, tree->build_dir);
	return g_strdup(below ? below : absolute);
}

/*
 * Copies the arguments. Each string is kept only once in the chunk, because the units' flags are
 * mostly the same.
 */
static char **keep_arguments(GStringChunk *strings, char **arguments)
{
	guint count = g_strv_length(arguments);
	char **kept_arguments = g_new0(char *, count + 1);

	for (guint i = 0; i < count; i++)
		kept_arguments[i] = g_string_chunk_insert_const(strings, arguments[i]);
	return kept_arguments;
}

static void add_unit(struct tree *tree, const char *source, const char *object,
		     const struct compilation *compilation)
{
	struct tree_unit *unit = g_new0(struct tree_unit, 1);

	unit->source = g_string_chunk_insert_const(tree->strings, source);
	unit->object = g_string_chunk_insert_const(tree->strings, object);
	unit->directory = g_string_chunk_insert_const(tree->strings, compilation->directory);
	unit->arguments = keep_arguments(tree->strings, compilation->arguments);
	unit->asm_offsets = g_str_has_suffix(object, ".s");
	g_ptr_array_add(tree->units, unit);
}

/*
 * True if a .c file was compiled to an object, or one for constants to assembly text. Everything
 * else (.i, make x.s) was made by hand.
 */
static bool is_unit(const char *source, const char *object)
{
	if (!g_str_has_suffix(source, ".c"))
		return false;
	if (g_str_has_suffix(object, ".s"))
		return is_of_constants(source);
	return !*object || g_str_has_suffix(object, ".o");
}

static bool is_assembly(const char *source, const char *object)
{
	return g_str_has_suffix(source, ".S") && g_str_has_suffix(object, ".o");
}

void collector_add(struct collector *collector, const struct compilation *compilation)
{
	struct tree *tree = collector->tree;
	g_autofree char *source = name_source(tree, compilation);
	g_autofree char *object = name_object(tree, compilation);
	bool is_asm = is_assembly(source, object);

	if ((!is_asm && !is_unit(source, object)) || is_left_out(source, object))
		return;
	if (!g_hash_table_add(collector->seen, g_strdup_printf("%s\n%s", source, object)))
		return;
	if (is_asm)
		g_ptr_array_add(tree->assembly, g_string_chunk_insert_const(tree->strings, object));
	else
		add_unit(tree, source, object, compilation);
}

void collector_find_sourceless(const struct collector *collector)
{
	struct tree *tree = collector->tree;
	GHashTableIter iter;
	gpointer object;

	for (guint i = 0; i < tree->units->len; i++)
		g_hash_table_remove(
			collector->linked,
			((const struct tree_unit *)g_ptr_array_index(tree->units, i))->object);
	for (guint i = 0; i < tree->assembly->len; i++)
		g_hash_table_remove(collector->linked, g_ptr_array_index(tree->assembly, i));
	g_hash_table_iter_init(&iter, collector->linked);
	while (g_hash_table_iter_next(&iter, &object, NULL))
		if (!is_left_out(object, object))
			g_ptr_array_add(tree->sourceless,
					g_string_chunk_insert_const(tree->strings, object));
}

static bool is_file_in(const char *folder, const char *name)
{
	g_autofree char *path = g_canonicalize_filename(name, folder);

	return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

bool tree_unit_has_source(const struct tree *tree, const struct tree_unit *unit)
{
	return is_file_in(tree->source_dir, unit->source) ||
	       is_file_in(tree->build_dir, unit->source);
}

bool tree_has_kernel_unit(const struct tree *tree)
{
	for (guint i = 0; i < tree->units->len; i++) {
		const struct tree_unit *unit = g_ptr_array_index(tree->units, i);

		if (!unit->asm_offsets && g_str_has_prefix(unit->source, "kernel/"))
			return true;
	}
	return false;
}
