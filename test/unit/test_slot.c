// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of analyzer/source/slot.c and effect.c: what is done to data whose address is taken, and
 * which flows of pointers to functions a unit's facts contain. Each snippet is kernel/sched/t.c in
 * a temporary tree.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "analyzer/source/source.h"

static char *folder, *source_path;
static struct config *config;
static struct tree tree;
static struct tree_unit unit;
static char *arguments[] = { (char *)"gcc", (char *)"-c", NULL };

static struct facts *facts_of(const char *snippet)
{
	struct source_context context = { .tree = &tree, .config = config, .tool_version = "0" };
	char *message = NULL;
	struct facts *facts;

	g_assert_true(g_file_set_contents(source_path, snippet, -1, NULL));
	facts = source_parse(&context, &unit, &message);
	if (!facts)
		g_error("%s: %s", message, snippet);
	return facts;
}

static const char *target_name(const struct facts *f, const struct facts_use *u)
{
	switch (u->target_kind) {
	case FACTS_TARGET_SYMBOL:
		return f->strings[f->symbols[u->target].name];
	case FACTS_TARGET_MEMBER:
		return f->strings[f->members[u->target].name];
	default:
		return "";
	}
}

/* True for a use in the case itself, not in the shared header. */
static bool is_of_case(const struct facts *f, const struct facts_use *use)
{
	return strcmp(f->strings[use->file], f->source) == 0;
}

/* "address read-write": the kinds of all uses of the name in the case. */
static char *uses_of(const struct facts *f, const char *name)
{
	static const char *const kinds[] = { "call", "indirect", "address",
					     "read", "write",    "read-write" };
	GString *text = g_string_new(NULL);

	for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++) {
		bool has = false;

		for (gsize i = 0; i < f->n_uses; i++)
			has |= f->uses[i].kind == k && is_of_case(f, &f->uses[i]) &&
			       strcmp(target_name(f, &f->uses[i]), name) == 0;
		if (has)
			g_string_append_printf(text, "%s%s", text->len ? " " : "", kinds[k]);
	}
	return g_string_free(text, FALSE);
}

struct effect_case {
	const char *what, *statement, *name, *uses;
};

/* A header that the cases share. */
static const char common[] =
	"#line 100\n"
	"struct in { int deep, low; int (*run)(int); }; struct box { int plain; int array[4]; struct in in; int *kept; };\n"
	"struct list { struct list *next, *prev; };\n"
	"static int number, other; static struct box box; static int numbers[4]; static int *kept; static struct list head;\n"
	"static unsigned long offset; int function(int x);\n"
	"void *memcpy(void *to, const void *from, unsigned long n); void *memset(void *to, int c, unsigned long n);\n"
	"void elsewhere(int *p); int looks(const int *p); int looks_through(const int *const *p); void any(void *p);\n"
	"static inline int get(int *p) { return *p; }\n"
	"static inline void set(int *p) { *p = 1; }\n"
	"static inline void add(int *p) { *p += 1; }\n"
	"static inline void nothing(int *p) { (void)p; }\n"
	"static inline void pass(int *p) { set(p); }\n"
	"static inline int *same(int *p) { return p; }\n"
	"static inline void keep(int *p) { kept = p; }\n"
	"static inline void hand(int *p) { elsewhere(p); }\n"
	"static inline int down(int *p, int n) { return n ? down(p, n - 1) : *p; }\n"
	"static void ping(int *p, int n); static void pong(int *p, int n) { if (n) ping(p, n - 1); }\n"
	"static void ping(int *p, int n) { if (n) pong(p, n - 1); else *p = 2; }\n"
	"static inline void link(struct list *l) { l->next = l; l->next->prev = l; }\n"
	"static inline int deep_of(struct in *in) { return in->deep; }\n"
	"static inline void inc(int *p) { __asm__(\"incl %0\" : \"+m\"(*p)); }\n"
	"static inline void test_asm(int *p) { __asm__ volatile(\"# %0\" : : \"r\"(p) : \"memory\"); }\n"
	"#define hide(p) ({ unsigned long __p; __asm__(\"\" : \"=r\"(__p) : \"0\"(p)); (__typeof__(p))(__p + offset); })\n"
	"#define shift(p) ({ (__typeof__(p))((unsigned long)(p) + offset); })\n"
	"#define through(p) ({ unsigned long __q = (unsigned long)(p); __q += offset; (__typeof__(p))__q; })\n";

