// SPDX-License-Identifier: GPL-2.0-only
/*
 * plugsched-facts: writes the facts of one unit to a file. The command behaves like a compiler.
 *
 *	plugsched-facts --kernel linux --directory linux -MF fork.d -o fork.facts -- \
 *		gcc FLAGS -c -o kernel/fork.o kernel/fork.c
 *
 * Method: the words behind "--" are the compiler's command as the build ran it; they are parsed and
 * not run. Only the files that the unit includes are read, so the facts can be made on any machine
 * that has these files and this program. plugsched-analyze --facts compares the key and the digests
 * of all files read with its own. If the facts would not change, the output file is left untouched,
 * so that what depends on it need not be rebuilt.
 */
#include "analyzer/source/source.h"
#include "base/command.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define FAILED 1 /* exit status */

static struct arguments {
	char *kernel, *build, *config, *directory, *output, *depfile, *key;
	gboolean has_depfile;
	char **command; /* borrowed: the words behind "--", or NULL */
} arguments;

static const GOptionEntry entries[] = {
	{ "kernel", 'k', 0, G_OPTION_ARG_FILENAME, &arguments.kernel, "The kernel's source tree",
	  "DIR" },
	{ "build", 'b', 0, G_OPTION_ARG_FILENAME, &arguments.build,
	  "Its build tree (O=), if it is not built in the source tree", "DIR" },
	{ "config", 'c', 0, G_OPTION_ARG_FILENAME, &arguments.config,
	  "The file of overrides that the analysis gets; it names the scheduler's files", "FILE" },
	{ "directory", 0, 0, G_OPTION_ARG_FILENAME, &arguments.directory,
	  "Where the compiler's command runs (default: here)", "DIR" },
	{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &arguments.output, "Where the facts go",
	  "FILE" },
	{ "depfile", 0, 0, G_OPTION_ARG_FILENAME, &arguments.depfile,
	  "Where the list of files read goes, for make or ninja (-MF FILE means the same)",
	  "FILE" },
	{ "write-depfile", 0, 0, G_OPTION_ARG_NONE, &arguments.has_depfile,
	  "Write that list beside the facts, as OUTPUT.d (-MD means the same)", NULL },
	{ "key", 0, 0, G_OPTION_ARG_STRING, &arguments.key, "Refuse to make facts of another key",
	  "HEX" },
	{ NULL, 0, 0, 0, NULL, NULL, NULL },
};

/*
 * This program's own words, with long names for the compilers' -MD and -MF. `*command` is set to the
 * words behind "--" in `argv`, or NULL. g_strfreev() the result.
 */
static char **own_words(char **argv, char ***command)
{
	GPtrArray *out = g_ptr_array_new();

	*command = NULL;
	for (char **a = argv; *a && !*command; a++) {
		if (!strcmp(*a, "--")) {
			*command = a + 1;
		} else if (!strcmp(*a, "-MD")) {
			g_ptr_array_add(out, g_strdup("--write-depfile"));
		} else if (g_str_has_prefix(*a, "-MF")) {
			g_ptr_array_add(out, g_strdup("--depfile"));
			if ((*a)[3])
				g_ptr_array_add(out, g_strdup(*a + 3));
		} else {
			g_ptr_array_add(out, g_strdup(*a));
		}
	}
	g_ptr_array_add(out, NULL);
	return (char **)g_ptr_array_free(out, FALSE);
}

static const char *check(char **words)
{
	const struct arguments *a = &arguments;

	if (words[0])
		return "the compiler's command begins after --";
	if (!a->kernel)
		return "--kernel DIR is needed";
	if (!a->output || !*a->output)
		return "-o FILE is needed";
	if (!a->command || !*a->command)
		return "the compiler's command is needed after --";
	return NULL;
}

/*
 * The path below the directory as the user gave it, which is how a compiler names
 * the files that it reads.
 */
static char *named_file(const struct arguments *a, const char *name)
{
	g_autofree char *built = a->build ? g_build_filename(a->build, name, NULL) : NULL;
	char *path;

	if (g_path_is_absolute(name))
		return g_strdup(name);
	path = g_build_filename(a->kernel, name, NULL);
	if (!built || g_file_test(path, G_FILE_TEST_EXISTS))
		return path;
	g_free(path);
	return g_steal_pointer(&built);
}

