// SPDX-License-Identifier: GPL-2.0-only
/* plugsched-lint: options in, findings out. */
#include "analyzer/lint/lint.h"

#include "emit/output.h"

#include <locale.h>
#include <signal.h>
#include <string.h>

enum status {
	STATUS_CLEAN = 0,
	STATUS_FOUND = 1,  /* findings of level error */
	STATUS_FAILED = 2, /* something could not be checked */
};

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
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_IGN); /* a full quota is an error like another */
}

struct arguments {
	char *kernel, *build, *report, *output;
	char **overlays;
	gint threads;
	gboolean json, sarif, version;
};

static void arguments_clear(struct arguments *a)
{
	g_free(a->kernel);
	g_free(a->build);
	g_free(a->report);
	g_free(a->output);
	g_strfreev(a->overlays);
}

static bool parse_arguments(struct arguments *a, int *argc, char ***argv, GError **error)
{
	const GOptionEntry entries[] = {
		{ "kernel", 'k', 0, G_OPTION_ARG_FILENAME, &a->kernel,
		  "The kernel's source tree (default: what an extracted tree's Makefile names, else FOLDER)", "DIR" },
		{ "build", 'b', 0, G_OPTION_ARG_FILENAME, &a->build, "Its build tree (O=), if it is not built in the source tree", "DIR" },
		{ "report", 'r', 0, G_OPTION_ARG_FILENAME, &a->report,
		  "The report of plugsched-analyze (default: boundary.json in FOLDER)", "FILE" },
		{ "overlay", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &a->overlays,
		  "Take the text of the file CONTENT for that of FILE; may be repeated", "FILE=CONTENT" },
		{ "json", 0, 0, G_OPTION_ARG_NONE, &a->json, "Findings in JSON", NULL },
		{ "sarif", 0, 0, G_OPTION_ARG_NONE, &a->sarif, "Findings in SARIF 2.1.0", NULL },
		{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &a->output, "Where the findings go (default: stdout)", "OUT" },
		{ "jobs", 'j', 0, G_OPTION_ARG_INT, &a->threads, "Units parsed at once (default: one a core)", "N" },
		{ "version", 0, 0, G_OPTION_ARG_NONE, &a->version, "Print the version and exit", NULL },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	GOptionContext *context = g_option_context_new("FOLDER [FILE...] - say what of an edited scheduler cannot go into a module");
	bool is_good;

	g_option_context_set_summary(context, "FOLDER is an extracted scheduler or a kernel's source tree. With FILEs only the units that they are\n"
					      "part of are checked. Nothing is built and nothing in FOLDER is written.");
	g_option_context_set_description(context, "Exit status: 0 nothing found, 1 findings of level error, 2 could not check.\n"
						  "See also plugsched-lint(1).");
	g_option_context_add_main_entries(context, entries, NULL);
	is_good = g_option_context_parse(context, argc, argv, error);
	g_option_context_free(context);
	return is_good;
}

/* What the parser cannot check; a message, or NULL. */
static const char *check_arguments(const struct arguments *a, int argc)
{
	if (argc < 2)
		return "FOLDER is needed";
	if (a->json && a->sarif)
		return "--json and --sarif exclude each other";
	if (a->threads < 0)
		return "-j takes a positive number";
	return NULL;
}

struct written {
	const struct lint_result *result;
	const char *shown;
	enum lint_format format;
};

static void write_result(FILE *out, void *data)
{
	const struct written *written = data;

	lint_write(out, written->result, written->shown, written->format);
}

static enum status run(const struct arguments *a, char **words)
{
	struct lint_options options = {
		.folder = words[0],
		.files = (const char *const *)words + 1,
		.kernel = a->kernel,
		.build = a->build,
		.report = a->report,
		.overlays = (const char *const *)a->overlays,
		.threads = a->threads > 0 ? (unsigned)a->threads : g_get_num_processors(),
		.stop = &stop,
	};
	g_autoptr(GError) error = NULL;
	struct lint_result *result = lint(&options, &error);
	struct written written = { result, words[0], a->json ? LINT_JSON : a->sarif ? LINT_SARIF : LINT_TEXT };
	struct output output = { "the findings", write_result, &written, &stop };
	enum status status = STATUS_FAILED;

	if (result && output_write(&output, a->output ? a->output : "-", &error))
		status = result->has_error ? STATUS_FOUND : result->problems->len ? STATUS_FAILED : STATUS_CLEAN;
	if (error)
		g_printerr("plugsched-lint: %s\n", error->message);
	lint_result_free(result);
	return status;
}

int main(int argc, char **argv)
{
	struct arguments arguments = { 0 };
	g_autoptr(GError) error = NULL;
	enum status status = STATUS_FAILED;
	const char *complaint = NULL;

	setlocale(LC_ALL, "");
	catch_signals();
	if (!parse_arguments(&arguments, &argc, &argv, &error)) {
		g_printerr("plugsched-lint: %s (see --help)\n", error->message);
	} else if (arguments.version) {
		puts("plugsched-lint " PLUGSCHED_VERSION);
		status = STATUS_CLEAN;
	} else if ((complaint = check_arguments(&arguments, argc))) {
		g_printerr("plugsched-lint: %s (see --help)\n", complaint);
	} else {
		status = run(&arguments, argv + 1);
	}
	arguments_clear(&arguments);
	return (int)status;
}
