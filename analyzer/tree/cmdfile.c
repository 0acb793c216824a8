// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of compilations, from kbuild's .cmd files.
 *
 * Beside an object dir/x.o kbuild leaves dir/.x.o.cmd, a makefile whose first line is
 *
 *   savedcmd_dir/x.o := gcc FLAGS -c -o dir/x.o dir/x.c ; objtool dir/x.o
 *
 * ("cmd_" before 6.2). The command ends where a shell ends it: at a ; & or | outside of quotes, or
 * at the end of the line. Its last argument is the source, or the last .c file in it.
 *
 * Method: walk over the build tree once. Of each .o.cmd and .s.cmd file read only the first line,
 * undo make's escapes, and let GLib split the rest as a shell would. The name in the line must be
 * the file's own. This leaves out the other format, which tools/ uses, and build trees inside the
 * source tree. The walk also comes by the archives in which kbuild collects the objects.
 *
 * Limits: expansions of the shell are not done; kbuild did them before it wrote the file.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/tree/tree_private.h"

struct cmdfile_walk {
	struct collector *collector;
	bool c_units;    /* take .c files that became objects, not only assembly and constants */
	GString *path;   /* the current directory or file, relative to the build tree */
	char *line;      /* the buffer of getline(), used again for each file */
	size_t capacity; /* its size */
};

/* Large folders of the build tree that hold no object of the kernel. */
static const char *const pruned[] = {
	".git", "Documentation", "include", "scripts", "tools", "usr"
};

static bool fail_io(const struct cmdfile_walk *walk, int code, GError **error)
{
	g_set_error(error, TREE_ERROR, TREE_ERROR_IO,
		    "%s/%s: %s; make it readable, or build the kernel again",
		    walk->collector->tree->build_dir, walk->path->str, g_strerror(code));
	return false;
}

/* Undoes kbuild's escapes for make: $$, $(pound), and \# of old kernels. Caller frees. */
static char *unescape_make(const char *text)
{
	static const struct {
		const char *from;
		char to;
	} escapes[] = {
		{ "$$", '$' },
		{ "$(pound)", '#' },
		{ "\\#", '#' },
	};
	GString *plain = g_string_sized_new(strlen(text));

	for (;;) {
		size_t i = 0, ordinary = strcspn(text, "$\\");

		g_string_append_len(plain, text, (gssize)ordinary);
		text += ordinary;
		if (!*text)
			return g_string_free(plain, FALSE);
		while (i < G_N_ELEMENTS(escapes) && !g_str_has_prefix(text, escapes[i].from))
			i++;
		g_string_append_c(plain, i < G_N_ELEMENTS(escapes) ? escapes[i].to : *text);
		text += i < G_N_ELEMENTS(escapes) ? strlen(escapes[i].from) : 1;
	}
}

/*
 * The length of the first command of a shell's line. An & behind > or < belongs to a redirection,
 * as in 2>&1.
 */
static size_t first_command_length(const char *line)
{
	size_t i = 0;
	char quote = '\0';

	for (; line[i]; i++) {
		if (quote ? line[i] == quote : line[i] == '\'' || line[i] == '"')
			quote = quote ? '\0' : line[i];
		else if (line[i] == '\\' && quote != '\'' && line[i + 1])
			i++;
		else if (!quote && strchr(";|&", line[i]) &&
			 !(line[i] == '&' && i && strchr("<>", line[i - 1])))
			break;
	}
	return i;
}

static bool is_source(const char *word)
{
	return g_str_has_suffix(word, ".c") || g_str_has_suffix(word, ".S");
}

/* The source that the command compiles; NULL if it is empty. Borrowed. */
static const char *find_source(char **words)
{
	guint count = g_strv_length(words);
	const char *last = count ? words[count - 1] : NULL;
	const char *other = last && !is_source(last) ? tree_command_source(words) : NULL;

	return other ? other : last;
}

/* True if the command names a source itself, not only through a response file. */
static bool has_source(char **words)
{
	for (; *words; words++)
		if (is_source(*words))
			return true;
	return false;
}

/* The command in "savedcmd_OBJECT := COMMAND", or NULL if the line has another form. */
static const char *find_command(const char *line, const char *object)
{
	static const char assign[] = " := ";

	if (g_str_has_prefix(line, "saved"))
		line += strlen("saved");
	if (!g_str_has_prefix(line, "cmd_"))
		return NULL;
	line += strlen("cmd_");
	if (!g_str_has_prefix(line, object))
		return NULL;
	line += strlen(object);
	return g_str_has_prefix(line, assign) ? line + strlen(assign) : NULL;
}

static bool split_command(const struct cmdfile_walk *walk, const char *command, char ***words,
			  GError **error)
{
	g_autofree char *plain = unescape_make(command);
	g_autoptr(GError) cause = NULL;

	*words = NULL;
	plain[first_command_length(plain)] = '\0';
	if (g_shell_parse_argv(plain, NULL, words, &cause) ||
	    g_error_matches(cause, G_SHELL_ERROR, G_SHELL_ERROR_EMPTY_STRING))
		return true;
	g_set_error(
		error, TREE_ERROR, TREE_ERROR_DATABASE,
		"%s/%s:1: the command cannot be split: %s; remove the file and build the kernel again",
		walk->collector->tree->build_dir, walk->path->str, cause->message);
	return false;
}

/*
 * Puts the words of response files in. If one cannot be read, that is an error in a command that
 * names a source. Other commands link modules from lists of objects (ld @x.mod), which do not
 * matter.
 */
static bool read_responses(const struct cmdfile_walk *walk, char ***words, GError **error)
{
	const struct tree *tree = walk->collector->tree;
	g_autoptr(GError) cause = NULL;

	if (tree_read_responses(words, tree->build_dir, &cause) || !has_source(*words))
		return true;
	g_set_error(error, TREE_ERROR, TREE_ERROR_DATABASE, "%s/%s:1: %s; build the kernel again",
		    tree->build_dir, walk->path->str, cause->message);
	return false;
}

