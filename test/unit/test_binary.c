// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of analyzer/binary on small images that gcc builds at run time.
 *
 * The fixture looks like a kernel tree in a temporary folder: two units "kernel/one.c" and
 * "kernel/two.c" that share a header, linked into "vmlinux" between two files that mark the bounds
 * of the special text sections. What the compiler decides (clones, merged functions) is forced by
 * code that leaves it no choice at -O2. Damaged images are made from the good one.
 */
#include <elf.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/binary/binary.h"

static char *tree;           /* the temporary folder */
static struct binary *image; /* its vmlinux, with both units scanned */

/* --- fixture */

static const char header_source[] =
	"extern int sink;\n"
	"static inline int inner(int x) { static int counter; return x * 3 + counter++; }\n"
	"static inline int middle(int x) { { int y = x + 1; return inner(y); } }\n"
	"int shared(int x);\n"
	"int tick(void);\n"
	"#define NOINLINE __attribute__((noinline))\n"
	"#define SECTION(name) __attribute__((section(name)))\n";

static const char one_source[] =
	"#include \"../include/shared.h\"\n"
	"int sink;\n"
	"SECTION(\".data..percpu\") int per_cpu = 1;\n"
	"static const int folded = 5;\n"
	"extern int later; int later = 3;\n"
	"NOINLINE int shared(int x) { return middle(x) + folded; }\n" /* line 6 */
	"int alone(int x) { return middle(x) * 2; }\n"
	"__attribute__((weak)) int tick(void) { return ++sink; }\n" /* line 8 */
	"__attribute__((weak)) NOINLINE int spare(void) { return sink += 4; }\n"
	"static NOINLINE int twin(int x) { sink += x; return sink * 7; }\n"
	"static NOINLINE int trimmed(int x, int unused) { (void)unused; sink ^= x; return sink; }\n"
	"int equal_left(int x) { sink += x; return sink; }\n"
	"int equal_right(int x) { sink += x; return sink; }\n"
	"SECTION(\".init.text\") NOINLINE int set_up(void) { static int done; return done++; }\n"
	"SECTION(\".exit.text\") NOINLINE int tear_down(void) { return sink--; }\n"
	"SECTION(\".noinstr.text\") NOINLINE int quiet(void) { return sink += 2; }\n"
	"SECTION(\".sched.text\") NOINLINE int waiter(void) { return sink += 3; }\n"
	"__attribute__((noreturn)) NOINLINE void forever(void) { for (;;) sink++; }\n"
	"__attribute__((cold)) NOINLINE void complain(int x) { sink -= x; }\n"
	"NOINLINE int torn(int x) { if (x < 0) { complain(x); sink += x * 3; complain(sink); }\n"
	"	return x + 1; }\n"
	"int one_all(int x) { return twin(x) + trimmed(x, sink) + trimmed(x + 1, x); }\n"
	"asm(\".pushsection __ksymtab,\\\"a\\\"; __ksymtab_shared: .long 0; __ksymtab_twin: .long 0;\"\n"
	"    \"__ksymtab_sink: .long 0; .popsection\");\n";

static const char two_source[] =
	"#include \"../include/shared.h\"\n"
	"static NOINLINE int twin(int x) { sink -= x; return sink * 5; }\n"
	"int tick(void) { return --sink; }\n"
	"static NOINLINE int fixed(int x, int factor) { sink += x * factor; return sink / factor; }\n"
	"int two_all(int x) { return twin(x) + middle(x) + shared(x) + fixed(x, 9) + fixed(x + 1, 9); }\n";

/*
 * Replaces the function that the compiler calls for the tracer; with -nostdlib
 * nothing else defines it.
 */
static const char first_source[] =
	"asm(\".pushsection .noinstr.text,\\\"ax\\\"; .globl __noinstr_text_start; __noinstr_text_start: .popsection;\"\n"
	"    \".pushsection .sched.text,\\\"ax\\\"; .globl __sched_text_start; __sched_text_start: .popsection;\"\n"
	"    \".globl __fentry__; .type __fentry__,@function; __fentry__: ret; .size __fentry__, 1;\");\n"
	"int one_all(int x); int two_all(int x);\n"
	"void _start(void) { one_all(1); two_all(2); for (;;); }\n";

static const char last_source[] =
	"asm(\".pushsection .noinstr.text,\\\"ax\\\"; .globl __noinstr_text_end; __noinstr_text_end: .popsection;\"\n"
	"    \".pushsection .sched.text,\\\"ax\\\"; .globl __sched_text_end; __sched_text_end: .popsection;\");\n";

/*
 * Users of kernel/one.o: one by a call, one by a debug section only, a static namesake, and one
 * that does not use it.
 */
static const char caller_source[] =
	"int shared(int); extern int sink; int caller(void) { return shared(sink); }\n";
static const char debug_source[] =
	"asm(\".section .debug_own; .quad shared; .previous\"); int debug_only;\n";
static const char namesake_source[] =
	"int sink_other; static __attribute__((noinline)) int shared(int x) { return sink_other += x; }\n"
	"int namesake(void) { return shared(1) + shared(2); }\n";
static const char stranger_source[] = "int stranger(void) { return 0; }\n";

