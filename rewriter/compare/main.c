// SPDX-License-Identifier: GPL-2.0-only
/* plugsched-compare: options in, exit status out. */
#include "rewriter/compare/compare.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

enum status {
	STATUS_EXPLAINED,   /* all is identical or has a cause */
	STATUS_UNEXPLAINED, /* something has none */
	STATUS_FAILED,      /* could not compare */
};

struct arguments {
	char *boundary;
	gboolean json, all, version;
};

/* Fills `a`; what is left in `argv` is no option. */
static bool parse_arguments(struct arguments *a, char ***argv, GError **error)
{
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &a->json, "Answer in JSON", NULL },
		{ "boundary", 0, 0, G_OPTION_ARG_FILENAME, &a->boundary,
		  "The report of plugsched-analyze on this vmlinux: adds classes and knows what is inlined everywhere", "FILE" },
		{ "all", 0, 0, G_OPTION_ARG_NONE, &a->all, "List identical functions too", NULL },
		{ "version", 0, 0, G_OPTION_ARG_NONE, &a->version, "Print the version and exit", NULL },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	GOptionContext *context = g_option_context_new("VMLINUX MODULE.ko - is the module's code what vmlinux's is?");
	GOptionGroup *group = g_option_group_new("main", "", "", a, NULL);
	bool is_good;

	g_option_context_set_summary(
		context, "Compares each function of a scheduler module that vmlinux has too with vmlinux's, instruction by\n"
			 "instruction, and says why those that differ do.");
	g_option_context_set_description(
		context, "Exit status: 0 all identical or explained, 1 something unexplained, 2 could not compare.\n"
			 "See also plugsched-compare(1).");
	g_option_group_add_entries(group, entries);
	g_option_context_set_main_group(context, group);
	is_good = g_option_context_parse_strv(context, argv, error);
	g_option_context_free(context);
	return is_good;
}

static bool write_answer(const struct comparison *comparison, const struct arguments *a)
{
	if (a->json)
		compare_write_json(comparison, a->all, stdout);
	else
		compare_write_text(comparison, a->all, stdout);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return true;
	g_printerr("plugsched-compare: cannot write the answer\n");
	return false;
}

static enum status run(const struct arguments *a, char **files)
{
	struct compare_options options = { .vmlinux = files[0], .module = files[1], .boundary = a->boundary };
	g_autoptr(GError) error = NULL;
	struct comparison *comparison = compare_run(&options, &error);
	enum status status = STATUS_FAILED;

	if (!comparison)
		g_printerr("plugsched-compare: %s\n", error->message);
	else if (write_answer(comparison, a))
		status = comparison->causes[CAUSE_UNEXPLAINED] ? STATUS_UNEXPLAINED : STATUS_EXPLAINED;
	comparison_free(comparison);
	return status;
}

int main(int argc, char **argv)
{
	g_auto(GStrv) words = g_strdupv(argv);
	struct arguments arguments = { NULL };
	g_autoptr(GError) error = NULL;
	enum status status = STATUS_FAILED;

	(void)argc;
	setlocale(LC_ALL, "");
	if (!parse_arguments(&arguments, &words, &error)) {
		g_printerr("plugsched-compare: %s (see --help)\n", error->message);
	} else if (arguments.version) {
		puts("plugsched-compare " PLUGSCHED_VERSION);
		status = STATUS_EXPLAINED;
	} else if (g_strv_length(words) != 3) {
		g_printerr("plugsched-compare: a VMLINUX and a MODULE.ko are needed (see --help)\n");
	} else {
		status = run(&arguments, words + 1);
	}
	g_free(arguments.boundary);
	return (int)status;
}