/* A cheap test: splitting all commands takes longer than finding and reading them. */
static bool may_be_wanted(const struct cmdfile_walk *walk, const char *object, const char *command)
{
	if (strstr(command, " @"))
		return true;
	if (walk->c_units || g_str_has_suffix(object, ".s"))
		return strstr(command, ".c") || strstr(command, ".S");
	return strstr(command, ".S") != NULL;
}

static bool take_line(struct cmdfile_walk *walk, const char *line, const char *object,
		      GError **error)
{
	const char *command = find_command(line, object);
	g_auto(GStrv) words = NULL;
	struct compilation found = { .directory = walk->collector->tree->build_dir,
				     .object = object };

	if (!command || !may_be_wanted(walk, object, command))
		return true;
	if (!split_command(walk, command, &words, error) ||
	    (words && !read_responses(walk, &words, error)))
		return false;
	found.source = words ? find_source(words) : NULL;
	found.arguments = words;
	if (!found.source)
		return true;
	if (g_str_has_suffix(object, ".o") && g_str_has_suffix(found.source, ".c") &&
	    !walk->c_units)
		return true;
	collector_add(walk->collector, &found);
	return true;
}

/* "dir/x.o" for "dir/.x.o.cmd". Caller frees. */
static char *object_of_cmdfile(const char *path)
{
	const char *slash = strrchr(path, '/');
	int folder = slash ? (int)(slash + 1 - path) : 0;
	int base = (int)(strlen(path) - strlen(".") - strlen(".cmd")) - folder;

	return g_strdup_printf("%.*s%.*s", folder, path, base, path + folder + 1);
}

/* Reads the first line, without its newline, into walk->line. False with errno if that fails. */
static bool read_first_line(struct cmdfile_walk *walk, int parent, const char *name)
{
	int descriptor = openat(parent, name, O_RDONLY | O_CLOEXEC);
	FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "r");
	ssize_t length;
	int code;

	if (!file) {
		code = errno;
		if (descriptor >= 0)
			close(descriptor);
		errno = code;
		return false;
	}
	errno = 0;
	length = getline(&walk->line, &walk->capacity, file);
	code = errno;
	fclose(file);
	errno = code;
	if (length < 0)
		return !code && walk->line && !(*walk->line = '\0');
	if (walk->line[length - 1] == '\n')
		walk->line[length - 1] = '\0';
	return true;
}

static bool read_cmdfile(struct cmdfile_walk *walk, int parent, const char *name, GError **error)
{
	g_autofree char *object = object_of_cmdfile(walk->path->str);

	if (!read_first_line(walk, parent, name))
		return fail_io(walk, errno, error);
	return take_line(walk, walk->line, object, error);
}

static bool is_cmdfile(const char *name)
{
	return *name == '.' && strlen(name) > strlen(".o.cmd") + 1 &&
	       (g_str_has_suffix(name, ".o.cmd") || g_str_has_suffix(name, ".s.cmd"));
}

/* True for a directory, not for a symlink to one: "source" would lead out of the build tree. */
static bool is_directory(int parent, const struct dirent *entry)
{
	struct stat status;

	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type == DT_DIR;
	return !fstatat(parent, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) &&
	       S_ISDIR(status.st_mode);
}

static bool is_pruned(const char *path)
{
	for (size_t i = 0; i < G_N_ELEMENTS(pruned); i++) {
		if (!strcmp(path, pruned[i]))
			return true;
	}
	return g_str_has_suffix(path, "/.git");
}

static bool walk_directory(struct cmdfile_walk *walk, int parent, const char *name, GError **error);

static bool walk_entry(struct cmdfile_walk *walk, int parent, const struct dirent *entry,
		       GError **error)
{
	size_t length = walk->path->len;
	bool is_done = true;

	if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
		return true;
	g_string_append_printf(walk->path, "%s%s", length ? "/" : "", entry->d_name);
	if (is_directory(parent, entry))
		is_done = is_pruned(walk->path->str) ||
			  walk_directory(walk, parent, entry->d_name, error);
	else if (is_cmdfile(entry->d_name))
		is_done = read_cmdfile(walk, parent, entry->d_name, error);
	else if (archive_is_of_build(entry->d_name))
		is_done = archive_read(walk->collector, walk->path->str, error);
	g_string_truncate(walk->path, length);
	return is_done;
}

static bool walk_directory(struct cmdfile_walk *walk, int parent, const char *name, GError **error)
{
	int descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = descriptor < 0 ? NULL : fdopendir(descriptor);
	const struct dirent *entry;
	bool is_done = true;

	if (!directory) {
		is_done = fail_io(walk, errno, error);
		if (descriptor >= 0)
			close(descriptor);
		return is_done;
	}
	while (is_done && (errno = 0, entry = readdir(directory)))
		is_done = walk_entry(walk, descriptor, entry, error);
	if (is_done && errno)
		is_done = fail_io(walk, errno, error);
	closedir(directory);
	return is_done;
}

bool cmdfiles_read(struct collector *collector, const char *folder, bool c_units, GError **error)
{
	struct cmdfile_walk walk = { .collector = collector,
				     .c_units = c_units,
				     .path = g_string_new(folder) };
	g_autofree char *root = g_build_filename(collector->tree->build_dir, folder, NULL);
	bool is_there = !folder || g_file_test(root, G_FILE_TEST_IS_DIR);
	bool is_done = !is_there || walk_directory(&walk, AT_FDCWD, root, error);

	g_string_free(walk.path, TRUE);
	free(walk.line);
	return is_done;
}
