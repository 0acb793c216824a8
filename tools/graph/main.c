// SPDX-License-Identifier: GPL-2.0-only
/*
 * plugsched-graph: takes a question with its options and prints one answer.
 *
 * The questions, and what each of them takes, are listed in table.c.
 */
#include "base/command.h"
#include "emit/output.h"
#include "tools/page/page.h"
#include "tools/query/query.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum status {
	STATUS_ANSWERED = 0,
	STATUS_NEGATIVE = 1, /* no such name, no path, or a difference */
	STATUS_FAILED = 2,
};

#define DEPTH_NONE G_MININT /* no --depth was given */
#define DEPTH_MAX 1000

struct arguments {
	char **interface, **external;
	char *class, *kind, *file, *output;
	gint depth;
	gboolean json, dot, graphml, sarif, html, all, help, version;
};

static void arguments_clear(struct arguments *a)
{
	g_strfreev(a->interface);
	g_strfreev(a->external);
	g_free(a->class);
	g_free(a->kind);
	g_free(a->file);
	g_free(a->output);
}

static bool parse_arguments(struct arguments *a, char **given, char ***argv, char **help,
			    GError **error)
{
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &a->json, "Answer in JSON", NULL },
		{ "dot", 0, 0, G_OPTION_ARG_NONE, &a->dot, "Answer as a graph for Graphviz", NULL },
		{ "graphml", 0, 0, G_OPTION_ARG_NONE, &a->graphml, "Answer as a graph in GraphML",
		  NULL },
		{ "sarif", 0, 0, G_OPTION_ARG_NONE, &a->sarif,
		  "diff: the changes in SARIF 2.1.0, what breaks a scheduler as errors", NULL },
		{ "html", 0, 0, G_OPTION_ARG_NONE, &a->html,
		  "info, diff: one page for a browser, with the whole report", NULL },
		{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &a->output,
		  "Where the answer goes (default: stdout)", "FILE" },
		{ "depth", 'd', 0, G_OPTION_ARG_INT, &a->depth,
		  "callers, callees: how many levels (default: 1)", "N" },
		{ "interface", 'i', 0, G_OPTION_ARG_STRING_ARRAY, &a->interface,
		  "what-if: a function to be interface; may be repeated", "NAME" },
		{ "external", 'e', 0, G_OPTION_ARG_STRING_ARRAY, &a->external,
		  "what-if: a function to stay in vmlinux; may be repeated", "NAME" },
		{ "class", 0, 0, G_OPTION_ARG_STRING, &a->class,
		  "list: internal, interface or external only", "CLASS" },
		{ "kind", 0, 0, G_OPTION_ARG_STRING, &a->kind,
		  "list: function, variable or member only", "KIND" },
		{ "file", 0, 0, G_OPTION_ARG_STRING, &a->file,
		  "list: those of files that match, other code's too", "PATTERN" },
		{ "all", 0, 0, G_OPTION_ARG_NONE, &a->all, "diff: other code's entries too", NULL },
		{ "help", 'h', 0, G_OPTION_ARG_NONE, &a->help,
		  "Print this, or after a question's name more of it, and exit", NULL },
		{ "version", 0, 0, G_OPTION_ARG_NONE, &a->version, "Print the version and exit",
		  NULL },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	GOptionContext *context = g_option_context_new(NULL);
	bool is_good;

	*argv = command_split_words(given, entries);
	g_option_context_set_help_enabled(context, FALSE);
	g_option_context_add_main_entries(context, entries, NULL);
	is_good = g_option_context_parse_strv(context, argv, error);
	*help = g_option_context_get_help(context, TRUE, NULL);
	g_option_context_free(context);
	return is_good;
}

/* --- help */

/*
 * True if a line of the help starts with "NAME:" or "NAME,", as the options
 * of a single question do.
 */
static bool is_about(const char *line, const char *name)
{
	const char *at = strstr(line, name);

	return at && strchr(":,", at[strlen(name)]);
}

/* True for the line of an option that every question takes, or this question takes. */
static bool is_taken(const char *line, const struct query_question *question)
{
	if (is_about(line, question->name))
		return true;
	for (const struct query_question *q = query_questions; q->name; q++)
		if (is_about(line, q->name))
			return false;
	return true;
}

