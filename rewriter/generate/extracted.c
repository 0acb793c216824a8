// SPDX-License-Identifier: GPL-2.0-only
/*
 * The record of the edits: EXTRACTED.md. For each file it has a list for people, with every edit's
 * place in the original and its reason, and a unified diff without context, which `patch -R` can
 * revert.
 */
#include "rewriter/generate/generate.h"

#include <string.h>

struct generated_edit_counts generated_count_edits(const struct edits *edits)
{
	struct generated_edit_counts counts = { .files = edits->files->len };

	for (guint i = 0; i < edits->files->len; i++) {
		const struct edit_file *file = g_ptr_array_index(edits->files, i);
		g_autoptr(GPtrArray) hunks = edits_file_hunks(file);

		counts.lines += file->lines;
		for (guint j = 0; j < file->edits->len; j++)
			counts.edits[((struct edit *)g_ptr_array_index(file->edits, j))->kind]++;
		for (guint j = 0; j < hunks->len; j++) {
			counts.removed +=
				((struct edit_hunk *)g_ptr_array_index(hunks, j))->old_count;
			counts.added +=
				((struct edit_hunk *)g_ptr_array_index(hunks, j))->new_count;
		}
	}
	return counts;
}

static void write_summary(FILE *out, const struct generated *module)
{
	struct generated_edit_counts counts = generated_count_edits(module->edits);

	fprintf(out,
		"%u of %u lines in %u files were replaced or removed, %u lines stand in their place (%.1f %% and %.1f %%).\n\n"
		"| edits | kind | what |\n|---|---|---|\n",
		counts.removed, counts.lines, counts.files, counts.added,
		100.0 * counts.removed / MAX(counts.lines, 1),
		100.0 * counts.added / MAX(counts.lines, 1));
	for (guint kind = 0; kind < EDIT_KINDS; kind++)
		if (counts.edits[kind])
			fprintf(out, "| %u | %s | %s |\n", counts.edits[kind], edit_kind_code(kind),
				edit_kind_text(kind));
}

static void write_reasons(FILE *out, const struct edit_file *file, const GPtrArray *hunks)
{
	for (guint i = 0; i < hunks->len; i++) {
		const struct edit_hunk *hunk = g_ptr_array_index(hunks, i);
		const struct edit *last = NULL;

		for (guint j = 0; j < hunk->edits->len; j++) {
			const struct edit *edit = g_ptr_array_index(hunk->edits, j);

			if (last && last->kind == edit->kind && strcmp(last->why, edit->why) == 0)
				continue;
			fprintf(out, "- `%s:%u` %s: %s\n", file->name,
				hunk->old_line + (hunk->old_count == 0), edit_kind_code(edit->kind),
				edit->why);
			last = edit;
		}
	}
}

static void write_lines(FILE *out, char sign, const char *text)
{
	while (*text) {
		const char *end = strchr(text, '\n');
		int length = (int)(end ? end - text : (long)strlen(text));

		fprintf(out, "%c%.*s\n", sign, length, text);
		if (!end)
			fputs("\\ No newline at end of file\n", out);
		text += length + (end != NULL);
	}
}

static void write_diff(FILE *out, const char *name, const struct edit_file *file,
		       const GPtrArray *hunks)
{
	fprintf(out, "\n```diff\n--- %s\n+++ %s\n", file->name, name);
	for (guint i = 0; i < hunks->len; i++) {
		const struct edit_hunk *hunk = g_ptr_array_index(hunks, i);
		const struct edit *edit = g_ptr_array_index(hunk->edits, 0);

		fprintf(out, "@@ -%u,%u +%u,%u @@ %s\n", hunk->old_line, hunk->old_count,
			hunk->new_line, hunk->new_count, edit->why);
		write_lines(out, '-', hunk->old_text);
		write_lines(out, '+', hunk->new_text);
	}
	fputs("```\n", out);
}

void generate_edits(FILE *out, const struct generated *module)
{
	fprintf(out,
		"# The scheduler of Linux %s as a module\n\n"
		"Made by plugsched-extract %s for the vmlinux with build-id %s. The files have the names they have in `%s/`, and their\n"
		"text, but for the edits listed here. This takes them back, in a copy of the files as they were extracted:\n\n"
		"    sed -n '/^```diff$/,/^```$/{/^```/d;p}' EXTRACTED.md | patch -R -p0\n\n",
		module->kernel_release, module->tool_version, module->build_id, module->folder);
	write_summary(out, module);
	for (guint i = 0; i < module->edits->files->len; i++) {
		const struct edit_file *file = g_ptr_array_index(module->edits->files, i);
		g_autoptr(GPtrArray) hunks = edits_file_hunks(file);

		if (!hunks->len)
			continue;
		fprintf(out, "\n## %s\n\n", file->name);
		write_reasons(out, file, hunks);
		write_diff(out, generated_file_name(module, file->name), file, hunks);
	}
}
