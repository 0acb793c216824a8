// SPDX-License-Identifier: GPL-2.0-only
/* plugsched build: run make, and show the part of its output that matters. */
#include "runtime/command/module.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define ERRORS_MAX 20 /* how many errors are printed */
#define TAIL_LINES 5  /* how many of the last lines are printed if there was no error among them */
#define DEFAULT_NAME "scheduler"
#define LINT "plugsched-lint"
#define LINT_VARIABLE "PLUGSCHED_LINT" /* the Makefile of the folder runs its value */
#define SELF_VARIABLE "PLUGSCHED"      /* the same, to anchor the modules */

struct build {
	const char *folder;
	const char *name; /* of the module in the kernel */
	char *log_path;
	FILE *log; /* the log; stderr if the user wants to see everything */
	bool is_verbose;
	bool is_terminal;     /* stderr is one: show progress there */
	bool is_second;       /* the compiler has complained of a second definition; the note that
			       * says where the first one is comes next */
	unsigned total, done; /* objects to compile, objects compiled */
	GPtrArray *errors;    /* char *: each error once */
	/* what the kernel's build says of two compilers; NULL unless it says so */
	char *kernel_compiler, *own_compiler;
	GQueue tail; /* char *: the last lines of the output */
};

/* --- the name of the module */

/* Kbuild has meanings of its own for NAME-y. */
static const char *const kbuild_words[] = { "obj",       "lib",       "extra",   "always",
					    "subdir",    "ccflags",   "asflags", "ldflags",
					    "hostprogs", "userprogs", NULL };

bool build_is_name(const char *name)
{
	return module_is_name(name) && !g_strv_contains(kbuild_words, name);
}

/* Is there a unit of that name? Its object would be that of the whole module. */
static bool has_unit(const struct build *build)
{
	static const char *const suffixes[] = { ".c", ".S" };

	for (guint i = 0; i < G_N_ELEMENTS(suffixes); i++) {
		g_autofree char *name = g_strconcat(build->name, suffixes[i], NULL);
		g_autofree char *path = g_build_filename(build->folder, name, NULL);

		if (g_file_test(path, G_FILE_TEST_EXISTS))
			return true;
	}
	return false;
}

/* --- before make */

/* How many objects Kbuild lists as parts of the module: "$(NAME)-y += a.o b.o". */
static unsigned count_objects(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "Kbuild", NULL), *text = NULL;
	g_auto(GStrv) lines =
		g_file_get_contents(path, &text, NULL, NULL) ? g_strsplit(text, "\n", -1) : NULL;
	unsigned count = 0;

	for (char **line = lines; line && *line; line++) {
		g_auto(GStrv) words = g_strsplit(*line, " ", -1);

		for (char **word = words; g_str_has_prefix(*line, "$(NAME)-y") && *word; word++)
			count += g_str_has_suffix(*word, ".o");
	}
	return count;
}

static bool open_build(struct build *build, GError **error)
{
	g_autofree char *kbuild = g_build_filename(build->folder, "Kbuild", NULL);

	if (!g_file_test(kbuild, G_FILE_TEST_EXISTS)) {
		g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
			    "%s: not a folder that plugsched-extract wrote: it has no Kbuild; "
			    "name that folder",
			    build->folder);
		return false;
	}
	if (has_unit(build)) {
		g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
			    "%s: one of its units is called %s; give the module another name",
			    build->folder, build->name);
		return false;
	}
	build->total = count_objects(build->folder);
	build->log = build->is_verbose ? stderr : fopen(build->log_path, "we");
	if (build->log)
		return true;
	g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
		    "%s: cannot write there: %s; free the way or use --verbose", build->log_path,
		    g_strerror(errno));
	return false;
}

static void close_build(struct build *build)
{
	if (build->log && build->log != stderr)
		fclose(build->log);
	g_free(build->log_path);
	g_ptr_array_unref(build->errors);
	g_free(build->kernel_compiler);
	g_free(build->own_compiler);
	g_queue_clear_full(&build->tail, g_free);
}

/* --- the output of make */

static void show_progress(const struct build *build)
{
	if (build->is_terminal && !build->is_verbose)
		g_printerr("\rbuilding: %u of %u objects ", build->done, build->total);
}

/* Is it a line like "  CC [M]  fair.o"? Objects that modpost adds do not count. */
static bool is_object(const char *line)
{
	const char *name = strstr(line, " [M]  ");

	return name && (g_str_has_prefix(line, "  CC") || g_str_has_prefix(line, "  AS")) &&
	       g_str_has_suffix(line, ".o") && !g_str_has_suffix(line, ".mod.o") &&
	       !g_str_has_suffix(line, ".module-common.o");
}

