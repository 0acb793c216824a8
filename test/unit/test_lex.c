// SPDX-License-Identifier: GPL-2.0-only
/* The pieces of C texts: each piece of a text, with a letter for its kind in front of it. */
#include "base/lex.h"

#include <string.h>

static const char kinds[] = "CQWN"; /* in the order of enum lex_kind */

/* The pieces of a text, in brackets behind their kind; a sign stands for itself. */
static char *pieces_of(const char *text)
{
	const char *at = text, *end = text + strlen(text), *next;
	GString *pieces = g_string_new(NULL);

	for (; at < end; at = next) {
		enum lex_kind kind = lex_next(at, end, &next);

		g_assert_true(next > at && next <= end);
		if (kind != LEX_SIGN)
			g_string_append_printf(pieces, "%c[", kinds[kind]);
		g_string_append_len(pieces, at, next - at);
		if (kind != LEX_SIGN)
			g_string_append_c(pieces, ']');
	}
	return g_string_free(pieces, FALSE);
}

static void test_pieces(void)
{
	static const struct {
		const char *text, *pieces;
	} cases[] = {
		{ "a->b_1 += c;", "W[a]->W[b_1] += W[c];" },
		{ "x = 0x1fUL, 1.5e3, .5", "W[x] = N[0x1fUL], N[1.5e3], .N[5]" },
		{ "case 0...9:", "W[case] N[0]...N[9]:" },
		{ "a /* b\n * c */ d", "W[a] C[/* b\n * c */] W[d]" },
		{ "/*/ a */ b", "C[/*/ a */] W[b]" },
		{ "/**/a / b /", "C[/**/]W[a] / W[b] /" },
		{ "a // b\nc", "W[a] C[// b]\nW[c]" },
		{ "a // b \\\nc\nd", "W[a] C[// b \\\nc]\nW[d]" },
		{ "\"a /* \\\" b\" 'c' '\\''", "Q[\"a /* \\\" b\"] Q['c'] Q['\\'']" },
		{ "\"a \\\nb\" c", "Q[\"a \\\nb\"] W[c]" },
		{ "don't\nx", "W[don]Q['t]\nW[x]" },
		{ "/* open", "C[/* open]" },
		{ "\"open", "Q[\"open]" },
		{ "\"\\", "Q[\"\\]" },
		{ "// \\", "C[// \\]" },
		{ "1.", "N[1]." },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *pieces = pieces_of(cases[i].text);

		g_assert_cmpstr(pieces, ==, cases[i].pieces);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/lex/pieces", test_pieces);
	return g_test_run();
}