static const struct effect_case effect_cases[] = {
	{ "compared", "return &number == kept;", "number", "address" },
	{ "read behind", "return *&number;", "number", "read" },
	{ "written behind", "*&number = 3; return 0;", "number", "write" },
	{ "const parameter", "return looks(&number);", "number", "read" },
	{ "other parameter", "elsewhere(&number); return 0;", "number", "address" },
	{ "const at the wrong level",
	  "int *p = &number; const int *const *q = (void *)&p; return looks_through(q);", "number",
	  "address" },
	{ "inline read", "return get(&number);", "number", "read" },
	{ "inline write", "set(&number); return 0;", "number", "write" },
	{ "inline read-write", "add(&number); return 0;", "number", "read-write" },
	{ "inline of nothing", "nothing(&number); return 0;", "number", "address" },
	{ "inline through another", "pass(&number); return 0;", "number", "write" },
	{ "inline handed out", "hand(&number); return 0;", "number", "address" },
	{ "returned and read", "return *same(&number);", "number", "read" },
	{ "returned and written", "*same(&number) = 4; return 0;", "number", "write" },
	{ "kept", "keep(&number); return 0;", "number", "address" },
	{ "kept and written elsewhere", "keep(&number); *kept = 5; return 0;", "number", "write" },
	{ "kept in a member", "box.kept = &number; return 0;", "number", "address" },
	{ "recursion", "return down(&number, 3);", "number", "read" },
	{ "mutual recursion", "ping(&number, 3); return 0;", "number", "write" },
	{ "local", "int *p = &number; return *p;", "number", "read" },
	{ "local, both", "int *p = &number; *p = 6; return *p;", "number", "read-write" },
	{ "local with an offset", "int *p = numbers + 1; return p[2];", "numbers", "read" },
	{ "locals in a row", "int *p = &number, *q = p, *r = q; *r = 7; return 0;", "number",
	  "write" },
	{ "either", "int *p = other ? &number : 0; *p = 8; return 0;", "number", "write" },
	{ "two at once", "int *p = other ? &number : &other; return *p;", "other", "read" },
	{ "array to inline", "set(numbers); return 0;", "numbers", "write" },
	{ "element to inline", "set(&numbers[2]); return 0;", "numbers", "write" },
	{ "member to inline", "set(&box.plain); return 0;", "plain", "write" },
	{ "its record", "set(&box.plain); return 0;", "box", "write" },
	{ "inner record to inline", "return deep_of(&box.in);", "in", "read" },
	{ "memcpy to", "memcpy(&box, kept, 4); return 0;", "box", "write" },
	{ "memcpy from", "memcpy(kept, &box, 4); return 0;", "box", "read" },
	{ "builtin memcpy", "__builtin_memcpy(&number, kept, 4); return 0;", "number", "write" },
	{ "memset", "memset(&box, 0, sizeof(box)); return 0;", "box", "write" },
	{ "list", "link(&head); return 0;", "head", "read-write" },
	{ "assembly in a place", "inc(&number); return 0;", "number", "read-write" },
	{ "assembly gets it", "test_asm(&number); return 0;", "number", "address" },
	{ "laundered by assembly", "return *hide(&number);", "number", "read" },
	{ "laundered and written", "*hide(&number) = 9; return 0;", "number", "write" },
	{ "laundered by numbers", "*shift(&number) = 9; return 0;", "number", "write" },
	{ "laundered by a local", "*through(&number) = 9; return 0;", "number", "write" },
	{ "a number is no pointer", "unsigned long n = (unsigned long)&number; return (int)n & 7;",
	  "number", "address" },
	{ "assigned twice", "int *p, *q; p = q = &number; *p = 1; return *q;", "number",
	  "read-write" },
	{ "assigned in a condition", "int *p; if ((p = &number)) *p = 1; return 0;", "number",
	  "write" },
	{ "behind an assignment", "int *p; *(p = &number) = 1; return 0;", "number", "write" },
	{ "stepped after", "int *p = numbers; *p++ = 1; return *p;", "numbers", "read-write" },
	{ "stepped before", "int *p = numbers; *++p = 1; return 0;", "numbers", "write" },
	{ "stepped by more", "int *p = numbers; *(p += 2) = 1; return 0;", "numbers", "write" },
	{ "step handed on", "int *p = numbers; set(p++); return 0;", "numbers", "write" },
	{ "masked", "int *p = (int *)((unsigned long)&number & ~3ul); *p = 1; return 0;", "number",
	  "write" },
	{ "tagged",
	  "unsigned long n = (unsigned long)&number | 1; *(int *)(n & ~1ul) = 1; return 0;",
	  "number", "write" },
	{ "either, short", "int *p = kept ?: &number; *p = 1; return 0;", "number", "write" },
	{ "last of a list", "int *p = (other, &number); *p = 1; return 0;", "number", "write" },
	{ "void pointer", "any(&number); return 0;", "number", "address" },
};

static struct facts *facts_of_statement(const char *statement)
{
	g_autofree char *text =
		g_strconcat("#include \"common.h\"\nint test(struct box *a, struct box *b) { ",
			    statement, " }\n", NULL);

