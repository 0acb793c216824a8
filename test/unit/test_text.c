// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scans of C text around places. A case marks the places in the text itself: ^ is where to start, @
 * is the expected answer.
 */
#include "rewriter/source/ctext.h"

#include <glib.h>
#include <string.h>

struct marked {
	char *bytes;
	unsigned from, to;
};

static struct marked unmark(const char *text)
{
	struct marked m = { .bytes = g_malloc(strlen(text) + 1) };
	unsigned n = 0;

	for (const char *p = text; *p; p++)
		if (*p == '^')
			m.from = n;
		else if (*p == '@')
			m.to = n;
		else
			m.bytes[n++] = *p;
	m.bytes[n] = '\0';
	return m;
}

static void check(const char *text, unsigned (*find)(struct ctext text, unsigned offset))
{
	struct marked m = unmark(text);
	unsigned found = find((struct ctext){ m.bytes, (unsigned)strlen(m.bytes) }, m.from);

	if (found != m.to)
		g_error("%u instead of %u in: %s", found, m.to, text);
	g_free(m.bytes);
}

static unsigned find_semicolon(struct ctext text, unsigned offset)
{
	return ctext_find(text, offset, ";");
}

static void test_find(void)
{
	check("^int x = f(a; b)@; y;", find_semicolon);
	check("^char *x = \";\"@;", find_semicolon);
	check("^char x = ';'@;", find_semicolon);
	check("^char *x = \"\\\";\"@;", find_semicolon);
	check("^int x /* ; */ // ;\n@;", find_semicolon);
	check("^int x = {\n#define A ;\n1 }@;", find_semicolon);
	check("^int x@", find_semicolon);
	check("^char *x = \"open@", find_semicolon);
}

static void test_statement_begin(void)
{
	check("int a;\n@notrace ^static int b;", ctext_statement_begin);
	check("@__attribute__((cold)) ^static int b;", ctext_statement_begin);
	check("DEFINE_GUARD(a, b)\n\n@^static int b;", ctext_statement_begin);
	check("DEFINE_GUARD(a, b)\n@^static int b;", ctext_statement_begin);
	check("/* a word */\n@^static int b;", ctext_statement_begin);
	check("#endif\n@^static int b;", ctext_statement_begin);
	check("int f(void)\n{\n}\n@noinline\n^static int b;", ctext_statement_begin);
	check("@^int b;", ctext_statement_begin);
}

static void test_group_begin(void)
{
	check("{ int z; @static int a[2] = { 1, 2 }, ^b;", ctext_group_begin);
	check("int a; @^static int b;", ctext_group_begin);
	check("#define A #a ,\n@^static int b;", ctext_group_begin);
}

static void test_declarator_end(void)
{
	check("int a^@ = 1;", ctext_declarator_end);
	check("int a^[2] [3]@ = 1;", ctext_declarator_end);
	check("int (*a^)(int)@ = f;", ctext_declarator_end);
	check("int a^@ __read_mostly;", ctext_declarator_end);
	check("int (*a^[2])(void)@;", ctext_declarator_end);
}

static void test_widen(void)
{
	struct ctext text = { "a;\n\n/* about b */\nint b; /* behind */\n\nc;\n", 0 };
	unsigned begin = 19, end = 25;

	text.length = (unsigned)strlen(text.bytes);
	begin = (unsigned)(strstr(text.bytes, "int b") - text.bytes);
	end = begin + 6;
	ctext_widen(text, &begin, &end);
	g_assert_cmpuint(begin, ==, 4);
	g_assert_cmpstr(text.bytes + end, ==, "c;\n");
}

/* Whatever the bytes are, no scan leaves them. */
static void test_random(void)
{
	GRand *rand = g_rand_new_with_seed(1);
	static const char alphabet[] = "ab_ \t\n\n#/*/*\"'\\()[]{};,=";

	for (int round = 0; round < 20000; round++) {
		unsigned length = (unsigned)g_rand_int_range(rand, 1, 30),
			 offset = (unsigned)g_rand_int_range(rand, 0, (gint32)length);
		char *bytes = g_malloc(length + 1);
		struct ctext text = { bytes, length };
		unsigned begin = offset, end = offset;

		for (unsigned i = 0; i < length; i++)
			bytes[i] =
				alphabet[g_rand_int_range(rand, 0, (gint32)sizeof(alphabet) - 1)];
		bytes[length] = '\0';
		g_assert_cmpuint(ctext_find(text, offset, ";"), <=, length);
		g_assert_cmpuint(ctext_statement_begin(text, offset), <=, offset);
		g_assert_cmpuint(ctext_group_begin(text, offset), <=, length);
		g_assert_cmpuint(ctext_declarator_end(text, offset), <=, length);
		g_assert_cmpuint(ctext_skip_blank(text, offset), <=, length);
		g_assert_cmpuint(ctext_blank_begin(text, offset), <=, offset);
		g_assert_cmpuint(ctext_after_semicolon(text, offset), <=, length);
		g_assert_cmpuint(ctext_line_begin(text, offset), <=, offset);
		ctext_is_line_taken(text, offset);
		ctext_widen(text, &begin, &end);
		g_assert_true(begin <= offset && end <= length);
		g_free(bytes);
	}
	g_rand_free(rand);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/text/find", test_find);
	g_test_add_func("/text/statement-begin", test_statement_begin);
	g_test_add_func("/text/group-begin", test_group_begin);
	g_test_add_func("/text/declarator-end", test_declarator_end);
	g_test_add_func("/text/widen", test_widen);
	g_test_add_func("/text/random", test_random);
	return g_test_run();
}
