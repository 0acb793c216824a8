// SPDX-License-Identifier: GPL-2.0-only
/* plugsched-analyze: parses the options and returns the exit status. */
#include "analyzer/analyze.h"
#include "analyzer/ninja.h"
#include "base/command.h"

#include <string.h>
#include <unistd.h>

static struct arguments {
	char *kernel, *build, *config, *output, *cache, *ninja;
	char **facts;
	gint threads;
	gboolean no_cache, quiet, exhaustive, whole;
} arguments = { .threads = COMMAND_NO_JOBS };

/* --ninja, with or without a file name. */
static gboolean take_ninja(const char *option, const char *value, gpointer data, GError **error)
{
	(void)option;
	(void)data;
	(void)error;
	g_free(arguments.ninja);
	arguments.ninja = g_strdup(value ? value : "build.ninja");
	return TRUE;
}

static const GOptionEntry entries[] = {
	{ "kernel", 'k', 0, G_OPTION_ARG_FILENAME, &arguments.kernel, "The kernel's source tree",
	  "DIR" },
	{ "build", 'b', 0, G_OPTION_ARG_FILENAME, &arguments.build,
	  "Its build tree (O=), if it is not built in the source tree", "DIR" },
	{ "config", 'c', 0, G_OPTION_ARG_FILENAME, &arguments.config,
	  "Overrides of the inferred boundary (YAML; a boundary.yaml is one)", "FILE" },
	{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &arguments.output,
	  "Where the report goes; - is stdout (default: boundary.json)", "FILE" },
	{ "jobs", 'j', 0, G_OPTION_ARG_INT, &arguments.threads,
	  "Units parsed at once (default: one a core)", "N" },
	{ "cache", 0, 0, G_OPTION_ARG_FILENAME, &arguments.cache,
	  "Where facts of units are kept (default: plugsched/facts in the user's cache)", "DIR" },
	{ "no-cache", 0, 0, G_OPTION_ARG_NONE, &arguments.no_cache, "Keep no facts and use none",
	  NULL },
	{ "exhaustive", 0, 0, G_OPTION_ARG_NONE, &arguments.exhaustive,
	  "Parse every unit, also those that cannot matter", NULL },
	{ "ninja", 0, G_OPTION_FLAG_OPTIONAL_ARG | G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK,
	  (gpointer)take_ninja,
	  "Write a build file for ninja that makes the report, and no report (default: build.ninja)",
	  "FILE" },
	{ "facts", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments.facts,
	  "Take all units' facts from this file or folder and parse nothing; may be repeated",
	  "PATH" },
	{ "whole", 0, 0, G_OPTION_ARG_NONE, &arguments.whole,
	  "Report all functions and data of the kernel with all their uses (parses every unit)",
	  NULL },
	{ "quiet", 'q', 0, G_OPTION_ARG_NONE, &arguments.quiet, "No summary and no progress",
	  NULL },
	{ NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const char *check(char **words)
{
	const struct arguments *a = &arguments;

	if (words[0])
		return "takes options only; the kernel is given by --kernel DIR";
	if (!a->kernel)
		return "--kernel DIR is needed";
	if (a->cache && a->no_cache)
		return "--cache and --no-cache exclude each other";
	if (a->facts && (a->cache || a->ninja))
		return "--facts excludes --cache and --ninja";
	if (a->ninja && a->output && !strcmp(a->output, "-"))
		return "--ninja cannot send the report to standard output";
	return command_check_jobs(a->threads);
}

static enum analyze_status write_ninja(GError **error)
{
	struct ninja_options options = {
		.kernel = arguments.kernel,
		.build = arguments.build,
		.config = arguments.config,
		.output = arguments.output,
		.path = arguments.ninja,
	};

	return ninja_write(&options, error) ? ANALYZE_DONE : ANALYZE_FAILED;
}

static enum analyze_status write_report(GError **error)
{
	const struct arguments *a = &arguments;
	g_autofree char *default_cache =
		g_build_filename(g_get_user_cache_dir(), "plugsched", "facts", NULL);
	struct analyze_options options = {
		.kernel = a->kernel,
		.build = a->build,
		.config = a->config,
		.output = a->output ? a->output : "boundary.json",
		.facts = a->facts,
		.cache_dir = a->no_cache || a->facts ? NULL
			     : a->cache              ? a->cache
						     : default_cache,
		.threads = command_jobs(a->threads),
		.is_exhaustive = a->exhaustive,
		.is_whole = a->whole,
		.is_quiet = a->quiet,
		.has_progress = !a->quiet && isatty(STDERR_FILENO),
		.stop = &command_stop,
	};

	return analyze(&options, error);
}

static int run(char **words)
{
	g_autoptr(GError) error = NULL;
	enum analyze_status status;

	(void)words;
	command_catch_signals();
	status = arguments.ninja ? write_ninja(&error) : write_report(&error);
	if (status == ANALYZE_FAILED)
		g_printerr("plugsched-analyze: %s\n", error->message);
	return status;
}

static const struct command command = {
	.name = "plugsched-analyze",
	.version = PLUGSCHED_VERSION,
	.usage = "- infer the boundary of a kernel's CPU scheduler",
	.summary =
		"Reads a built kernel tree and writes a JSON report of which of the scheduler's functions and\n"
		"data can be replaced in the running kernel, which cannot, and why.",
	.description =
		"Exit status: 0 done, 1 done but incomplete (the report says what is missing), 2 could not.\n"
		"See also plugsched-analyze(1).",
	.entries = entries,
	.check = check,
	.run = run,
	.failed = ANALYZE_FAILED,
};

int main(int argc, char **argv)
{
	(void)argc;
	return command_main(&command, argv);
}
