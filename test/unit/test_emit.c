// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of emit/: the report of a small handmade graph, read back with cJSON; and how
 * the file is put in place.
 */
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "emit/emit.h"
#include "graph/boundary.h"

static char *folder;
static struct graph *graph;
static struct emit_provenance provenance;

/* --- the graph: fork() outside calls wake() inside, which reads rq.clock and a variable */

static struct graph_function *function(const char *file, const char *name)
{
	struct graph_function *f = graph_as_function(graph_node(graph, GRAPH_FUNCTION, name, NULL));

	f->node.name = name;
	f->node.file = file;
	f->node.line = 7;
	f->node.is_scheduler = g_str_has_prefix(file, "kernel/sched/");
	f->is_defined = true;
	f->signature = "void (void)";
	return f;
}

static void add_use(enum graph_use_kind kind, void *from, void *to, unsigned line)
{
	graph_use_add(
		graph,
		&(struct graph_use){
			.kind = kind, .from = from, .to = to, .file = "kernel/x.c", .line = line });
}

static void make_graph(void)
{
	struct graph_function *wake, *fork;
	struct graph_variable *variable;
	struct graph_member *member;

	graph = graph_new();
	wake = function("kernel/sched/core.c", "wake");
	fork = function("kernel/fork.c", "fork \"quoted\" \\ \xc3\xbc\n");
	wake->binary = (struct graph_binary){ .is_known = true,
					      .symbol = "wake",
					      .address = 0xffffffff81234567,
					      .size = 99,
					      .room = 112,
					      .has_fentry = true };
	variable = graph_as_variable(graph_node(graph, GRAPH_VARIABLE, "ticks", NULL));
	variable->node.name = "ticks";
	variable->node.file = "kernel/sched/core.c";
	variable->node.is_scheduler = true;
	variable->type = "int";
	member = graph_as_member(graph_node(graph, GRAPH_MEMBER, "rq.clock", NULL));
	member->node.name = "rq.clock";
	member->node.file = "kernel/sched/sched.h";
	member->node.is_scheduler = true;
	member->record = "rq";
	member->member = "clock";
	member->offset = 64;
	add_use(GRAPH_CALL, fork, wake, 3);
	add_use(GRAPH_READ, wake, member, 4);
	add_use(GRAPH_READ, wake, variable, 5);
	add_use(GRAPH_OBJECT, NULL, variable, 0);
	graph->has_binary = true;
	graph_finish(graph);
	boundary_solve(graph, &(struct boundary_options){ 0 });
}

static void add_problem(const char *message)
{
	struct emit_problem problem = { "unit-not-parsed", "kernel/a.c", message };

	g_array_append_val((GArray *)provenance.problems, problem);
}

static void make_provenance(void)
{
	GPtrArray *files = g_ptr_array_new();

	g_ptr_array_add(files, (gpointer) "kernel/sched/*.c");
	provenance = (struct emit_provenance){
		.tool_version = "1.2.3",
		.kernel_release = "6.0.0",
		.build_id = NULL,
		.config_hash = "abc",
		.scheduler_files = files,
		.problems = g_array_new(FALSE, FALSE, sizeof(struct emit_problem)),
	};
}

/* --- reading it back */