/* Functions of all kinds of types, and users of them. */
static const char shapes_source[] =
	"struct thing { int x; }; union either { int x; }; enum color { RED }; typedef struct { int x; } unnamed;\n"
	"typedef enum { BLUE } shade; typedef int number; int sink;\n"
	"void nothing(void) { sink++; }\n"
	"int numbers(char a, short b, int c, long d, unsigned long long e, unsigned char f) { return sink += a + b + c + d + e + f; }\n"
	"_Bool truth(_Bool a, number b) { return a && sink++ && b; }\n"
	"enum color paint(enum color a, shade b) { sink += b; return a; }\n"
	"struct thing *find(struct thing *a, const struct thing *b) { return sink++ ? a : (struct thing *)b; }\n"
	"union either *pick(union either *a, enum color *b) { sink += *b; return a; }\n"
	"struct thing **list(struct thing **a, void *b, const char *c) { sink += *c; return b ? b : a; }\n"
	"int call(int (*a)(int, struct thing *), void (**b)(void)) { b[0](); return a(1, 0); }\n"
	"int (*get(struct thing *a))(int) { sink += a->x; return 0; }\n"
	"int print(const char *a, ...) { return sink += *a; }\n"
	"int print_list(const char *a, __builtin_va_list b) { return sink += *a + __builtin_va_arg(b, int); }\n"
	"struct thing copy(struct thing a, unnamed b) { a.x += b.x + sink++; return a; }\n"
	"int hidden(unnamed *a, int b[3]) { return sink += a->x + b[1]; }\n"
	"__int128 wide(unsigned __int128 a) { return a + sink++; }\n"
	"static __attribute__((noinline)) int merged_left(long a, char b) { sink += b; return sink * 7 + a; }\n"
	"int merged_right(long a, char b) { sink += b; return sink * 7 + a; }\n"
	"int merged(int a) { return merged_left(1, a) + merged_left(3, sink); }\n";

/* Entries without a jump: a clone, and two copies of a header's function. */
static const char copied_source[] =
	"extern int sink; static __attribute__((noinline)) int copied(int x) { sink += x; return sink * 9; }\n";
static const char left_source[] =
	"#include \"../include/copied.h\"\n"
	"int sink;\n"
	"static __attribute__((noinline)) int cut(int x, int by) { if (x > 9 * by) return cut(x / by, by) + 1; return sink += x * by; }\n"
	"int tail(int x) { return cut(x + 1, 9); }\n" /* a short jump */
	"int plain(int x) { return cut(x, 9) + copied(x) + copied(x + 1); }\n"
	"void _start(void) { for (;;); }\n";
static const char right_source[] =
	"#include \"../include/copied.h\"\n"
	"int user(int x) { return copied(x) - copied(sink); }\n"
	"void *absolute(void) { void *p; asm volatile(\"movq $copied, %0\" : \"=r\"(p)); return p; }\n"
	"void *relative(void) { void *p; asm volatile(\"leaq copied(%%rip), %0\" : \"=r\"(p)); return p; }\n"
	"long number(void) { long n; asm volatile(\".byte 0x48, 0xb8; .long copied - . - 4; .long 0\" : \"=a\"(n)); return n; }\n"
	"asm(\".pushsection .text.bare,\\\"ax\\\"; .balign 64; jne copied; .balign 64; .popsection\");\n";

static const char takers[][2][256] = {
	{ "call", "int target(int x); int f(void) { return target(1) + target(2); }" },
	{ "jump", "int target(int x); int f(int x) { return target(x); }" },
	{ "static-call",
	  "int sink; static __attribute__((noinline)) int target(int x) { return sink += x; } int f(void) { return target(1) + target(2); }" },
	{ "near",
	  "int near_target(int x); int target(int x); int (*hook)(int) = near_target; int f(void) { return target(1) + 2; }" },
	{ "stored", "int target(int x); int (*hook)(int); void f(void) { hook = target; }" },
	{ "passed", "int target(int x); void take(int (*)(int)); void f(void) { take(target); }" },
	{ "table", "int target(int x); int (*const hooks[])(int) = { 0, target };" },
	{ "static-table",
	  "int sink; static int target(int x) { return sink += x; } int (*const hooks[])(int) = { target };" },
	{ "static-stored",
	  "int sink; static int before(int x) { return sink -= x; } static int target(int x) { return sink += x; } int (*volatile hook)(int); void f(void) { hook = before; hook = target; }" },
	{ "export",
	  "int target(int x) { return x; } asm(\".pushsection __ksymtab,\\\"a\\\"; .quad target; .popsection\");" },
	{ "debug", "asm(\".pushsection .debug_own; .quad target; .popsection\");" },
	{ "kept", "asm(\".pushsection .data; .quad target; .popsection\");" },
};

