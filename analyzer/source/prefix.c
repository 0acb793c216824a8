// SPDX-License-Identifier: GPL-2.0-only
/*
 * The headers that most units begin with, precompiled once.
 *
 * About two thirds of the time to parse a kernel unit go into the same few headers. Those that many
 * units include directly are compiled into one file, and units compiled with the usual flags start
 * from it. What such a unit sees differs from a plain parse only in that these headers come first
 * and are all there. So these units are parsed plainly: units that define macros before their last
 * include which the headers name (except pr_fmt and CREATE_TRACE_POINTS, which are made for that
 * place), the scheduler's own units, and any unit that gives an error this way. --exhaustive does without precompiled
 * headers; a test checks that it gives the same report.
 *
 * KBUILD_MODNAME and similar macros differ from unit to unit: the precompiled file has stand-ins,
 * and a virtual header replaces them by the unit's own.
 */
#include "analyzer/source/prefix.h"

#include "base/lex.h"

#include <clang-c/Index.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* A header is common if at least one unit in this many includes it directly. */
#define COMMON_SHARE 30
/* So often the headers are compiled again without those that give an error. */
#define TRIES 6
/* So many units are parsed plainly first; compiling the headers does not pay for fewer. */
#define PATIENCE 4

enum prefix_state {
	PREFIX_WAITING,
	PREFIX_READY,
	PREFIX_UNUSABLE
};

struct source_prefix {
	const struct source_context *context;
	GMutex lock;
	enum prefix_state state;
	unsigned asked;    /* how many units were asked for so far */
	char *directory;   /* temporary; NULL until made */
	char *path;        /* path of the precompiled file in it */
	char *flags;       /* the usual working directory and flags, joined by newlines */
	GPtrArray *inputs; /* char *: files that the precompiled file was made from */
	GHashTable *words; /* char *: all words of these files, as a set */
};

struct source_prefix *source_prefix_new(const struct source_context *context)
{
	struct source_prefix *prefix = g_new0(struct source_prefix, 1);

	prefix->context = context;
	g_mutex_init(&prefix->lock);
	return prefix;
}

void source_prefix_free(struct source_prefix *prefix)
{
	if (!prefix)
		return;
	if (prefix->path)
		g_unlink(prefix->path);
	if (prefix->directory)
		g_rmdir(prefix->directory);
	g_mutex_clear(&prefix->lock);
	g_free(prefix->directory);
	g_free(prefix->path);
	g_free(prefix->flags);
	g_clear_pointer(&prefix->inputs, g_ptr_array_unref);
	g_clear_pointer(&prefix->words, g_hash_table_unref);
	g_free(prefix);
}

/* True for the -D of a name that kbuild gives each unit. */
static bool is_unit_name(const char *argument)
{
	return g_str_has_prefix(argument, "-DKBUILD_") || g_str_has_prefix(argument, "-D__KBUILD_");
}

/*
 * The unit's flags without the names that kbuild gives it. If `names` is not NULL, those are added
 * to it as lines of a header. Caller frees with g_strfreev().
 */
static char **split_arguments(const struct tree_unit *unit, GString *names)
{
	g_auto(GStrv) all = tree_unit_clang_arguments(unit);
	GPtrArray *kept = g_ptr_array_new();

	for (char **a = all; *a; a++) {
		g_autofree char *definition = NULL;
		char *value;

		if (!is_unit_name(*a)) {
			g_ptr_array_add(kept, g_strdup(*a));
			continue;
		}
		if (!names)
			continue;
		definition = g_strdup(*a + 2);
		value = strchr(definition, '=');
		if (value)
			*value++ = '\0';
		g_string_append_printf(names, "#undef %s\n#define %s %s\n", definition, definition,
				       value ? value : "1");
	}
	g_ptr_array_add(kept, NULL);
	return (char **)g_ptr_array_free(kept, FALSE);
}

static char *unit_flags(const struct tree_unit *unit)
{
	g_auto(GStrv) arguments = split_arguments(unit, NULL);
	g_autofree char *joined = g_strjoinv("\n", arguments);

	return g_strconcat(unit->directory, "\n", joined, NULL);
}

/* The most frequent value in a table of counts. */
static const char *most_frequent(GHashTable *counts)
{
	GHashTableIter iter;
	gpointer key, count;
	const char *best = NULL;
	guint best_count = 0;

	g_hash_table_iter_init(&iter, counts);
	while (g_hash_table_iter_next(&iter, &key, &count))
		if (GPOINTER_TO_UINT(count) > best_count ||
		    (GPOINTER_TO_UINT(count) == best_count && strcmp(key, best) < 0)) {
			best = key;
			best_count = GPOINTER_TO_UINT(count);
		}
	return best;
}