static void print_question(const struct query_question *question, const char *options)
{
	g_auto(GStrv) lines = g_strsplit(options, "\n", -1);

	printf("Usage: plugsched-graph REPORT %s%s%s [OPTION...]\n\nAnswers: %s.\n", question->name,
	       *question->words ? " " : "", question->words, question->summary);
	if (*question->help)
		printf("%s\n", question->help);
	puts("\nOptions:");
	for (char **line = lines; *line; line++)
		if (g_str_has_prefix(*line, "  ") && strstr(*line, "--") &&
		    is_taken(*line, question))
			puts(*line);
}

/* `options` is GLib's own help, from which the list of options is taken. */
static void print_help(const char *options)
{
	const char *list = strstr(options, "\n\n");

	puts("Usage: plugsched-graph REPORT QUESTION [WORD...] [OPTION...]\n\n"
	     "Answers a question from a report of plugsched-analyze. A NAME is a function, a variable, STRUCT.MEMBER or\n"
	     "STRUCT, or FILE:NAME where several share a name.\n\nQuestions:");
	for (const struct query_question *q = query_questions; q->name; q++) {
		g_autofree char *left = g_strconcat(q->name, *q->words ? " " : "", q->words, NULL);

		printf("  %-18s %s\n", left, q->summary);
	}
	printf("%s", list ? list + 1 : "");
	puts("Exit status: 0 answered, 1 no such name, no path, or a difference, 2 could not.\n"
	     "See also plugsched-graph(1).");
}

/* --- words */

struct asked {
	const char *report;
	const struct query_question *question;
	char **words; /* the words behind these two */
};

/* Accepts REPORT QUESTION, QUESTION REPORT, or REPORT alone; else false with a message. */
static bool sort_words(struct asked *asked, char **words, GError **error)
{
	bool is_reversed = words[0] && words[1] && !query_find(words[1]) && query_find(words[0]);
	const char *name = words[0] ? words[!is_reversed] : NULL;

	if (!words[0]) {
		g_set_error(error, QUERY_ERROR, QUERY_ERROR_USAGE, "no report is named");
		return false;
	}
	asked->report = words[is_reversed];
	asked->question = query_find(name ? name : "info");
	asked->words = words + (name ? 2 : 1);
	if (!asked->question)
		g_set_error(error, QUERY_ERROR, QUERY_ERROR_USAGE, "\"%s\" is not a question",
			    name);
	return asked->question;
}

static bool check_words(const struct asked *asked, GError **error)
{
	unsigned n = g_strv_length(asked->words);

	if (n >= asked->question->words_min && n <= asked->question->words_max)
		return true;
	g_set_error(error, QUERY_ERROR, QUERY_ERROR_USAGE, "%s takes %s", asked->question->name,
		    *asked->question->words ? asked->question->words : "no words");
	return false;
}