/* Quotes a name as gcc does in a makefile. */
static void append_name(GString *text, const char *name)
{
	for (; *name; name++) {
		if (*name == '$')
			g_string_append_c(text, '$');
		else if (strchr(" #", *name))
			g_string_append_c(text, '\\');
		g_string_append_c(text, *name);
	}
}

static bool write_depfile(const struct arguments *a, const struct facts *facts, const char *path,
			  GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);

	append_name(text, a->output);
	g_string_append_c(text, ':');
	for (gsize i = 0; i < facts->n_inputs; i++) {
		g_autofree char *name = named_file(a, facts->strings[facts->inputs[i].path]);

		g_string_append(text, " \\\n ");
		append_name(text, name);
	}
	g_string_append_c(text, '\n');
	return g_file_set_contents(path, text->str, (gssize)text->len, error);
}

static bool has_content(const char *path, const struct facts *facts)
{
	struct facts *there = facts_load(path);
	bool is_same = there &&
		       g_variant_get_size(there->data) == g_variant_get_size(facts->data) &&
		       !memcmp(g_variant_get_data(there->data), g_variant_get_data(facts->data),
			       g_variant_get_size(facts->data));

	facts_free(there);
	return is_same;
}

static bool write_all(const struct arguments *a, const struct facts *facts, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(a->output);
	g_autofree char *beside = g_strconcat(a->output, ".d", NULL);
	const char *depfile = a->depfile ? a->depfile : a->has_depfile ? beside : NULL;

	if (g_mkdir_with_parents(folder, 0777) != 0) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
			    "%s: %s; name another place with -o", folder, g_strerror(errno));
		return false;
	}
	if (depfile && !write_depfile(a, facts, depfile, error))
		return false;
	return has_content(a->output, facts) || facts_save(facts, a->output, error);
}

/*
 * Compares the key, because a worker with another version of this program or of libclang would make
 * facts that are never used.
 */
static bool check_key(const struct arguments *a, const struct source_context *context,
		      GError **error)
{
	const struct tree_unit *unit = g_ptr_array_index(context->tree->units, 0);
	g_autofree char *key = source_unit_key(context, unit);

	if (!a->key || !strcmp(a->key, key))
		return true;
	g_set_error(
		error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		"%s: its arguments, the scheduler's files (--config), this program or libclang are not those of --key; "
		"have the same version everywhere, and write the build file again with plugsched-analyze --ninja",
		unit->source);
	return false;
}

/* Prints messages about the source like a compiler: FILE:LINE:COLUMN first. */
static bool make_facts(const struct arguments *a, const struct source_context *context,
		       GError **error)
{
	struct source_options options = { .threads = 1, .has_digests = true };
	struct source_result *result = source_collect(context, context->tree->units, &options);
	const struct facts *facts = g_ptr_array_index(result->facts, 0);
	bool is_made = facts && write_all(a, facts, error);

	for (guint i = 0; i < result->failures->len; i++) {
		const struct source_failure *failure = g_ptr_array_index(result->failures, i);

		g_printerr("%s\n", failure->message);
	}
	source_result_free(result);
	return is_made;
}

static int run(char **words)
{
	const struct arguments *a = &arguments;
	struct source_context context = { .tool_version = PLUGSCHED_VERSION };
	g_autoptr(GError) error = NULL;
	struct config *config = a->config ? config_read(a->config, &error) : config_new();
	struct tree *tree =
		config ? tree_open_command(a->kernel, a->build, a->directory, a->command, &error)
		       : NULL;
	bool is_made;

	(void)words;
	context.tree = tree;
	context.config = config;
	is_made = tree && check_key(a, &context, &error) && make_facts(a, &context, &error);
	if (error) /* what is wrong with the source was printed already */
		g_printerr("plugsched-facts: %s\n", error->message);
	tree_free(tree);
	config_free(config);
	return is_made ? 0 : FAILED;
}

static const struct command command = {
	.name = "plugsched-facts",
	.version = PLUGSCHED_VERSION,
	.usage = "-- gcc ARGUMENT... FILE.c",
	.summary =
		"Writes what a unit of a kernel defines and uses to a file, for plugsched-analyze --facts.",
	.description = "What follows -- is the compiler's command as the kernel's build ran it.\n"
		       "Exit status: 0 done, 1 could not.\nSee also plugsched-facts(1).",
	.entries = entries,
	.check = check,
	.run = run,
	.failed = FAILED,
};

int main(int argc, char **argv)
{
	g_auto(GStrv) words = own_words(argv, &arguments.command);

	(void)argc;
	return command_main(&command, words);
}
