// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes the build file for ninja: one edge for each unit, the target "units" for all of them, and
 * one edge that links. An edge of a unit:
 *
 *   build facts/lib/x.o.facts: facts ../linux/lib/x.c
 *     key = 3fa8...
 *     compile = gcc -Wp,... $flags1 -DKBUILD_BASENAME=... -o lib/x.o lib/x.c
 *
 * Method: a path is relative to the build file's folder if both share a folder below the root, so
 * that a remote worker may keep everything elsewhere; otherwise it is absolute. Each command
 * carries the key of its facts: ninja makes facts again when something that they depend on changed,
 * and a worker with another version of the tool refuses. Flags that many units share are written
 * once, in a variable.
 *
 * Limits: ninja cannot have | or a line's end in a path, nor quotes and some other characters in a
 * list of files read. Such a tree is refused, unless its name relative to the build file is free of
 * them. The file describes the build as it is now: write it again after the kernel was configured
 * or built in another way.
 */
#include "analyzer/ninja.h"

#include "analyzer/source/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER_OF_FACTS "facts"
#define NINJA_ERROR g_quark_from_static_string("ninja-error-quark")

struct writer {
	const struct ninja_options *options;
	struct config *config;
	struct tree *tree;
	char *folder; /* folder of the build file; absolute, symlinks resolved */
	GString *text;
	GString *facts;    /* names of all files of facts, written as inputs */
	GHashTable *flags; /* shared flags -> name of the variable that holds them */
	GHashTable *names; /* names of the files of facts, so that none is used twice */
};

/* --- paths */

/*
 * The absolute path with symlinks resolved. If the file does not exist, only those of its folder
 * are, and if that does not exist either, none. Caller frees.
 */
static char *resolve(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path), *last = g_path_get_basename(path);
	char *whole = realpath(path, NULL), *resolved = whole ? NULL : realpath(folder, NULL);
	char *result = whole      ? g_strdup(whole)
		       : resolved ? g_build_filename(resolved, last, NULL)
				  : g_canonicalize_filename(path, NULL);

	free(whole);
	free(resolved);
	return result;
}

/* How many folders the paths have in common at their beginning. */
static guint common_folders(char **one, char **other)
{
	guint n = 0;

	while (one[n] && other[n] && !strcmp(one[n], other[n]))
		n++;
	return n;
}

/*
 * How commands name a path: relative to the build file's folder if both share a folder, else
 * absolute. Caller frees.
 */
static char *name_path(const struct writer *w, const char *absolute)
{
	g_auto(GStrv) here = g_strsplit(w->folder + 1, "/", -1),
		      there = g_strsplit(absolute + 1, "/", -1);
	guint shared = common_folders(here, there);
	GString *name = g_string_new(NULL);

	if (!shared)
		return g_string_free(g_string_assign(name, absolute), FALSE);
	for (char **up = here + shared; *up; up++)
		g_string_append(name, *(up + 1) || there[shared] ? "../" : "..");
	for (char **down = there + shared; *down; down++)
		g_string_append_printf(name, "%s%s", *down, down[1] ? "/" : "");
	if (!name->len)
		g_string_assign(name, ".");
	return g_string_free(name, FALSE);
}

/* --- quoting */

/* Appends text as the value of a variable. */
static void append_value(GString *out, const char *text)
{
	for (; *text; text++)
		g_string_append(out, *text == '$' ? "$$" : (char[]){ *text, '\0' });
}

/* Appends a word of a command that is the value of a variable. */
static void append_word(GString *out, const char *word)
{
	bool is_plain =
		*word &&
		!word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   "%+,-./:=@_")];
	g_autofree char *quoted = is_plain ? g_strdup(word) : g_shell_quote(word);

	append_value(out, quoted);
}

/* Appends a path in a build line. */
static void append_path(GString *out, const char *path)
{
	for (; *path; path++) {
		if (strchr("$ :", *path))
			g_string_append_c(out, '$');
		g_string_append_c(out, *path);
	}
}

