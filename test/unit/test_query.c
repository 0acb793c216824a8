// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of tools/query/ on handmade graphs: each question, what it answers and what it refuses.
 *
 * The graph: fork (outside) calls wake. wake calls queue, and may call left and right through
 * class.enqueue. queue calls wake back, reads rq.clock and writes ticks. table holds left. boot
 * (init text) reads rq.flags.
 */
#include <glib.h>
#include <string.h>

#include "graph/boundary.h"
#include "tools/query/query.h"

static struct emit_read report, other;
static struct graph *graph; /* being built */

/* --- making graphs */

static struct graph_function *function(const char *file, const char *name)
{
	g_autofree char *key = g_strconcat(file, ":", name, NULL);
	struct graph_function *f = graph_as_function(graph_node(graph, GRAPH_FUNCTION, key, NULL));

	f->node.name = graph_string(graph, name);
	f->node.file = graph_string(graph, file);
	f->node.line = 1;
	f->node.is_scheduler = g_str_has_prefix(file, "kernel/sched/");
	f->is_defined = true;
	f->signature = "void (void)";
	f->binary = (struct graph_binary){
		.is_known = true, .symbol = f->node.name, .size = 64, .room = 64
	};
	return f;
}

static struct graph_function *inside(const char *name)
{
	return function("kernel/sched/core.c", name);
}

static struct graph_variable *variable(const char *name)
{
	struct graph_variable *v = graph_as_variable(graph_node(graph, GRAPH_VARIABLE, name, NULL));

	v->node.name = graph_string(graph, name);
	v->node.file = "kernel/sched/core.c";
	v->node.is_scheduler = true;
	v->type = "int";
	return v;
}

static struct graph_member *member(const char *record, const char *name, unsigned offset)
{
	g_autofree char *full = g_strconcat(record, ".", name, NULL);
	struct graph_member *m = graph_as_member(graph_node(graph, GRAPH_MEMBER, full, NULL));

	m->node.name = graph_string(graph, full);
	m->node.file = "kernel/sched/sched.h";
	m->node.is_scheduler = true;
	m->record = graph_string(graph, record);
	m->member = graph_string(graph, name);
	m->type = "int";
	m->offset = offset;
	m->record_size = 16;
	m->record_align = 8;
	return m;
}

static struct graph_use *use(enum graph_use_kind kind, void *from, void *to, unsigned line)
{
	return graph_use_add(graph, &(struct graph_use){ .kind = kind,
							 .from = from,
							 .to = to,
							 .file = "kernel/sched/core.c",
							 .line = line,
							 .order = line });
}

static void make_calls(void)
{
	struct graph_function *fork = function("kernel/fork.c", "fork"), *wake = inside("wake"),
			      *queue = inside("queue");
	struct graph_function *boot = inside("boot"), *left = inside("left"),
			      *right = inside("right");
	struct graph_member *enqueue = member("class", "enqueue", 0);
	struct graph_site *site;

	boot->is_init = true;
	use(GRAPH_CALL, fork, wake, 10);
	use(GRAPH_CALL, wake, queue, 20);
	use(GRAPH_CALL, wake, queue, 21);
	use(GRAPH_CALL, queue, wake, 30);
	use(GRAPH_INDIRECT, wake, enqueue, 22);
	use(GRAPH_ADDRESS, variable("table"), left, 40)->kept_in = &enqueue->node;
	use(GRAPH_ADDRESS, boot, right, 41);
	site = graph_site_add(graph, &(struct graph_site){ .from = &wake->node,
							   .file = "kernel/sched/core.c",
							   .line = 22,
							   .signature = "void (void)",
							   .layer = GRAPH_LAYER_MEMBER });
	g_ptr_array_add(site->through, enqueue);
	g_ptr_array_add(site->targets, left);
	g_ptr_array_add(site->targets, right);
}

