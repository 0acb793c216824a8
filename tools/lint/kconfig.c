// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule unknown-config: conditions on a CONFIG_ symbol that does not exist. The code under them is
 * left out silently.
 *
 * The conditions are #if and similar directives, and IS_ENABLED() and similar macros in code. They
 * are read as text, because what the preprocessor drops leaves no other trace. A symbol is known if
 * the unedited source names it, if .config names it, if a Kconfig file of the kernel defines it, or
 * if the tree itself defines it with #define or with -D in its Kbuild.
 */
#include "tools/lint/private.h"

#include <string.h>

#define PREFIX "CONFIG_"
#define MODULE_SUFFIX "_MODULE"

/* In plain_text(): a line's end that does not end a directive. */
#define JOINED '\f'
#define BLANK " \t\f"

struct lint_kconfig {
	/* set of symbols that .config, the original source or Kbuild names; NULL until needed */
	GHashTable *named;
	/* set of symbols that the kernel's Kconfig files define; NULL until needed */
	GHashTable *defined;
};

/* A line of a file that the unit read, and what checking it reads and writes. */
struct kconfig_line {
	const struct lint_inputs *inputs;
	const struct lint_unit *unit;
	const char *file;
	unsigned number; /* from 1; set for each symbol */
	struct lint_kconfig *kconfig;
	struct lint_texts *texts;
	struct lint_result *result;
};

struct lint_kconfig *lint_kconfig_new(void)
{
	return g_new0(struct lint_kconfig, 1);
}

void lint_kconfig_free(struct lint_kconfig *kconfig)
{
	if (!kconfig)
		return;
	g_clear_pointer(&kconfig->named, g_hash_table_destroy);
	g_clear_pointer(&kconfig->defined, g_hash_table_destroy);
	g_free(kconfig);
}

static bool is_word(char c)
{
	return g_ascii_isalnum(c) || c == '_';
}

/* The next CONFIG_ symbol in [at, end); NULL if there is none. */
static const char *next_symbol(const char *at, const char *end, gsize *length)
{
	for (; at + strlen(PREFIX) < end; at++) {
		if (strncmp(at, PREFIX, strlen(PREFIX)) != 0 || is_word(at[-1]))
			continue;
		for (*length = strlen(PREFIX); at + *length < end && is_word(at[*length]);)
			++*length;
		return at;
	}
	return NULL;
}

static void add_symbols(GHashTable *symbols, const char *text)
{
	/* next_symbol() looks at the byte before a symbol */
	g_autofree char *padded = g_strconcat(" ", text, NULL);
	const char *at = padded + 1, *end = padded + strlen(padded);
	gsize length;

	while ((at = next_symbol(at, end, &length))) {
		g_hash_table_add(symbols, g_strndup(at, length));
		at += length;
	}
}

static void add_file(GHashTable *symbols, const char *path)
{
	g_autofree char *text = NULL;

	if (g_file_get_contents(path, &text, NULL, NULL))
		add_symbols(symbols, text);
}

/* Adds the symbols behind "config" and "menuconfig" in a Kconfig file. */
static void add_kconfig_file(GHashTable *symbols, const char *path)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return;
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		char *word = g_strchug(*line);

		if (g_str_has_prefix(word, "menu"))
			word += strlen("menu");
		if (g_str_has_prefix(word, "config ") || g_str_has_prefix(word, "config\t"))
			g_hash_table_add(
				symbols,
				g_strconcat(PREFIX, g_strstrip(word + strlen("config ")), NULL));
	}
}

static void add_kconfig(GHashTable *symbols, const char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		if (g_str_has_prefix(name, "Kconfig"))
			add_kconfig_file(symbols, path);
		else if (*name != '.' && g_file_test(path, G_FILE_TEST_IS_DIR) &&
			 !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
			add_kconfig(symbols, path);
	}
	if (dir)
		g_dir_close(dir);
}

/* Adds the symbols of the kernel's own sources, from which the tree was extracted. */
static void add_original(const struct lint_inputs *inputs, GHashTable *symbols)
{
	g_autofree char *folder =
		g_build_filename(inputs->tree->source_dir, inputs->scheduler, NULL);
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		if (g_str_has_suffix(name, ".c") || g_str_has_suffix(name, ".h"))
			add_file(symbols, path);
	}
	if (dir)
		g_dir_close(dir);
}

static GHashTable *read_named(const struct lint_inputs *inputs)
{
	GHashTable *named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *config = g_build_filename(inputs->tree->build_dir, ".config", NULL);
	g_autofree char *kbuild = g_build_filename(inputs->folder, "Kbuild", NULL);

	add_file(named, config);
	if (inputs->is_extracted) {
		add_original(inputs, named);
		add_file(named, kbuild);
	}
	return named;
}

static bool has_symbol(GHashTable *symbols, const char *symbol)
{
	g_autofree char *plain = g_strdup(symbol);

	if (g_str_has_suffix(plain, MODULE_SUFFIX))
		plain[strlen(plain) - strlen(MODULE_SUFFIX)] = '\0';
	return g_hash_table_contains(symbols, symbol) || g_hash_table_contains(symbols, plain);
}

/* True if a scheduler's file that the unit read contains "#define SYMBOL". */
static bool is_defined(const struct kconfig_line *line, const char *symbol)
{
	g_autofree char *pattern = g_strdup_printf("^\\s*#\\s*define\\s+%s\\b", symbol);

	for (gsize i = 0; i < line->unit->facts->n_inputs; i++) {
		const char *file = lint_string(line->unit, line->unit->facts->inputs[i].path);

		if (config_is_scheduler_file(line->inputs->config, file) &&
		    g_regex_match_simple(pattern, lint_text(line->texts, file), G_REGEX_MULTILINE,
					 0))
			return true;
	}
	return false;
}

