// SPDX-License-Identifier: GPL-2.0-only
/* plugsched-extract: options in, exit status out. */
#include "rewriter/extract.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

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

struct arguments {
	char *kernel, *build, *boundary, *output;
	gint threads;
	gboolean merge, dry, quiet, version;
};

static bool parse_arguments(struct arguments *a, int *argc, char ***argv, GError **error)
{
	const GOptionEntry entries[] = {
		{ "kernel", 'k', 0, G_OPTION_ARG_FILENAME, &a->kernel, "The kernel's source tree", "DIR" },
		{ "build", 'b', 0, G_OPTION_ARG_FILENAME, &a->build, "Its build tree (O=), if it is not built in the source tree", "DIR" },
		{ "boundary", 0, 0, G_OPTION_ARG_FILENAME, &a->boundary,
		  "The report of plugsched-analyze (default: boundary.json)", "FILE" },
		{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &a->output, "Where the module's source goes (default: scheduler)", "DIR" },
		{ "jobs", 'j', 0, G_OPTION_ARG_INT, &a->threads, "Units parsed at once (default: one a core)", "N" },
		{ "merge", 0, 0, G_OPTION_ARG_NONE, &a->merge, "If DIR has commits of yours, merge the new extraction into them", NULL },
		{ "dry-run", 'n', 0, G_OPTION_ARG_NONE, &a->dry, "Write nothing; print what EXTRACTED.md would hold", NULL },
		{ "quiet", 'q', 0, G_OPTION_ARG_NONE, &a->quiet, "No summary", NULL },
		{ "version", 0, 0, G_OPTION_ARG_NONE, &a->version, "Print the version and exit", NULL },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	GOptionContext *context = g_option_context_new("- extract a kernel's CPU scheduler as the source of a module");
	bool is_good;

	g_option_context_set_summary(context, "Copies the scheduler's sources, edits them where the boundary demands it, and writes what builds\n"
					      "them as a module. The kernel tree is only read.");
	g_option_context_set_description(context, "Exit status: 0 done, 1 merged with conflicts, 2 could not; nothing was written.\n"
						  "See also plugsched-extract(1).");
	g_option_context_add_main_entries(context, entries, NULL);
	is_good = g_option_context_parse(context, argc, argv, error);
	g_option_context_free(context);
	return is_good;
}

/* What the parser cannot check; a message, or NULL. */
static const char *check_arguments(const struct arguments *a, int argc)
{
	if (argc > 1)
		return "takes options only; the kernel is given by --kernel DIR";
	if (!a->kernel)
		return "--kernel DIR is needed";
	if (a->threads < 0)
		return "-j takes a positive number";
	return NULL;
}

static enum extract_status run(const struct arguments *a)
{
	g_autoptr(GError) error = NULL;
	struct extract_options options = {
		.kernel = a->kernel,
		.build = a->build,
		.boundary = a->boundary ? a->boundary : "boundary.json",
		.output = a->output ? a->output : "scheduler",
		.threads = a->threads > 0 ? (unsigned)a->threads : g_get_num_processors(),
		.may_merge = a->merge,
		.is_dry = a->dry,
		.is_quiet = a->quiet,
		.stop = &stop,
	};
	enum extract_status status = extract(&options, &error);

	if (status != EXTRACT_DONE)
		g_printerr("plugsched-extract: %s\n", error->message);
	return status;
}

int main(int argc, char **argv)
{
	struct arguments arguments = { 0 };
	g_autoptr(GError) error = NULL;
	enum extract_status status = EXTRACT_FAILED;
	const char *complaint = NULL;

	setlocale(LC_ALL, "");
	catch_signals();
	if (!parse_arguments(&arguments, &argc, &argv, &error)) {
		g_printerr("plugsched-extract: %s (see --help)\n", error->message);
	} else if (arguments.version) {
		puts("plugsched-extract " PLUGSCHED_VERSION);
		status = EXTRACT_DONE;
	} else if ((complaint = check_arguments(&arguments, argc))) {
		g_printerr("plugsched-extract: %s (see --help)\n", complaint);
	} else {
		status = run(&arguments);
	}
	g_free(arguments.kernel);
	g_free(arguments.build);
	g_free(arguments.boundary);
	g_free(arguments.output);
	return (int)status;
}
