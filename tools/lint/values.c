// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule shared-value: values and bodies that vmlinux's code, which stays, has compiled in, or that
 * its memory holds.
 *
 * The extractor has listed the enumerators and macros in values.h. Constants are questions to the
 * compiler behind a unit's text. Of other macros, and of functions that the module has a copy of,
 * the text is compared with the kernel's, without comments, blanks and what the extractor puts
 * around names; another text is a warning, as it may well do the same, and as a module may differ
 * there if its data suits both.
 *
 * A kernel's own tree has no such list, so the rule does not apply there.
 */
#include "tools/lint/private.h"

#include "rewriter/generate/generate.h"

#include <string.h>

static void value_clear(gpointer data)
{
	struct lint_value *value = data;

	g_free(value->unit);
	g_free(value->name);
	g_free(value->file);
	g_free(value->holder);
	g_free(value->value);
}

GArray *lint_read_values(const struct lint_inputs *inputs)
{
	static const char pattern[] =
		"^(?:#ifdef PLUGSCHED_UNIT_(?<unit>\\w+).*"
		"|PLUGSCHED_(?:VALUE|TEXT)\\((?<name>\\w+)(?:, \\((?<value>.*)\\))?, \"(?<file>[^\"]*)\", "
		"\"(?<holder>[^\"]*)\"\\))$";
	GArray *values = g_array_new(FALSE, FALSE, sizeof(struct lint_value));
	g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_MULTILINE, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	g_autofree char *path = g_build_filename(inputs->folder, GENERATED_VALUES, NULL),
			*text = NULL, *unit = NULL;

	g_array_set_clear_func(values, value_clear);
	if (!inputs->is_extracted || !g_file_get_contents(path, &text, NULL, NULL))
		return values;
	for (g_regex_match(regex, text, 0, &match); g_match_info_matches(match);
	     g_match_info_next(match, NULL)) {
		g_autofree char *name = g_match_info_fetch_named(match, "unit");
		struct lint_value value = { 0 };

		if (name && *name) {
			g_free(unit);
			unit = g_steal_pointer(&name);
			continue;
		}
		value.unit = g_strdup(unit);
		value.name = g_match_info_fetch_named(match, "name");
		value.file = g_match_info_fetch_named(match, "file");
		value.holder = g_match_info_fetch_named(match, "holder");
		value.value = g_match_info_fetch_named(match, "value");
		g_array_append_val(values, value);
	}
	return values;
}

/* True if the unit is to be asked: it sees a header's values, and those of its own files. */
static bool is_for(const struct lint_value *value, const struct lint_unit *unit)
{
	g_autofree char *base = g_path_get_basename(unit->unit->source);

	return g_str_has_suffix(value->file, ".h") ||
	       (value->unit && g_str_has_prefix(base, value->unit) &&
		strcmp(base + strlen(value->unit), ".c") == 0);
}

void lint_ask_values(const GArray *values, struct lint_unit *unit, GString *text)
{
	unit->values_line = lint_count_lines(text->str);
	g_array_set_size(unit->value_answers, values->len);
	for (guint i = 0; i < values->len; i++) {
		const struct lint_value *value = &g_array_index(values, struct lint_value, i);

		/* a line for each, so that the line tells which */
		if (is_for(value, unit) && *value->value)
			g_string_append_printf(text, "_Static_assert((%s) == (%s), \"\");",
					       value->name, value->value);
		g_string_append_c(text, '\n');
	}
}

bool lint_take_value(struct lint_unit *unit, unsigned line, bool has_failed)
{
	if (!unit->values_line || line < unit->values_line ||
	    line - unit->values_line >= unit->value_answers->len)
		return false;
	if (has_failed)
		g_array_index(unit->value_answers, bool, line - unit->values_line) = true;
	return true;
}

/* --- texts */

/* The end of a comment or constant at `at`; `at` if none begins there. */
static const char *skip(const char *at, bool *is_comment)
{
	*is_comment = g_str_has_prefix(at, "/*") || g_str_has_prefix(at, "//");
	if (g_str_has_prefix(at, "/*")) {
		const char *end = strstr(at + 2, "*/");

		return end ? end + 2 : at + strlen(at);
	}
	if (*is_comment)
		return at + strcspn(at, "\n");
	if (*at == '"')
		for (at++; *at && *at != '"' && *at != '\n'; at++)
			at += at[0] == '\\' && at[1];
	return *at == '"' ? at + 1 : at;
}