static void make_data(void)
{
	use(GRAPH_READ, inside("queue"), member("rq", "clock", 0), 31);
	use(GRAPH_WRITE, inside("queue"), variable("ticks"), 32);
	use(GRAPH_READ_WRITE, inside("queue"), variable("ticks"), 33);
	use(GRAPH_READ, inside("boot"), member("rq", "flags", 64), 42);
	graph_use_add(graph, &(struct graph_use){ .kind = GRAPH_OBJECT,
						  .to = &variable("ticks")->node,
						  .file = "entry.o" });
	function("kernel/sched/fair.c", "twin");
	function("kernel/sched/rt.c", "twin");
}

static void finish(struct emit_read *into)
{
	graph->has_binary = true;
	graph_finish(graph);
	boundary_solve(graph, &(struct boundary_options){ 0 });
	into->graph = graph;
	into->provenance = (struct emit_provenance){
		.kernel_release = "6.0.0",
		.scheduler_files = g_ptr_array_new(),
		.problems = g_array_new(FALSE, FALSE, sizeof(struct emit_problem)),
	};
}

static void make_report(struct emit_read *into)
{
	graph = graph_new();
	make_calls();
	make_data();
	finish(into);
}

static void clear_report(struct emit_read *read)
{
	graph_free(read->graph);
	g_ptr_array_unref((GPtrArray *)read->provenance.scheduler_files);
	g_array_unref((GArray *)read->provenance.problems);
}

/* --- asking */

static struct query query;
static struct answer *answer;

static char **words_of(const char *words)
{
	return g_strsplit(words, " ", -1);
}

/* Asks a question with its words, which must be answered. */
static void ask(const char *question, const char *words)
{
	g_auto(GStrv) list = *words ? words_of(words) : g_new0(char *, 1);
	GError *error = NULL;

	g_clear_pointer(&answer, answer_free);
	answer = answer_new(question);
	query.report = &report;
	query.other = &other;
	query.name = "r.json";
	g_assert_true(query_find(question)->ask(&query, list, answer, &error));
	g_assert_no_error(error);
}

static void end(void)
{
	g_clear_pointer(&answer, answer_free);
	query_clear(&query);
	query = (struct query){ 0 };
}

static void refuse(const char *question, const char *words, enum query_error code, const char *part)
{
	g_auto(GStrv) list = *words ? words_of(words) : g_new0(char *, 1);
	struct answer *none = answer_new(question);
	g_autoptr(GError) error = NULL;

	query.report = &report;
	query.name = "r.json";
	g_assert_false(query_find(question)->ask(&query, list, none, &error));
	g_assert_error(error, QUERY_ERROR, (gint)code);
	if (!strstr(error->message, part))
		g_error("\"%s\" is not in: %s", part, error->message);
	answer_free(none);
	end();
}

static const struct answer_row *row(guint number)
{
	g_assert_cmpuint(number, <, answer->rows->len);
	return g_ptr_array_index(answer->rows, number);
}

/*
 * The number of the first row with that role whose text has `part`; the
 * test fails if there is none.
 */
static guint find_row(const char *role, const char *part)
{
	for (guint i = 0; i < answer->rows->len; i++)
		if (strcmp(row(i)->role, role) == 0 && strstr(row(i)->text, part))
			return i;
	for (guint i = 0; i < answer->rows->len; i++)
		g_test_message("%s: %s", row(i)->role, row(i)->text);
	g_error("no %s with \"%s\"", role, part);
}

static guint count_rows(const char *role)
{
	guint n = 0;

	for (guint i = 0; i < answer->rows->len; i++)
		n += strcmp(row(i)->role, role) == 0;
	return n;
}

static double number(const struct answer_row *of, const char *key)
{
	for (guint i = 0; of->values && i < of->values->len; i++)
		if (strcmp(g_array_index(of->values, struct answer_value, i).key, key) == 0)
			return g_array_index(of->values, struct answer_value, i).number;
	g_error("no value %s", key);
}

/* --- names */

