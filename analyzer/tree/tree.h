/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A built kernel tree: what was compiled, from which sources, with which flags.
 *
 * Knows the kernel's build system (compile_commands.json, .cmd files, .config,
 * include/config/kernel.release) and nothing of parsing or ELF. A path inside the
 * source or build tree is always kept relative to it ("kernel/sched/core.c"), so
 * that nothing derived from it depends on where the tree lies.
 */
#ifndef PLUGSCHED_TREE_H
#define PLUGSCHED_TREE_H

#include <glib.h>
#include <stdbool.h>

#define TREE_ERROR tree_error_quark()
GQuark tree_error_quark(void);

enum tree_error {
	TREE_ERROR_NOT_A_KERNEL, /* no kernel source tree at that path */
	TREE_ERROR_NOT_BUILT,    /* a source tree, but nothing was built in it */
	TREE_ERROR_DATABASE,     /* compile_commands.json is malformed or useless */
	TREE_ERROR_IO,           /* a file or directory could not be read */
	TREE_ERROR_COMMAND,      /* a command line compiles no unit of the kernel */
};

/* One translation unit as the build compiled it. All strings are owned by the tree. */
struct tree_unit {
	const char *source;    /* the .c file, as tree_path() gives it */
	const char *object;    /* the .o (or .s) it became, relative to the build tree; "" if unknown */
	const char *directory; /* absolute directory the compiler ran in */
	char **arguments;      /* NULL-terminated; arguments[0] is the compiler; shell quoting undone */
	bool asm_offsets;      /* compiled to assembly for its constants (asm-offsets.c, bounds.c) */
};

struct tree {
	const char *source_dir;   /* absolute, symlinks resolved */
	const char *build_dir;    /* absolute, symlinks resolved; equal to source_dir for an in-tree build */
	const char *release;      /* include/config/kernel.release, or NULL */
	const char *config_hash;  /* SHA-256 of .config's option lines in hex, or NULL without a .config */
	const char *vmlinux;      /* absolute path of vmlinux, or NULL if there is none */
	const char *database;     /* absolute path of compile_commands.json, or NULL: made from .cmd files */
	const char *copied, *copy; /* the folder of tree_set_copy() and where its files are read; NULL without one */
	GPtrArray *units;         /* struct tree_unit *, sorted by source then object, no duplicates */
	GPtrArray *assembly;      /* char *: objects built from .S files, relative to build_dir, sorted; the
	                             kernel proper only (see tree_open) */
	GStringChunk *strings;    /* owns the strings above */
};

/*
 * Opens the built kernel at `kernel` (its source tree). `build` is the build tree, or
 * NULL when the kernel was built in its source tree. Reads compile_commands.json from the
 * build tree; without one it makes the same list from the .cmd files. asm-offsets and bounds
 * units, which no database lists, come from their .s.cmd files where these exist.
 * Programs of the host and code that never runs in vmlinux (objects in scripts/, tools/, usr/,
 * arch/x86/boot, the vdso's image, purgatory, realmode/rm, *.mod.c and the like) are left out.
 * Returns NULL and sets `error` on failure; the message names the file and what to do.
 */
struct tree *tree_open(const char *kernel, const char *build, GError **error);

/*
 * A tree of the one unit that a compiler's command line makes; neither the build's records nor any other file is read, so
 * that the sources which the unit reads are enough. `command` begins with the compiler; `directory` is where it runs, NULL: the
 * current one. release, config_hash, vmlinux and database stay NULL. Fails if a directory is missing or the command
 * compiles no .c file of the kernel proper.
 */
struct tree *tree_open_command(const char *kernel, const char *build, const char *directory, char **command,
			       GError **error);

/*
 * As tree_open(), of one folder ("kernel/sched") only: the rest of the tree's records is not read. The folder's .cmd files are
 * enough; without any it is as tree_open().
 */
struct tree *tree_open_folder(const char *kernel, const char *build, const char *folder, GError **error);

/*
 * From now on the directory `copy` stands for the tree's folder `folder` ("kernel/sched"): a file that it has is read there, and is
 * named as the folder's. An extracted scheduler is such a copy. Fails if there is no such directory.
 */
bool tree_set_copy(struct tree *tree, const char *folder, const char *copy, GError **error);

/* Adds arguments (NULL-terminated) behind the unit's own. */
void tree_unit_append(struct tree *tree, struct tree_unit *unit, const char *const *arguments);

/* Frees the tree and all it owns. Accepts NULL. */
void tree_free(struct tree *tree);

/*
 * The name under which a file is reported: relative to the source tree, else relative
 * to the build tree, else absolute. `directory` is what a relative `path` is relative to.
 * Resolves "." and ".." without touching the disk. Caller frees.
 */
char *tree_path(const struct tree *tree, const char *directory, const char *path);

/*
 * The content of a file by the name under which it is reported; NULL if it cannot be read. `*length` (may be
 * NULL) gets its size. Caller frees.
 */
char *tree_read_file(const struct tree *tree, const char *name, gsize *length);

/* The absolute path of such a file: in the source tree, or in the build tree if it is only there. Caller frees. */
char *tree_file(const struct tree *tree, const char *name);

/*
 * The unit's arguments as libclang wants them: no compiler, no -c, -o, input file; flags that
 * clang lacks or that mean code generation only are dropped (-m…-boundary, -mrecord-mcount,
 * -fconserve-stack, -fplugin…, -Wp,…, -W…, -g…, -f(no-)… of gcc alone), all else kept in order,
 * then -w and "-ferror-limit=0". An unknown -f or -m counts as code generation. Relative -I,
 * -include and -isystem paths are left as they are: the caller passes -working-directory. A
 * NULL-terminated vector; free with g_strfreev.
 */
char **tree_unit_clang_arguments(const struct tree_unit *unit);

#endif
