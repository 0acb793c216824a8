// SPDX-License-Identifier: GPL-2.0-only
/* plugsched-extract: parses the options and returns the exit status. */
#include "base/command.h"
#include "rewriter/extract.h"

static struct arguments {
	char *kernel, *build, *boundary, *output;
	gint threads;
	gboolean merge, dry, quiet;
} arguments = { .threads = COMMAND_NO_JOBS };

static const GOptionEntry entries[] = {
	{ "kernel", 'k', 0, G_OPTION_ARG_FILENAME, &arguments.kernel, "The kernel's source tree",
	  "DIR" },
	{ "build", 'b', 0, G_OPTION_ARG_FILENAME, &arguments.build,
	  "Its build tree (O=), if it is not built in the source tree", "DIR" },
	{ "boundary", 0, 0, G_OPTION_ARG_FILENAME, &arguments.boundary,
	  "The report of plugsched-analyze (default: boundary.json)", "FILE" },
	{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &arguments.output,
	  "Where the module's source goes (default: scheduler)", "DIR" },
	{ "jobs", 'j', 0, G_OPTION_ARG_INT, &arguments.threads,
	  "Units parsed at once (default: one a core)", "N" },
	{ "merge", 0, 0, G_OPTION_ARG_NONE, &arguments.merge,
	  "If DIR has commits of yours, merge the new extraction into them", NULL },
	{ "dry-run", 'n', 0, G_OPTION_ARG_NONE, &arguments.dry,
	  "Write nothing; print what EXTRACTED.md would hold", NULL },
	{ "quiet", 'q', 0, G_OPTION_ARG_NONE, &arguments.quiet, "No summary", NULL },
	{ NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const char *check(char **words)
{
	if (words[0])
		return "takes options only; the kernel is given by --kernel DIR";
	if (!arguments.kernel)
		return "--kernel DIR is needed";
	return command_check_jobs(arguments.threads);
}

static int run(char **words)
{
	const struct arguments *a = &arguments;
	g_autoptr(GError) error = NULL;
	struct extract_options options = {
		.kernel = a->kernel,
		.build = a->build,
		.boundary = a->boundary ? a->boundary : "boundary.json",
		.output = a->output ? a->output : "scheduler",
		.threads = command_jobs(a->threads),
		.may_merge = a->merge,
		.is_dry = a->dry,
		.is_quiet = a->quiet,
		.stop = &command_stop,
	};
	enum extract_status status;

	(void)words;
	command_catch_signals();
	status = extract(&options, &error);
	if (status != EXTRACT_DONE)
		g_printerr("plugsched-extract: %s\n", error->message);
	return status;
}

static const struct command command = {
	.name = "plugsched-extract",
	.version = PLUGSCHED_VERSION,
	.usage = "- extract a kernel's CPU scheduler as the source of a module",
	.summary =
		"Copies the scheduler's sources, edits them where the boundary demands it, and writes what builds\n"
		"them as a module. The kernel tree is only read.",
	.description =
		"Exit status: 0 done, 1 merged with conflicts, 2 could not; nothing was written.\n"
		"See also plugsched-extract(1).",
	.entries = entries,
	.check = check,
	.run = run,
	.failed = EXTRACT_FAILED,
};

int main(int argc, char **argv)
{
	(void)argc;
	return command_main(&command, argv);
}
