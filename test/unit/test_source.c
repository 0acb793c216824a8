// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of analyzer/source: snippets parsed into facts, and facts on disk.
 *
 * Each snippet is kernel/sched/t.c in a temporary tree. The fixture kernel
 * (test/commands/fixtures) tests what becomes of each kind of use; here the rows themselves,
 * errors and the cache file are tested.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "analyzer/source/source.h"

static char *folder, *source_path, *facts_path, *cache_path;
static struct config *config;
static struct tree tree;
static struct tree_unit unit;
static char *arguments[] = { (char *)"gcc", (char *)"-c", NULL };

static struct facts *parse(const char *snippet, char **message)
{
	struct source_context context = { .tree = &tree, .config = config, .tool_version = "0" };

	g_assert_true(g_file_set_contents(source_path, snippet, -1, NULL));
	return source_parse(&context, &unit, message);
}

static struct facts *facts_of(const char *snippet)
{
	char *message = NULL;
	struct facts *facts = parse(snippet, &message);

	g_assert_null(message);
	g_assert_nonnull(facts);
	return facts;
}

static const char *string(const struct facts *f, uint32_t i)
{
	g_assert_cmpuint(i, <, f->n_strings);
	return f->strings[i];
}

static const struct facts_symbol *symbol(const struct facts *f, const char *name)
{
	for (gsize i = 0; i < f->n_symbols; i++)
		if (strcmp(string(f, f->symbols[i].name), name) == 0)
			return &f->symbols[i];
	g_error("no symbol %s", name);
}

static const struct facts_member *member(const struct facts *f, const char *name)
{
	for (gsize i = 0; i < f->n_members; i++)
		if (strcmp(string(f, f->members[i].name), name) == 0)
			return &f->members[i];
	g_error("no member %s", name);
}

static const char *target_name(const struct facts *f, const struct facts_use *u)
{
	switch (u->target_kind) {
	case FACTS_TARGET_SYMBOL:
		return string(f, f->symbols[u->target].name);
	case FACTS_TARGET_MEMBER:
		return string(f, f->members[u->target].name);
	default:
		return "";
	}
}

static const struct facts_use *find_use(const struct facts *f, enum facts_use_kind kind,
					const char *target)
{
	for (gsize i = 0; i < f->n_uses; i++)
		if (f->uses[i].kind == kind && strcmp(target_name(f, &f->uses[i]), target) == 0)
			return &f->uses[i];
	return NULL;
}

static const struct facts_use *get_use(const struct facts *f, enum facts_use_kind kind,
				       const char *target)
{
	const struct facts_use *u = find_use(f, kind, target);

	if (!u)
		g_error("no use of kind %d of %s", (int)kind, target);
	return u;
}

/* --- rows */

static void test_functions(void)
{
	struct facts *f = facts_of("static int twice(int x)\n{\n\treturn 2 * x;\n}\n"
				   "int seen(void)\n{\n\treturn twice(3);\n}\n"
				   "int declared(void); int user(void) { return declared(); }\n");
	const struct facts_symbol *twice = symbol(f, "twice");
	const struct facts_use *call = get_use(f, FACTS_CALL, "twice");

	g_assert_cmpstr(f->source, ==, "kernel/sched/t.c");
	g_assert_cmpstr(string(f, twice->file), ==, "kernel/sched/t.c");
	g_assert_cmpuint(twice->line, ==, 1);
	g_assert_cmpuint(twice->end_line, ==, 4);
	g_assert_cmpstr(string(f, twice->type), ==, "int (int)");
	g_assert_cmphex(twice->flags, ==,
			FACTS_FUNCTION | FACTS_DEFINED | FACTS_STATIC | FACTS_SCHEDULER);
	g_assert_false(symbol(f, "seen")->flags & FACTS_STATIC);
	g_assert_false(symbol(f, "declared")->flags & FACTS_DEFINED);
	g_assert_cmpuint(call->line, ==, 7);
	g_assert_true(&f->symbols[call->from] == symbol(f, "seen"));
	facts_free(f);
}

