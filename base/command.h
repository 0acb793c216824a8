/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The frame that all programs share: it takes the options and gives the exit status.
 *
 *   static const struct command command = {
 *           .name = "plugsched-analyze", ..., .run = run, .failed = 2
 *   };
 *
 *   int main(int argc, char **argv)
 *   {
 *           return command_main(&command, argv);
 *   }
 */
#ifndef PLUGSCHED_BASE_COMMAND_H
#define PLUGSCHED_BASE_COMMAND_H

#include <glib.h>
#include <stdbool.h>

struct command {
	const char *name;
	const char *version;
	const char *usage;           /* what follows the name in the first line of --help */
	const char *summary;         /* text of --help before the options */
	const char *description;     /* text after them: exit statuses, the manual page */
	const GOptionEntry *entries; /* all but --help and --version */
	/*
	 * Checks what the parser cannot check. Returns a message for the user, or NULL if all is
	 * well. `words` are those that the parser left, without the program's name. May be NULL.
	 */
	const char *(*check)(char **words);
	/* Does the work, tells the user about errors, and returns the exit status. */
	int (*run)(char **words);
	int failed; /* exit status if the options are wrong */
};

/*
 * From now on the program ends with a message and the exit status `failed` if a library gives up
 * because memory or threads have run out. `name` stands before the message. command_main() does so.
 */
void command_tell_shortage(const char *name, int failed);

/*
 * Takes the user's locale over, but for numbers: what is written is read by programs, and files must
 * not depend on who wrote them. command_main() does so.
 */
void command_set_locale(void);

/*
 * Parses the options, answers --help and --version, and runs the command. Returns the exit status
 * of the program.
 */
int command_main(const struct command *command, char **argv);

/*
 * The number of the signal that asked the program to end; 0 while there was none. After
 * command_catch_signals() the first such signal only sets this, so that the program can end in
 * order. A second one of the same kind ends the program at once.
 */
extern volatile int command_stop;
/* Catches SIGINT, SIGTERM and SIGHUP as described above, and ignores SIGPIPE and SIGXFSZ. */
void command_catch_signals(void);

/*
 * A copy of `argv` in the form that GOption takes: for each short option of `entries` with a value,
 * "-j2" becomes "-j" and "2". Caller frees with g_strfreev().
 */
char **command_split_words(char **argv, const GOptionEntry *entries);

/* The value of the variable for an option -j N if the option was not given. */
#define COMMAND_NO_JOBS G_MININT
/* The greatest N that is accepted. */
#define COMMAND_MOST_JOBS 1024
/* The number of threads for N; that of the processors if it was not given. */
unsigned command_jobs(gint given);
/* NULL if N is right or was not given, else a message for the user. */
const char *command_check_jobs(gint given);

#endif