	return facts_of(text);
}

static void test_effects(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(effect_cases); i++) {
		const struct effect_case *c = &effect_cases[i];
		struct facts *f = facts_of_statement(c->statement);
		g_autofree char *uses = uses_of(f, c->name);

		if (strcmp(uses, c->uses) != 0) {
			g_test_message("%s: %s: %s is \"%s\", not \"%s\"", c->what, c->statement,
				       c->name, uses, c->uses);
			g_test_fail();
		}
		facts_free(f);
	}
}

/* --- whole records */

static bool is_copied(const struct facts *f, const char *record)
{
	for (gsize i = 0; i < f->n_records; i++)
		if (strcmp(f->strings[f->records[i].name], record) == 0)
			return f->records[i].flags & FACTS_RECORD_COPIED;
	return false;
}

static const struct {
	const char *statement, *record;
	bool is_copied;
	const char *low; /* uses of in.low */
} copy_cases[] = {
	{ "a->in = b->in; return 0;", "in", true, "read-write" },
	{ "a->in = b->in; return 0;", "box", false, "read-write" },
	{ "*a = *b; return 0;", "box", true, "read-write" },
	{ "struct in x = a->in; return x.deep;", "in", true, "read-write" },
	{ "struct in x[2] = { a->in }; return x[1].deep;", "in", true, "read-write" },
	{ "struct in x[2] = { [1] = a->in }; return x[1].deep;", "in", true, "read-write" },
	{ "struct box x = { .in = a->in }; return x.plain;", "in", true, "read-write" },
	{ "struct box x = { 1, { 2 }, a->in }; return x.plain;", "in", true, "read-write" },
	{ "*a = (struct box){ .in = b->in }; return 0;", "in", true, "write read-write" },
	{ "*a = (struct box){ .in = b->in }; return 0;", "box", false, "write read-write" },
	{ "a->in = (struct in){ 1 }; return 0;", "in", false, "write" },
	{ "struct in x = { .deep = 1 }; return x.deep;", "in", false, "" },
	{ "a->in.deep = b->in.deep; return 0;", "in", false, "" },
	{ "memcpy(&a->in, &b->in, sizeof(a->in)); return 0;", "in", true, "read write" },
	{ "memset(&a->in, 0, sizeof(a->in)); return 0;", "in", false, "write" },
};

static void test_copies(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(copy_cases); i++) {
		struct facts *f = facts_of_statement(copy_cases[i].statement);
		g_autofree char *low = uses_of(f, "low");

		if (is_copied(f, copy_cases[i].record) != copy_cases[i].is_copied ||
		    strcmp(low, copy_cases[i].low) != 0) {
			g_test_message("%s: %s %s, low is \"%s\"", copy_cases[i].statement,
				       copy_cases[i].record,
				       is_copied(f, copy_cases[i].record) ? "copied" : "not copied",
				       low);
			g_test_fail();
		}
		facts_free(f);
	}
}

/* --- flows of pointers to functions */

/* "in.run<box.in<v:box": the member and what contains it, outwards. */
static void describe(const struct facts *f, uint32_t i, GString *text)
{
	static const char letters[] = "?vlprma";
	const struct facts_slot *slot = &f->slots[i];

	if (slot->kind == FACTS_SLOT_UNKNOWN) {
		g_string_append_c(text, '?');
		return;
	}
	g_string_append_printf(text, "%c:", letters[slot->kind]);
	if (slot->kind == FACTS_SLOT_MEMBER)
		g_string_append(text, f->strings[f->members[slot->of].name]);
	else if (slot->kind == FACTS_SLOT_ARGUMENT)
		g_string_append(text, f->strings[slot->of]);
	else
		g_string_append(text, f->strings[f->symbols[slot->of].name]);
	if (slot->kind == FACTS_SLOT_LOCAL || slot->kind == FACTS_SLOT_PARAMETER ||
	    slot->kind == FACTS_SLOT_ARGUMENT)
		g_string_append_printf(text, "%u", slot->index);
	if (slot->outer != FACTS_NONE) {
		g_string_append_c(text, '<');
		describe(f, slot->outer, text);
	}
}