static void test_flags(void)
{
	static const struct {
		const char *name, *snippet;
		uint32_t flag;
	} cases[] = {
		{ "f", "__attribute__((weak)) int f(void) { return 1; }", FACTS_WEAK },
		{ "f", "static inline int f(void) { return 1; } int g(void) { return f(); }",
		  FACTS_INLINE },
		{ "f", "__attribute__((noreturn)) void f(void); void f(void) { for (;;); }",
		  FACTS_NORETURN },
		{ "f", "void f(void) { while (1); }", FACTS_ENDLESS },
		{ "f", "__attribute__((section(\".init.text\"))) void f(void) {}", FACTS_INIT },
		{ "f", "__attribute__((section(\".noinstr.text\"))) void f(void) {}",
		  FACTS_NOINSTR },
		{ "f", "__attribute__((no_instrument_function)) void f(void) {}", FACTS_NOTRACE },
		{ "__x64_sys_f", "long __x64_sys_f(void) { return 0; }", FACTS_SYSCALL },
		{ "v", "__attribute__((section(\".data..percpu\"))) int v;", FACTS_PERCPU },
		{ "v", "const int v = 1;", FACTS_CONST },
		{ "v", "const int v[2] = { 1 };", FACTS_CONST },
		{ "v", "struct static_key { int n; }; struct static_key v[2];", FACTS_STATIC_KEY },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct facts *with = facts_of(cases[i].snippet);
		struct facts *without = facts_of("int v; int f(void) { return v; }");

		g_assert_cmphex(symbol(with, cases[i].name)->flags & cases[i].flag, ==,
				cases[i].flag);
		if (*cases[i].name != '_')
			g_assert_cmphex(symbol(without, cases[i].name)->flags & cases[i].flag, ==,
					0);
		facts_free(with);
		facts_free(without);
	}
}

static void test_members(void)
{
	struct facts *f = facts_of(
		"struct box { int plain; unsigned a : 3, b : 5; union { char c; long d; }; };\n"
		"int get(struct box *x) { return x->b + x->c; }\n");
	const struct facts_record *box = &f->records[member(f, "plain")->record];

	g_assert_cmpstr(string(f, box->name), ==, "box");
	g_assert_cmpuint(box->size, ==, 16);
	g_assert_cmpuint(box->align, ==, 8);
	g_assert_cmphex(box->flags, ==, FACTS_RECORD_SCHEDULER);
	g_assert_cmpuint(member(f, "b")->offset, ==, 35);
	g_assert_cmpuint(member(f, "b")->width, ==, 5);
	g_assert_cmpuint(member(f, "plain")->width, ==, 0);
	g_assert_true(&f->records[member(f, "d")->record] == box);
	get_use(f, FACTS_READ, "b");
	get_use(f, FACTS_READ, "c");
	g_assert_null(find_use(f, FACTS_READ, "plain"));
	facts_free(f);
}

/* Members of anonymous members belong to the named record, with their offsets in it. */
static void test_anonymous_offsets(void)
{
	struct facts *f =
		facts_of("struct box { long plain; union { char c; struct { int d, e; }; }; };\n");

	g_assert_cmpuint(member(f, "c")->offset, ==, 64);
	g_assert_cmpuint(member(f, "e")->offset, ==, 96);
	facts_free(f);
}

