// SPDX-License-Identifier: GPL-2.0-only
/*
 * Edits: order, nesting, contradictions. Hunks: reversing the hunks of random edits
 * gives the original again.
 */
#include "rewriter/edit/edit.h"

#include <string.h>

static void add(struct edits *edits, struct edit_file *file, unsigned begin, unsigned end,
		const char *text)
{
	struct edit edit = {
		.kind = EDIT_MARK, .begin = begin, .end = end, .text = text, .why = "why"
	};

	edits_add(edits, file, &edit);
}

static struct edit_file *new_file(struct edits *edits, const char *text)
{
	return edits_file(edits, "a.c", text, strlen(text));
}

static void test_order(void)
{
	struct edits *edits = edits_new();
	struct edit_file *file = new_file(edits, "one two three\n");
	g_autofree char *text = NULL;

	add(edits, file, 8, 13, "3");
	add(edits, file, 0, 3, "1");
	add(edits, file, 0, 3, "1"); /* another unit adds the same edit */
	add(edits, file, 4, 4, "<");
	add(edits, file, 7, 7, ">");
	g_assert_true(edits_finish(edits, NULL));
	text = edits_file_text(file, NULL);
	g_assert_cmpstr(text, ==, "1 <two> 3\n");
	edits_free(edits);
}

static void test_nesting(void)
{
	struct edits *edits = edits_new();
	struct edit_file *file = new_file(edits, "keep {body} tail");
	g_autofree char *text = NULL;

	add(edits, file, 6, 8, "XX");
	add(edits, file, 5, 11, ";");
	add(edits, file, 5, 5, "<"); /* at either end: beside the larger one */
	add(edits, file, 11, 11, ">");
	add(edits, file, 16, 16, "!"); /* at the end of the file */
	g_assert_true(edits_finish(edits, NULL));
	text = edits_file_text(file, NULL);
	g_assert_cmpstr(text, ==, "keep <;> tail!");
	edits_free(edits);
}

static void test_contradiction(void)
{
	struct edits *edits = edits_new();
	struct edit_file *file = new_file(edits, "first\nsecond\n");
	g_autoptr(GError) error = NULL;

	add(edits, file, 2, 8, "a");
	add(edits, file, 7, 10, "b");
	g_assert_false(edits_finish(edits, &error));
	g_assert_nonnull(strstr(error->message, "a.c:2: "));
	edits_free(edits);
}

static void test_hunks(void)
{
	struct edits *edits = edits_new();
	struct edit_file *file = new_file(edits, "1\n2\n3\n4");
	g_autoptr(GPtrArray) hunks = NULL;
	const struct edit_hunk *hunk;

	add(edits, file, 2, 2, "new\n"); /* a line between two others */
	add(edits, file, 6, 7, "four");  /* in the last line, which has no newline */
	g_assert_true(edits_finish(edits, NULL));
	hunks = edits_file_hunks(file);
	g_assert_cmpuint(hunks->len, ==, 2);
	hunk = g_ptr_array_index(hunks, 0);
	g_assert_cmpuint(hunk->old_line, ==, 1);
	g_assert_cmpuint(hunk->old_count, ==, 0);
	g_assert_cmpuint(hunk->new_line, ==, 2);
	g_assert_cmpstr(hunk->new_text, ==, "new\n");
	hunk = g_ptr_array_index(hunks, 1);
	g_assert_cmpuint(hunk->old_line, ==, 4);
	g_assert_cmpuint(hunk->new_line, ==, 5);
	g_assert_cmpstr(hunk->old_text, ==, "4");
	g_assert_cmpstr(hunk->new_text, ==, "four");
	edits_free(edits);
}

/* Where line `line` begins, from 1; the end of the text if it has fewer lines. */
static const char *line_of(const char *text, unsigned line)
{
	g_assert_cmpuint(line, >, 0);
	for (; line > 1; line--) {
		const char *end = strchr(text, '\n');

		text = end ? end + 1 : text + strlen(text);
	}
	return text;
}

/* Reverses hunks as patch -R does: by the line numbers of the edited text, the last hunk first. */
static char *take_back(const char *edited, const GPtrArray *hunks)
{
	char *text = g_strdup(edited);

	for (guint i = hunks->len; i-- > 0;) {
		const struct edit_hunk *hunk = g_ptr_array_index(hunks, i);
		const char *at = line_of(text, hunk->new_line + (hunk->new_count == 0));
		char *before = g_strndup(text, (gsize)(at - text));
		char *whole;

		if (!g_str_has_prefix(at, hunk->new_text))
			g_error("hunk %u, new line %u: \"%s\" is not in \"%s\"", i, hunk->new_line,
				hunk->new_text, edited);
		whole = g_strconcat(before, hunk->old_text, at + strlen(hunk->new_text), NULL);
		g_free(before);
		g_free(text);
		text = whole;
	}
	return text;
}

static char *random_text(GRand *rand, int length)
{
	char *text = g_malloc((gsize)length + 1);

	for (int i = 0; i < length; i++)
		text[i] = "ab\n"[g_rand_int_range(rand, 0, 3)];
	text[length] = '\0';
	return text;
}

static void test_random(void)
{
	GRand *rand = g_rand_new_with_seed(1);

	for (int round = 0; round < 3000; round++) {
		g_autofree char *original = random_text(rand, g_rand_int_range(rand, 0, 40)),
				*edited = NULL, *back = NULL;
		struct edits *edits = edits_new();
		struct edit_file *file = new_file(edits, original);
		g_autoptr(GPtrArray) hunks = NULL;
		int length = (int)strlen(original);

		for (int begin = 0; begin <= length; begin += g_rand_int_range(rand, 1, 9)) {
			/* MIN evaluates its arguments twice */
			int size = g_rand_int_range(rand, 0, 5), end = MIN(length, begin + size);
			g_autofree char *text = random_text(rand, g_rand_int_range(rand, 0, 4));

			add(edits, file, (unsigned)begin, (unsigned)end, text);
			begin = end;
		}
		g_assert_true(edits_finish(edits, NULL));
		edited = edits_file_text(file, NULL);
		hunks = edits_file_hunks(file);
		back = take_back(edited, hunks);
		g_assert_cmpstr(back, ==, original);
		edits_free(edits);
	}
	g_rand_free(rand);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/edit/order", test_order);
	g_test_add_func("/edit/nesting", test_nesting);
	g_test_add_func("/edit/contradiction", test_contradiction);
	g_test_add_func("/edit/hunks", test_hunks);
	g_test_add_func("/edit/random", test_random);
	return g_test_run();
}