/* Adds "NAME = PATH" for a program that commands run. One in the current folder gets "./". */
static void add_program(struct writer *w, const char *variable, const char *path)
{
	g_string_append_printf(w->text, "%s = ", variable);
	if (!strchr(path, '/'))
		g_string_append(w->text, "./");
	append_word(w->text, path);
	g_string_append_c(w->text, '\n');
}

/* --- the file */

/*
 * The path of the program beside this one, or else of the one that PATH leads to; NULL if there is
 * none. Caller frees.
 */
static char *program(const char *name)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = self ? g_path_get_dirname(self) : NULL;
	char *path = folder ? g_build_filename(folder, name, NULL) : NULL;

	if (path && g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
		return path;
	g_free(path);
	return g_find_program_in_path(name);
}

static bool add_programs(struct writer *w, GError **error)
{
	static const char *const programs[][2] = { { "make_facts", "plugsched-facts" },
						   { "analyze", "plugsched-analyze" } };

	for (size_t i = 0; i < G_N_ELEMENTS(programs); i++) {
		g_autofree char *path = program(programs[i][1]);
		g_autofree char *name = path ? name_path(w, path) : NULL;

		if (!name) {
			g_set_error(error, NINJA_ERROR, 0,
				    "%s: neither beside plugsched-analyze nor in PATH; install it",
				    programs[i][1]);
			return false;
		}
		add_program(w, programs[i][0], name);
	}
	return true;
}

static void add_option(struct writer *w, const char *option, const char *path)
{
	g_autofree char *absolute = resolve(path);
	g_autofree char *name = name_path(w, absolute);

	g_string_append_printf(w->text, " %s ", option);
	append_word(w->text, name);
}

static bool add_head(struct writer *w, GError **error)
{
	const struct ninja_options *o = w->options;

	g_string_append(
		w->text,
		"# Made by plugsched-analyze --ninja; docs/distributed.md tells how to use it.\n"
		"ninja_required_version = 1.7\n\n"
		"# Stands in front of each command that makes facts: a compiler launcher, srun, a remote execution client.\n"
		"launcher = $${PLUGSCHED_LAUNCHER-}\n\n");
	if (!add_programs(w, error))
		return false;
	g_string_append(w->text, "tree =");
	add_option(w, "--kernel", w->tree->source_dir);
	if (o->build)
		add_option(w, "--build", w->tree->build_dir);
	if (o->config)
		add_option(w, "--config", o->config);
	g_string_append(w->text, "\ndirectory =");
	add_option(w, "--directory", w->tree->build_dir);
	g_string_append(
		w->text,
		"\n\nrule facts\n"
		"  command = $launcher $make_facts $tree $directory --key $key -MF $out.d -o $out -- $compile\n"
		"  depfile = $out.d\n  deps = gcc\n  restat = 1\n  description = FACTS $out\n\n"
		"rule link\n"
		"  command = $analyze $tree --facts " FOLDER_OF_FACTS " -o $out\n"
		"  description = LINK $out\n  pool = console\n\n");
	return true;
}

/*
 * facts/OBJECT.facts. The source's name replaces the object's if that is unknown or absolute, and
 * the key does if the name would be absolute or is taken. Caller frees.
 */
static char *facts_name(struct writer *w, const struct tree_unit *unit, const char *key)
{
	const char *base =
		*unit->object && !g_path_is_absolute(unit->object) ? unit->object : unit->source;
	char *name = g_strconcat(FOLDER_OF_FACTS "/", base, SOURCE_FACTS_SUFFIX, NULL);

	if (g_path_is_absolute(base) || !g_hash_table_add(w->names, g_strdup(name))) {
		g_free(name);
		name = g_strconcat(FOLDER_OF_FACTS "/", key, SOURCE_FACTS_SUFFIX, NULL);
		g_hash_table_add(w->names, g_strdup(name));
	}
	return name;
}