static void test_names(void)
{
	ask("why", "twin");
	g_assert_cmpuint(count_rows("subject"), ==, 2);
	ask("why", "kernel/sched/rt.c:twin");
	g_assert_cmpuint(count_rows("subject"), ==, 1);
	ask("why", "rq rq.clock ticks wake");
	g_assert_cmpuint(count_rows("subject"), ==, 4);
	end();
	refuse("why", "wakee", QUERY_ERROR_UNKNOWN, "wake  (function");
	refuse("why", "clock", QUERY_ERROR_UNKNOWN, "rq.clock  (member");
	refuse("why", "wake qeue", QUERY_ERROR_UNKNOWN, "queue  (function");
	refuse("why", "zzzzzzzzzzzz", QUERY_ERROR_UNKNOWN, "r.json has nothing called");
	refuse("callers", "rq", QUERY_ERROR_UNKNOWN, "rq  (struct");
}

/* --- questions */

static void test_why(void)
{
	ask("why", "wake");
	find_row("link", "fork calls wake");
	find_row("cause", "fork is external (outside");
	ask("why", "queue");
	find_row("user", "wake  interface (called-from-outside)  call at kernel/sched/core.c:20");
	ask("why", "rq.flags");
	find_row("link", "kernel/sched/core.c:42  boot reads rq.flags");
	find_row("cause", "boot is external (init-text");
	find_row("record", "layout of struct rq: external: its member flags is external");
	ask("why", "ticks");
	find_row("link", "entry.o names ticks");
	ask("why", "left");
	find_row("link", "table takes the address of left");
	g_assert_cmpuint(count_rows("cause"), ==, 0);
	end();
}

static void test_callers(void)
{
	query.depth = 9;
	ask("callers", "queue");
	find_row("caller", "wake  interface  calls it at kernel/sched/core.c:20, 21");
	g_assert_cmpuint(row(find_row("caller", "fork"))->depth, ==, 2);
	g_assert_cmpstr(
		row(find_row("caller", "queue  internal"))->text, ==,
		"queue  internal  calls it at kernel/sched/core.c:30  ..."); /* the cycle ends */
	ask("callers", "left");
	find_row("caller",
		 "wake  interface  may call it at kernel/sched/core.c:22  (member: class.enqueue)");
	find_row("caller", "table  internal  takes its address");
	ask("callers", "class.enqueue");
	find_row("caller", "wake  interface  calls through it");
	ask("callers", "twin");
	g_assert_cmpuint(count_rows("none"), ==, 2);
	end();
}

static void test_callees(void)
{
	ask("callees", "wake");
	/* the call through the member is listed as a site */
	g_assert_cmpuint(count_rows("callee"), ==, 3);
	find_row("callee", "right  interface  may be called");
	ask("callees", "table");
	find_row("callee", "left  interface  address taken at");
	end();
}

static void test_path(void)
{
	ask("path", "fork right");
	g_assert_cmpfloat(number(row(0), "steps"), ==, 2);
	find_row("step", "right  interface  may-call");
	ask("path", "fork ticks");
	g_assert_cmpfloat(number(row(0), "steps"), ==, 3);
	ask("path", "rq.clock left");
	find_row("step", "queue  internal  read of rq.clock");
	g_assert_cmpfloat(number(row(0), "steps"), ==, 3);
	ask("path", "boot right");
	find_row("subject", "not by calls alone");
	ask("path", "class.enqueue left");
	g_assert_cmpfloat(number(row(0), "steps"), ==, 1);
	g_assert_false(answer->is_negative);
	ask("path", "right fork");
	g_assert_true(answer->is_negative);
	end();
}

static void test_uses(void)
{
	ask("uses", "ticks");
	g_assert_cmpfloat(number(row(0), "inside"), ==, 2);
	g_assert_cmpfloat(number(row(0), "outside"), ==, 1);
	find_row("group", "written: 1");
	find_row("group", "read and written: 1");
	find_row("group", "named by an object file: 1");
	ask("uses", "rq");
	g_assert_cmpfloat(number(row(0), "size"), ==, 16);
	g_assert_cmpuint(find_row("member", "byte 0  clock"), <,
			 find_row("member", "byte 8  flags"));
	end();
}