static void test_sinks(void)
{
	struct facts *f = facts_of(
		"struct ops { int (*start)(void); };\nint one(void), two(void), three(void), four(void);\n"
		"void hand(int (*action)(void));\n"
		"struct ops ops = { .start = one };\nint (*hook)(void) = two;\n"
		"int (*get(struct ops *o))(void)\n{\n\to->start = three;\n\thand(four);\n\treturn two;\n}\n");
	const struct facts_use *one = get_use(f, FACTS_ADDRESS, "one"),
			       *two = get_use(f, FACTS_ADDRESS, "two");
	const struct facts_use *three = get_use(f, FACTS_ADDRESS, "three"),
			       *four = get_use(f, FACTS_ADDRESS, "four");

	g_assert_cmpuint(one->sink, ==, FACTS_SINK_INIT);
	g_assert_cmpstr(string(f, f->members[one->sink_target].name), ==, "start");
	g_assert_cmpuint(two->sink, ==, FACTS_SINK_INIT_VAR);
	g_assert_cmpstr(string(f, two->sink_name), ==, "hook");
	g_assert_cmpuint(three->sink, ==, FACTS_SINK_ASSIGN);
	g_assert_cmpuint(four->sink, ==, FACTS_SINK_ARGUMENT);
	g_assert_cmpstr(string(f, f->symbols[four->sink_target].name), ==, "hand");
	g_assert_cmpstr(string(f, four->sink_name), ==, "action");
	facts_free(f);
}

static void test_static_local(void)
{
	struct facts *f = facts_of("int next(void) { static int last; return ++last; }\n");
	const struct facts_symbol *last = symbol(f, "last");

	g_assert_cmpuint(last->owner, !=, FACTS_NONE);
	g_assert_true(&f->symbols[last->owner] == symbol(f, "next"));
	get_use(f, FACTS_READ_WRITE, "last");
	facts_free(f);
}

/* --- what cannot be parsed */

static void test_errors(void)
{
	static const struct {
		const char *snippet, *place;
	} cases[] = {
		{ "int f(void)\n{\n\treturn nothing;\n}\n", "kernel/sched/t.c:3:9: " },
		{ "#include \"none.h\"\n", "kernel/sched/t.c:1:10: " },
		{ "int x\nint y;\n", "kernel/sched/t.c:1:6: " },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *message = NULL;
		struct facts *f = parse(cases[i].snippet, &message);

		g_assert_null(f);
		g_assert_nonnull(message);
		g_assert_nonnull(strstr(message, cases[i].place));
		g_free(message);
	}
}

/* --- on the disk */

static const char rich[] =
	"struct rq { int clock; };\nstatic struct rq rq;\nint hook(int (*f)(int));\n"
	"static int act(int x) { static int n; n++; return x + rq.clock; }\n"
	"int run(void) { rq.clock = 2; return hook(act); }\n";

static void assert_equal(const struct facts *l, const struct facts *r)
{
	g_assert_cmpstr(l->source, ==, r->source);
	g_assert_cmpstr(l->key, ==, r->key);
	g_assert_cmpuint(l->n_strings, ==, r->n_strings);
	for (gsize i = 0; i < l->n_strings; i++)
		g_assert_cmpstr(l->strings[i], ==, r->strings[i]);
	g_assert_cmpmem(l->symbols, l->n_symbols * sizeof(*l->symbols), r->symbols,
			r->n_symbols * sizeof(*r->symbols));
	g_assert_cmpmem(l->records, l->n_records * sizeof(*l->records), r->records,
			r->n_records * sizeof(*r->records));
	g_assert_cmpmem(l->members, l->n_members * sizeof(*l->members), r->members,
			r->n_members * sizeof(*r->members));
	g_assert_cmpmem(l->uses, l->n_uses * sizeof(*l->uses), r->uses,
			r->n_uses * sizeof(*r->uses));
	g_assert_cmpmem(l->inputs, l->n_inputs * sizeof(*l->inputs), r->inputs,
			r->n_inputs * sizeof(*r->inputs));
}

static void test_round_trip(void)
{
	struct facts *f = facts_of(rich), *loaded;
	GError *error = NULL;

	g_assert_true(facts_save(f, facts_path, &error));
	g_assert_no_error(error);
	loaded = facts_load(facts_path);
	g_assert_nonnull(loaded);
	assert_equal(f, loaded);
	g_assert_cmpuint(loaded->n_uses, >, 4);
	facts_free(loaded);
	facts_free(f);
	facts_free(NULL);
}

