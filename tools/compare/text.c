// SPDX-License-Identifier: GPL-2.0-only
/* Writes the comparison for people: the functions that are not identical, then the totals. */
#include "tools/compare/compare.h"

static void print_line(FILE *out, const char *side, const struct compare_line *line)
{
	fprintf(out, "    %s +0x%" G_GINT64_MODIFIER "x  %s\n", side, line->offset,
		line->text ? line->text : "(end)");
}

static void print_names(FILE *out, const struct compare_function *function)
{
	fputs(function->name, out);
	if (function->file)
		fprintf(out, " (%s)", function->file);
	if (function->class)
		fprintf(out, " [%s]", function->class);
}

static void print_function(FILE *out, const struct compare_function *function)
{
	print_names(out, function);
	switch (function->verdict) {
	case COMPARE_IDENTICAL:
		fprintf(out, ": identical, %u instructions\n", function->instructions);
		break;
	case COMPARE_ONLY_MODULE:
		fprintf(out, ": only in the module: %s\n", function->detail);
		break;
	default:
		fprintf(out, ": %u of %u instructions differ: %s: %s\n", function->differing,
			MAX(function->instructions, function->partner_instructions),
			compare_cause_name(function->cause), function->detail);
		print_line(out, "module ", &function->module);
		print_line(out, "vmlinux", &function->vmlinux);
	}
}

static void print_totals(FILE *out, const struct comparison *comparison)
{
	const unsigned *verdicts = comparison->verdicts;
	unsigned compared = verdicts[COMPARE_IDENTICAL] + verdicts[COMPARE_DIFFERENT];

	fprintf(out, "functions compared: %u\n", compared);
	fprintf(out, "identical: %u (%.1f %%)\n", verdicts[COMPARE_IDENTICAL],
		compared ? 100.0 * verdicts[COMPARE_IDENTICAL] / compared : 0.0);
	fprintf(out, "different: %u\n", verdicts[COMPARE_DIFFERENT]);
	for (int cause = CAUSE_NONE + 1; cause < COMPARE_CAUSES; cause++)
		if (comparison->causes[cause])
			fprintf(out, "  %s: %u (%s)\n", compare_cause_name(cause),
				comparison->causes[cause], compare_cause_text(cause));
	fprintf(out, "only in the module: %u\n", verdicts[COMPARE_ONLY_MODULE]);
}

void compare_write_text(const struct comparison *comparison, bool is_all, FILE *out)
{
	for (guint i = 0; i < comparison->functions->len; i++) {
		const struct compare_function *function = comparison->functions->pdata[i];

		if (is_all || function->verdict != COMPARE_IDENTICAL)
			print_function(out, function);
	}
	print_totals(out, comparison);
}