static int compare_strings(gconstpointer left, gconstpointer right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The flows, "NAME>SLOT" for addresses of functions, and "SLOT()" for indirect calls; sorted. */
static char *flows_of(const struct facts *f)
{
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);

	for (gsize i = 0; i < f->n_flows; i++) {
		GString *text = g_string_new(NULL);

		describe(f, f->flows[i].from, text);
		g_string_append_c(text, '>');
		describe(f, f->flows[i].to, text);
		g_ptr_array_add(parts, g_string_free(text, FALSE));
	}
	for (gsize i = 0; i < f->n_uses; i++) {
		const struct facts_use *use = &f->uses[i];
		GString *text;

		if (!is_of_case(f, use) || use->slot == FACTS_NONE)
			continue;
		text = g_string_new(NULL);
		if (use->kind == FACTS_ADDRESS)
			g_string_append_printf(text, "%s>", target_name(f, use));
		describe(f, use->slot, text);
		if (use->kind == FACTS_INDIRECT)
			g_string_append(text, "()");
		g_ptr_array_add(parts, g_string_free(text, FALSE));
	}
	g_ptr_array_sort(parts, compare_strings);
	for (guint i = parts->len; i-- > 1;) /* libclang visits what precedes ?: more than once */
		if (strcmp(parts->pdata[i - 1], parts->pdata[i]) == 0)
			g_ptr_array_remove_index(parts, i);
	g_ptr_array_add(parts, NULL);
	return g_strjoinv(" ", (char **)parts->pdata);
}

static const struct {
	const char *statement, *flows;
} flow_cases[] = {
	{ "box.in.run = function; return 0;", "function>m:run<m:in<v:box" },
	{ "a->in.run = function; return 0;", "function>m:run<m:in" },
	{ "return a->in.run(1);", "m:run<m:in()" },
	{ "struct in *in = &a->in; return in->run(1);", "m:run()" },
	{ "int (*f)(int) = a->in.run; return f(1);", "l:test0() m:run<m:in>l:test0" },
	{ "int (*f)(int) = function; return f(1);", "function>l:test0 l:test0()" },
	{ "a->in.run = box.in.run = function; return 0;",
	  "function>m:run<m:in<v:box m:run<m:in<v:box>m:run<m:in" },
	{ "int (*f)(int), (*g)(int); f = g = function; return f(1);",
	  "function>l:test1 l:test0() l:test1>l:test0" },
	{ "int (*f)(int); return (f = function)(1);", "function>l:test0 l:test0()" },
	{ "int (*f)(int) = a->in.run ?: function; return f(1);",
	  "function>l:test0 l:test0() m:run<m:in>l:test0" },
	{ "return (a->in.run ?: b->in.run)(1);", "m:run<m:in()" },
	{ "__builtin_va_list l; int (*f)(int) = __builtin_va_arg(l, int (*)(int)); return f(1);",
	  "?>l:test0 l:test0()" },
	{ "int (*f)(int) = (int (*)(int))offset; return f(1);", "?>l:test0 l:test0()" },
	{ "int (*f)(int) = (int (*)(int))5; return f(1);", "l:test0()" },
	{ "int (**p)(int) = &a->in.run; *p = function; return a->in.run(1);",
	  "?>m:run<m:in function>? m:run<m:in() m:run<m:in>?" },
	{ "int (*f)(int) = (void *)a; return f(1);", "l:test0() p:test0>l:test0" },
};

static void test_flows(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(flow_cases); i++) {
		struct facts *f = facts_of_statement(flow_cases[i].statement);
		g_autofree char *flows = flows_of(f);

		if (strcmp(flows, flow_cases[i].flows) != 0) {
			g_test_message("%s: \"%s\", not \"%s\"", flow_cases[i].statement, flows,
				       flow_cases[i].flows);
			g_test_fail();
		}
		facts_free(f);
	}
}

/* --- a folder with one unit and one header */

static char *path_of(const char *name)
{
	return g_build_filename(folder, "kernel", "sched", name, NULL);
}

static void set_up(void)
{
	g_autofree char *sched = NULL, *header = NULL;

	folder = g_dir_make_tmp("test-slot-XXXXXX", NULL);
	sched = path_of("");
	g_assert_cmpint(g_mkdir_with_parents(sched, 0700), ==, 0);
	source_path = path_of("t.c");
	header = path_of("common.h");
	g_assert_true(g_file_set_contents(header, common, -1, NULL));
	tree = (struct tree){ .source_dir = folder, .build_dir = folder };
	unit = (struct tree_unit){ .source = "kernel/sched/t.c",
				   .object = "kernel/sched/t.o",
				   .directory = folder,
				   .arguments = arguments };
	config = config_new();
}

static void tear_down(void)
{
	static const char *const names[] = { "kernel/sched/t.c", "kernel/sched/common.h",
					     "kernel/sched", "kernel", "" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(folder, names[i], NULL);

		g_remove(path);
	}
	g_free(source_path);
	g_free(folder);
	config_free(config);
}

int main(int argc, char **argv)
{
	int status;

	g_test_init(&argc, &argv, NULL);
	set_up();
	g_test_add_func("/slot/effects", test_effects);
	g_test_add_func("/slot/copies", test_copies);
	g_test_add_func("/slot/flows", test_flows);
	status = g_test_run();
	tear_down();
	return status;
}