/*
 * True for a word that is the unit's own: it holds the unit's name, or a name that kbuild defines
 * for each unit.
 */
static bool is_own_word(const char *word, const char *stem)
{
	return strstr(word, stem) || strstr(word, "KBUILD_");
}

/* Finds the longest run of words that are not the unit's own: [*begin, *end). */
static void find_shared(char **words, const char *stem, guint *begin, guint *end)
{
	*begin = *end = 0;
	for (guint i = 0; words[i]; i++) {
		guint first = i;

		while (words[i] && !is_own_word(words[i], stem))
			i++;
		if (i - first > *end - *begin) {
			*begin = first;
			*end = i;
		}
		if (!words[i])
			break;
	}
}

/* The variable that holds these words. It is written before the first edge that needs it. */
static const char *shared_flags(struct writer *w, char **words, guint begin, guint end)
{
	g_autoptr(GString) value = g_string_new(NULL);
	char *name;

	for (guint i = begin; i < end; i++) {
		g_string_append(value, i > begin ? " " : "");
		append_word(value, words[i]);
	}
	name = g_hash_table_lookup(w->flags, value->str);
	if (name)
		return name;
	name = g_strdup_printf("flags%u", g_hash_table_size(w->flags) + 1);
	g_string_append_printf(w->text, "%s = %s\n", name, value->str);
	g_hash_table_insert(w->flags, g_strdup(value->str), name);
	return name;
}

static char *stem_of(const struct tree_unit *unit)
{
	char *stem = g_path_get_basename(unit->source);

	*strrchr(stem, '.') = '\0'; /* every source ends in .c */
	return stem;
}

static void add_words(GString *out, char **words, guint begin, guint end)
{
	for (guint i = begin; i < end; i++) {
		g_string_append_c(out, ' ');
		append_word(out, words[i]);
	}
}

static void add_unit(struct writer *w, const struct tree_unit *unit)
{
	struct source_context context = { .tree = w->tree,
					  .config = w->config,
					  .tool_version = PLUGSCHED_VERSION };
	g_autofree char *key = source_unit_key(&context, unit), *name = facts_name(w, unit, key);
	g_autofree char *file = tree_file(w->tree, unit->source), *source = name_path(w, file);
	g_autofree char *stem = stem_of(unit);
	guint begin, end;
	const char *flags;

	find_shared(unit->arguments, stem, &begin, &end);
	flags = end > begin ? shared_flags(w, unit->arguments, begin, end) : NULL;
	g_string_append(w->text, "build ");
	append_path(w->text, name);
	g_string_append(w->text, ": facts ");
	append_path(w->text, source);
	g_string_append_printf(w->text, "\n  key = %s\n", key);
	if (strcmp(unit->directory, w->tree->build_dir) != 0) {
		g_string_append(w->text, "  directory =");
		add_option(w, "--directory", unit->directory);
		g_string_append_c(w->text, '\n');
	}
	g_string_append(w->text, "  compile =");
	add_words(w->text, unit->arguments, 0, begin);
	if (flags)
		g_string_append_printf(w->text, " $%s", flags);
	add_words(w->text, unit->arguments, end, g_strv_length(unit->arguments));
	g_string_append_c(w->text, '\n');
	g_string_append(w->facts, " $\n  ");
	append_path(w->facts, name);
}

/* Adds a file, if it exists, that the link reads in addition to the facts. */
static void add_input(struct writer *w, const char *path)
{
	g_autofree char *absolute = path ? resolve(path) : NULL;
	g_autofree char *name = absolute ? name_path(w, absolute) : NULL;

	if (!name || !g_file_test(absolute, G_FILE_TEST_EXISTS))
		return;
	g_string_append(w->text, " $\n  ");
	append_path(w->text, name);
}

