// SPDX-License-Identifier: GPL-2.0-only
/* plugsched-compare: parses the options and returns the exit status. */
#include "base/command.h"
#include "tools/compare/compare.h"

#include <stdio.h>

enum status {
	STATUS_EXPLAINED,   /* everything is identical or has a cause */
	STATUS_UNEXPLAINED, /* some difference has no cause */
	STATUS_FAILED,      /* could not compare */
};

static struct arguments {
	char *boundary;
	gboolean json, all;
} arguments;

static const GOptionEntry entries[] = {
	{ "json", 0, 0, G_OPTION_ARG_NONE, &arguments.json, "Answer in JSON", NULL },
	{ "boundary", 0, 0, G_OPTION_ARG_FILENAME, &arguments.boundary,
	  "The report of plugsched-analyze on this vmlinux: adds classes and knows what is inlined everywhere",
	  "FILE" },
	{ "all", 0, 0, G_OPTION_ARG_NONE, &arguments.all, "List identical functions too", NULL },
	{ NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const char *check(char **words)
{
	return g_strv_length(words) == 2 ? NULL : "a VMLINUX and a MODULE.ko are needed";
}

static bool write_answer(const struct comparison *comparison)
{
	if (arguments.json)
		compare_write_json(comparison, arguments.all, stdout);
	else
		compare_write_text(comparison, arguments.all, stdout);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return true;
	g_printerr("plugsched-compare: cannot write the answer\n");
	return false;
}

static int run(char **words)
{
	struct compare_options options = { .vmlinux = words[0],
					   .module = words[1],
					   .boundary = arguments.boundary };
	g_autoptr(GError) error = NULL;
	struct comparison *comparison = compare_run(&options, &error);
	enum status status = STATUS_FAILED;

	if (!comparison)
		g_printerr("plugsched-compare: %s\n", error->message);
	else if (write_answer(comparison))
		status = comparison->causes[CAUSE_UNEXPLAINED] ? STATUS_UNEXPLAINED
							       : STATUS_EXPLAINED;
	compare_free(comparison);
	return status;
}

static const struct command command = {
	.name = "plugsched-compare",
	.version = PLUGSCHED_VERSION,
	.usage = "VMLINUX MODULE.o - is the module's code what vmlinux's is?",
	.summary =
		"Compares each function of a scheduler module that vmlinux has too with vmlinux's, instruction by\n"
		"instruction, and says why those that differ do.",
	.description =
		"Exit status: 0 all identical or explained, 1 something unexplained, 2 could not compare.\n"
		"See also plugsched-compare(1).",
	.entries = entries,
	.check = check,
	.run = run,
	.failed = STATUS_FAILED,
};

int main(int argc, char **argv)
{
	(void)argc;
	return command_main(&command, argv);
}