/*
 * check_end.h defines once more each function that must stay in vmlinux. If the compiler complains
 * of this second definition, the user has added a first one, which the compiler's next note names.
 */
static bool is_about_second_definition(const char *line)
{
	return strstr(line, "check_end.h:") && (strstr(line, "error: redefinition of ") ||
						strstr(line, "error: non-static declaration of "));
}

/*
 * The text for the user, made from this note: "core.c:5:6: note: previous definition of 'f' with
 * type ...". NULL if the line is not such a note. The caller frees it.
 */
static char *second_definition(const char *line)
{
	const char *note = strstr(line, " note: previous ");
	const char *name = note ? strchr(note, '\'') : NULL;
	const char *end = name ? strchr(name + 1, '\'') : NULL;

	if (!end)
		return NULL;
	return g_strdup_printf("%.*s plugsched: %.*s stays in vmlinux, whose code would not see "
			       "this one: leave the declaration, or take another name",
			       (int)(note - line), line, (int)(end - name - 1), name + 1);
}

/*
 * What to show of a line; NULL if it is not an error. Of plugsched's own static assertions only the
 * message is shown. The caller frees it.
 */
static char *complaint(struct build *build, const char *line)
{
	const char *ours = strstr(line, "plugsched: ");
	char *second = build->is_second ? second_definition(line) : NULL;

	build->is_second &= !second;
	if (second)
		return second;
	if (!strstr(line, "error:") && !strstr(line, "ERROR:"))
		return NULL;
	if (is_about_second_definition(line)) {
		build->is_second = true;
		return NULL;
	}
	if (ours && strstr(line, "static assertion failed"))
		return g_strndup(ours, (gsize)(strrchr(ours, '"') ? strrchr(ours, '"') - ours
								  : (gssize)strlen(ours)));
	return g_strdup(line);
}

/* Copies what follows `label` in the line to `*text`, if the line begins with it. */
static void take_label(const char *line, const char *label, char **text)
{
	if (!g_str_has_prefix(line, label))
		return;
	g_free(*text);
	*text = g_strstrip(g_strdup(line + strlen(label)));
}

/*
 * The kernel's build goes on with another compiler than the kernel's, and says so in two lines
 * behind a warning. The module may then be laid out in another way than vmlinux.
 */
static void take_compilers(struct build *build, const char *line)
{
	take_label(line, "  The kernel was built by:", &build->kernel_compiler);
	take_label(line, "  You are using:", &build->own_compiler);
}

static void print_compilers(const struct build *build)
{
	if (build->kernel_compiler && build->own_compiler && !build->is_verbose)
		g_printerr(
			"plugsched: the kernel was built by %s, but the module by %s; build it with the kernel's compiler "
			"(make -C %s CC=...), or the module may not fit\n",
			build->kernel_compiler, build->own_compiler, build->folder);
}

static void take_line(struct build *build, const char *line)
{
	char *error = complaint(build, line);

	take_compilers(build, line);

	fprintf(build->log, "%s\n", line);
	g_queue_push_tail(&build->tail, g_strdup(line));
	if (build->tail.length > TAIL_LINES)
		g_free(g_queue_pop_head(&build->tail));
	if (error && !g_ptr_array_find_with_equal_func(build->errors, error, g_str_equal, NULL))
		g_ptr_array_add(build->errors, g_steal_pointer(&error));
	g_free(error);
	if (is_object(line) && build->done < build->total) {
		build->done++;
		show_progress(build);
	}
}

static void take_output(struct build *build, int fd)
{
	FILE *out = fdopen(fd, "r");
	char *line = NULL;
	size_t room = 0;

	if (build->is_terminal || build->is_verbose)
		show_progress(build);
	else
		g_printerr("building: %u objects\n", build->total);
	while (out && getline(&line, &room, out) > 0) {
		line[strcspn(line, "\n")] = '\0';
		take_line(build, line);
	}
	if (build->is_terminal && !build->is_verbose)
		g_printerr("\n");
	free(line);
	if (out)
		fclose(out);
}

/* --- make */

/*
 * The path of plugsched-lint: in the folder of this program, or else in PATH; NULL if it is in
 * neither. The caller frees it.
 */
static char *find_lint(void)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = self ? g_path_get_dirname(self) : NULL;
	g_autofree char *beside = folder ? g_build_filename(folder, LINT, NULL) : NULL;

	return beside && g_file_test(beside, G_FILE_TEST_IS_EXECUTABLE)
		       ? g_steal_pointer(&beside)
		       : g_find_program_in_path(LINT);
}