static const struct source {
	const char *path;
	const char *text;
	const char *flags; /* for gcc -c; NULL for a header */
} sources[] = {
	{ "include/shared.h", header_source, NULL },
	{ "kernel/one.c", one_source,
	  "-pg -mfentry -fcf-protection=branch -fno-ipa-cp" /* only ISRA makes a clone */ },
	{ "kernel/two.c", two_source, "-fcf-protection=none" },
	{ "first.c", first_source, "-fcf-protection=none" },
	{ "last.c", last_source, "" },
	{ "caller.c", caller_source, "" },
	{ "debug.c", debug_source, "" },
	{ "namesake.c", namesake_source, "" },
	{ "stranger.c", stranger_source, "" },
	{ "kernel/shapes.c", shapes_source, "-fcf-protection=none -w" },
	{ "include/copied.h", copied_source, NULL },
	{ "kernel/left.c", left_source,
	  "-fcf-protection=none -fno-ipa-sra" /* only the constant makes a clone */ },
	{ "kernel/right.c", right_source, "-fcf-protection=none -fno-ipa-sra" },
};

static char *in_tree(const char *name)
{
	return g_build_filename(tree, name, NULL);
}

static void run(const char *format, ...) G_GNUC_PRINTF(1, 2);

static void run(const char *format, ...)
{
	g_autofree char *command = NULL;
	char *arguments[] = { (char *)"sh", (char *)"-ec", NULL, NULL };
	GError *error = NULL;
	va_list list;
	int status;

	va_start(list, format);
	command = g_strdup_vprintf(format, list);
	va_end(list);
	arguments[2] = command;
	g_spawn_sync(tree, arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status,
		     &error);
	g_assert_no_error(error);
	g_spawn_check_wait_status(status, &error);
	g_assert_no_error(error);
}

static void write_file(const char *name, const void *bytes, gssize size)
{
	g_autofree char *path = in_tree(name);
	g_autofree char *folder = g_path_get_dirname(path);
	GError *error = NULL;

	g_mkdir_with_parents(folder, 0700);
	g_file_set_contents(path, bytes, size, &error);
	g_assert_no_error(error);
}

static void build_tree(void)
{
	tree = g_dir_make_tmp("test-binary-XXXXXX", NULL);
	g_assert_nonnull(tree);
	for (size_t i = 0; i < G_N_ELEMENTS(sources); i++)
		write_file(sources[i].path, sources[i].text, -1);
	for (size_t i = 0; i < G_N_ELEMENTS(sources); i++)
		if (sources[i].flags)
			run("gcc -g -O2 -fno-pie -ffreestanding -fno-stack-protector %s "
			    "-c %s -o $(echo %s | sed 's/c$/o/')",
			    sources[i].flags, sources[i].path, sources[i].path);
	run("gcc -nostdlib -static -no-pie -Wl,--unique=.data..percpu -Wl,--build-id=sha1 -o vmlinux first.o kernel/one.o kernel/two.o last.o");
	run("gcc -nostdlib -static -no-pie -Wl,-e,0 -o shapes kernel/shapes.o");
	run("gcc -nostdlib -static -no-pie -o copies kernel/left.o kernel/right.o");
}

static struct binary *open_image(const char *name, const char *const *units, GError **error)
{
	g_autofree char *path = in_tree(name);
	GHashTable *set = g_hash_table_new(g_str_hash, g_str_equal);
	struct binary *binary;

	for (; *units; units++)
		g_hash_table_add(set, (char *)*units);
	binary = binary_open(path, NULL, NULL, NULL, set, error);
	g_hash_table_unref(set);
	return binary;
}

static const char *const both[] = { "kernel/one.c", "kernel/two.c", NULL };

static const struct binary_function *function(const char *name, const char *unit)
{
	for (guint i = 0; i < image->functions->len; i++) {
		const struct binary_function *each = image->functions->pdata[i];

		if (strcmp(each->name, name) == 0 && strcmp(each->unit, unit) == 0)
			return each;
	}
	g_error("no function %s in %s", name, unit);
}

static const struct binary_variable *variable(const char *name)
{
	for (guint i = 0; i < image->variables->len; i++) {
		const struct binary_variable *each = image->variables->pdata[i];

		if (strcmp(each->name, name) == 0)
			return each;
	}
	return NULL;
}

static const struct binary_function *in_one(const char *name)
{
	return function(name, "kernel/one.c");
}

/* "a b": the callers in the order of the list. */
static char *callers_of(const struct binary_function *inlined)
{
	GString *text = g_string_new("");

	for (guint i = 0; i < inlined->inlines->len; i++) {
		const struct binary_inline *each =
			&g_array_index(inlined->inlines, struct binary_inline, i);

		g_string_append_printf(text, "%s%s@%s", i ? " " : "", each->caller,
				       each->caller_file);
	}
	return g_string_free(text, FALSE);
}

/* --- functions */

static void test_identity(void)
{
	const struct binary_function *shared = in_one("shared");

	g_assert_nonnull(image->build_id);
	g_assert_cmpuint(strlen(image->build_id), ==, 40);
	g_assert_cmpstr(shared->file, ==, "kernel/one.c");
	g_assert_cmpuint(shared->line, ==, 6);
	g_assert_cmpstr(shared->symbol, ==, "shared");
	g_assert_cmpuint(shared->address, !=, 0);
	g_assert_cmpuint(shared->size, >, 0);
	g_assert_cmpuint(shared->room, >=, shared->size);
	g_assert_cmpuint(shared->room, <=, shared->size + 16);
	g_assert_cmpuint(shared->position, ==, 0);
	g_assert_cmpstr(in_one("inner")->file, ==, "include/shared.h");
}

