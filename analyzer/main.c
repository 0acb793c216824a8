// SPDX-License-Identifier: GPL-2.0-only
/* plugsched-analyze: options in, exit status out. */
#include "analyzer/analyze.h"
#include "analyzer/ninja.h"

#include <glib.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile int stop;

static void on_signal(int signal_number)
{
	stop = signal_number;
}

/* The first signal ends the work in order; a second one ends the program. */
static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESETHAND };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a full quota is an error like another */
}

#define THREADS_DEFAULT G_MININT /* no -j was given */

struct arguments {
	char *kernel, *build, *config, *output, *cache, *ninja;
	char **facts;
	gint threads;
	gboolean no_cache, quiet, version, exhaustive, whole;
};

static void arguments_clear(struct arguments *a)
{
	g_free(a->kernel);
	g_free(a->build);
	g_free(a->config);
	g_free(a->output);
	g_free(a->cache);
	g_free(a->ninja);
	g_strfreev(a->facts);
}

/* --ninja with or without a file. */
static gboolean take_ninja(const char *option, const char *value, gpointer data, GError **error)
{
	struct arguments *a = data;

	(void)option;
	(void)error;
	g_free(a->ninja);
	a->ninja = g_strdup(value ? value : "build.ninja");
	return TRUE;
}

/* GOption wants "-j 2": splits "-j2" and its like. A vector for g_strfreev. */
static char **split_short_options(char **argv)
{
	GPtrArray *out = g_ptr_array_new();

	for (char **a = argv; *a; a++) {
		bool is_joined = (*a)[0] == '-' && (*a)[1] && strchr("kbcoj", (*a)[1]) && (*a)[2];

		g_ptr_array_add(out, is_joined ? g_strndup(*a, 2) : g_strdup(*a));
		if (is_joined)
			g_ptr_array_add(out, g_strdup(*a + 2));
	}
	g_ptr_array_add(out, NULL);
	return (char **)g_ptr_array_free(out, FALSE);
}