static void add_link(struct writer *w)
{
	static const char *const files[] = { ".config", "include/config/kernel.release" };
	g_autofree char *output = w->options->output
					  ? resolve(w->options->output)
					  : g_build_filename(w->folder, "boundary.json", NULL);
	g_autofree char *name = name_path(w, output), *self = program("plugsched-analyze");

	g_string_append_printf(w->text, "\nbuild units: phony%s\n\nbuild ", w->facts->str);
	append_path(w->text, name);
	g_string_append(w->text, ": link units |");
	add_input(w, self);
	add_input(w, w->tree->vmlinux);
	add_input(w, w->options->config);
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = g_build_filename(w->tree->build_dir, files[i], NULL);

		add_input(w, path);
	}
	g_string_append(w->text, "\n\ndefault ");
	append_path(w->text, name);
	g_string_append_c(w->text, '\n');
}

/* Characters with a meaning for ninja that cannot be escaped. */
#define NEVER_IN_PATHS "|\n\r"
#define NEVER_IN_DEPFILES NEVER_IN_PATHS "\"&'*;<>?^`"

/*
 * Trees are named in lists of files read, so more characters are excluded. Only the name relative
 * to the build file matters.
 */
static bool check_tree(const struct writer *w, const char *path, GError **error)
{
	g_autofree char *name = name_path(w, path);

	if (!strpbrk(name, NEVER_IN_DEPFILES))
		return true;
	g_set_error(
		error, NINJA_ERROR, 0,
		"%s: ninja cannot read %c in a list of files; put the build file (--ninja) into a folder beside the tree, or "
		"rename the folder",
		name, *strpbrk(name, NEVER_IN_DEPFILES));
	return false;
}

static bool check_paths(const struct writer *w, GError **error)
{
	const char *paths[] = { w->folder, w->options->config, w->options->output };

	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++)
		if (paths[i] && strpbrk(paths[i], NEVER_IN_PATHS)) {
			g_set_error(
				error, NINJA_ERROR, 0,
				"%s: ninja cannot have | or a line's end in a path; rename the folder or file",
				paths[i]);
			return false;
		}
	return check_tree(w, w->tree->source_dir, error) &&
	       check_tree(w, w->tree->build_dir, error);
}

static bool save(const struct writer *w, GError **error)
{
	g_autofree char *there = NULL;

	if (g_file_get_contents(w->options->path, &there, NULL, NULL) &&
	    !strcmp(there, w->text->str))
		return true;
	return g_file_set_contents_full(w->options->path, w->text->str, (gssize)w->text->len,
					G_FILE_SET_CONTENTS_CONSISTENT, 0666, error);
}

static bool find_folder(struct writer *w, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(w->options->path);
	char *resolved = realpath(folder, NULL);

	if (!resolved) {
		g_set_error(error, NINJA_ERROR, 0,
			    "%s: %s; make the folder, or name another file with --ninja", folder,
			    g_strerror(errno));
		return false;
	}
	w->folder = g_strdup(resolved);
	free(resolved);
	return true;
}

static bool open_inputs(struct writer *w, GError **error)
{
	const struct ninja_options *o = w->options;

	w->config = o->config ? config_read(o->config, error) : config_new();
	w->tree = w->config ? tree_open(o->kernel, o->build, error) : NULL;
	return w->tree && check_paths(w, error);
}

static bool write_all(struct writer *w, GError **error)
{
	if (!find_folder(w, error) || !open_inputs(w, error) || !add_head(w, error))
		return false;
	for (guint i = 0; i < w->tree->units->len; i++)
		add_unit(w, g_ptr_array_index(w->tree->units, i));
	add_link(w);
	return save(w, error);
}

bool ninja_write(const struct ninja_options *options, GError **error)
{
	struct writer w = {
		.options = options,
		.text = g_string_new(NULL),
		.facts = g_string_new(NULL),
		.flags = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
		.names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	};
	bool is_written = write_all(&w, error);

	g_hash_table_destroy(w.flags);
	g_hash_table_destroy(w.names);
	g_string_free(w.facts, TRUE);
	g_string_free(w.text, TRUE);
	g_free(w.folder);
	tree_free(w.tree);
	config_free(w.config);
	return is_written;
}