static void test_only_named_units(void)
{
	static const char *const two[] = { "kernel/two.c", NULL };
	struct binary *binary = open_image("vmlinux", two, NULL);

	g_assert_nonnull(binary);
	g_assert_cmpuint(binary->functions->len, ==, 6);
	for (guint i = 0; i < binary->functions->len; i++)
		g_assert_cmpstr(((struct binary_function *)binary->functions->pdata[i])->unit, ==,
				"kernel/two.c");
	g_assert_true(binary_has_symbol(binary, "one_all"));
	g_assert_false(binary_has_symbol(binary, "one_none"));
	binary_free(binary);
}

static void test_order(void)
{
	for (guint i = 1; i < image->functions->len; i++) {
		const struct binary_function *first = image->functions->pdata[i - 1];
		const struct binary_function *second = image->functions->pdata[i];
		int order = strcmp(first->name, second->name);

		g_assert_true(order < 0 || (order == 0 && (strcmp(first->file, second->file) < 0 ||
							   strcmp(first->unit, second->unit) < 0)));
	}
}

static void test_inlined(void)
{
	const struct binary_function *inner = in_one("inner");
	g_autofree char *one = callers_of(inner);
	g_autofree char *two = callers_of(function("inner", "kernel/two.c"));

	g_assert_null(inner->symbol);
	g_assert_cmpuint(inner->address, ==, 0);
	g_assert_false(inner->is_overridden);
	g_assert_cmpuint(inner->clones->len, ==, 0);
	g_assert_cmpstr(one, ==, "alone@kernel/one.c shared@kernel/one.c");
	g_assert_cmpstr(two, ==, "two_all@kernel/two.c");
}

static void assert_clone(const struct binary_function *cloned, const char *suffix)
{
	g_autofree char *prefix = g_strconcat(cloned->name, suffix, NULL);

	g_assert_null(cloned->symbol);
	g_assert_cmpuint(cloned->clones->len, ==, 1);
	g_assert_true(g_str_has_prefix(cloned->clones->pdata[0], prefix));
	g_assert_false(cloned->is_overridden);
}

static void test_clones(void)
{
	assert_clone(in_one("trimmed"), ".isra.");
	assert_clone(function("fixed", "kernel/two.c"), ".constprop.");
}

/*
 * "caller@file" for all code that enters such an entry. A word without "@" is the entry or unit of
 * the words behind it.
 */
static char *bypasses_of(const struct binary *binary, const char *name, const char *unit)
{
	GString *text = g_string_new("");

	for (guint i = 0; i < binary->functions->len; i++) {
		const struct binary_function *each = binary->functions->pdata[i];

		for (guint b = 0; strcmp(each->name, name) == 0 && strcmp(each->unit, unit) == 0 &&
				  b < each->bypasses->len;
		     b++) {
			const struct binary_bypass *bypass =
				&g_array_index(each->bypasses, struct binary_bypass, b);

			g_assert_true(g_str_has_prefix(bypass->entry, name));
			g_assert_true(!bypass->unit == (strcmp(bypass->entry, name) != 0));
			g_assert_true(!bypass->unit || strcmp(bypass->unit, unit) == 0);
			g_assert_true(!bypass->unit || bypass->address == each->address);
			g_string_append_printf(text, "%s%s@%s", text->len ? " " : "",
					       bypass->caller, bypass->caller_file);
		}
	}
	return g_string_free(text, FALSE);
}

static void test_bypasses(void)
{
	static const char *const units[] = { "kernel/left.c", "kernel/right.c", NULL };
	struct binary *binary = open_image("copies", units, NULL);
	g_autofree char *cut = NULL, *left = NULL, *right = NULL;

	g_assert_nonnull(binary);
	cut = bypasses_of(binary, "cut", units[0]);
	left = bypasses_of(binary, "copied", units[0]);
	right = bypasses_of(binary, "copied", units[1]);
	/* it also calls itself, which does not count */
	g_assert_cmpstr(cut, ==, "plain@kernel/left.c tail@kernel/left.c");
	g_assert_cmpstr(left, ==, "plain@kernel/left.c");
	g_assert_cmpstr(
		right, ==,
		"absolute@kernel/right.c code without a symbol@vmlinux relative@kernel/right.c user@kernel/right.c");
	binary_free(binary);
	g_assert_cmpuint(in_one("shared")->bypasses->len, ==, 0); /* called by its only symbol */
}

static void test_cold(void)
{
	const struct binary_function *torn = in_one("torn");

	g_assert_cmpstr(torn->symbol, ==, "torn");
	g_assert_cmpstr(torn->cold, ==, "torn.cold");
	g_assert_cmpuint(torn->clones->len, ==, 0);
	g_assert_null(in_one("shared")->cold);
}

static void test_weak(void)
{
	const struct binary_function *lost = in_one("tick");

	g_assert_true(lost->is_overridden);
	g_assert_null(lost->symbol);
	g_assert_cmpuint(lost->line, ==, 8);
	g_assert_false(function("tick", "kernel/two.c")->is_overridden);
	g_assert_cmpstr(function("tick", "kernel/two.c")->symbol, ==, "tick");
	g_assert_cmpstr(in_one("spare")->symbol, ==, "spare");
	g_assert_false(in_one("spare")->is_overridden);
}