static void test_save_fails(void)
{
	g_autofree char *nowhere = g_build_filename(folder, "none", "x.facts", NULL);
	g_autoptr(GError) error = NULL;
	struct facts *f = facts_of(rich);

	g_assert_false(facts_save(f, nowhere, &error));
	g_assert_nonnull(strstr(error->message, nowhere));
	g_assert_null(facts_load(nowhere));
	g_assert_null(facts_load(folder));
	facts_free(f);
}

/* A damaged file counts as no facts at all, because its contents cannot be told from real ones. */
static void test_damaged(void)
{
	g_autofree char *good = NULL;
	struct facts *f = facts_of(rich);
	gsize size;

	g_assert_true(facts_save(f, facts_path, NULL));
	facts_free(f);
	g_assert_true(g_file_get_contents(facts_path, &good, &size, NULL));
	for (gsize n = 0; n < size; n += 1 + n / 50) { /* truncated */
		g_assert_true(g_file_set_contents(facts_path, good, (gssize)n, NULL));
		g_assert_null(facts_load(facts_path));
	}
	for (gsize i = 0; i < size; i += 3) { /* one bit flipped */
		good[i] ^= (char)(1 << (i % 8));
		g_assert_true(g_file_set_contents(facts_path, good, (gssize)size, NULL));
		good[i] ^= (char)(1 << (i % 8));
		f = facts_load(facts_path);
		if (f)
			g_error("byte %zu of %zu flipped, and the facts are taken", i, size);
	}
}

static void test_garbage(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(7);

	for (int round = 0; round < 200; round++) {
		gsize size = (gsize)g_rand_int_range(rand, 0, 5000);
		g_autofree guint32 *noise = g_new(guint32, size / 4 + 1);

		for (gsize i = 0; i <= size / 4; i++)
			noise[i] = round % 2 ? g_rand_int(rand)
					     : (guint32)g_rand_int_range(rand, 0, 64);
		g_assert_true(
			g_file_set_contents(facts_path, (const char *)noise, (gssize)size, NULL));
		g_assert_null(facts_load(facts_path));
	}
}

/* Facts of one member in that many slots, each inside the one before. */
static struct facts *facts_of_chain(guint length)
{
	struct facts_tables t = { .source = "a.c", .key = "", .strings = g_ptr_array_new() };
	struct facts_record record = { 0 };
	struct facts_member member_row = { 0 };
	GArray **arrays[] = { &t.symbols, &t.records,   &t.members, &t.uses,  &t.slots,
			      &t.flows,   &t.instances, &t.escapes, &t.inputs };
	static const guint sizes[] = { sizeof(struct facts_symbol),
				       sizeof(record),
				       sizeof(member_row),
				       sizeof(struct facts_use),
				       sizeof(struct facts_slot),
				       sizeof(struct facts_flow),
				       sizeof(struct facts_instance),
				       sizeof(struct facts_escape),
				       sizeof(struct facts_input) };
	struct facts *facts;

	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++)
		*arrays[i] = g_array_new(FALSE, FALSE, sizes[i]);
	g_ptr_array_add(t.strings, (gpointer) "");
	g_array_append_val(t.records, record);
	g_array_append_val(t.members, member_row);
	for (guint i = 0; i < length; i++) {
		struct facts_slot slot = { .kind = FACTS_SLOT_MEMBER,
					   .outer = i ? i - 1 : FACTS_NONE };

		g_array_append_val(t.slots, slot);
	}
	facts = facts_new(&t);
	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++)
		g_array_free(*arrays[i], TRUE);
	g_ptr_array_free(t.strings, TRUE);
	return facts;
}

/* A chain that would overflow the stack comes from no real source. */
static void test_deep_slots(void)
{
	static const guint lengths[] = { 100, 300, 100000 };

	for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
		struct facts *f = facts_of_chain(lengths[i]), *loaded;

		g_assert_true(facts_save(f, facts_path, NULL));
		loaded = facts_load(facts_path);
		g_assert_true((loaded != NULL) == (lengths[i] == 100));
		facts_free(loaded);
		facts_free(f);
	}
}

/* --- the key of facts */

