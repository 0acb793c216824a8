// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of analyzer/config. Each test writes a small file and compares what is read from it.
 *
 * Method: each case uses a temporary file; for refusals, the code, the position and the words that
 * name the way out are compared.
 */
#include <glib.h>
#include <glib/gstdio.h>

#include "analyzer/config/config.h"

static char *folder;

static struct config *read_text(const char *text, GError **error)
{
	g_autofree char *path = g_build_filename(folder, "boundary.yaml", NULL);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	return config_read(path, error);
}

static struct config *read_valid(const char *text)
{
	g_autoptr(GError) error = NULL;
	struct config *config = read_text(text, &error);

	g_assert_no_error(error);
	g_assert_nonnull(config);
	return config;
}

/* The file must be refused with that code, at that position, and with `words` in the message. */
static void assert_refused(const char *text, enum config_error code, const char *position,
			   const char *words)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *prefix = g_strdup_printf("%s/boundary.yaml:%s: ", folder, position);

	g_assert_null(read_text(text, &error));
	g_assert_error(error, CONFIG_ERROR, (int)code);
	if (!g_str_has_prefix(error->message, prefix) || !strstr(error->message, words))
		g_error("expected \"%s...%s...\", got \"%s\"", prefix, words, error->message);
}

static void assert_list(const GPtrArray *list, const char *expected)
{
	GString *joined = g_string_new("");
	g_autofree char *text = NULL;

	for (guint i = 0; i < list->len; i++)
		g_string_append_printf(joined, "%s%s", i ? " " : "",
				       (char *)g_ptr_array_index(list, i));
	text = g_string_free(joined, FALSE);
	g_assert_cmpstr(text, ==, expected);
}

static void assert_defaults(struct config *config)
{
	assert_list(config->files, "kernel/sched/*.c kernel/sched/*.h");
	assert_list(config->sidecars, "");
	assert_list(config->interface_prefix, "");
	assert_list(config->force_interface, "");
	assert_list(config->force_external, "");
	assert_list(config->inherit, "");
	assert_list(config->private, "");
	config_free(config);
}

static void test_defaults(void)
{
	assert_defaults(config_new());
	config_free(NULL);
}

static void test_empty(void)
{
	assert_defaults(read_valid(""));
	assert_defaults(read_valid("# a comment only\n"));
	assert_defaults(read_valid("---\n"));
	assert_defaults(
		read_valid("mod_files:\nsidecar: ~\nfunction:\nglobal_var:\n    private: null\n"));
}

static void test_full(void)
{
	struct config *config = read_valid("mod_files: # ours\n"
					   "    - kernel/sched/core.c\n"
					   "    - \"kernel/sched/a b.c\"\n"
					   "sidecar: [kernel/foo.c]\n"
					   "interface_prefix:\n"
					   "- __x64_sys_\n"
					   "- __ia32_sys_\n"
					   "function:\n"
					   "  interface: [schedule, yield, schedule]\n"
					   "  external: [printk]\n"
					   "global_var:\n"
					   "  extra_public: [nohz]\n"
					   "  inherit: [runqueues, nohz]\n"
					   "  force_private: [stop_sched_class]\n"
					   "  private: ['~']\n");

	assert_list(config->files, "kernel/sched/core.c kernel/sched/a b.c");
	assert_list(config->sidecars, "kernel/foo.c");
	assert_list(config->interface_prefix, "__x64_sys_ __ia32_sys_");
	assert_list(config->force_interface, "schedule yield");
	assert_list(config->force_external, "printk");
	assert_list(config->inherit, "nohz runqueues");
	assert_list(config->private, "stop_sched_class ~");
	config_free(config);
}

static void test_alias(void)
{
	struct config *config = read_valid("mod_files: &list [kernel/x.c]\nsidecar: *list\n");

	assert_list(config->files, "kernel/x.c");
	assert_list(config->sidecars, "kernel/x.c");
	config_free(config);
}

static void test_unknown_key(void)
{
	assert_refused(
		"sidecar:\nmodfiles:\n  - x\n", CONFIG_ERROR_KEY, "2:1",
		"the keys known here are mod_files, sidecar, interface_prefix, function, global_var");
	assert_refused(
		"function:\n  extern: [x]\n", CONFIG_ERROR_KEY, "2:3",
		"unknown key \"extern\" in function; the keys known here are interface, external");
	assert_refused("interface: [x]\n", CONFIG_ERROR_KEY, "1:1", "unknown key \"interface\"");
	assert_refused("[a]: b\n", CONFIG_ERROR_KEY, "1:1", "not a name");
	assert_refused("sidecar: [a]\nsidecar: [b]\n", CONFIG_ERROR_KEY, "2:1", "twice; join both");
}

static void test_wrong_type(void)
{
	assert_refused("mod_files: kernel/sched/core.c\n", CONFIG_ERROR_KEY, "1:12",
		       "\"mod_files\" is not a list; write");
	assert_refused("sidecar:\n  a: b\n", CONFIG_ERROR_KEY, "2:3", "\"sidecar\" is not a list");
	assert_refused("function: [x]\n", CONFIG_ERROR_KEY, "1:11", "function is not a mapping");
	assert_refused("- x\n", CONFIG_ERROR_KEY, "1:1", "the document is not a mapping");
	assert_refused("sidecar:\n  - x\n  -\n", CONFIG_ERROR_KEY, "3:4", "not a name");
	assert_refused("sidecar: [\"\"]\n", CONFIG_ERROR_KEY, "1:11", "not a name");
	assert_refused("sidecar: [[x]]\n", CONFIG_ERROR_KEY, "1:11", "not a name");
	assert_refused("sidecar: [\"a\\0b\"]\n", CONFIG_ERROR_KEY, "1:11", "not a name");
	assert_refused("a: &x [*x]\n", CONFIG_ERROR_KEY, "1:1", "unknown key");
	assert_refused("sidecar: &x [*x]\n", CONFIG_ERROR_KEY, "1:10", "not a name");
}

