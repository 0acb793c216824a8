// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of reading a report. A handmade graph in which every field is set comes back byte for byte,
 * whether it is solved again or not; and every way in which a report can be damaged gives an error
 * that says where.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "emit/read.h"
#include "graph/boundary.h"

static struct graph *graph;
static struct emit_provenance provenance;
static char *folder;
static char *report; /* the graph as a report */

/* --- a graph in which everything occurs */

static struct graph_function *function(const char *file, const char *name)
{
	g_autofree char *key = g_strconcat(file, ":", name, NULL);
	struct graph_function *f = graph_as_function(graph_node(graph, GRAPH_FUNCTION, key, NULL));

	f->node.name = graph_string(graph, name);
	f->node.file = graph_string(graph, file);
	f->node.line = 7;
	f->node.is_scheduler = g_str_has_prefix(file, "kernel/sched/");
	f->is_defined = true;
	f->unit = f->node.file;
	f->signature = "void (void)";
	f->binary = (struct graph_binary){ .is_known = true,
					   .symbol = f->node.name,
					   .address = 0xffffffff81000000,
					   .size = 64,
					   .room = 64 };
	return f;
}

static struct graph_variable *variable(const char *name)
{
	struct graph_variable *v = graph_as_variable(graph_node(graph, GRAPH_VARIABLE, name, NULL));

	v->node.name = graph_string(graph, name);
	v->node.file = "kernel/sched/core.c";
	v->node.line = 9;
	v->node.is_scheduler = true;
	v->is_defined = true;
	v->type = "int";
	return v;
}

static struct graph_member *member(const char *record, const char *name)
{
	g_autofree char *full = g_strconcat(record, ".", name, NULL);
	struct graph_member *m = graph_as_member(graph_node(graph, GRAPH_MEMBER, full, NULL));

	m->node.name = graph_string(graph, full);
	m->node.file = "kernel/sched/sched.h";
	m->node.is_scheduler = true;
	m->record = graph_string(graph, record);
	m->member = graph_string(graph, name);
	m->type = "int";
	m->record_size = 16;
	m->record_align = 8;
	return m;
}

static struct graph_use *use(enum graph_use_kind kind, void *from, void *to, unsigned line)
{
	static unsigned order;

	return graph_use_add(graph, &(struct graph_use){ .kind = kind,
							 .from = from,
							 .to = to,
							 .file = "kernel/x.c",
							 .line = line,
							 .order = 100 + ++order });
}

static const char **strings(const char *first, const char *second)
{
	const char **vector = g_new0(const char *, 3);

	vector[0] = first;
	vector[1] = second;
	return vector;
}

static void set_all(struct graph_function *f)
{
	f->end_line = 20;
	f->section = ".sched.text";
	f->alias = "other";
	f->is_defined = false;
	f->is_static = f->is_inline = f->is_weak = f->is_notrace = f->is_used = true;
	f->is_forced_interface = f->is_forced_external = f->has_interface_prefix = true;
	f->is_syscall = f->is_init = f->is_noinstr = f->is_noreturn = f->is_endless = true;
	f->unknown_calls = g_ptr_array_new();
	g_ptr_array_add(f->unknown_calls, (gpointer) "int (void *)");
	f->objects = strings("arch/a.o", "mm/b.o");
	f->binary = (struct graph_binary){
		.is_known = true,
		.position = 2,
		.cold = "all.cold",
		.clones = strings("all.isra.0", "all.part.0"),
		.has_endbr = true,
		.has_fentry = true,
		.is_init = true,
		.is_noinstr = true,
		.is_sched_text = true,
		.is_exported = true,
		.is_overridden = true,
		.is_percpu = true,
	};
}

static void make_sites(struct graph_function *from, struct graph_function *target,
		       struct graph_member *through)
{
	struct graph_site *site =
		graph_site_add(graph, &(struct graph_site){ .from = &from->node,
							    .file = "kernel/x.c",
							    .line = 30,
							    .signature = "void (void)",
							    .layer = GRAPH_LAYER_CHAIN });

	g_ptr_array_add(site->through, through);
	g_ptr_array_add(site->targets, target);
	g_ptr_array_add(site->targets, from);
	graph_site_add(graph, &(struct graph_site){ .from = &from->node,
						    .file = "kernel/x.c",
						    .line = 31,
						    .signature = "",
						    .layer = GRAPH_LAYER_SIGNATURE,
						    .is_partial = true });
}