static void test_equal_names(void)
{
	const struct binary_function *first = in_one("twin"),
				     *second = function("twin", "kernel/two.c");

	g_assert_cmpuint(first->position, ==, 1);
	g_assert_cmpuint(second->position, ==, 2);
	g_assert_cmpuint(first->address, <, second->address);
}

/* gcc turns one of two equal functions into a stub without debug information. */
static void test_merged(void)
{
	g_assert_cmpstr(in_one("equal_left")->symbol, ==, "equal_left");
	g_assert_cmpstr(in_one("equal_right")->symbol, ==, "equal_right");
	g_assert_false(in_one("equal_left")->is_overridden);
	g_assert_false(in_one("equal_right")->is_overridden);
}

static void test_regions(void)
{
	g_assert_true(in_one("set_up")->is_init);
	g_assert_true(in_one("tear_down")->is_exit);
	g_assert_true(in_one("quiet")->is_noinstr);
	g_assert_true(in_one("waiter")->is_sched);
	g_assert_false(in_one("quiet")->is_sched || in_one("waiter")->is_noinstr);
	g_assert_false(in_one("shared")->is_init || in_one("shared")->is_exit);
	g_assert_false(in_one("shared")->is_noinstr || in_one("shared")->is_sched);
}

static void test_attributes(void)
{
	g_assert_true(in_one("shared")->is_exported);
	g_assert_false(
		in_one("twin")->is_exported); /* __ksymtab_twin exists, but the symbol is local */
	g_assert_false(in_one("alone")->is_exported);
	g_assert_true(in_one("forever")->is_noreturn);
	g_assert_false(in_one("shared")->is_noreturn);
}

static void test_entry(void)
{
	const struct binary_function *traced = in_one("alone"),
				     *plain = function("two_all", "kernel/two.c");

	g_assert_true(traced->has_endbr && traced->has_fentry);
	g_assert_false(plain->has_endbr || plain->has_fentry);
}

/* --- variables */

static void test_variables(void)
{
	const struct binary_variable *sink = variable("sink"), *later = variable("later");

	g_assert_cmpstr(sink->symbol, ==, "sink");
	g_assert_cmpstr(sink->file, ==, "kernel/one.c");
	g_assert_cmpuint(sink->line, ==, 2);
	g_assert_cmpuint(sink->size, ==, sizeof(int));
	g_assert_cmpuint(sink->address, !=, 0);
	g_assert_true(sink->is_exported);
	g_assert_false(sink->is_percpu);
	g_assert_true(variable("per_cpu")->is_percpu);
	g_assert_cmpstr(later->symbol, ==, "later"); /* only its declaration names it */
	g_assert_cmpuint(later->line, ==, 5);
}

static void test_folded_variable(void)
{
	const struct binary_variable *folded = variable("folded");

	g_assert_cmpuint(folded->address, ==, 0);
	g_assert_null(folded->symbol);
}

static void test_static_locals(void)
{
	const struct binary_variable *counter = variable("counter");
	unsigned count = 0;

	g_assert_true(g_str_has_prefix(variable("done")->symbol, "done"));
	g_assert_true(g_str_has_prefix(counter->symbol, "counter."));
	g_assert_cmpstr(counter->file, ==, "include/shared.h");
	for (guint i = 0; i < image->variables->len; i++)
		count += strcmp(((struct binary_variable *)image->variables->pdata[i])->name,
				"counter") == 0;
	g_assert_cmpuint(count, ==, 2); /* one per unit, however often it is inlined */
	g_assert_null(variable("y"));
	g_assert_null(variable("i"));
}

/* --- refusals */

static void assert_refused(const char *name, int code, const char *words)
{
	GError *error = NULL;
	struct binary *binary = open_image(name, both, &error);

	g_assert_null(binary);
	g_assert_error(error, BINARY_ERROR, code);
	g_assert_nonnull(strstr(error->message, words));
	g_assert_nonnull(strstr(error->message, name));
	g_error_free(error);
}

static void test_no_elf(void)
{
	write_file("text", "just words\n", -1);
	write_file("empty", "", 0);
	assert_refused("absent", BINARY_ERROR_IO, "No such file");
	assert_refused("kernel", BINARY_ERROR_IO, "not a regular file");
	assert_refused("text", BINARY_ERROR_FORMAT, "not an ELF file");
	assert_refused("empty", BINARY_ERROR_FORMAT, "not an ELF file");
}

static void test_truncated(void)
{
	g_autofree char *path = in_tree("vmlinux");
	g_autofree char *bytes = NULL;
	gsize size;

	g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
	for (gsize cut = 1; cut < size; cut += size / 40) {
		GError *error = NULL;

		write_file("cut", bytes, cut);
		g_assert_null(open_image("cut", both, &error));
		g_assert_error(error, BINARY_ERROR, BINARY_ERROR_FORMAT);
		g_error_free(error);
	}
	write_file("cut", bytes, size - 1);
	assert_refused("cut", BINARY_ERROR_FORMAT, "truncated");
}