static void test_contradiction(void)
{
	assert_refused("function:\n  interface: [a, b]\n  external:\n    - c\n    - b\n",
		       CONFIG_ERROR_KEY, "5:7", "\"b\" is in \"external\"");
	assert_refused("global_var:\n  private: [v]\n  inherit: [v]\n", CONFIG_ERROR_KEY, "3:13",
		       "remove it from one");
	assert_refused("global_var:\n  extra_public: [v]\n  force_private: [v]\n", CONFIG_ERROR_KEY,
		       "3:19", "remove it from one");
}

static void test_syntax(void)
{
	assert_refused("sidecar: [a\nfunction: b\n", CONFIG_ERROR_SYNTAX, "2:9",
		       "not valid YAML: ");
	assert_refused("sidecar:\n\t- a\n", CONFIG_ERROR_SYNTAX, "2:1", "not valid YAML: ");
	assert_refused("sidecar:\n  - \"a\xff\"\n", CONFIG_ERROR_SYNTAX, "1:1", "not valid YAML: ");
	assert_refused("sidecar: *x\n", CONFIG_ERROR_SYNTAX, "1:10", "not valid YAML: ");
	assert_refused("sidecar: [a]\n---\nsidecar: [b]\n", CONFIG_ERROR_KEY, "3:1",
		       "a second document");
	assert_refused("sidecar: [a]\n--- [\n", CONFIG_ERROR_SYNTAX, "3:1", "not valid YAML: ");
}

static void test_unreadable(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GError) absent = NULL;

	g_assert_null(config_read(folder, &error));
	g_assert_error(error, CONFIG_ERROR, CONFIG_ERROR_IO);
	g_assert_nonnull(strstr(error->message, folder));
	g_assert_null(config_read("/nonexistent/x.yaml", &absent));
	g_assert_error(absent, CONFIG_ERROR, CONFIG_ERROR_IO);
	g_assert_null(config_read("/nonexistent/x.yaml", NULL));
}

static void test_is_scheduler_file(void)
{
	struct config *config = read_valid("sidecar: [kernel/foo.c, 'kernel/lock?.c']\n");

	g_assert_true(config_is_scheduler_file(config, "kernel/sched/core.c"));
	g_assert_true(config_is_scheduler_file(config, "kernel/sched/sched.h"));
	g_assert_true(config_is_scheduler_file(config, "kernel/foo.c"));
	g_assert_true(config_is_scheduler_file(config, "kernel/locks.c"));
	g_assert_false(config_is_scheduler_file(config, "kernel/sched/sub/core.c"));
	g_assert_false(config_is_scheduler_file(config, "include/linux/sched.h"));
	g_assert_false(config_is_scheduler_file(config, "kernel/fork.c"));
	config_free(config);
}

static char *hash_of(const char *text)
{
	struct config *config = read_valid(text);
	char *hash = config_files_hash(config);

	config_free(config);
	return hash;
}

static void test_files_hash(void)
{
	g_autofree char *plain = hash_of("mod_files: [a, b]\n");
	g_autofree char *other = hash_of("mod_files: [b, a]\nfunction:\n  interface: [f]\n");
	g_autofree char *split = hash_of("mod_files: [b]\nsidecar: [a, b]\n");
	g_autofree char *more = hash_of("mod_files: [a, b, c]\n");
	g_autofree char *joined = hash_of("mod_files: [ab]\n");

	g_assert_cmpuint(strlen(plain), ==, 64);
	g_assert_cmpstr(plain, ==, other);
	g_assert_cmpstr(plain, ==, split);
	g_assert_cmpstr(plain, !=, more);
	g_assert_cmpstr(plain, !=, joined);
}

int main(int argc, char **argv)
{
	int status;

	g_test_init(&argc, &argv, NULL);
	folder = g_dir_make_tmp("plugsched-config-XXXXXX", NULL);
	g_test_add_func("/config/defaults", test_defaults);
	g_test_add_func("/config/empty", test_empty);
	g_test_add_func("/config/full", test_full);
	g_test_add_func("/config/alias", test_alias);
	g_test_add_func("/config/unknown-key", test_unknown_key);
	g_test_add_func("/config/wrong-type", test_wrong_type);
	g_test_add_func("/config/contradiction", test_contradiction);
	g_test_add_func("/config/syntax", test_syntax);
	g_test_add_func("/config/unreadable", test_unreadable);
	g_test_add_func("/config/is-scheduler-file", test_is_scheduler_file);
	g_test_add_func("/config/files-hash", test_files_hash);
	status = g_test_run();
	g_autofree char *path = g_build_filename(folder, "boundary.yaml", NULL);
	g_remove(path);
	g_rmdir(folder);
	g_free(folder);
	return status;
}
