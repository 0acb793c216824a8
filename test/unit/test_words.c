// SPDX-License-Identifier: GPL-2.0-only
/* Tests of analyzer/select/words.c: whose body a word stands in, and what is declared where. */
#include "analyzer/select/words.h"

#include <glib/gstdio.h>
#include <string.h>

static char *folder;
static struct tree tree;

static struct word_file *scan(struct words *words, const char *text)
{
	g_autofree char *path = g_build_filename(folder, "file.c", NULL);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	return words_file(words, "file.c");
}

static uint32_t id(struct words *words, const char *name)
{
	return words_id(words, name, strlen(name));
}

/* The names of those in whose bodies the word stands, each with a space; "-" outside of all. */
static char *owners_of(struct words *words, const struct word_file *file, const char *name)
{
	static const char *const known[] = { "first", "second", "third", "macro" };
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < file->uses->len; i++) {
		const struct word_use *use = &g_array_index(file->uses, struct word_use, i);
		const char *owner = use->owner ? "?" : "-";

		if (use->word != id(words, name))
			continue;
		for (size_t k = 0; k < G_N_ELEMENTS(known); k++)
			if (use->owner && use->owner == id(words, known[k]))
				owner = known[k];
		g_string_append_printf(text, "%s ", owner);
	}
	return g_string_free(text, FALSE);
}

static void assert_owners(struct words *words, const struct word_file *file, const char *name,
			  const char *wanted)
{
	g_autofree char *found = owners_of(words, file, name);

	g_assert_cmpstr(found, ==, wanted);
}

/* What one body holds is not the next one's, however deep its braces are. */
static void test_bodies(void)
{
	struct words *words = words_new(&tree);
	const struct word_file *file =
		scan(words, "#define macro(x) do { in_macro(x); } while (0)\n"
			    "int first(int a)\n{\n\tif (a) {\n\t\tdeep(); }\n\tflat();\n}\n"
			    "int between;\n"
			    "int second(void)\n{\n\twhile (1) { { in_second(); } }\n}\n"
			    "int third(void) { in_third(); }\n");

	assert_owners(words, file, "in_macro", "macro ");
	assert_owners(words, file, "deep", "first ");
	assert_owners(words, file, "flat", "first ");
	assert_owners(words, file, "between", "- ");
	assert_owners(words, file, "in_second", "second ");
	assert_owners(words, file, "in_third", "third ");
	words_free(words);
}

/* What a struct that is declared behind a function is a member of. */
static void test_declarations(void)
{
	struct words *words = words_new(&tree);
	const struct word_file *file =
		scan(words, "void first(void) { if (1) { struct a local; } }\n"
			    "struct outer { struct inner member; };\n"
			    "struct b global;\n");
	static const char *const wanted[][3] = { { "inner", "member", "outer" },
						 { "b", "global", NULL } };

	g_assert_cmpuint(file->declarations->len, ==, G_N_ELEMENTS(wanted));
	for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
		const struct word_declaration *d =
			&g_array_index(file->declarations, struct word_declaration, i);

		g_assert_cmpuint(d->tag, ==, id(words, wanted[i][0]));
		g_assert_cmpuint(d->name, ==, id(words, wanted[i][1]));
		g_assert_cmpuint(d->enclosing, ==, wanted[i][2] ? id(words, wanted[i][2]) : 0);
	}
	words_free(words);
}

/* A file that a copy replaces is looked at there, as it is read there. */
static void test_stat(void)
{
	g_autofree char *copy = g_dir_make_tmp("plugsched-words-XXXXXX", NULL),
			*here = g_build_filename(folder, "kernel", NULL),
			*original = g_build_filename(here, "file.c", NULL),
			*copied = g_build_filename(copy, "file.c", NULL);
	struct tree with_copy = tree;
	guint64 size;
	gint64 modified;

	g_assert_cmpint(g_mkdir(here, 0755), ==, 0);
	g_assert_true(g_file_set_contents(original, "long", -1, NULL));
	g_assert_true(g_file_set_contents(copied, "x", -1, NULL));
	with_copy.copied = "kernel";
	with_copy.copy = copy;
	words_stat(&tree, "kernel/file.c", &size, &modified);
	g_assert_cmpuint(size, ==, 4);
	words_stat(&with_copy, "kernel/file.c", &size, &modified);
	g_assert_cmpuint(size, ==, 1);
	words_stat(&with_copy, "kernel/none.c", &size, &modified);
	g_assert_cmpuint(size, ==, 0);
	g_unlink(copied);
	g_unlink(original);
	g_rmdir(here);
	g_rmdir(copy);
}

int main(int argc, char **argv)
{
	g_autofree char *path = NULL;
	int status;

	g_test_init(&argc, &argv, NULL);
	folder = g_dir_make_tmp("plugsched-words-XXXXXX", NULL);
	tree.source_dir = tree.build_dir = folder;
	g_test_add_func("/words/bodies", test_bodies);
	g_test_add_func("/words/declarations", test_declarations);
	g_test_add_func("/words/stat", test_stat);
	status = g_test_run();
	path = g_build_filename(folder, "file.c", NULL);
	g_unlink(path);
	g_rmdir(folder);
	g_free(folder);
	return status;
}
