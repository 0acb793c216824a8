/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The frame of a program: options in, exit status out, the same in all of them.
 *
 *	static const struct command command = { .name = "plugsched-analyze", ..., .run = run, .failed = 2 };
 *
 *	int main(int argc, char **argv)
 *	{
 *		return command_main(&command, argv);
 *	}
 */
#ifndef PLUGSCHED_BASE_COMMAND_H
#define PLUGSCHED_BASE_COMMAND_H

#include <glib.h>
#include <stdbool.h>

struct command {
	const char *name;
	const char *version;
	const char *usage;            /* what follows the name in the first line of --help */
	const char *summary;          /* of --help, before the options */
	const char *description;      /* and after them: exit statuses, the manual page */
	const GOptionEntry *entries;  /* all but --help and --version */
	/* What the parser cannot check: a message for the user, or NULL. `words` are those left; the program's name is not there. May be NULL. */
	const char *(*check)(char **words);
	/* Does the work, tells the user of errors, and gives the exit status. */
	int (*run)(char **words);
	int failed;                   /* exit status for wrong options */
};

/* Parses the options, answers --help and --version, and runs. The program's exit status. */
int command_main(const struct command *command, char **argv);

/*
 * The signal that asks the program to end, 0 while there is none. After command_catch_signals() the first one only sets this, so that the
 * work ends in order; a second one ends the program.
 */
extern volatile int command_stop;
void command_catch_signals(void);

/*
 * A copy of `argv` in the form that GOption takes: "-j2" becomes "-j" and "2", for each short option of `entries` with a value.
 * For g_strfreev().
 */
char **command_split_words(char **argv, const GOptionEntry *entries);

/* For an option -j N: what its variable holds when it was not given; the number of threads; a message if N is wrong, or NULL. */
#define COMMAND_NO_JOBS G_MININT
unsigned command_jobs(gint given);
const char *command_check_jobs(gint given);

#endif