static void make_data(struct graph_function *wake)
{
	struct graph_variable *table = variable("table"), *local = variable("table2");
	struct graph_member *bits = member("rq", "bits"), *node = member("tree", "node");

	table->is_static = table->is_percpu = table->is_const = table->is_static_key =
		table->is_forced_private = true;
	table->is_defined = false;
	table->section = "__tracepoints";
	table->objects = strings("arch/a.o", NULL);
	table->binary = (struct graph_binary){
		.is_known = true, .symbol = "table", .address = 0x10, .size = 4, .is_percpu = true
	};
	local->owner = "wake";
	bits->offset = 77;
	bits->width = 3;
	node->is_union = true;
	use(GRAPH_ADDRESS, table, wake, 8)->kept_in = &bits->node;
	use(GRAPH_READ, wake, bits, 5);
	use(GRAPH_WRITE, wake, node, 5);
	use(GRAPH_READ_WRITE, wake, local, 6);
	use(GRAPH_INDIRECT, wake, bits, 7)->detail = "void (void)";
	graph_use_add(graph, &(struct graph_use){ .kind = GRAPH_OBJECT,
						  .to = &local->node,
						  .file = "arch/a.o" });
}

static void instance(enum graph_instance_kind kind, const char *record, void *by,
		     const char *source)
{
	graph_instance_add(graph, &(struct graph_instance){ .kind = kind,
							    .record = record,
							    .file = "kernel/sched/sched.h",
							    .by = by,
							    .source = source,
							    .line = 12 });
}

static void make_instances(struct graph_function *wake)
{
	instance(GRAPH_INSTANCE_STACK, "rq", wake, "");
	instance(GRAPH_INSTANCE_POINTER, "tree", wake, "kzalloc()");
	instance(GRAPH_INSTANCE_POINTER, "tree", wake, "void *");
	instance(GRAPH_INSTANCE_HELD, "tree", member("rq", "bits"), "");
	instance(GRAPH_INSTANCE_KEPT, "rq", member("tree", "node"), "");
	graph_instance_add(graph, &(struct graph_instance){ .kind = GRAPH_INSTANCE_POINTER,
							    .record = "named",
							    .file = "",
							    .by = &wake->node,
							    .source = "void *" });
}

static void make_graph(void)
{
	struct graph_function *wake, *fork, *all, *later, *sooner;

	graph = graph_new();
	wake = function("kernel/sched/core.c", "wake");
	fork = function("kernel/fork.c", "fork \"quoted\" \\ \xc3\xbc\n");
	all = function("kernel/sched/core.c", "all");
	later = function("kernel/sched/core.c", "later");
	sooner = function("kernel/sched/core.c", "sooner");
	set_all(all);
	all->inlined_into = g_ptr_array_new();
	g_ptr_array_add(all->inlined_into, wake);
	g_ptr_array_add(all->inlined_into, fork);
	use(GRAPH_CALL, fork, wake, 3);
	use(GRAPH_CALL, wake, sooner, 50); /* before the next in source order, as in a macro */
	use(GRAPH_CALL, wake, later, 40)->in_endless_loop = true;
	use(GRAPH_CALL, wake, all, 41)->in_foreign_macro = true;
	use(GRAPH_ADDRESS, wake, later, 42)->handed_to = &fork->node;
	use(GRAPH_ADDRESS, wake, sooner, 43)->is_thread_entry = true;
	make_data(wake);
	make_instances(wake);
	make_sites(wake, later, member("rq", "bits"));
	graph->has_binary = true;
	graph_finish(graph);
	boundary_solve(graph, &(struct boundary_options){ 0 });
}

static void make_provenance(void)
{
	GPtrArray *files = g_ptr_array_new();
	struct emit_problem problem = { "unit-not-parsed", "kernel/a.c", "not parsed: \"x\"" };

	g_ptr_array_add(files, (gpointer) "kernel/sched/*.c");
	provenance = (struct emit_provenance){
		.tool_version = "1.2.3",
		.kernel_release = NULL,
		.build_id = "abcd",
		.config_hash = "ef",
		.scheduler_files = files,
		.problems = g_array_new(FALSE, FALSE, sizeof(struct emit_problem)),
	};
	g_array_append_val((GArray *)provenance.problems, problem);
}

/* --- there and back */

static char *written(const struct graph *of, const struct emit_provenance *from)
{
	g_autofree char *path = g_build_filename(folder, "report.json", NULL);
	char *text = NULL;

	g_assert_true(emit_report(of, from, path, NULL, NULL));
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_unlink(path);
	return text;
}