static char *place(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

static cJSON *read_report(const char *path)
{
	g_autofree char *text = NULL;
	cJSON *root;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	root = cJSON_Parse(text);
	g_assert_nonnull(root);
	return root;
}

static cJSON *write_and_read(void)
{
	g_autofree char *path = place("report.json");
	GError *error = NULL;

	g_assert_true(emit_report(graph, &provenance, path, NULL, &error));
	g_assert_no_error(error);
	return read_report(path);
}

static const cJSON *item(const cJSON *object, const char *key)
{
	const cJSON *found = cJSON_GetObjectItemCaseSensitive(object, key);

	if (!found)
		g_error("no %s", key);
	return found;
}

static const char *text(const cJSON *object, const char *key)
{
	return cJSON_GetStringValue(item(object, key));
}

static const cJSON *entry(const cJSON *root, const char *array, const char *key, const char *value)
{
	const cJSON *each;

	cJSON_ArrayForEach(each, item(root, array))
		if (g_strcmp0(text(each, key), value) == 0)
			return each;
	g_error("no %s %s in %s", key, value, array);
}

static void test_head(void)
{
	cJSON *root = write_and_read();

	g_assert_cmpstr(text(root, "schema"), ==, "plugsched-boundary");
	g_assert_true(cJSON_IsNumber(item(root, "version")));
	g_assert_cmpstr(text(item(root, "tool"), "version"), ==, "1.2.3");
	g_assert_cmpstr(text(item(root, "kernel"), "release"), ==, "6.0.0");
	g_assert_true(cJSON_IsNull(item(item(root, "kernel"), "build_id")));
	g_assert_true(cJSON_IsTrue(item(root, "complete")));
	g_assert_cmpint(cJSON_GetArraySize(item(root, "problems")), ==, 0);
	g_assert_cmpstr(cJSON_GetArrayItem(item(root, "scheduler_files"), 0)->valuestring, ==,
			"kernel/sched/*.c");
	g_assert_cmpint(item(item(item(root, "counts"), "functions"), "interface")->valueint, ==,
			1);
	cJSON_Delete(root);
}

static void test_nodes(void)
{
	cJSON *root = write_and_read();
	const cJSON *wake = entry(root, "functions", "name", "wake");
	const cJSON *fork = entry(root, "functions", "name", "fork \"quoted\" \\ \xc3\xbc\n");
	const cJSON *ticks = entry(root, "variables", "name", "ticks");
	const cJSON *clock = entry(root, "members", "name", "rq.clock");

	g_assert_cmpint(cJSON_GetArraySize(item(root, "functions")), ==, 2);
	g_assert_cmpstr(text(wake, "class"), ==, "interface");
	g_assert_cmpstr(text(wake, "reason"), ==, "called-from-outside");
	g_assert_cmpstr(text(wake, "via"), ==, text(fork, "id"));
	g_assert_cmpint(item(wake, "line")->valueint, ==, 7);
	g_assert_cmpint(item(wake, "uses_outside")->valueint, ==, 1);
	g_assert_cmpstr(text(item(wake, "binary"), "address"), ==, "0xffffffff81234567");
	g_assert_cmpstr(text(ticks, "class"), ==, "external");
	g_assert_cmpstr(text(ticks, "storage"), ==, "inherit");
	g_assert_cmpstr(text(clock, "record"), ==, "rq");
	g_assert_cmpint(item(clock, "offset_bits")->valueint, ==, 64);
	g_assert_cmpstr(text(entry(root, "records", "name", "rq"), "class"), ==, "external");
	g_assert_cmpstr(text(entry(root, "records", "name", "rq"), "reason"), ==, "unseen");
	g_assert_cmpint(cJSON_GetArraySize(item(root, "instances")), ==, 0);
	cJSON_Delete(root);
}

static void test_uses(void)
{
	cJSON *root = write_and_read();
	const cJSON *edge = cJSON_GetArrayItem(item(root, "edges"), 0);
	const cJSON *object = entry(root, "references", "kind", "object");

	g_assert_cmpint(cJSON_GetArraySize(item(root, "edges")), ==, 1);
	g_assert_cmpint(cJSON_GetArraySize(item(root, "references")), ==, 3);
	g_assert_cmpstr(text(edge, "kind"), ==, "call");
	g_assert_cmpstr(text(edge, "to"), ==, text(entry(root, "functions", "name", "wake"), "id"));
	g_assert_cmpstr(text(edge, "file"), ==, "kernel/x.c");
	g_assert_cmpint(item(edge, "line")->valueint, ==, 3);
	g_assert_true(cJSON_IsNull(item(object, "from")));
	cJSON_Delete(root);
}

static void test_problems(void)
{
	cJSON *root;

	add_problem("not parsed: \"x\"");
	root = write_and_read();
	g_assert_true(cJSON_IsFalse(item(root, "complete")));
	g_assert_cmpstr(text(entry(root, "problems", "code", "unit-not-parsed"), "message"), ==,
			"not parsed: \"x\"");
	cJSON_Delete(root);
	g_array_set_size((GArray *)provenance.problems, 0);
}

/* --- where it goes */

static guint files_in_folder(void)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	guint n = 0;

	while (g_dir_read_name(dir))
		n++;
	g_dir_close(dir);
	return n;
}