static bool is_known(const struct kconfig_line *line, const char *symbol)
{
	struct lint_kconfig *kconfig = line->kconfig;

	if (!kconfig->named)
		kconfig->named = read_named(line->inputs);
	if (has_symbol(kconfig->named, symbol) || is_defined(line, symbol))
		return true;
	if (!kconfig->defined) {
		kconfig->defined = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
		add_kconfig(kconfig->defined, line->inputs->tree->source_dir);
	}
	return has_symbol(kconfig->defined, symbol);
}

static void check_symbol(const struct kconfig_line *line, const char *symbol)
{
	struct lint_finding *finding;

	if (is_known(line, symbol))
		return;
	finding = lint_find(
		line->result, LINT_RULE_CONFIG,
		lint_place_of(line->texts, line->file, line->number, symbol), line->file, symbol,
		"%s is no symbol of this kernel's Kconfig, so code that it asks for is left out",
		symbol);
	g_free(finding->help);
	finding->help = g_strdup_printf(
		"Take the condition off, or define the symbol: ccflags-y += -D%s=1 in Kbuild.",
		symbol);
}

/* Checks the symbols in [at, end), a part of the file's plain text, which begins at `text`. */
static void check_range(struct kconfig_line *line, const char *text, const char *at,
			const char *end)
{
	gsize length;

	while ((at = next_symbol(at, end, &length))) {
		g_autofree char *symbol = g_strndup(at, length);

		line->number = 1;
		for (const char *before = text; before < at; before++)
			line->number += *before == '\n' || *before == JOINED;
		check_symbol(line, symbol);
		at += length;
	}
}

/* True for "#if", "#ifdef", "#ifndef", "#elif" and directives that begin with these words. */
static bool is_condition(const char *line)
{
	line += strspn(line, BLANK);
	if (*line++ != '#')
		return false;
	line += strspn(line, BLANK);
	return g_str_has_prefix(line, "if") || g_str_has_prefix(line, "elif");
}

static void check_directives(struct kconfig_line *line, const char *text)
{
	for (const char *at = text + 1, *end; *at; at = *end ? end + 1 : end) {
		end = at + strcspn(at, "\n");
		if (is_condition(at))
			check_range(line, text, at, end);
	}
}

/* Checks the arguments of IS_ENABLED() and similar macros in code. */
static void check_code(struct kconfig_line *line, const char *text)
{
	static const char *const asks[] = { "IS_ENABLED", "IS_BUILTIN", "IS_MODULE",
					    "IS_REACHABLE" };

	for (guint i = 0; i < G_N_ELEMENTS(asks); i++)
		for (const char *at = text; (at = strstr(at, asks[i]));) {
			const char *open = at += strlen(asks[i]), *close = strchr(open, ')');

			open += strspn(open, BLANK "\n");
			if (*open == '(' && close)
				check_range(line, text, open + 1, close);
		}
}

/* Appends blanks for what is skipped, so that every byte keeps its place. */
static const char *blank(GString *plain, const char *at, const char *end)
{
	for (; at < end; at++)
		g_string_append_c(plain, *at == '\n' ? JOINED : ' ');
	return at;
}

/* The end of a string or character constant; it ends with its line at the latest. */
static const char *constant_end(const char *at)
{
	char quote = *at++;

	while (*at && *at != quote && *at != '\n')
		at += at[0] == '\\' && at[1] && at[1] != '\n' ? 2 : 1;
	return *at == quote ? at + 1 : at;
}

/* What is to be skipped at this place: a comment, a constant, or a line's continuation; else `at`. */
static const char *skipped_end(const char *at)
{
	if (g_str_has_prefix(at, "/*")) {
		const char *end = strstr(at + 2, "*/");

		return end ? end + 2 : at + strlen(at);
	}
	if (g_str_has_prefix(at, "//"))
		return at + strcspn(at, "\n");
	if (*at == '"' || *at == '\'')
		return constant_end(at);
	return g_str_has_prefix(at, "\\\n") ? at + 2 : at;
}

/*
 * The text with blanks in place of comments and constants, behind one more blank. A line's end
 * within a comment, or behind a backslash, is JOINED. Caller frees.
 */
static char *plain_text(const char *text)
{
	GString *plain = g_string_new(" ");

	for (const char *at = text; *at;) {
		const char *end = skipped_end(at);

		if (end > at)
			at = blank(plain, at, end);
		else
			g_string_append_c(plain, *at++);
	}
	return g_string_free(plain, FALSE);
}

static void check_file(struct kconfig_line *line)
{
	g_autofree char *text = plain_text(lint_text(line->texts, line->file));

	check_directives(line, text);
	if (strstr(text, "IS_"))
		check_code(line, text);
}

void lint_config(const struct lint_inputs *inputs, const struct lint_unit *unit,
		 struct lint_kconfig *kconfig, struct lint_texts *texts, struct lint_result *result)
{
	struct kconfig_line line = {
		.inputs = inputs, .unit = unit, .kconfig = kconfig, .texts = texts, .result = result
	};

	for (gsize i = 0; i < unit->facts->n_inputs; i++) {
		line.file = lint_string(unit, unit->facts->inputs[i].path);
		if (config_is_scheduler_file(inputs->config, line.file) &&
		    strstr(lint_text(texts, line.file), PREFIX))
			check_file(&line);
	}
}