static struct emit_read *read_text(const char *text)
{
	GError *error = NULL;
	struct emit_read *read = emit_read_bytes(text, strlen(text), "r.json", &error);

	g_assert_no_error(error);
	g_assert_nonnull(read);
	return read;
}

static void test_same_bytes(void)
{
	struct emit_read *read = read_text(report);
	g_autofree char *again = written(read->graph, &read->provenance);
	g_autofree char *solved = NULL;

	g_assert_cmpstr(again, ==, report);
	boundary_solve(read->graph, &(struct boundary_options){ 0 });
	solved = written(read->graph, &read->provenance);
	g_assert_cmpstr(solved, ==, report);
	emit_read_free(read);
}

static struct graph_node *node(const GPtrArray *nodes, const char *id)
{
	for (guint i = 0; i < nodes->len; i++) {
		struct graph_node *each = g_ptr_array_index(nodes, i);

		if (strcmp(each->id, id) == 0)
			return each;
	}
	g_error("no %s", id);
}

/* What the bytes cannot show: each field is back in its own place. */
static void test_fields(void)
{
	struct emit_read *read = read_text(report);
	const struct graph_function *all =
		graph_as_function(node(read->graph->functions, "kernel/sched/core.c:all"));
	const struct graph_variable *table =
		graph_as_variable(node(read->graph->variables, "kernel/sched/core.c:table"));
	const struct graph_member *bits =
		graph_as_member(node(read->graph->members, "kernel/sched/sched.h:rq.bits"));
	const struct graph_site *site = g_ptr_array_index(read->graph->sites, 0);
	const struct graph_instance *last = g_ptr_array_index(read->graph->instances, 4);

	g_assert_true(read->graph->has_binary);
	g_assert_false(all->is_defined);
	g_assert_true(all->is_forced_interface && all->is_forced_external &&
		      all->has_interface_prefix && all->is_used && all->is_endless);
	g_assert_cmpstr(g_ptr_array_index(all->unknown_calls, 0), ==, "int (void *)");
	g_assert_cmpstr(all->binary.clones[1], ==, "all.part.0");
	g_assert_cmpuint(all->inlined_into->len, ==, 2);
	g_assert_cmpuint(all->binary.position, ==, 2);
	g_assert_true(table->is_forced_private && table->is_private && table->is_static_key &&
		      !table->is_defined);
	g_assert_cmpuint(bits->offset, ==, 77);
	g_assert_cmpuint(bits->width, ==, 3);
	g_assert_cmpuint(bits->record_size, ==, 16);
	g_assert_cmpint(site->layer, ==, GRAPH_LAYER_CHAIN);
	g_assert_cmpuint(site->targets->len, ==, 2);
	g_assert_true(g_ptr_array_index(site->through, 0) == bits);
	g_assert_false(site->is_partial);
	/* a cast adds nothing to the allocator */
	g_assert_cmpuint(read->graph->instances->len, ==, 5);
	g_assert_cmpstr(last->record, ==, "tree");
	g_assert_cmpstr(last->source, ==, "kzalloc()");
	g_assert_cmpstr(last->by->name, ==, "wake");
	g_assert_cmpuint(last->line, ==, 12);
	g_assert_true(((struct graph_site *)g_ptr_array_index(read->graph->sites, 1))->is_partial);
	g_assert_cmpuint(
		((struct graph_record *)g_ptr_array_index(read->graph->records, 0))->members->len,
		==, 1);
	emit_read_free(read);
}

static void test_call_order(void)
{
	struct emit_read *read = read_text(report);
	const struct graph_node *wake = node(read->graph->functions, "kernel/sched/core.c:wake");
	unsigned order[2] = { 0 };

	for (guint i = 0; i < wake->uses_by->len; i++) {
		const struct graph_use *each = g_ptr_array_index(wake->uses_by, i);

		if (each->kind == GRAPH_CALL && each->line >= 40)
			order[each->line == 40] = each->order + (each->line == 41 ? 1000 : 0);
	}
	g_assert_cmpuint(order[0] % 1000, <, order[1]); /* line 50 comes before line 40 */
	emit_read_free(read);
}