static void count_one(GHashTable *counts, const char *key)
{
	guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, key));

	g_hash_table_replace(counts, g_strdup(key), GUINT_TO_POINTER(count + 1));
}

/* If the line is a directive, the word after `#`, else NULL. */
static const char *directive(const char *line)
{
	line += strspn(line, " \t");
	if (*line != '#')
		return NULL;
	line++;
	return line + strspn(line, " \t");
}

static bool is_harmless_macro(const char *name)
{
	static const char *const harmless[] = { "pr_fmt", "dev_fmt", "CREATE_TRACE_POINTS" };

	for (size_t i = 0; i < G_N_ELEMENTS(harmless); i++)
		if (g_str_has_prefix(name, harmless[i]) &&
		    strspn(name, "abcdefghijklmnopqrstuvwxyz_ABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
			    strlen(harmless[i]))
			return true;
	return false;
}

/* True if the directive defines a macro that the precompiled headers name. */
static bool defines_macro(const struct source_prefix *prefix, const char *word)
{
	g_autofree char *macro = NULL;
	const char *name;

	if (!g_str_has_prefix(word, "define") && !g_str_has_prefix(word, "undef"))
		return false;
	name = word + strcspn(word, " \t");
	name += strspn(name, " \t");
	macro = g_strndup(name, (gsize)(lex_word_end(name, name + strlen(name)) - name));
	return !is_harmless_macro(name) && g_hash_table_contains(prefix->words, macro);
}

/* True if a macro is defined where one of the precompiled headers could see it. */
static bool shapes_its_headers(const struct source_prefix *prefix, const char *text)
{
	bool has_macro = false;

	for (const char *line = text; line;
	     line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
		const char *word = directive(line);

		if (!word)
			continue;
		if (g_str_has_prefix(word, "include") && has_macro)
			return true;
		has_macro |= defines_macro(prefix, word);
	}
	return false;
}

/* Counts the headers that a unit includes by angle brackets, each once. */
static void count_headers(const char *text, GHashTable *counts)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (const char *line = text; line;
	     line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
		const char *word = directive(line), *open, *close;

		if (!word || !g_str_has_prefix(word, "include"))
			continue;
		open = word + strlen("include");
		open += strspn(open, " \t");
		close = *open == '<' ? strpbrk(open, ">\n") : NULL;
		if (close && *close == '>') {
			char *name = g_strndup(open + 1, (gsize)(close - open - 1));

			if (g_hash_table_add(seen, name))
				count_one(counts, name);
		}
	}
}

static gint compare_strings(gconstpointer left, gconstpointer right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The headers that many of the `total` units include, sorted. */
static GPtrArray *common_headers(GHashTable *counts, guint total)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	GHashTableIter iter;
	gpointer name, count;

	g_hash_table_iter_init(&iter, counts);
	while (g_hash_table_iter_next(&iter, &name, &count))
		if (GPOINTER_TO_UINT(count) * COMMON_SHARE >= total)
			g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, compare_strings);
	return names;
}

/* A line for each header; an empty one for a header that was left out (NULL). Caller frees. */
static char *include_lines(const GPtrArray *headers)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < headers->len; i++) {
		const char *name = g_ptr_array_index(headers, i);

		if (name)
			g_string_append_printf(text, "#include <%s>", name);
		g_string_append_c(text, '\n');
	}
	return g_string_free(text, FALSE);
}

/* Finds the usual flags and headers. Returns the headers' names. Caller unrefs. */
static GPtrArray *find_common(struct source_prefix *prefix)
{
	const GPtrArray *units = prefix->context->tree->units;
	g_autoptr(GHashTable) flags = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable) headers =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < units->len; i++) {
		const struct tree_unit *unit = g_ptr_array_index(units, i);
		g_autofree char *joined = unit_flags(unit);
		g_autofree char *text = tree_read_file(prefix->context->tree, unit->source, NULL);

		count_one(flags, joined);
		count_headers(text, headers);
	}
	prefix->flags = g_strdup(most_frequent(flags));
	return common_headers(headers, units->len);
}

