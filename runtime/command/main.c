// SPDX-License-Identifier: GPL-2.0-only
/* The command plugsched: reads the subcommand and its options, and returns the exit status. */
#include "runtime/command/command.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum status {
	STATUS_DONE,
	STATUS_FAILED, /* refused, or failed */
	STATUS_USAGE,
};

enum option {
	OPTION_VERBOSE = 1,
	OPTION_JSON = 2,
	OPTION_VMLINUX = 4,
	OPTION_JOBS = 8,
	OPTION_WAIT = 16,
	OPTION_SIGN = 32,
	OPTION_VIA_VMLINUX = 64,
	OPTION_NAME = 128,
};

struct command {
	const char *name, *argument, *summary; /* an argument in brackets may be missing */
	bool (*run)(const char *argument, const struct command_options *options, GError **error);
	unsigned options;  /* the enum option that it accepts */
	bool is_stoppable; /* a signal makes it undo what it has done, and return */
};

static const struct command commands[] = {
	{ "load", "NAME|FILE", "Replaces the running kernel's scheduler by the module's.",
	  command_load, OPTION_VERBOSE | OPTION_WAIT | OPTION_VIA_VMLINUX, true },
	{ "unload", "[NAME|FILE]",
	  "Puts vmlinux's scheduler back and removes the modules, or the one that is named.",
	  command_unload, OPTION_WAIT, true },
	{ "list", NULL, "Lists the schedulers that are in the kernel, and which one is at work.",
	  command_list, OPTION_JSON, false },
	{ "history", NULL, "Lists the last changes, and what each has cost.", command_history,
	  OPTION_JSON, false },
	{ "status", NULL, "Tells which scheduler runs, and what the last change cost.",
	  command_status, OPTION_JSON, false },
	{ "check", "SCHEDULER.ko", "Tells whether the module can be loaded. Changes nothing.",
	  command_check, 0, false },
	{ "anchor", "SCHEDULER.ko",
	  "Binds the module to its vmlinux, so that it can be loaded. make does this.",
	  command_anchor, OPTION_VMLINUX, false },
	{ "build", "FOLDER", "Builds the module in a folder that plugsched-extract wrote.",
	  command_build, OPTION_VERBOSE | OPTION_JOBS | OPTION_SIGN | OPTION_NAME, false },
};

static const char help[] =
	"Usage:\n"
	"  plugsched load [--verbose] [--wait=SECONDS] [--via-vmlinux] NAME|FILE\n"
	"  plugsched unload [--wait=SECONDS] [NAME|FILE]\n"
	"  plugsched list [--json]\n"
	"  plugsched history [--json]\n"
	"  plugsched status [--json]\n"
	"  plugsched check SCHEDULER.ko\n"
	"  plugsched anchor --vmlinux=FILE SCHEDULER.ko\n"
	"  plugsched build [--verbose] [-j N] [--sign=KEY CERT] [--name=NAME] FOLDER\n\n"
	"Replaces the CPU scheduler of the running kernel by a module's, or by that of a module that\n"
	"is in the kernel already (NAME), and puts it back.\n\n"
	"Options:\n"
	"  -v, --verbose            load: tell each step and all figures; "
	"build: show all of make's output\n"
	"  --via-vmlinux            load: put vmlinux's scheduler back before the new one comes\n"
	"  --json                   list, history, status: answer in JSON\n"
	"  --vmlinux=FILE           anchor: the vmlinux that the module was made for\n"
	"  --wait=SECONDS           load, unload: wait so long for another change of the scheduler "
	"(default: 600)\n"
	"  -j, --jobs=N             build: compile N units at once (default: one a core)\n"
	"  --sign=KEY               build: sign the modules; CERT is the certificate of the key\n"
	"  --name=NAME              build: the module's name in the kernel (default: scheduler)\n"
	"  --version                Print the version and exit\n"
	"  -h, --help               Print this and exit; "
	"plugsched SUBCOMMAND --help tells of one\n\n"
	"Exit status: 0 done, 1 refused or failed, 2 wrong usage.\n"
	"See also plugsched(1).\n";