/* Another program may write the keys in another order and with other white space. */
static void test_key_order(void)
{
	g_autofree char *head =
		g_strndup(report, (gsize)(strstr(report, ",\n\"functions\"") - report));
	const char *arrays = strstr(report, "\"functions\":[");
	g_autofree char *moved = NULL;
	g_autofree char *again = NULL;
	struct emit_read *read;

	moved = g_strdup_printf("\n { %.*s ,\t%s, \"new\" : [ {\"a\":[1,2,{}]}, \"]\\\"}\" ] } \n",
				(int)(strlen(arrays) - 3), arrays, head + 1);
	read = read_text(moved);
	again = written(read->graph, &read->provenance);
	g_assert_cmpstr(again, ==, report);
	emit_read_free(read);
}

/* --- damage */

static void expect_error(const char *text, gsize length, const char *part)
{
	GError *error = NULL;
	struct emit_read *read = emit_read_bytes(text, length, "r.json", &error);

	g_assert_null(read);
	g_assert_error(error, EMIT_ERROR, EMIT_ERROR_FORMAT);
	if (!strstr(error->message, part) || !g_str_has_prefix(error->message, "r.json:"))
		g_error("\"%s\" is not in: %s", part, error->message);
	g_assert_nonnull(strstr(error->message, "plugsched-analyze")); /* the way out */
	g_error_free(error);
}

/* The report with the first occurrence of `old` replaced by `new`. */
static char *replaced(const char *old, const char *new)
{
	const char *at = strstr(report, old);

	if (!at)
		g_error("the report has no %s", old);
	return g_strdup_printf("%.*s%s%s", (int)(at - report), report, new, at + strlen(old));
}