static void test_what_if(void)
{
	static const char *const interface[] = { "queue", NULL };
	static const char *const external[] = { "wake", NULL };
	struct emit_read saved = report;

	refuse("what-if", "", QUERY_ERROR_USAGE, "--interface");
	make_report(&report);
	query.interface = interface;
	ask("what-if", "");
	find_row("moved", "queue  internal (callers-inside) -> interface (forced-interface)");
	g_assert_cmpuint(count_rows("moved"), ==, 1);
	clear_report(&report);
	make_report(&report);
	query.interface = NULL;
	query.external = external;
	ask("what-if", "");
	find_row("moved", "wake  interface (called-from-outside) -> external (forced-external)");
	find_row("moved", "queue  internal (callers-inside) -> interface (called-by-external)");
	find_row("moved", "class.enqueue  internal");
	end();
	query.interface = query.external = external;
	refuse("what-if", "", QUERY_ERROR_USAGE, "cannot be both");
	clear_report(&report);
	report = saved;
}

static void test_diff(void)
{
	make_report(&other);
	ask("diff", "");
	g_assert_false(answer->is_negative);
	clear_report(&other);
	graph = graph_new();
	make_calls();
	inside("fresh");
	function("kernel/sched/other.c", "twin");
	member("rq", "clock", 32)->type = "long";
	member("rq", "flags", 64)->record_size = 32;
	inside("wake")->signature = "int (void)";
	use(GRAPH_CALL, inside("boot"), inside("queue"), 90);
	finish(&other);
	ask("diff", "");
	g_assert_true(answer->is_negative);
	find_row("entered", "core.c:fresh  function  internal (unused)");
	find_row("left", "core.c:ticks  variable  external (named-by-object)");
	find_row(
		"class",
		"core.c:queue  function  internal (callers-inside) -> interface (called-by-external)");
	find_row("signature", "core.c:wake  function  void (void) -> int (void)");
	find_row("offset", "rq.clock  member  bit 0 -> bit 32");
	find_row("type", "rq.clock  member  int -> long");
	/* two twins are gone and a new one is there: none of them has moved */
	g_assert_cmpuint(count_rows("file"), ==, 0);
	end();
	clear_report(&other);
	other = (struct emit_read){ 0 };
}

static void test_info(void)
{
	ask("info", "");
	find_row("subject", "Linux 6.0.0, build-id none");
	find_row("layer", "member: 1, with 2.0 targets on average");
	query.class = "external";
	query.kind = "function";
	ask("list", "");
	g_assert_cmpuint(answer->rows->len, ==, 1);
	find_row("entry", "boot  function  external (init-text)");
	query.class = "inside";
	refuse("list", "", QUERY_ERROR_USAGE, "--class is");
}

/*
 * --- formats: test/commands/graph compares them with each other; here, odd texts must do no harm
 */

static void test_forms(void)
{
	ask("callers", "queue");
	for (int format = ANSWER_TEXT; format <= ANSWER_GRAPHML; format++) {
		char *text = NULL;
		size_t length = 0;
		FILE *out = open_memstream(&text, &length);

		g_array_index(answer->nodes, struct answer_node, 0).name =
			"\xff\"<&>\\\x01\xef\xbf\xbf";
		answer_write(out, answer, (enum answer_format)format);
		fclose(out);
		g_assert_cmpuint(length, >, 0);
		g_assert_true(g_utf8_validate(text, (gssize)length, NULL));
		free(text);
	}
	end();
}

static void test_table(void)
{
	for (const struct query_question *q = query_questions; q->name; q++) {
		g_assert_true(query_find(q->name) == q);
		g_assert_true(q->ask && q->summary && q->words_min <= q->words_max);
	}
	g_assert_null(query_find("nonsense"));
}

int main(int argc, char **argv)
{
	int status;

	g_test_init(&argc, &argv, NULL);
	make_report(&report);
	g_test_add_func("/query/names", test_names);
	g_test_add_func("/query/why", test_why);
	g_test_add_func("/query/callers", test_callers);
	g_test_add_func("/query/callees", test_callees);
	g_test_add_func("/query/path", test_path);
	g_test_add_func("/query/uses", test_uses);
	g_test_add_func("/query/what-if", test_what_if);
	g_test_add_func("/query/diff", test_diff);
	g_test_add_func("/query/info", test_info);
	g_test_add_func("/query/forms", test_forms);
	g_test_add_func("/query/table", test_table);
	status = g_test_run();
	clear_report(&report);
	return status;
}