static void assert_contents(const char *path, const char *wanted)
{
	g_autofree char *got = NULL;

	g_assert_true(g_file_get_contents(path, &got, NULL, NULL));
	g_assert_cmpstr(got, ==, wanted);
}

static void test_replaced(void)
{
	g_autofree char *path = place("report.json");
	struct stat before, after;
	cJSON *root;

	g_assert_true(g_file_set_contents(path, "earlier", -1, NULL));
	g_assert_cmpint(stat(path, &before), ==, 0);
	root = write_and_read();
	g_assert_cmpint(stat(path, &after), ==, 0);
	g_assert_cmpuint(before.st_ino, !=, after.st_ino); /* another file was renamed to it */
	g_assert_cmpuint(files_in_folder(), ==, 1);
	cJSON_Delete(root);
}

static void test_equal_bytes(void)
{
	g_autofree char *first = place("first.json"), *second = place("second.json");
	g_autofree char *bytes = NULL;

	g_assert_true(emit_report(graph, &provenance, first, NULL, NULL));
	g_assert_true(emit_report(graph, &provenance, second, NULL, NULL));
	g_assert_true(g_file_get_contents(first, &bytes, NULL, NULL));
	assert_contents(second, bytes);
	g_unlink(first);
	g_unlink(second);
}

static void test_no_folder(void)
{
	g_autofree char *path = g_build_filename(folder, "none", "report.json", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_false(emit_report(graph, &provenance, path, NULL, &error));
	g_assert_error(error, EMIT_ERROR, EMIT_ERROR_IO);
	g_assert_nonnull(strstr(error->message, path));
	g_assert_nonnull(strstr(error->message, g_strerror(ENOENT)));
}

static void test_stopped(void)
{
	g_autofree char *path = place("report.json");
	g_autoptr(GError) error = NULL;
	const volatile int stop = 1;
	guint before;

	g_assert_true(g_file_set_contents(path, "earlier", -1, NULL));
	before = files_in_folder();
	g_assert_false(emit_report(graph, &provenance, path, &stop, &error));
	g_assert_error(error, EMIT_ERROR, EMIT_ERROR_IO);
	g_assert_nonnull(strstr(error->message, "interrupted"));
	assert_contents(path, "earlier");
	g_assert_cmpuint(files_in_folder(), ==, before);
}

static void test_summary(void)
{
	struct emit_run run = { .wall_seconds = 1.5,
				.units_known = 9,
				.units_used = 5,
				.units_parsed = 3,
				.units_cached = 2 };
	g_autofree char *path = place("summary");
	g_autofree char *got = NULL;
	FILE *out = fopen(path, "w");

	g_assert_nonnull(out);
	add_problem("something");
	emit_summary(out, graph, &provenance, &run);
	fclose(out);
	g_array_set_size((GArray *)provenance.problems, 0);
	g_assert_true(g_file_get_contents(path, &got, NULL, NULL));
	g_assert_nonnull(strstr(got, "wake"));
	g_assert_nonnull(strstr(got, "kernel/a.c: something"));
	g_assert_nonnull(strstr(got, "5 of 9 units"));
	g_assert_nonnull(strstr(got, "3 parsed, 2 from the cache"));
	g_unlink(path);
}

int main(int argc, char **argv)
{
	g_autofree char *report = NULL;
	int status;

	g_test_init(&argc, &argv, NULL);
	folder = g_dir_make_tmp("test-emit-XXXXXX", NULL);
	make_provenance();
	make_graph();
	g_test_add_func("/emit/head", test_head);
	g_test_add_func("/emit/nodes", test_nodes);
	g_test_add_func("/emit/uses", test_uses);
	g_test_add_func("/emit/problems", test_problems);
	g_test_add_func("/emit/replaced", test_replaced);
	g_test_add_func("/emit/equal-bytes", test_equal_bytes);
	g_test_add_func("/emit/no-folder", test_no_folder);
	g_test_add_func("/emit/stopped", test_stopped);
	g_test_add_func("/emit/summary", test_summary);
	status = g_test_run();
	report = place("report.json");
	g_unlink(report);
	g_rmdir(folder);
	g_free(folder);
	graph_free(graph);
	g_ptr_array_unref((GPtrArray *)provenance.scheduler_files);
	g_array_unref((GArray *)provenance.problems);
	return status;
}