/* Stand-ins for the names that kbuild gives each unit. */
static const char *const stand_ins[] = {
	"-DKBUILD_MODNAME=\"plugsched\"",
	"-DKBUILD_BASENAME=\"plugsched\"",
	"-DKBUILD_MODFILE=\"plugsched\"",
	"-D__KBUILD_MODNAME=kmod_plugsched",
};

static void add_stand_ins(GPtrArray *arguments)
{
	for (size_t i = 0; i < G_N_ELEMENTS(stand_ins); i++)
		g_ptr_array_add(arguments, g_strdup(stand_ins[i]));
}

/* --- which header gives an error */

/* Looks for the line of the main file by which `wanted` is included. */
struct line_search {
	CXFile wanted;
	unsigned line; /* 0: not found yet */
};

static void find_line(CXFile file, CXSourceLocation *stack, unsigned depth, CXClientData data)
{
	struct line_search *search = data;

	if (depth && !search->line && clang_File_isEqual(file, search->wanted))
		clang_getFileLocation(stack[depth - 1], NULL, &search->line, NULL, NULL);
}

/* The line of the main file that a message is about, or by which the message's file is included. */
static unsigned main_line(CXTranslationUnit tu, CXDiagnostic diagnostic)
{
	CXSourceLocation location = clang_getDiagnosticLocation(diagnostic);
	struct line_search search = { NULL, 0 };
	unsigned line;

	clang_getExpansionLocation(location, &search.wanted, &line, NULL, NULL);
	if (!search.wanted || clang_Location_isFromMainFile(location))
		return line;
	clang_getInclusions(tu, find_line, &search);
	return search.line;
}

/*
 * Leaves out the headers that give an error. Returns how many errors there are, whether or not a
 * header was found for each.
 */
static unsigned drop_wrong(CXTranslationUnit tu, GPtrArray *headers)
{
	unsigned errors = 0;

	for (unsigned i = 0; i < clang_getNumDiagnostics(tu); i++) {
		CXDiagnostic diagnostic = clang_getDiagnostic(tu, i);
		unsigned line = 0;

		if (clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error) {
			errors++;
			line = main_line(tu, diagnostic);
		}
		if (line && line <= headers->len) {
			g_free(g_ptr_array_index(headers, line - 1));
			g_ptr_array_index(headers, line - 1) = NULL;
		}
		clang_disposeDiagnostic(diagnostic);
	}
	return errors;
}

/* --- compiling */

static void add_input(CXFile file, CXSourceLocation *stack, unsigned depth, CXClientData data)
{
	struct source_prefix *prefix = data;
	const struct tree *tree = prefix->context->tree;
	g_autofree char *directory = g_strndup(prefix->flags, strcspn(prefix->flags, "\n"));
	CXString name = clang_getFileName(file);

	(void)stack;
	if (depth) /* not the virtual header itself */
		g_ptr_array_add(prefix->inputs, tree_path(tree, directory, clang_getCString(name)));
	clang_disposeString(name);
}

/* Parses what is to be precompiled. NULL if libclang cannot. */
static CXTranslationUnit parse(struct source_prefix *prefix, CXIndex index, const char *text)
{
	g_auto(GStrv) flags = g_strsplit(prefix->flags, "\n", -1); /* the first is the directory */
	g_autofree char *header = g_build_filename(prefix->directory, "common.h", NULL);
	g_autofree char *directory = g_strconcat("-working-directory=", flags[0], NULL);
	struct CXUnsavedFile file = { header, text, strlen(text) };
	g_autoptr(GPtrArray) arguments = g_ptr_array_new_with_free_func(g_free);
	CXTranslationUnit tu = NULL;

	g_ptr_array_add(arguments, g_strdup("-xc-header"));
	g_ptr_array_add(arguments, g_strdup(directory));
	for (char **f = flags + 1; *f; f++)
		g_ptr_array_add(arguments, g_strdup(*f));
	add_stand_ins(arguments);
	clang_parseTranslationUnit2(
		index, header, (const char *const *)arguments->pdata, (int)arguments->len, &file, 1,
		CXTranslationUnit_Incomplete | CXTranslationUnit_ForSerialization, &tu);
	return tu;
}

static void add_words(GHashTable *words, const char *text)
{
	const char *end = text + strlen(text), *next;

	for (const char *at = text; at < end; at = next)
		if (lex_next(at, end, &next) == LEX_WORD)
			g_hash_table_add(words, g_strndup(at, (gsize)(next - at)));
}

