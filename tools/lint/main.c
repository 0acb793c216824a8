// SPDX-License-Identifier: GPL-2.0-only
/* plugsched-lint: parses the options and prints the findings. */
#include "base/command.h"
#include "emit/output.h"
#include "tools/lint/lint.h"

#include <signal.h>

enum status {
	STATUS_CLEAN = 0,
	STATUS_FOUND = 1,  /* findings of level error */
	STATUS_FAILED = 2, /* something could not be checked */
};

static struct arguments {
	char *kernel, *build, *report, *output;
	char **overlays;
	gint threads;
	gboolean json, sarif;
} arguments = { .threads = COMMAND_NO_JOBS };

static const GOptionEntry entries[] = {
	{ "kernel", 'k', 0, G_OPTION_ARG_FILENAME, &arguments.kernel,
	  "The kernel's source tree (default: what an extracted tree's Makefile names, else FOLDER)",
	  "DIR" },
	{ "build", 'b', 0, G_OPTION_ARG_FILENAME, &arguments.build,
	  "Its build tree (O=), if it is not built in the source tree", "DIR" },
	{ "report", 'r', 0, G_OPTION_ARG_FILENAME, &arguments.report,
	  "The report of plugsched-analyze (default: boundary.json in FOLDER)", "FILE" },
	{ "overlay", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments.overlays,
	  "Take the text of the file CONTENT for that of FILE; may be repeated", "FILE=CONTENT" },
	{ "json", 0, 0, G_OPTION_ARG_NONE, &arguments.json, "Findings in JSON", NULL },
	{ "sarif", 0, 0, G_OPTION_ARG_NONE, &arguments.sarif, "Findings in SARIF 2.1.0", NULL },
	{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &arguments.output,
	  "Where the findings go (default: stdout)", "OUT" },
	{ "jobs", 'j', 0, G_OPTION_ARG_INT, &arguments.threads,
	  "Units parsed at once (default: one a core)", "N" },
	{ NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const char *check(char **words)
{
	if (!words[0])
		return "FOLDER is needed";
	if (arguments.json && arguments.sarif)
		return "--json and --sarif exclude each other";
	return command_check_jobs(arguments.threads);
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

static int run(char **words)
{
	const struct arguments *a = &arguments;
	struct lint_options options = {
		.folder = words[0],
		.files = (const char *const *)words + 1,
		.kernel = a->kernel,
		.build = a->build,
		.report = a->report,
		.overlays = (const char *const *)a->overlays,
		.threads = command_jobs(a->threads),
		.stop = &command_stop,
	};
	g_autoptr(GError) error = NULL;
	struct lint_result *result;
	struct written written = { NULL, words[0],
				   a->json    ? LINT_JSON
				   : a->sarif ? LINT_SARIF
					      : LINT_TEXT };
	struct output output = { "the findings", write_result, &written, &command_stop };
	enum status status = STATUS_FAILED;

	command_catch_signals();
	signal(SIGPIPE, SIG_DFL); /* if the reader goes away, end silently */
	written.result = result = lint(&options, &error);
	if (result && output_write(&output, a->output ? a->output : "-", &error))
		status = result->has_error       ? STATUS_FOUND
			 : result->problems->len ? STATUS_FAILED
						 : STATUS_CLEAN;
	if (error)
		g_printerr("plugsched-lint: %s\n", error->message);
	lint_result_free(result);
	return status;
}

static const struct command command = {
	.name = "plugsched-lint",
	.version = PLUGSCHED_VERSION,
	.usage = "FOLDER [FILE...] - say what of an edited scheduler cannot go into a module",
	.summary =
		"FOLDER is an extracted scheduler or a kernel's source tree. With FILEs only the units that they are\n"
		"part of are checked. Nothing is built and nothing in FOLDER is written.",
	.description =
		"Exit status: 0 nothing found, 1 findings of level error, 2 could not check.\n"
		"See also plugsched-lint(1).",
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