/* Fills `a`; what is left in `argv` is no option. */
static bool parse_arguments(struct arguments *a, char ***argv, GError **error)
{
	const GOptionEntry entries[] = {
		{ "kernel", 'k', 0, G_OPTION_ARG_FILENAME, &a->kernel, "The kernel's source tree", "DIR" },
		{ "build", 'b', 0, G_OPTION_ARG_FILENAME, &a->build,
		  "Its build tree (O=), if it is not built in the source tree", "DIR" },
		{ "config", 'c', 0, G_OPTION_ARG_FILENAME, &a->config,
		  "Overrides of the inferred boundary (YAML; a boundary.yaml is one)", "FILE" },
		{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &a->output,
		  "Where the report goes; - is stdout (default: boundary.json)", "FILE" },
		{ "jobs", 'j', 0, G_OPTION_ARG_INT, &a->threads, "Units parsed at once (default: one a core)", "N" },
		{ "cache", 0, 0, G_OPTION_ARG_FILENAME, &a->cache,
		  "Where facts of units are kept (default: plugsched/facts in the user's cache)", "DIR" },
		{ "no-cache", 0, 0, G_OPTION_ARG_NONE, &a->no_cache, "Keep no facts and use none", NULL },
		{ "exhaustive", 0, 0, G_OPTION_ARG_NONE, &a->exhaustive,
		  "Parse every unit, also those that cannot matter", NULL },
		{ "ninja", 0, G_OPTION_FLAG_OPTIONAL_ARG | G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, (gpointer)take_ninja,
		  "Write a build file for ninja that makes the report, and no report (default: build.ninja)", "FILE" },
		{ "facts", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &a->facts,
		  "Take all units' facts from this file or folder and parse nothing; may be repeated", "PATH" },
		{ "whole", 0, 0, G_OPTION_ARG_NONE, &a->whole,
		  "Report all functions and data of the kernel with all their uses (parses every unit)", NULL },
		{ "quiet", 'q', 0, G_OPTION_ARG_NONE, &a->quiet, "No summary and no progress", NULL },
		{ "version", 0, 0, G_OPTION_ARG_NONE, &a->version, "Print the version and exit", NULL },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	GOptionContext *context = g_option_context_new("- infer the boundary of a kernel's CPU scheduler");
	GOptionGroup *group = g_option_group_new("main", "", "", a, NULL);
	bool is_good;

	g_option_context_set_summary(
		context, "Reads a built kernel tree and writes a JSON report of which of the scheduler's functions and\n"
			 "data can be replaced in the running kernel, which cannot, and why.");
	g_option_context_set_description(
		context, "Exit status: 0 done, 1 done but incomplete (the report says what is missing), 2 could not.\n"
			 "See also plugsched-analyze(1).");
	g_option_group_add_entries(group, entries);
	g_option_context_set_main_group(context, group);
	is_good = g_option_context_parse_strv(context, argv, error);
	g_option_context_free(context);
	return is_good;
}

/* What the parser cannot check; a message, or NULL. */
static const char *check_arguments(const struct arguments *a, char **rest)
{
	if (rest[0] && rest[1])
		return "takes options only; the kernel is given by --kernel DIR";
	if (!a->kernel)
		return "--kernel DIR is needed";
	if (a->threads <= 0 && a->threads != THREADS_DEFAULT)
		return "-j takes a positive number";
	if (a->cache && a->no_cache)
		return "--cache and --no-cache exclude each other";
	if (a->facts && (a->cache || a->ninja))
		return "--facts excludes --cache and --ninja";
	if (a->ninja && a->output && !strcmp(a->output, "-"))
		return "--ninja cannot send the report to standard output";
	return NULL;
}

static enum analyze_status write_ninja(const struct arguments *a)
{
	g_autoptr(GError) error = NULL;
	struct ninja_options options = {
		.kernel = a->kernel,
		.build = a->build,
		.config = a->config,
		.output = a->output,
		.path = a->ninja,
	};

	if (ninja_write(&options, &error))
		return ANALYZE_DONE;
	g_printerr("plugsched-analyze: %s\n", error->message);
	return ANALYZE_FAILED;
}

static enum analyze_status run(const struct arguments *a)
{
	g_autofree char *default_cache = g_build_filename(g_get_user_cache_dir(), "plugsched", "facts", NULL);
	g_autoptr(GError) error = NULL;
	struct analyze_options options = {
		.kernel = a->kernel,
		.build = a->build,
		.config = a->config,
		.output = a->output ? a->output : "boundary.json",
		.facts = a->facts,
		.cache_dir = a->no_cache || a->facts ? NULL : a->cache ? a->cache : default_cache,
		.threads = a->threads > 0 ? (unsigned)a->threads : g_get_num_processors(),
		.is_exhaustive = a->exhaustive,
		.is_whole = a->whole,
		.is_quiet = a->quiet,
		.has_progress = !a->quiet && isatty(STDERR_FILENO),
		.stop = &stop,
	};
	enum analyze_status status = analyze(&options, &error);

	if (status == ANALYZE_FAILED)
		g_printerr("plugsched-analyze: %s\n", error->message);
	return status;
}

int main(int argc, char **argv)
{
	g_auto(GStrv) words = split_short_options(argv);
	struct arguments arguments = { .threads = THREADS_DEFAULT };
	g_autoptr(GError) error = NULL;
	enum analyze_status status = ANALYZE_FAILED;
	const char *complaint = NULL;

	(void)argc;
	setlocale(LC_ALL, "");
	catch_signals();
	if (!parse_arguments(&arguments, &words, &error)) {
		g_printerr("plugsched-analyze: %s (see --help)\n", error->message);
	} else if (arguments.version) {
		puts("plugsched-analyze " PLUGSCHED_VERSION);
		status = ANALYZE_DONE;
	} else if ((complaint = check_arguments(&arguments, words))) {
		g_printerr("plugsched-analyze: %s (see --help)\n", complaint);
	} else if (arguments.ninja) {
		status = write_ninja(&arguments);
	} else {
		status = run(&arguments);
	}
	arguments_clear(&arguments);
	return (int)status;
}
