// SPDX-License-Identifier: GPL-2.0-only
/*
 * reread REPORT: a report that is read and written again has the same bytes, also if the boundary
 * is solved again in between. Prints the difference and exits with 1 otherwise.
 */
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "emit/read.h"
#include "graph/boundary.h"

static char *written(const struct emit_read *read, gsize *length, GError **error)
{
	g_autofree char *folder = g_dir_make_tmp("reread-XXXXXX", error);
	g_autofree char *path = folder ? g_build_filename(folder, "report.json", NULL) : NULL;
	char *text = NULL;

	if (path && emit_report(read->graph, &read->provenance, path, NULL, error))
		g_file_get_contents(path, &text, length, error);
	if (path) {
		g_unlink(path);
		g_rmdir(folder);
	}
	return text;
}

/* Prints the first line in which two texts differ, from each. */
static void show_difference(const char *what, const char *wanted, const char *got)
{
	size_t at = 0;

	while (wanted[at] && wanted[at] == got[at])
		at++;
	while (at && wanted[at - 1] != '\n')
		at--;
	printf("%s: other bytes\n< %.*s\n> %.*s\n", what, (int)strcspn(wanted + at, "\n"),
	       wanted + at, (int)strcspn(got + at, "\n"), got + at);
}

static bool is_same(const char *what, const struct emit_read *read, const char *text, gsize length)
{
	g_autoptr(GError) error = NULL;
	gsize got_length = 0;
	g_autofree char *got = written(read, &got_length, &error);

	if (!got) {
		printf("%s: %s\n", what, error->message);
		return false;
	}
	if (got_length == length && memcmp(got, text, length) == 0)
		return true;
	show_difference(what, text, got);
	return false;
}

int main(int argc, char **argv)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	struct emit_read *read;
	gsize length;
	bool is_good;

	if (argc != 2 || !g_file_get_contents(argv[1], &text, &length, &error)) {
		fprintf(stderr, "usage: reread REPORT; %s\n", error ? error->message : "");
		return 2;
	}
	read = emit_read_bytes(text, length, argv[1], &error);
	if (!read) {
		puts(error->message);
		return 1;
	}
	is_good = is_same("read and written", read, text, length);
	boundary_solve(read->graph, &(struct boundary_options){ 0 });
	is_good = is_same("read, solved and written", read, text, length) && is_good;
	emit_read_free(read);
	return is_good ? 0 : 1;
}