/* make runs in the folder, so it gets absolute paths. */
static char **add_path(char **environment, const char *name, const char *path)
{
	g_autofree char *absolute = g_canonicalize_filename(path, NULL);

	return g_environ_setenv(environment, name, absolute, TRUE);
}

/*
 * The environment for make, freed with g_strfreev(). The Makefile of the folder checks the edits
 * with the program in $PLUGSCHED_LINT, and anchors the modules with the one in $PLUGSCHED. Both are
 * set here unless the user has set them.
 */
static char **make_environment(const struct command_options *options)
{
	g_autofree char *lint = find_lint(), *self = g_file_read_link("/proc/self/exe", NULL);
	char **environment = g_environ_setenv(g_get_environ(), "LC_ALL", "C", TRUE);

	if (!g_environ_getenv(environment, SELF_VARIABLE) && self)
		environment = g_environ_setenv(environment, SELF_VARIABLE, self, TRUE);
	if (options->sign_key) {
		environment = add_path(environment, "SIGN_KEY", options->sign_key);
		environment = add_path(environment, "SIGN_CERT", options->certificate);
	}
	if (!g_environ_getenv(environment, LINT_VARIABLE) && lint)
		environment = g_environ_setenv(environment, LINT_VARIABLE, lint, TRUE);
	if (!g_environ_getenv(environment, LINT_VARIABLE))
		g_printerr("plugsched: " LINT " is not installed: "
			   "edits that only it sees (docs/checking.md) go unseen\n");
	return environment;
}

/* In the child: send stderr to stdout, and end the child when this program ends. */
static void before_make(gpointer data)
{
	(void)data;
	dup2(STDOUT_FILENO, STDERR_FILENO);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
}

static bool run_make(struct build *build, const struct command_options *options, int *status,
		     GError **error)
{
	g_autofree char *parallel = g_strdup_printf("-j%d", options->jobs);
	g_autofree char *name = g_strconcat("NAME=", build->name, NULL);
	const char *const words[] = { "make", "-C", build->folder, parallel, name, NULL };
	g_auto(GStrv) environment = make_environment(options);
	GPid pid;
	int out;

	if (!g_spawn_async_with_pipes(NULL, (char **)words, environment,
				      G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, before_make,
				      NULL, &pid, NULL, &out, NULL, NULL)) {
		g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_FAILED,
			    "make cannot be run; install it");
		return false;
	}
	take_output(build, out);
	if (waitpid(pid, status, 0) < 0)
		*status = -1;
	return true;
}

/* --- after make */

static void print_errors(const struct build *build)
{
	for (guint i = 0; i < MIN(build->errors->len, ERRORS_MAX); i++)
		g_printerr("  %s\n", (char *)g_ptr_array_index(build->errors, i));
	if (build->errors->len > ERRORS_MAX)
		g_printerr("  and %u more\n", build->errors->len - ERRORS_MAX);
	if (build->errors->len == 0 && !build->is_verbose)
		for (const GList *line = build->tail.head; line; line = line->next)
			g_printerr("  %s\n", (char *)line->data);
}

static bool fail(const struct build *build, GError **error)
{
	print_errors(build);
	g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_FAILED, "%s: make failed; %s%s",
		    build->folder,
		    build->is_verbose ? "its output stands above" : "its whole output is in ",
		    build->is_verbose ? "" : build->log_path);
	return false;
}

static bool print_module(const struct build *build, GError **error)
{
	g_autofree char *file = g_strconcat(build->name, ".ko", NULL);
	g_autofree char *path = g_build_filename(build->folder, file, NULL);
	struct module *module = module_open(path, error);
	g_autofree char *digest = NULL;

	if (!module)
		return false;
	digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, module->image, module->whole);
	printf("%s: %" G_GSIZE_FORMAT " bytes, sha256 %s%s\n", path, module->whole, digest,
	       module_is_signed(module) ? ", signed" : "");
	module_free(module);
	return true;
}

bool command_build(const char *folder, const struct command_options *options, GError **error)
{
	struct build build = {
		.folder = folder,
		.name = options->name ? options->name : DEFAULT_NAME,
		.log_path = g_build_filename(folder, "build.log", NULL),
		.is_verbose = options->is_verbose,
		.is_terminal = isatty(STDERR_FILENO),
		.errors = g_ptr_array_new_with_free_func(g_free),
		.tail = G_QUEUE_INIT,
	};
	int status = 0;
	bool is_good = open_build(&build, error) && run_make(&build, options, &status, error);

	print_compilers(&build);
	if (is_good)
		is_good = status == 0 ? print_module(&build, error) : fail(&build, error);
	close_build(&build);
	return is_good;
}