static void test_damaged(void)
{
	static const struct {
		const char *old, *new, *message;
	} damages[] = {
		{ "plugsched-boundary", "other", "not a report" },
		{ "\"version\":3", "\"version\":1", "version 1" },
		{ "\"version\":3", "\"version\":\"3\"", "not a report" },
		{ "\"kernel\"", "\"kern\"", "\"kernel\" is missing" },
		{ "\"vmlinux\":true", "\"vmlinux\":1", "neither true nor false" },
		{ "\"line\":7", "\"line\":-7", "\"line\" is not a whole number" },
		{ "\"line\":7", "\"line\":7.5", "\"line\" is not a whole number" },
		{ "\"line\":7", "\"line\":1e99", "\"line\" is not a whole number" },
		{ "\"line\":7", "\"line\":4294967296", "\"line\" is not a whole number" },
		{ "\"line\":7", "\"line\":\"7\"", "functions[0]: \"line\" is not" },
		{ "\"line\":7,", "", "functions[0]: \"line\" is missing" },
		{ "\"line\":7,", "\"line\":7 7,", "functions[0]: not valid JSON" },
		{ "\"reason\":\"", "\"reason\":\"un", "\"reason\" has no value that is known" },
		{ "\"class\":\"external\"", "\"class\":7", "\"class\" has no value" },
		{ "\"via\":\"kernel", "\"via\":\"colonel", "which no entry has as its id" },
		{ "\"inlined_into\":[\"", "\"inlined_into\":[\"x", "\"inlined_into\" names" },
		{ "\"inlined_into\":[\"", "\"inlined_into\":[7,\"", "something else than strings" },
		{ "\"attributes\":[\"inline\"", "\"attributes\":[\"fast\"",
		  "an unknown flag, \"fast\"" },
		{ "\"attributes\":[\"inline\"", "\"attributes\":[7", "an unknown flag" },
		{ "\"binary\":{\"symbol\":\"wake\",\"address\":\"0x",
		  "\"binary\":{\"symbol\":\"wake\",\"address\":\"", "\"address\"" },
		{ "\"binary\":{", "\"binary\":7,\"x\":{", "\"binary\" is not an object" },
		{ "\"id\":\"kernel/sched/core.c:wake\"", "\"id\":\"kernel/sched/core.c:all\"",
		  "of another entry as well" },
		{ "\"record\":\"rq\"", "\"record\":\"qr\"", "which records does not have" },
		{ "\"name\":\"tree\"", "\"name\":\"rq\"", "is there twice" },
		{ "\"kind\":\"stack\",\"by\":\"kernel/sched/core.c:wake\"",
		  "\"kind\":\"held\",\"by\":\"kernel/sched/core.c:wake\"",
		  "nothing that the kind \"held\" goes with" },
		{ "\"kind\":\"stack\",\"by\":", "\"kind\":\"stack\",\"x\":", "\"by\" is missing" },
		{ "\"kind\":\"stack\"", "\"kind\":\"heap\"",
		  "instances[1]: \"kind\" has no value" },
		{ "\"instances\":[", "\"x\":[", "\"instances\" is missing" },
		{ "\"edges\":[", "\"edges\":7,\"x\":[", "\"edges\" is not an array" },
		{ "\"edges\":[", "\"edges\":[7,", "edges[0]: the entry is not an object" },
		{ "\"kind\":\"call\"", "\"kind\":\"object\"", "\"from\" is not null" },
		{ "\"from\":null", "\"from\":\"kernel/sched/core.c:wake\"",
		  "\"from\" is not null" },
		{ "\"kind\":\"object\"", "\"kind\":\"read\"", "\"from\" is missing or null" },
		{ "\"handed_to\":\"", "\"handed_to\":\"kernel/sched/core.c:table\",\"x\":\"",
		  "which is no function" },
		{ "\"targets\":[\"", "\"targets\":[\"kernel/sched/sched.h:rq.bits\",\"",
		  "which is no function" },
		{ "\"layer\":\"chain\"", "\"layer\":\"guess\"", "sites[0]: \"layer\"" },
		{ "\"sites\":[", "\"sights\":[", "\"sites\" is missing" },
		{ "\"variables\":[", "\"sites\":[],\"variables\":[",
		  "\"sites\" stands there twice" },
		{ "\"scheduler_files\":[\"", "\"scheduler_files\":[7,\"",
		  "something else than strings" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(damages); i++) {
		g_autofree char *text = replaced(damages[i].old, damages[i].new);

		expect_error(text, strlen(text), damages[i].message);
	}
}

/* A report that is truncated anywhere is noticed. */
static void test_truncated(void)
{
	for (gsize length = 0; length < strlen(report) - 1; length++) {
		g_autofree char *text = g_memdup2(report, length + 1);

		expect_error(text, length, length ? "too early" : "");
	}
}

/*
 * Each byte is changed: the report is read or refused, and never crashes the
 * reader; sanitizers watch.
 */
static void test_any_byte(void)
{
	static const char bytes[] = { '\0', '"', '\\', '{', ']', '7', '-', (char)0xff };
	g_autofree char *text = g_strdup(report);
	gsize length = strlen(report);

	for (gsize i = 0; i < length; i++) {
		GError *error = NULL;
		struct emit_read *read;

		text[i] = bytes[i % sizeof(bytes)];
		read = emit_read_bytes(text, length, "r.json", &error);
		g_assert_true(!read == !!error);
		if (read)
			boundary_solve(read->graph, &(struct boundary_options){ 0 });
		emit_read_free(read);
		g_clear_error(&error);
		text[i] = report[i];
	}
}

static void test_other_files(void)
{
	static const char *const texts[] = {
		"",         " ",          "[]",
		"{}",       "7",          "{\"a\"}",
		"{\"a\":}", "{\"a\":1,}", "{\"a\":[1,]}",
		"\177ELF",  "{\"a\":1}}", "{\"schema\":7,\"version\":3}"
	};
	g_autofree char *deep = g_strnfill(1000000, '[');

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		expect_error(texts[i], strlen(texts[i]), "");
	expect_error(deep, strlen(deep), "");
	memcpy(deep, "{\"schema\":", strlen("{\"schema\":"));
	expect_error(deep, strlen(deep), "too early");
}

static void test_no_file(void)
{
	g_autofree char *path = g_build_filename(folder, "none.json", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_null(emit_read_file(path, &error));
	g_assert_error(error, EMIT_ERROR, EMIT_ERROR_IO);
	g_assert_nonnull(strstr(error->message, path));
}

int main(int argc, char **argv)
{
	int status;

	g_test_init(&argc, &argv, NULL);
	folder = g_dir_make_tmp("test-read-XXXXXX", NULL);
	make_provenance();
	make_graph();
	report = written(graph, &provenance);
	g_test_add_func("/read/same-bytes", test_same_bytes);
	g_test_add_func("/read/fields", test_fields);
	g_test_add_func("/read/call-order", test_call_order);
	g_test_add_func("/read/key-order", test_key_order);
	g_test_add_func("/read/damaged", test_damaged);
	g_test_add_func("/read/truncated", test_truncated);
	g_test_add_func("/read/any-byte", test_any_byte);
	g_test_add_func("/read/other-files", test_other_files);
	g_test_add_func("/read/no-file", test_no_file);
	status = g_test_run();
	g_rmdir(folder);
	g_free(folder);
	g_free(report);
	graph_free(graph);
	g_ptr_array_unref((GPtrArray *)provenance.scheduler_files);
	g_array_unref((GArray *)provenance.problems);
	return status;
}