static void test_other_machine(void)
{
	g_autofree char *path = in_tree("vmlinux");
	g_autofree char *bytes = NULL;
	gsize size;

	g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
	bytes[18] = (char)183; /* e_machine: AArch64 */
	write_file("foreign", bytes, size);
	assert_refused("foreign", BINARY_ERROR_FORMAT, "another machine");
	assert_refused("kernel/one.o", BINARY_ERROR_FORMAT, "not a linked image");
}

static void test_stripped(void)
{
	run("strip --strip-all -o bare vmlinux");
	run("strip --strip-debug -o plain vmlinux");
	assert_refused("bare", BINARY_ERROR_FORMAT, "no symbol table");
	assert_refused("plain", BINARY_ERROR_FORMAT, "CONFIG_DEBUG_INFO_DWARF5");
}

static void test_no_build_id(void)
{
	struct binary *binary;

	run("gcc -nostdlib -static -no-pie -Wl,--unique=.data..percpu -Wl,--build-id=none -o nameless first.o kernel/one.o kernel/two.o last.o");
	binary = open_image("nameless", both, NULL);
	g_assert_nonnull(binary);
	g_assert_null(binary->build_id);
	binary_free(binary);
	binary_free(NULL);
}

/* --- objects */

static GPtrArray *list_of(const char *const *names, bool is_absolute)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);

	for (; *names; names++)
		g_ptr_array_add(list, is_absolute ? in_tree(*names) : g_strdup(*names));
	return list;
}

static bool check(const char *const *names, GError **error)
{
	GPtrArray *objects = list_of(names, true);
	bool is_equal = binary_check_objects(image, objects, error);

	g_ptr_array_unref(objects);
	return is_equal;
}

static void test_check(void)
{
	GError *error = NULL;

	g_assert_true(check(
		(const char *const[]){ "kernel/one.o", "kernel/two.o", "first.o", NULL }, &error));
	g_assert_no_error(error);
	g_assert_false(check((const char *const[]){ "kernel/one.o", "stranger.o", NULL }, &error));
	g_assert_error(error, BINARY_ERROR, BINARY_ERROR_MISMATCH);
	g_assert_nonnull(strstr(error->message, "stranger() is missing"));
	g_assert_nonnull(strstr(error->message, "stranger.o"));
	g_assert_nonnull(
		strstr(error->message, "rebuild the kernel or point --build at the right tree"));
	g_clear_error(&error);
	g_assert_false(check((const char *const[]){ "absent.o", NULL }, &error));
	g_assert_error(error, BINARY_ERROR, BINARY_ERROR_IO);
	g_clear_error(&error);
}

static void test_check_size(void)
{
	GError *error = NULL;

	write_file("grown.c", "int alone(int x) { asm volatile(\".skip 500, 0x90\"); return x; }\n",
		   -1);
	run("gcc -g -O2 -c grown.c -o grown.o");
	g_assert_false(check((const char *const[]){ "grown.o", NULL }, &error));
	g_assert_error(error, BINARY_ERROR, BINARY_ERROR_MISMATCH);
	g_assert_nonnull(strstr(error->message, "alone() has another size"));
	g_clear_error(&error);
}

static void test_check_exceptions(void)
{
	GError *error = NULL;

	write_file(
		"excepted.c",
		"__attribute__((weak)) int never_linked(void) { return 1; }\n"
		"__attribute__((section(\".discard.text\"))) int thrown_away(void) { return 2; }\n",
		-1);
	run("gcc -g -O2 -c excepted.c -o excepted.o");
	g_assert_true(check((const char *const[]){ "excepted.o", NULL }, &error));
	g_assert_no_error(error);
}

static struct objects *read_objects(unsigned threads)
{
	static const char *const scheduler[] = { "kernel/one.o", "lost.o", NULL };
	static const char *const others[] = { "stranger.o", "namesake.o", "kernel/two.o", "debug.o",
					      "text.o",     "caller.o",   "absent.o",     NULL };
	GPtrArray *first = list_of(scheduler, false), *second = list_of(others, false);
	struct objects *objects = objects_read(tree, first, second, threads);

	g_ptr_array_unref(first);
	g_ptr_array_unref(second);
	return objects;
}

static char *users_of(const struct objects *objects, const char *name)
{
	GPtrArray *users = g_hash_table_lookup(objects->users, name);

	if (!users)
		return g_strdup("");
	g_ptr_array_add(users, NULL);
	return g_strjoinv(" ", (char **)users->pdata);
}

static void test_objects(gconstpointer threads)
{
	g_autofree char *shared = NULL, *sink = NULL, *tick = NULL, *alone = NULL;
	struct objects *objects;

	write_file("text.o", "no object\n", -1);
	objects = read_objects(GPOINTER_TO_UINT(threads));
	shared = users_of(objects, "shared");
	sink = users_of(objects, "sink");
	tick = users_of(objects, "tick");
	alone = users_of(objects, "alone");
	g_assert_cmpstr(g_hash_table_lookup(objects->defined, "shared"), ==, "kernel/one.o");
	g_assert_cmpstr(g_hash_table_lookup(objects->defined, "tick"), ==, "kernel/one.o");
	g_assert_null(g_hash_table_lookup(objects->defined, "twin"));
	g_assert_cmpstr(shared, ==, "caller.o kernel/two.o");
	g_assert_cmpstr(sink, ==, "caller.o kernel/two.o");
	g_assert_cmpstr(tick, ==, "");
	g_assert_cmpstr(alone, ==, "");
	g_assert_cmpuint(objects->missing->len, ==, 3);
	g_assert_cmpstr(objects->missing->pdata[0], ==, "absent.o");
	g_assert_cmpstr(objects->missing->pdata[1], ==, "lost.o");
	g_assert_cmpstr(objects->missing->pdata[2], ==, "text.o");
	objects_free(objects);
}