/* The key of the unit compiled with one flag, in a tree built in `build` from `source`. */
static char *key_of(const char *source, const char *build, const char *flag)
{
	char *command[] = { (char *)"gcc", (char *)flag, (char *)"-c", (char *)"a.c", NULL };
	struct tree_unit one = {
		.source = "a.c", .object = "a.o", .directory = build, .arguments = command
	};
	struct tree place = { .source_dir = source, .build_dir = build };
	struct source_context context = { .tree = &place, .config = config, .tool_version = "0" };

	return source_unit_key(&context, &one);
}

static void assert_key(const char *flag, const char *moved_flag, bool is_same)
{
	g_autofree char *key = key_of("/a/linux", "/a/linux/out", flag),
			*moved = key_of("/b c", "/d", moved_flag);

	if ((strcmp(key, moved) == 0) != is_same)
		g_error("%s and %s have %s key", flag, moved_flag,
			is_same ? "another" : "the same");
}

static void test_key(void)
{
	assert_key("-I./include", "-I./include", true);
	assert_key("-I/a/linux/include", "-I/b c/include", true);
	assert_key("-I/a/linux/out/include", "-I/d/include", true);
	assert_key("-I/a/linux", "-I/b c", true);
	assert_key("-I/a/linux/include", "-I/d/include", false);
	assert_key("-I/a/linux2/include", "-I/b c2/include", false);
	assert_key("-I/a/linux", "-I/a/linux", false);
	assert_key("-DA", "-DB", false);
}

/* --- texts that stand for files, and units with errors */

/* Collects the unit with `text` in place of its file (NULL: the file itself), with a cache. */
static struct source_result *collect(const char *text, bool takes_broken)
{
	struct source_overlay overlay = { source_path, text, text ? strlen(text) : 0 };
	struct source_context context = { .tree = &tree,
					  .config = config,
					  .tool_version = "0",
					  .overlays = &overlay,
					  .n_overlays = text ? 1 : 0 };
	struct source_options options = { .threads = 1,
					  .cache_dir = cache_path,
					  .takes_broken = takes_broken };
	g_autoptr(GPtrArray) units = g_ptr_array_new();

	g_ptr_array_add(units, &unit);
	return source_collect(&context, units, &options);
}

static void assert_collected(const char *text, const char *name, bool is_cached)
{
	struct source_result *result = collect(text, false);
	const struct facts *facts = g_ptr_array_index(result->facts, 0);

	g_assert_nonnull(facts);
	symbol(facts, name);
	g_assert_cmpuint(result->cached, ==, is_cached);
	source_result_free(result);
}

/* The cache must not give the file's facts for another text, nor that text's facts for the file. */
static void test_overlay(void)
{
	g_assert_true(g_file_set_contents(source_path, "int saved(void) { return 1; }", -1, NULL));
	assert_collected(NULL, "saved", false);
	assert_collected(NULL, "saved", true);
	assert_collected("int typed(void) { return 1; }", "typed", false);
	/* not stored in the cache */
	assert_collected("int typed(void) { return 1; }", "typed", false);
	/* the same text as the file's */
	assert_collected("int saved(void) { return 1; }", "saved", true);
	assert_collected(NULL, "saved", true);
}

static void test_broken(void)
{
	static const char text[] =
		"int good(void) { return 1; }\nint bad(void) { return nobody; }\n";
	struct source_result *result = collect(text, false);

	g_assert_null(g_ptr_array_index(result->facts, 0));
	g_assert_cmpuint(result->failures->len, ==, 1);
	g_assert_cmpuint(result->errors->len, ==, 0);
	source_result_free(result);
	for (int i = 0; i < 2; i++) { /* the second time shows that nothing was stored */
		const struct source_error *error;

		g_assert_true(g_file_set_contents(source_path, text, -1, NULL));
		result = collect(NULL, true);
		symbol(g_ptr_array_index(result->facts, 0), "good");
		g_assert_cmpuint(result->failures->len, ==, 0);
		g_assert_cmpuint(result->errors->len, ==, 1);
		g_assert_cmpuint(result->cached, ==, 0);
		error = g_ptr_array_index(result->errors, 0);
		g_assert_cmpstr(error->file, ==, "kernel/sched/t.c");
		g_assert_cmpuint(error->line, ==, 2);
		g_assert_cmpuint(error->column, ==, 24);
		source_result_free(result);
	}
}