/* Refuses an option that the question does not take: the user would think that it had an effect. */
static bool check_options(const struct arguments *a, const struct query_question *question,
			  GError **error)
{
	const struct {
		bool is_given;
		unsigned option;
		const char *name;
	} options[] = {
		{ a->depth != DEPTH_NONE, QUERY_OPTION_DEPTH, "--depth" },
		{ a->interface, QUERY_OPTION_INTERFACE, "--interface" },
		{ a->external, QUERY_OPTION_EXTERNAL, "--external" },
		{ a->class, QUERY_OPTION_CLASS, "--class" },
		{ a->kind, QUERY_OPTION_KIND, "--kind" },
		{ a->file, QUERY_OPTION_FILE, "--file" },
		{ a->all, QUERY_OPTION_ALL, "--all" },
		{ a->sarif, QUERY_OPTION_SARIF, "--sarif" },
		{ a->html, QUERY_OPTION_HTML, "--html" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(options); i++)
		if (options[i].is_given && !(question->options & options[i].option)) {
			g_set_error(error, QUERY_ERROR, QUERY_ERROR_USAGE, "%s takes no %s",
				    question->name, options[i].name);
			return false;
		}
	return true;
}

/* Checks the values of options regardless of the question. */
static bool check_values(const struct arguments *a, GError **error)
{
	if (a->depth != DEPTH_NONE && (a->depth < 1 || a->depth > DEPTH_MAX)) {
		g_set_error(error, QUERY_ERROR, QUERY_ERROR_USAGE,
			    "--depth is a number from 1 to %d", DEPTH_MAX);
		return false;
	}
	if (a->json + a->dot + a->graphml + a->sarif + a->html > 1) {
		g_set_error(error, QUERY_ERROR, QUERY_ERROR_USAGE,
			    "--json, --dot, --graphml, --sarif and --html exclude each other");
		return false;
	}
	if (a->html && !page_is_built()) {
		g_set_error(
			error, QUERY_ERROR, QUERY_ERROR_USAGE,
			"this program was built without the page; build it with cmake -DPLUGSCHED_PAGE=ON");
		return false;
	}
	return true;
}

/* --- asking */

struct written {
	struct query *query;
	const struct answer *answer;
	enum answer_format format;
	bool is_page;
};

static void write_answer(FILE *out, void *data)
{
	const struct written *written = data;

	if (written->is_page)
		page_write(out, written->query, written->answer);
	else
		answer_write(out, written->answer, written->format);
}

static enum answer_format format_of(const struct arguments *a)
{
	return a->json      ? ANSWER_JSON
	       : a->dot     ? ANSWER_DOT
	       : a->graphml ? ANSWER_GRAPHML
	       : a->sarif   ? ANSWER_SARIF
			    : ANSWER_TEXT;
}

static bool ask(struct query *query, const struct asked *asked, const struct arguments *a,
		bool *is_negative, GError **error)
{
	struct answer *answer = answer_new(asked->question->name);
	struct written written = { query, answer, format_of(a), a->html };
	bool is_good;

	for (char **word = asked->words; *word; word++)
		g_ptr_array_add(answer->words, *word);
	is_good = asked->question->ask(query, asked->words, answer, error) &&
		  output_write(&(struct output){ "the answer", write_answer, &written, NULL },
			       a->output ? a->output : "-", error);
	*is_negative = answer->is_negative;
	answer_free(answer);
	return is_good;
}

/* Reads the reports and asks the question. */
static bool run(const struct asked *asked, const struct arguments *a, bool *is_negative,
		GError **error)
{
	struct emit_read *report = emit_read_file(asked->report, error), *other = NULL;
	struct query query = {
		.report = report,
		.name = asked->report,
		.depth = a->depth == DEPTH_NONE ? 1 : (unsigned)a->depth,
		.interface = (const char *const *)a->interface,
		.external = (const char *const *)a->external,
		.class = a->class,
		.kind = a->kind,
		.file = a->file,
		.is_all = a->all,
	};
	bool is_good = report;

	if (is_good && asked->question->takes_report) {
		query.other_name = asked->words[0];
		query.other = other = emit_read_file(query.other_name, error);
		is_good = other;
	}
	is_good = is_good && ask(&query, asked, a, is_negative, error);
	query_clear(&query);
	emit_read_free(report);
	emit_read_free(other);
	return is_good;
}

static enum status report_error(const GError *error)
{
	bool is_usage = error->domain == G_OPTION_ERROR ||
			g_error_matches(error, QUERY_ERROR, QUERY_ERROR_USAGE);

	g_printerr("plugsched-graph: %s%s\n", error->message, is_usage ? " (see --help)" : "");
	return g_error_matches(error, QUERY_ERROR, QUERY_ERROR_UNKNOWN) ? STATUS_NEGATIVE
									: STATUS_FAILED;
}

/* Prints help on the question that the words name, or on all questions. */
static void help(char **words, const char *options)
{
	for (; words && *words; words++)
		if (query_find(*words)) {
			print_question(query_find(*words), options);
			return;
		}
	print_help(options);
}

int main(int argc, char **argv)
{
	g_auto(GStrv) words = NULL;
	struct arguments arguments = { .depth = DEPTH_NONE };
	g_autoptr(GError) error = NULL;
	g_autofree char *options = NULL;
	enum status status = STATUS_ANSWERED;
	struct asked asked = { 0 };
	bool is_negative = false;

	(void)argc;
	command_set_locale();
	command_tell_shortage("plugsched-graph", STATUS_FAILED);
	signal(SIGPIPE, SIG_DFL); /* if the reader goes away, end silently */
	if (!parse_arguments(&arguments, argv, &words, &options, &error))
		status = report_error(error);
	else if (arguments.help)
		help(words + 1, options);
	else if (arguments.version)
		puts("plugsched-graph " PLUGSCHED_VERSION);
	else if (!sort_words(&asked, words + 1, &error) || !check_words(&asked, &error) ||
		 !check_options(&arguments, asked.question, &error) ||
		 !check_values(&arguments, &error) ||
		 !run(&asked, &arguments, &is_negative, &error))
		status = report_error(error);
	else if (is_negative)
		status = STATUS_NEGATIVE;
	arguments_clear(&arguments);
	return (int)status;
}