static bool is_word(char c)
{
	return g_ascii_isalnum(c) || c == '_';
}

/*
 * The text as words and signs with a blank behind each, without comments, and without vmlinux() and
 * its kin around names. Caller frees.
 */
static char *words_of(const char *text)
{
	static const char wrapped[] =
		"\\bvmlinux(?:_at|_string)? \\( (\\w+|\"[^\"]*\") (?:, \\w+ )?\\)";
	GString *words = g_string_new(NULL);
	g_autoptr(GRegex) regex = g_regex_new(wrapped, 0, 0, NULL);
	char *plain;

	for (const char *at = text; *at;) {
		bool is_comment;
		const char *end = *at == '/' || *at == '"' ? skip(at, &is_comment) : at;

		if (end > at) {
			if (*at == '"')
				g_string_append_len(words, at, end - at);
		} else if (is_word(*at)) {
			for (end = at; is_word(*end);)
				end++;
			g_string_append_len(words, at, end - at);
		} else {
			end = at + 1;
			if (!g_ascii_isspace(*at) && *at != '\\')
				g_string_append_c(words, *at);
		}
		if (words->len && words->str[words->len - 1] != ' ')
			g_string_append_c(words, ' ');
		at = end;
	}
	plain = g_regex_replace(regex, words->str, -1, 0, "\\1", 0, NULL);
	g_string_free(words, TRUE);
	return plain;
}