/* Saves the headers, precompiled, and notes their files and the words in them. */
static bool save(struct source_prefix *prefix, CXTranslationUnit tu)
{
	prefix->inputs = g_ptr_array_new_with_free_func(g_free);
	prefix->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	clang_getInclusions(tu, add_input, prefix);
	for (guint i = 0; i < prefix->inputs->len; i++) {
		g_autofree char *text = tree_read_file(prefix->context->tree,
						       g_ptr_array_index(prefix->inputs, i), NULL);

		if (!text) /* a macro in it would not be known */
			return false;
		add_words(prefix->words, text);
	}
	return clang_saveTranslationUnit(tu, prefix->path, CXSaveTranslationUnit_None) ==
	       CXSaveError_None;
}

/* Compiles the headers, without those that give an error when they come first and all are there. */
static bool compile(struct source_prefix *prefix, GPtrArray *headers)
{
	CXIndex index = clang_createIndex(0, 0);
	bool is_saved = false;

	for (unsigned tries = TRIES; tries && !is_saved; tries--) {
		g_autofree char *text = include_lines(headers);
		CXTranslationUnit tu = parse(prefix, index, text);

		if (!tu)
			break;
		if (drop_wrong(tu, headers) == 0) {
			is_saved = save(prefix, tu);
			tries = 1;
		}
		clang_disposeTranslationUnit(tu);
	}
	clang_disposeIndex(index);
	return is_saved;
}

/*
 * True if the disk has room for the precompiled file. libclang ends the program if the disk is full
 * while it saves. The file has about 20 MB.
 */
static bool has_room(const char *path)
{
	int fd = g_open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	bool has = fd >= 0 && posix_fallocate(fd, 0, 64 * 1024 * 1024) == 0;

	if (fd >= 0)
		close(fd);
	g_unlink(path);
	return has;
}

static void build(struct source_prefix *prefix)
{
	g_autoptr(GPtrArray) headers = find_common(prefix);

	prefix->state = PREFIX_UNUSABLE;
	if (!headers->len)
		return;
	prefix->directory = g_dir_make_tmp("plugsched-XXXXXX", NULL);
	if (!prefix->directory)
		return;
	prefix->path = g_build_filename(prefix->directory, "common.pch", NULL);
	if (has_room(prefix->path) && compile(prefix, headers))
		prefix->state = PREFIX_READY;
}

static bool is_ready(struct source_prefix *prefix)
{
	bool ready;

	g_mutex_lock(&prefix->lock);
	if (prefix->state == PREFIX_WAITING && ++prefix->asked > PATIENCE)
		build(prefix);
	ready = prefix->state == PREFIX_READY;
	g_mutex_unlock(&prefix->lock);
	return ready;
}

static bool is_usual(const struct source_prefix *prefix, const struct tree_unit *unit)
{
	g_autofree char *flags = unit_flags(unit);
	g_autofree char *text = NULL;

	if (strcmp(flags, prefix->flags) != 0)
		return false;
	text = tree_read_file(prefix->context->tree, unit->source, NULL);
	return text && !shapes_its_headers(prefix, text);
}

struct prefix_use *prefix_use(struct source_prefix *prefix, const struct tree_unit *unit)
{
	struct prefix_use *use;
	g_auto(GStrv) flags = NULL;
	GString *names;
	GPtrArray *arguments;

	if (!prefix || config_is_scheduler_file(prefix->context->config, unit->source) ||
	    !is_ready(prefix) || !is_usual(prefix, unit))
		return NULL;
	names = g_string_new(NULL);
	flags = split_arguments(unit, names);
	arguments = g_ptr_array_new();
	g_ptr_array_add(arguments, g_strdup("-include-pch"));
	g_ptr_array_add(arguments, g_strdup(prefix->path));
	for (char **f = flags; *f; f++)
		g_ptr_array_add(arguments, g_strdup(*f));
	add_stand_ins(arguments);
	g_ptr_array_add(arguments, g_strdup("-include"));
	g_ptr_array_add(arguments, g_build_filename(unit->directory, PREFIX_NAMES_FILE, NULL));
	g_ptr_array_add(arguments, NULL);
	use = g_new0(struct prefix_use, 1);
	use->inputs = prefix->inputs;
	use->arguments = (char **)g_ptr_array_free(arguments, FALSE);
	use->names = g_string_free(names, FALSE);
	return use;
}

void prefix_use_free(struct prefix_use *use)
{
	if (!use)
		return;
	g_strfreev(use->arguments);
	g_free(use->names);
	g_free(use);
}