/* Copies an object, with each relocation to a symbol that the file does not have. */
static void damage_relocations(const char *from, const char *to)
{
	g_autofree char *source = g_build_filename(tree, from, NULL);
	g_autofree char *copy = g_build_filename(tree, to, NULL);
	g_autofree char *bytes = NULL;
	const Elf64_Ehdr *header;
	const Elf64_Shdr *sections;
	gsize length;

	g_assert_true(g_file_get_contents(source, &bytes, &length, NULL));
	header = (const Elf64_Ehdr *)bytes;
	sections = (const Elf64_Shdr *)(bytes + header->e_shoff);
	for (unsigned i = 0; i < header->e_shnum; i++) {
		Elf64_Rela *entries = (Elf64_Rela *)(bytes + sections[i].sh_offset);

		for (size_t k = 0;
		     sections[i].sh_type == SHT_RELA && k < sections[i].sh_size / sizeof(*entries);
		     k++)
			entries[k].r_info = ELF64_R_INFO(0xffffff, ELF64_R_TYPE(entries[k].r_info));
	}
	g_assert_true(g_file_set_contents(copy, bytes, (gssize)length, NULL));
}

/* What cannot be read is unknown, never absent. */
static void test_damaged_relocations(void)
{
	static const char *const scheduler[] = { "kernel/one.o", NULL };
	static const char *const others[] = { "damaged.o", NULL };
	g_autoptr(GPtrArray) first = list_of(scheduler, false), second = list_of(others, false);
	g_autoptr(GHashTable) none = g_hash_table_new(g_str_hash, g_str_equal);
	struct objects *objects;

	damage_relocations("caller.o", "damaged.o");
	objects = objects_read(tree, first, second, 1);
	g_assert_cmpuint(objects->missing->len, ==, 1);
	g_assert_cmpstr(objects->missing->pdata[0], ==, "damaged.o");
	g_assert_true(binary_object_takes_address(tree, "damaged.o", none));
	g_assert_false(binary_object_takes_address(tree, "caller.o", none));
	objects_free(objects);
}

static void test_no_objects(void)
{
	GPtrArray *none = g_ptr_array_new();
	struct objects *objects = objects_read(tree, none, none, 0);

	g_assert_cmpuint(g_hash_table_size(objects->defined), ==, 0);
	g_assert_cmpuint(objects->missing->len, ==, 0);
	objects_free(objects);
	objects_free(NULL);
	g_ptr_array_unref(none);
}

/* --- functions by their types */

static const struct {
	const char *function, *prototype, *shape;
} shapes[] = {
	{ "nothing", "void (void)", "v" },
	{ "numbers", "int (char, short, int, long, unsigned long long, unsigned char)",
	  "i4,i1,i2,i4,i8,i8,i1" },
	{ "truth", "_Bool (_Bool, int)", "i1,i1,i4" },
	{ "paint", "enum color (enum color, shade)", "o,o,o" },
	{ "find", "struct thing *(struct thing *, const struct thing *)",
	  "p:thing,p:thing,p:thing" },
	{ "pick", "union either *(union either *, enum color *)", "p:either,p:either,p" },
	{ "list", "struct thing **(struct thing **, void *, const char *)", "p,p,p,p" },
	{ "call", "int (int (*)(int, struct thing *), void (**)(void))", "i4,p,p" },
	{ "get", "int (*(struct thing *))(int)", "p,p:thing" },
	{ "print", "int (const char *, ...)", "i4,p,." },
	{ "print_list", "int (const char *, struct __va_list_tag *)", "i4,p,p:__va_list_tag" },
	{ "copy", "struct thing (struct thing, unnamed)", "o,o,o" },
	{ "hidden", "int (unnamed *, int *)", "i4,p,p" },
	{ "wide", "__int128 (unsigned __int128)", "i16,i16" },
	{ "merged_right", "int (long, char)", "i4,i8,i1" },
};

static GHashTable *functions_of_shape(const struct binary *binary, const char *shape)
{
	g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) units = NULL;
	GHashTable *names;

	g_hash_table_add(wanted, (gpointer)shape);
	units = binary_functions_by_shape(binary, wanted);
	g_assert_cmpuint(g_hash_table_size(units), <=, 1);
	names = g_hash_table_lookup(units, "kernel/shapes.c");
	return names ? g_hash_table_ref(names) : g_hash_table_new(g_str_hash, g_str_equal);
}

/* The text of a type gives the same shape as its DWARF. */
static void test_shapes(void)
{
	struct binary *binary = open_image("shapes", (const char *const[]){ NULL }, NULL);

	g_assert_nonnull(binary);
	for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
		g_autofree char *shape = binary_shape(shapes[i].prototype);
		g_autoptr(GHashTable) names = functions_of_shape(binary, shape);

		g_assert_cmpstr(shape, ==, shapes[i].shape);
		for (size_t k = 0; k < G_N_ELEMENTS(shapes); k++)
			if (g_hash_table_contains(names, shapes[k].function) !=
			    (strcmp(shapes[k].shape, shape) == 0))
				g_error("%s and %s", shapes[k].function, shape);
	}
	binary_free(binary);
}

