// SPDX-License-Identifier: GPL-2.0-only
#include "base/command.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

volatile int command_stop;

static void on_signal(int signal_number)
{
	command_stop = signal_number;
}

void command_catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESETHAND };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* reaching a file size limit becomes a normal write error */
}

void command_set_locale(void)
{
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
}

/* --- words */

static bool takes_value(const GOptionEntry *entries, char letter)
{
	for (const GOptionEntry *entry = entries; entry->long_name; entry++)
		if (entry->short_name == letter)
			return entry->arg != G_OPTION_ARG_NONE;
	return false;
}

char **command_split_words(char **argv, const GOptionEntry *entries)
{
	GPtrArray *out = g_ptr_array_new();

	for (char **a = argv; *a; a++) {
		bool is_joined =
			(*a)[0] == '-' && (*a)[1] && (*a)[2] && takes_value(entries, (*a)[1]);

		g_ptr_array_add(out, is_joined ? g_strndup(*a, 2) : g_strdup(*a));
		if (is_joined)
			g_ptr_array_add(out, g_strdup(*a + 2));
	}
	g_ptr_array_add(out, NULL);
	return (char **)g_ptr_array_free(out, FALSE);
}

unsigned command_jobs(gint given)
{
	return given > 0 ? (unsigned)given : MIN(g_get_num_processors(), COMMAND_MOST_JOBS);
}

const char *command_check_jobs(gint given)
{
	if (given == COMMAND_NO_JOBS || (given > 0 && given <= COMMAND_MOST_JOBS))
		return NULL;
	return "-j takes a number from 1 to " G_STRINGIFY(COMMAND_MOST_JOBS);
}

/* --- the program */

static bool parse(const struct command *command, char ***words, gboolean *is_version,
		  GError **error)
{
	const GOptionEntry version[] = {
		{ "version", 0, 0, G_OPTION_ARG_NONE, is_version, "Print the version and exit",
		  NULL },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	GOptionContext *context = g_option_context_new(command->usage);
	bool is_good;

	g_option_context_set_summary(context, command->summary);
	g_option_context_set_description(context, command->description);
	g_option_context_add_main_entries(context, command->entries, NULL);
	g_option_context_add_main_entries(context, version, NULL);
	is_good = g_option_context_parse_strv(context, words, error);
	g_option_context_free(context);
	return is_good;
}

int command_main(const struct command *command, char **argv)
{
	g_auto(GStrv) words = command_split_words(argv, command->entries);
	g_autoptr(GError) error = NULL;
	const char *complaint = NULL;
	gboolean is_version = FALSE;

	command_set_locale();
	command_tell_shortage(command->name, command->failed);
	if (!parse(command, &words, &is_version, &error))
		complaint = error->message;
	else if (!is_version && command->check)
		complaint = command->check(words + 1);
	if (complaint) {
		g_printerr("%s: %s (see --help)\n", command->name, complaint);
		return command->failed;
	}
	if (is_version)
		return printf("%s %s\n", command->name, command->version) > 0 ? 0 : command->failed;
	return command->run(words + 1);
}
