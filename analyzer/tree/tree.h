/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A built kernel tree: what was compiled, from which sources, with which flags.
 *
 * It knows the kernel's build system (compile_commands.json, .cmd files, .config,
 * include/config/kernel.release), but neither parsing nor ELF. A path inside the source or build
 * tree is always kept relative to it ("kernel/sched/core.c"), so that nothing derived from it
 * depends on where the tree lies.
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
	const char *object;    /* its .o (or .s), relative to the build tree; "" if unknown */
	const char *directory; /* absolute path of the directory in which the compiler ran */
	char **arguments;      /* NULL-terminated, without shell
	                          quoting; the first is the compiler */
	bool asm_offsets;      /* compiled to assembly for its constants (asm-offsets.c,
	                          bounds.c) */
};

struct tree {
	const char *source_dir;  /* absolute, symlinks resolved */
	const char *build_dir;   /* absolute, symlinks resolved; equal to source_dir if built in
	                             the source tree */
	const char *release;     /* include/config/kernel.release, or NULL */
	const char *config_hash; /* SHA-256 in hex of the option lines of .config, or NULL */
	const char *vmlinux;     /* absolute path of vmlinux, or NULL if there is none */
	const char *database;    /* absolute path of compile_commands.json; NULL: the units come
	                             from .cmd files */
	/*
	 * see tree_set_copy(): the tree's folder, and the directory where its files are read; both
	 * NULL without a copy
	 */
	const char *copied, *copy;
	GPtrArray *units;    /* struct tree_unit *, sorted by source, then object; each once */
	GPtrArray *assembly; /* char *, sorted: objects built from .S files, relative to
	                             build_dir; the kernel proper only (see tree_open) */
	/*
	 * char *, sorted: objects that vmlinux is linked from, by the archives of the build, and
	 * that no command of a .c or .S file makes, as those of another language; relative to
	 * build_dir; the kernel proper only
	 */
	GPtrArray *sourceless;
	GStringChunk *strings; /* owns the strings of the tree and its units */
};

/*
 * Opens the built kernel at `kernel` (its source tree). `build` is the build tree, or NULL if the
 * kernel was built in its source tree. Reads compile_commands.json from the build tree; without one
 * it makes the same list from the .cmd files. No database lists the asm-offsets and bounds units;
 * they come from their .s.cmd files if these exist. Programs of the host and code that never runs
 * in vmlinux are left out (objects in scripts/, tools/, usr/, arch/x86/boot, the vdso's image,
 * purgatory, realmode/rm, *.mod.c and the like). On failure returns NULL and sets `error`; the
 * message names the file and says what to do. tree_free() the result.
 */
struct tree *tree_open(const char *kernel, const char *build, GError **error);

/*
 * A tree with the one unit that a compiler's command line compiles. No records of the build and no
 * other files are read, so the sources that the unit reads are enough. `command` begins with the
 * compiler. `directory` is where it runs; NULL: the current one. release, config_hash, vmlinux and
 * database stay NULL. Fails if a directory does not exist, or if the command compiles no .c file of
 * the kernel proper.
 */
struct tree *tree_open_command(const char *kernel, const char *build, const char *directory,
			       char **command, GError **error);

/*
 * Like tree_open(), but only for one folder ("kernel/sched"): other folders' records are not read.
 * The folder's .cmd files are enough. If it has none, this is the same as tree_open().
 */
struct tree *tree_open_folder(const char *kernel, const char *build, const char *folder,
			      GError **error);

/*
 * From now on the directory `copy` replaces the tree's folder `folder` ("kernel/sched"): a file
 * that exists in `copy` is read there, but keeps its name in `folder`. An extracted scheduler is
 * such a copy. Fails if there is no such directory.
 */
bool tree_set_copy(struct tree *tree, const char *folder, const char *copy, GError **error);

/* Adds a copy of the arguments (NULL-terminated) after the unit's own. */
void tree_unit_append(struct tree *tree, struct tree_unit *unit, const char *const *arguments);

/* Frees the tree and everything that it owns. Accepts NULL. */
void tree_free(struct tree *tree);

/*
 * The name under which a file is reported: relative to the source tree, else relative to the build
 * tree, else absolute. A relative `path` is relative to `directory` (NULL: the build tree).
 * Resolves "." and ".." without looking at the disk. Caller frees.
 */
char *tree_path(const struct tree *tree, const char *directory, const char *path);

/*
 * The content of a file, given the name under which it is reported; NULL if it cannot be read.
 * `length` may be NULL; else `*length` gets the size in bytes. Caller frees.
 */
char *tree_read_file(const struct tree *tree, const char *name, gsize *length);

/*
 * The absolute path of such a file: in the copy if it has one, else in the source tree, or in the
 * build tree if it exists only there. Caller frees.
 */
char *tree_file(const struct tree *tree, const char *name);

/*
 * The prefix maps that the compiler applied to the names in debug information: a table from the
 * source of each unit that has some to a text with a line "OLD=NEW" for each, in the order of its
 * command. The strings belong to the tree; equal texts are one string. g_hash_table_unref() the
 * result.
 */
GHashTable *tree_prefix_maps(const struct tree *tree);

/*
 * The unit's arguments in a form that libclang accepts. The compiler, -c, -o and the input file are
 * left out, and so are flags that clang lacks or that concern only code generation (-m...-boundary,
 * -mrecord-mcount, -fconserve-stack, -fplugin..., -Wp,..., -W..., -g..., and -f(no-)... that only
 * gcc has). An unknown -f or -m counts as code generation. All others are kept in order; then -w
 * and "-ferror-limit=0" are added. Relative -I, -include and -isystem paths stay as they are: the
 * caller passes -working-directory. Returns a NULL-terminated vector; caller frees with
 * g_strfreev().
 */
char **tree_unit_clang_arguments(const struct tree_unit *unit);

#endif