/*
 * The name that a declaration has in the object file; functions of which no call may be left after
 * optimisation (FACTS_TRAP); register variables.
 */
static void test_labels(void)
{
	struct facts *f = facts_of(
		"int other(int x) __asm__(\"__real__0\"); extern int data __asm__(\"data.3\");\n"
		"void never(void) __attribute__((error(\"no\"))); register long sp __asm__(\"rsp\");\n"
		"int user(int x) { if (0) never(); return other(x) + data + (int)sp; }");

	g_assert_cmpstr(string(f, symbol(f, "other")->label), ==, "__real__0");
	g_assert_cmpstr(string(f, symbol(f, "data")->label), ==, "data.3");
	g_assert_cmpuint(symbol(f, "user")->label, ==, 0);
	g_assert_true(symbol(f, "never")->flags & FACTS_TRAP);
	g_assert_false(symbol(f, "other")->flags & (FACTS_TRAP | FACTS_REGISTER));
	g_assert_true(symbol(f, "sp")->flags & FACTS_REGISTER);
	facts_free(f);
}

/* --- a folder with one unit */

static void set_up(void)
{
	g_autofree char *sched = NULL;

	folder = g_dir_make_tmp("test-source-XXXXXX", NULL);
	sched = g_build_filename(folder, "kernel", "sched", NULL);
	g_assert_cmpint(g_mkdir_with_parents(sched, 0700), ==, 0);
	source_path = g_build_filename(sched, "t.c", NULL);
	facts_path = g_build_filename(folder, "t.facts", NULL);
	cache_path = g_build_filename(folder, "cache", NULL);
	tree = (struct tree){ .source_dir = folder, .build_dir = folder };
	unit = (struct tree_unit){ .source = "kernel/sched/t.c",
				   .object = "kernel/sched/t.o",
				   .directory = folder,
				   .arguments = arguments };
	config = config_new();
}

static void empty_cache(void)
{
	g_autoptr(GDir) dir = g_dir_open(cache_path, 0, NULL);

	for (const char *name; dir && (name = g_dir_read_name(dir));) {
		g_autofree char *path = g_build_filename(cache_path, name, NULL);

		g_unlink(path);
	}
}

static void tear_down(void)
{
	static const char *const folders[] = { "kernel/sched", "kernel", "cache", "" };

	empty_cache();

	g_unlink(source_path);
	g_unlink(facts_path);
	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *path = g_build_filename(folder, folders[i], NULL);

		g_rmdir(path);
	}
	g_free(source_path);
	g_free(facts_path);
	g_free(cache_path);
	g_free(folder);
	config_free(config);
}

int main(int argc, char **argv)
{
	int status;

	g_test_init(&argc, &argv, NULL);
	set_up();
	g_test_add_func("/source/functions", test_functions);
	g_test_add_func("/source/flags", test_flags);
	g_test_add_func("/source/members", test_members);
	g_test_add_func("/source/sinks", test_sinks);
	g_test_add_func("/source/static-local", test_static_local);
	g_test_add_func("/source/errors", test_errors);
	g_test_add_func("/source/round-trip", test_round_trip);
	g_test_add_func("/source/save-fails", test_save_fails);
	g_test_add_func("/source/garbage", test_garbage);
	g_test_add_func("/source/deep-slots", test_deep_slots);
	g_test_add_func("/source/key", test_key);
	g_test_add_func("/source/anonymous-offsets", test_anonymous_offsets);
	g_test_add_func("/source/damaged", test_damaged);
	g_test_add_func("/source/overlay", test_overlay);
	g_test_add_func("/source/broken", test_broken);
	g_test_add_func("/source/labels", test_labels);
	status = g_test_run();
	tear_down();
	return status;
}