static void test_shape_of_any_result(void)
{
	struct binary *binary = open_image("shapes", (const char *const[]){ NULL }, NULL);
	g_autofree char *shape = binary_shape("? (const char *, ...)"),
			*other = binary_shape("? (int)");
	g_autoptr(GHashTable) names = functions_of_shape(binary, shape),
			      none = functions_of_shape(binary, other);

	g_assert_cmpstr(shape, ==, "?,p,.");
	g_assert_true(g_hash_table_contains(names, "print"));
	g_assert_cmpuint(g_hash_table_size(names), ==, 1);
	g_assert_true(g_hash_table_contains(none, "merged"));
	g_assert_false(g_hash_table_contains(none, "print"));
	binary_free(binary);
}

/* Text that is no type must not lead to a wrong shape. */
static void test_shape_of_noise(void)
{
	static const char *const noise[] = { "",     "(",      ")",    "()",     "int",    "int ()",
					     "a (b", "a) (b)", "))((", "(*)(*)", "(*())()" };

	for (size_t i = 0; i < G_N_ELEMENTS(noise); i++) {
		g_autofree char *shape = binary_shape(noise[i]);

		g_assert_nonnull(shape);
	}
}

static void test_addresses(void)
{
	static const char *const takes[] = { "stored",       "passed",        "table",
					     "static-table", "static-stored", "kept" };
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

	g_hash_table_add(names, (gpointer) "target");
	for (size_t i = 0; i < G_N_ELEMENTS(takers); i++) {
		g_autofree char *source = g_strconcat(takers[i][0], ".c", NULL),
				*object = g_strconcat(takers[i][0], ".o", NULL);
		bool expected = false;

		write_file(source, takers[i][1], -1);
		run("gcc -O2 -fno-pie -fno-ipa-cp -ffreestanding -mcmodel=kernel -w -c %s", source);
		for (size_t k = 0; k < G_N_ELEMENTS(takes); k++)
			expected |= strcmp(takes[k], takers[i][0]) == 0;
		if (binary_object_takes_address(tree, object, names) != expected)
			g_error("%s", takers[i][0]);
	}
	g_assert_true(binary_object_takes_address(tree, "absent.o", names));
}

/* --- */

static void add_function_tests(void)
{
	g_test_add_func("/binary/function/identity", test_identity);
	g_test_add_func("/binary/function/only-named-units", test_only_named_units);
	g_test_add_func("/binary/function/order", test_order);
	g_test_add_func("/binary/function/inlined", test_inlined);
	g_test_add_func("/binary/function/clones", test_clones);
	g_test_add_func("/binary/function/bypasses", test_bypasses);
	g_test_add_func("/binary/function/cold", test_cold);
	g_test_add_func("/binary/function/weak", test_weak);
	g_test_add_func("/binary/function/equal-names", test_equal_names);
	g_test_add_func("/binary/function/merged", test_merged);
	g_test_add_func("/binary/function/regions", test_regions);
	g_test_add_func("/binary/function/attributes", test_attributes);
	g_test_add_func("/binary/function/entry", test_entry);
}

static void add_other_tests(void)
{
	g_test_add_func("/binary/variable/global", test_variables);
	g_test_add_func("/binary/variable/folded", test_folded_variable);
	g_test_add_func("/binary/variable/static-local", test_static_locals);
	g_test_add_func("/binary/refused/no-elf", test_no_elf);
	g_test_add_func("/binary/refused/truncated", test_truncated);
	g_test_add_func("/binary/refused/other-machine", test_other_machine);
	g_test_add_func("/binary/refused/stripped", test_stripped);
	g_test_add_func("/binary/no-build-id", test_no_build_id);
	g_test_add_func("/binary/check/objects", test_check);
	g_test_add_func("/binary/check/size", test_check_size);
	g_test_add_func("/binary/check/exceptions", test_check_exceptions);
	g_test_add_data_func("/binary/objects/one-thread", GUINT_TO_POINTER(1), test_objects);
	g_test_add_data_func("/binary/objects/four-threads", GUINT_TO_POINTER(4), test_objects);
	g_test_add_func("/binary/objects/none", test_no_objects);
	g_test_add_func("/binary/objects/damaged", test_damaged_relocations);
	g_test_add_func("/binary/objects/addresses", test_addresses);
	g_test_add_func("/binary/shape/both-ways", test_shapes);
	g_test_add_func("/binary/shape/any-result", test_shape_of_any_result);
	g_test_add_func("/binary/shape/noise", test_shape_of_noise);
}

int main(int argc, char **argv)
{
	GError *error = NULL;
	int status;

	g_test_init(&argc, &argv, NULL);
	build_tree();
	image = open_image("vmlinux", both, &error);
	g_assert_no_error(error);
	add_function_tests();
	add_other_tests();
	status = g_test_run();
	binary_free(image);
	run("rm -rf '%s'", tree);
	g_free(tree);
	return status;
}