/* Seconds. Long enough for any change, as a change on a busy machine takes minutes. */
#define LONGEST_WAIT 600
#define MOST_JOBS 1024 /* no module has so many units */

static volatile int stop; /* the signal that has come; 0: none */

G_DEFINE_QUARK(plugsched - command - error, command_error)

static void on_signal(int signal_number)
{
	stop = signal_number;
}

/*
 * No SA_RESTART, so that a system call that waits returns. The handler stays for every later
 * signal, so that none of them can kill the program between two steps.
 */
static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static const struct command *find_command(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

static void add_options(GOptionGroup *group, const struct command *command,
			struct command_options *o)
{
	const struct {
		enum option option;
		GOptionEntry entries[2];
	} all[] = {
		{ OPTION_VERBOSE,
		  { { "verbose", 'v', 0, G_OPTION_ARG_NONE, &o->is_verbose,
		      "Tell each step, or show all of make's output", NULL } } },
		{ OPTION_JSON,
		  { { "json", 0, 0, G_OPTION_ARG_NONE, &o->is_json, "Answer in JSON", NULL } } },
		{ OPTION_VMLINUX,
		  { { "vmlinux", 0, 0, G_OPTION_ARG_FILENAME, &o->vmlinux,
		      "The vmlinux that the module was made for", "FILE" } } },
		{ OPTION_JOBS,
		  { { "jobs", 'j', 0, G_OPTION_ARG_INT, &o->jobs,
		      "Compile N units at once (default: one a core)", "N" } } },
		{ OPTION_WAIT,
		  { { "wait", 0, 0, G_OPTION_ARG_INT, &o->wait,
		      "Wait so long for another change of the scheduler (default: 600)",
		      "SECONDS" } } },
		{ OPTION_VIA_VMLINUX,
		  { { "via-vmlinux", 0, 0, G_OPTION_ARG_NONE, &o->is_via_vmlinux,
		      "Put vmlinux's scheduler back before the new one comes", NULL } } },
		{ OPTION_NAME,
		  { { "name", 0, 0, G_OPTION_ARG_STRING, &o->name,
		      "The module's name in the kernel (default: scheduler)", "NAME" } } },
		{ OPTION_SIGN,
		  { { "sign", 0, 0, G_OPTION_ARG_FILENAME, &o->sign_key,
		      "Sign the modules; the certificate of the key comes before the folder",
		      "KEY" } } },
	};

	for (guint i = 0; i < G_N_ELEMENTS(all); i++)
		if (command->options & all[i].option)
			g_option_group_add_entries(group, all[i].entries);
}

/*
 * Split "-j4", as users of make write it, into "-j" and "4", as GLib needs it. The caller frees the
 * words with g_strfreev().
 */
static char **split_jobs(char **from)
{
	g_autoptr(GStrvBuilder) words = g_strv_builder_new();

	for (; *from; from++) {
		if (g_str_has_prefix(*from, "-j") && g_ascii_isdigit((*from)[2]))
			g_strv_builder_add_many(words, "-j", *from + 2, NULL);
		else
			g_strv_builder_add(words, *from);
	}
	return g_strv_builder_end(words);
}

/* Move the options from `words`, which begins with the subcommand, to `options`. --help exits. */
static bool parse(const struct command *command, char ***words, struct command_options *options,
		  GError **error)
{
	GOptionContext *context = g_option_context_new(command->argument);
	GOptionGroup *group = g_option_group_new("main", "", "", options, NULL);
	g_autofree char *name = g_strdup_printf("plugsched %s", command->name);
	bool is_good;

	g_set_prgname(name);
	add_options(group, command, options);
	g_option_context_set_main_group(context, group);
	g_option_context_set_summary(context, command->summary);
	g_option_context_set_description(context, "Exit status: 0 done, 1 refused or failed, "
						  "2 wrong usage.\nSee also plugsched(1).");
	is_good = g_option_context_parse_strv(context, words, error);
	g_option_context_free(context);
	return is_good;
}

/* Are there as many arguments as the subcommand takes? Returns a message, or NULL if so. */
static const char *check_arguments(const struct command *command, char **words,
				   const struct command_options *options)
{
	guint count = g_strv_length(words) - 1;

	if (!command->argument)
		return count > 0 ? "takes no argument" : NULL;
	if (options->sign_key)
		return count == 2
			       ? NULL
			       : "--sign takes a key and a certificate, and then comes the folder";
	if (count == 0 && *command->argument == '[')
		return NULL;
	return count == 1 && *words[1] ? NULL : "takes one argument";
}

/* Check what GLib's parser cannot check. Returns a message, or NULL if all is well. */
static const char *check_words(const struct command *command, char **words,
			       const struct command_options *options)
{
	const char *complaint = check_arguments(command, words, options);

	if (complaint)
		return complaint;
	if (options->name && !build_is_name(options->name))
		return "--name takes letters, digits and underscores, and no word of the kernel's "
		       "build, nor plugsched or vmlinux";
	if (options->jobs < 1 || options->jobs > MOST_JOBS)
		return "-j takes a number from 1 to " G_STRINGIFY(MOST_JOBS);
	if (options->wait < 0)
		return "--wait takes a number of seconds, or 0";
	if (command->options & OPTION_VMLINUX && !options->vmlinux)
		return "needs --vmlinux";
	return NULL;
}

static enum status run(const struct command *command, const char *argument,
		       const struct command_options *options)
{
	g_autoptr(GError) error = NULL;

	if (command->is_stoppable)
		catch_signals();
	if (!command->run(argument, options, &error)) {
		g_printerr("plugsched: %s\n", error->message);
		return STATUS_FAILED;
	}
	if (fflush(stdout) == 0 && !ferror(stdout))
		return STATUS_DONE;
	g_printerr("plugsched: done, but the answer cannot be written: %s\n", g_strerror(errno));
	return STATUS_FAILED;
}

static enum status run_words(const struct command *command, char **from)
{
	g_auto(GStrv) words = split_jobs(from);
	struct command_options options = {
		.jobs = (gint)MIN(g_get_num_processors(), MOST_JOBS),
		.wait = LONGEST_WAIT,
		.stop = &stop,
	};
	g_autoptr(GError) error = NULL;
	const char *complaint = NULL;
	enum status status = STATUS_USAGE;

	if (!parse(command, &words, &options, &error))
		g_printerr("plugsched: %s: %s (see --help)\n", command->name, error->message);
	else if ((complaint = check_words(command, words, &options)))
		g_printerr("plugsched: %s %s%s%s (see --help)\n", command->name, complaint,
			   command->argument ? ": " : "",
			   command->argument ? command->argument : "");
	else {
		options.certificate = options.sign_key ? words[1] : NULL;
		status = run(command, words[options.sign_key ? 2 : 1], &options);
	}
	g_free(options.vmlinux);
	g_free(options.name);
	g_free(options.sign_key);
	return status;
}

int main(int argc, char **argv)
{
	const struct command *command = argc > 1 ? find_command(argv[1]) : NULL;

	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C"); /* what is printed is read by programs too */
	if (command)
		return (int)run_words(command, argv + 1);
	if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		fputs(help, stdout);
		return STATUS_DONE;
	}
	if (argc == 2 && !strcmp(argv[1], "--version")) {
		puts("plugsched " PLUGSCHED_VERSION);
		return STATUS_DONE;
	}
	if (argc > 1)
		g_printerr("plugsched: %s: no such subcommand or option (see --help)\n", argv[1]);
	else
		g_printerr("plugsched: a subcommand is needed: "
			   "load, unload, list, history, status, check, anchor or build "
			   "(see --help)\n");
	return STATUS_USAGE;
}
