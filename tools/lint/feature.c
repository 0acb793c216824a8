// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule fixed-feature: features.h compared with the tables of vmlinux that it must match.
 *
 * Method: questions to the compiler, one per line, behind the text of the unit whose variable
 * depends on the features. The expected values come from vmlinux's data. If one feature has moved,
 * all behind it have moved too; only the first is reported.
 */
#include "tools/lint/private.h"

#include <string.h>

/* The lines before the questions. */
static const char preamble[] =
	"#undef SCHED_FEAT\n"
	"#define SCHED_FEAT(name, enabled) PLUGSCHED_DEFAULT_##name = !!(enabled),\n"
	"enum {\n"
	"#include \"" FEATURES_FILE "\"\n"
	"};\n";
#define PREAMBLE_LINES 5

enum question {
	QUESTION_PLACE,
	QUESTION_DEFAULT,
	QUESTIONS
};

/* The file's name in the tree; for g_free(). */
static char *features_file(const struct lint_inputs *inputs)
{
	return g_build_filename(inputs->scheduler, FEATURES_FILE, NULL);
}

/* True if the extracted file equals the kernel's byte by byte: then there is nothing to ask. */
static bool is_unedited(const struct lint_inputs *inputs, struct lint_texts *texts)
{
	g_autofree char *file = features_file(inputs),
			*original = g_build_filename(inputs->tree->source_dir, file, NULL),
			*text = NULL;

	return inputs->is_extracted && g_file_get_contents(original, &text, NULL, NULL) &&
	       strcmp(text, lint_text(texts, file)) == 0;
}

bool lint_read_features(const struct lint_inputs *inputs, struct lint_texts *texts,
			struct image **vmlinux, struct features **features, GError **error)
{
	g_autofree char *file = features_file(inputs);

	if (!*lint_text(texts, file) || is_unedited(inputs, texts))
		return true;
	return lint_open_vmlinux(inputs, vmlinux, error) &&
	       features_read(inputs->plan, *vmlinux, features, error);
}

void lint_ask_features(const struct features *features, struct lint_unit *unit, GString *text)
{
	if (!features || strcmp(features->holder->unit, unit->unit->source) != 0)
		return;
	unit->features_line = lint_count_lines(text->str);
	g_string_append(text, preamble);
	for (guint i = 0; i < features->features->len; i++) {
		const struct feature *feature =
			&g_array_index(features->features, struct feature, i);

		g_string_append_printf(text, "_Static_assert(__SCHED_FEAT_%s == %u, \"\");\n",
				       feature->name, i);
		g_string_append_printf(text, "_Static_assert(PLUGSCHED_DEFAULT_%s == %d, \"\");\n",
				       feature->name, feature->is_enabled);
	}
	if (!features->has_keys) /* with keys, the check of their size covers this */
		g_string_append_printf(text, "_Static_assert(__SCHED_FEAT_NR == %u, \"\");\n",
				       features->features->len);
	g_array_set_size(unit->feature_answers, QUESTIONS * features->features->len + 1);
}

void lint_take_feature(struct lint_unit *unit, unsigned line)
{
	unsigned first = unit->features_line + PREAMBLE_LINES;

	/* a removed feature is an undeclared name, which counts as a failed question too */
	if (line >= first && line - first < unit->feature_answers->len)
		g_array_index(unit->feature_answers, bool, line - first) = true;
}

static bool has_failed(const struct lint_unit *unit, guint feature, enum question question)
{
	return g_array_index(unit->feature_answers, bool, QUESTIONS *feature + question);
}

/* The line that defines the feature; 0 if none does. */
static unsigned line_of(const char *text, const char *name)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autofree char *pattern = g_strdup_printf("^\\s*SCHED_FEAT\\(\\s*%s\\s*,", name);

	for (unsigned i = 0; lines[i]; i++)
		if (g_regex_match_simple(pattern, lines[i], 0, 0))
			return i + 1;
	return 0;
}

static void find_moved(const char *name, const char *file, guint place, unsigned line,
		       struct lint_texts *texts, struct lint_result *result)
{
	lint_find(
		result, LINT_RULE_FEATURE, lint_place_of(texts, file, MAX(line, 1), name), file,
		name,
		line ? "the feature %s has place %u in vmlinux, whose keys, names and bits are used, and another here"
		     : "the feature %s has place %u in vmlinux, whose keys, names and bits are used, and is gone here",
		name, place);
}

static void find_flipped(const struct feature *feature, const char *file, unsigned line,
			 struct lint_texts *texts, struct lint_result *result)
{
	lint_find(
		result, LINT_RULE_FEATURE, lint_place_of(texts, file, line, feature->name), file,
		feature->name,
		"the feature %s is %s at boot, in a variable of vmlinux: another value here has no effect",
		feature->name, feature->is_enabled ? "true" : "false");
}

void lint_features(const struct lint_inputs *inputs, const struct features *features,
		   const struct lint_unit *unit, struct lint_texts *texts,
		   struct lint_result *result)
{
	g_autofree char *file = features_file(inputs);
	const char *text = lint_text(texts, file);
	guint n = unit->features_line ? features->features->len : 0;
	bool has_moved = false;

	for (guint i = 0; i < n; i++) {
		const struct feature *feature =
			&g_array_index(features->features, struct feature, i);
		unsigned line = line_of(text, feature->name);

		if (has_failed(unit, i, QUESTION_PLACE) && !has_moved) {
			find_moved(feature->name, file, i, line, texts, result);
			has_moved = true;
		}
		if (line && has_failed(unit, i, QUESTION_DEFAULT))
			find_flipped(feature, file, line, texts, result);
	}
	if (n && g_array_index(unit->feature_answers, bool, QUESTIONS *n))
		lint_find(
			result, LINT_RULE_FEATURE,
			lint_place_of(texts, file, lint_count_lines(text) - 1, ""), file, "",
			"vmlinux has %u features in its mask and its names, and here are more or fewer",
			n);
}