/* The lines from `first` to `last` of a text. Caller frees. */
static char *lines_of(const char *text, unsigned first, unsigned last)
{
	for (unsigned line = 1; line < first && text; line++) {
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	for (const char *end = text; end; end++) {
		end = strchr(end, '\n');
		if (!end)
			break;
		if (first++ == last)
			return g_strndup(text, (gsize)(end - text));
	}
	return g_strdup(text ? text : "");
}

static char *original_text(const struct lint_inputs *inputs, const char *file)
{
	g_autofree char *path = g_build_filename(inputs->tree->source_dir, file, NULL);
	char *text = NULL;

	g_file_get_contents(path, &text, NULL, NULL);
	return text;
}

/* All definitions of a macro in a text, as words; `*line` is that of the first. Caller frees. */
static char *definitions_of(const char *text, const char *name, unsigned *line)
{
	g_autofree char *pattern =
		g_strdup_printf("^[ \\t]*#[ \\t]*define[ \\t]+%s\\b(?:.*\\\\\\n)*.*", name);
	g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_MULTILINE, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	g_autofree char *found = g_strdup("");

	*line = 0;
	for (g_regex_match(regex, text, 0, &match); g_match_info_matches(match);
	     g_match_info_next(match, NULL)) {
		g_autofree char *one = g_match_info_fetch(match, 0);
		char *joined = g_strconcat(found, one, "\n", NULL);
		gint begin = 0;

		g_match_info_fetch_pos(match, 0, &begin, NULL);
		if (!*line) {
			g_autofree char *before = g_strndup(text, (gsize)begin);

			*line = lint_count_lines(before);
		}
		g_free(found);
		found = joined;
	}
	return words_of(found);
}

/* The line that defines the name: a macro, else an enumerator. 1 if none does. */
static unsigned line_of(const char *text, const char *name)
{
	g_autofree char *pattern = g_strdup_printf("\\b%s\\b", name);
	g_autoptr(GRegex) regex = g_regex_new(pattern, 0, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	unsigned line;
	gint begin = 0;
	g_autofree char *before = NULL;

	g_free(definitions_of(text, name, &line));
	if (line || !g_regex_match(regex, text, 0, &match))
		return MAX(line, 1);
	g_match_info_fetch_pos(match, 0, &begin, NULL);
	before = g_strndup(text, (gsize)begin);
	return lint_count_lines(before);
}

/* --- findings */

static void find_value(const struct lint_value *value, struct lint_texts *texts,
		       struct lint_result *result)
{
	unsigned line = line_of(lint_text(texts, value->file), value->name);

	lint_find(result, LINT_RULE_VALUE, lint_place_of(texts, value->file, line, value->name),
		  value->file, value->name, "%s must stay %s: %s, which stays in vmlinux, has it",
		  value->name, value->value, value->holder);
}

static void find_text(enum lint_level level, const char *file, const char *name, unsigned line,
		      const char *holder, struct lint_texts *texts, struct lint_result *result)
{
	struct lint_finding *finding = lint_find(
		result, LINT_RULE_VALUE, lint_place_of(texts, file, line, name), file, name,
		"the body of %s is another than in vmlinux: %s, which stays, has the old one", name,
		holder);

	finding->level = level;
}

static void check_macro(const struct lint_inputs *inputs, const struct lint_value *value,
			struct lint_texts *texts, struct lint_result *result)
{
	g_autofree char *text = original_text(inputs, value->file);
	unsigned there, here;
	g_autofree char *old = text ? definitions_of(text, value->name, &there) : NULL,
			*new = definitions_of(lint_text(texts, value->file), value->name, &here);

	/* one that is gone is used by nothing of the module, or the compiler says so */
	if (old && *old && *new &&strcmp(old, new) != 0)
		find_text(LINT_LEVEL_WARNING, value->file, value->name, here, value->holder, texts,
			  result);
}

/* The function that stays and has a copy of `f`. */
static const struct graph_node *holder_of(const struct graph_function *f)
{
	for (guint i = 0; f->inlined_into && i < f->inlined_into->len; i++) {
		const struct graph_node *node = g_ptr_array_index(f->inlined_into, i);

		if (node->class == GRAPH_EXTERNAL)
			return node;
	}
	return &f->node;
}

static void check_copy(const struct lint_inputs *inputs, const struct lint_unit *unit,
		       const struct facts_symbol *symbol, const struct plan_entry *entry,
		       struct lint_texts *texts, struct lint_result *result)
{
	const struct graph_function *f = graph_as_function((struct graph_node *)entry->node);
	const char *file = lint_string(unit, symbol->file), *name = lint_string(unit, symbol->name);
	const struct graph_node *holder = holder_of(f);
	const char *body;
	g_autofree char *text = original_text(inputs, f->node.file),
			*old = lines_of(text ? text : "", f->node.line, f->end_line),
			*new = lines_of(lint_text(texts, file), symbol->line, symbol->end_line),
			*old_words = words_of(old), *new_words = words_of(new), *who = NULL;

	body = strchr(old_words, '{');
	/* a macro makes it, or it has a static local, which the extractor renames */
	if (!strstr(old_words, name) || !body || strstr(body, "static ") ||
	    strcmp(old_words, new_words) == 0)
		return;
	who = g_strdup_printf("%s() in %s", holder->name, holder->file);
	find_text(LINT_LEVEL_WARNING, file, name, symbol->line, who, texts, result);
}

static bool reads(const struct lint_unit *unit, const char *file)
{
	for (gsize i = 0; i < unit->facts->n_inputs; i++)
		if (strcmp(lint_string(unit, unit->facts->inputs[i].path), file) == 0)
			return true;
	return false;
}

void lint_values(const struct lint_inputs *inputs, const GArray *values,
		 const struct lint_unit *unit, struct lint_texts *texts, struct lint_result *result)
{
	const uint32_t own = FACTS_DEFINED | FACTS_SCHEDULER | FACTS_FUNCTION;

	for (guint i = 0; i < values->len; i++) {
		const struct lint_value *value = &g_array_index(values, struct lint_value, i);

		if (*value->value && g_array_index(unit->value_answers, bool, i))
			find_value(value, texts, result);
		else if (!*value->value && reads(unit, value->file))
			check_macro(inputs, value, texts, result);
	}
	for (gsize i = 0; inputs->is_extracted && i < unit->facts->n_symbols; i++) {
		const struct facts_symbol *symbol = &unit->facts->symbols[i];
		const struct plan_entry *entry = (symbol->flags & own) == own
							 ? lint_entry(inputs->plan, unit, symbol)
							 : NULL;

		if (entry && entry->fate == PLAN_COPY)
			check_copy(inputs, unit, symbol, entry, texts, result);
	}
}
