// SPDX-License-Identifier: GPL-2.0-only
/*
 * The objects that vmlinux is linked from and that no known command makes: those of another language
 * than C, those that were there before the build.
 *
 * kbuild puts the objects of each folder into an archive, built-in.a or lib.a, and all of them into
 * vmlinux.a. Most archives are thin: they hold only names. An archive is a list of headers of 60
 * bytes, each with a name and a size; the bytes of a member follow, but in a thin archive only those
 * of the table of long names and of symbols.
 *
 * Limits: an archive that an earlier configuration left behind counts, as its .cmd files do. What is
 * linked into vmlinux without an archive is not seen here.
 */
#include <ar.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/tree/tree_private.h"

#define THIN_MAGIC "!<thin>\n"

struct archive {
	const struct collector *collector;
	const char *folder; /* of the archive, relative to the build tree */
	char *bytes;        /* a NUL follows them */
	gsize length;
	bool is_thin;
	const char *long_names; /* the table of long names; NULL if there is none */
	gsize long_length;
};

static bool is_object(const struct tree *tree, const char *name)
{
	g_autofree char *path = g_build_filename(tree->build_dir, name, NULL);

	return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

/* Names in a thin archive are relative to it, others may be relative to the build tree. */
static void take_member(const struct archive *a, const char *name)
{
	g_autofree char *beside = g_build_filename(a->folder, name, NULL);
	g_autofree char *path = g_canonicalize_filename(beside, "/");
	const char *known = path + 1;

	if (!g_str_has_suffix(name, ".o"))
		return;
	if (!is_object(a->collector->tree, known))
		known = name;
	if (is_object(a->collector->tree, known))
		g_hash_table_add(a->collector->linked, g_strdup(known));
}

/* The member's name, which ends at a slash: in the header, or in the table of long names. */
static void take_name(const struct archive *a, const struct ar_hdr *header)
{
	g_autofree char *field = g_strndup(header->ar_name, sizeof(header->ar_name));
	g_autofree char *name = NULL;
	gsize at;

	if (g_ascii_isdigit(field[1])) {
		at = strtoul(field + 1, NULL, 10);
		if (!a->long_names || at >= a->long_length)
			return;
		name = g_strndup(a->long_names + at, a->long_length - at);
		name[strcspn(name, "\n")] = '\0';
	} else {
		name = g_strndup(field, strcspn(field, " "));
	}
	if (g_str_has_suffix(name, "/"))
		name[strlen(name) - 1] = '\0';
	take_member(a, name);
}

static bool is_table(const struct ar_hdr *header)
{
	return header->ar_name[0] == '/' && !g_ascii_isdigit(header->ar_name[1]);
}

/* False if the archive is damaged. */
static bool read_members(struct archive *a)
{
	gsize at = SARMAG;

	while (at + sizeof(struct ar_hdr) <= a->length) {
		const struct ar_hdr *header = (const struct ar_hdr *)(a->bytes + at);
		gsize size = strtoul(header->ar_size, NULL, 10);
		bool has_bytes = !a->is_thin || is_table(header);

		at += sizeof(*header);
		if (memcmp(header->ar_fmag, ARFMAG, sizeof(header->ar_fmag)) != 0 ||
		    (has_bytes && size > a->length - at))
			return false;
		if (memcmp(header->ar_name, "// ", 3) == 0) {
			a->long_names = a->bytes + at;
			a->long_length = size;
		} else if (!is_table(header)) {
			take_name(a, header);
		}
		if (has_bytes)
			at += size + size % 2;
	}
	return at >= a->length;
}

bool archive_is_of_build(const char *name)
{
	return strcmp(name, "built-in.a") == 0 || strcmp(name, "lib.a") == 0 ||
	       strcmp(name, "vmlinux.a") == 0;
}

bool archive_read(const struct collector *collector, const char *name, GError **error)
{
	g_autofree char *path = g_build_filename(collector->tree->build_dir, name, NULL);
	g_autofree char *folder = g_path_get_dirname(name);
	g_autoptr(GError) cause = NULL;
	struct archive a = { .collector = collector, .folder = folder };
	bool is_good = g_file_get_contents(path, &a.bytes, &a.length, &cause);

	if (is_good) {
		a.is_thin = g_str_has_prefix(a.bytes, THIN_MAGIC);
		is_good = (a.is_thin || g_str_has_prefix(a.bytes, ARMAG)) && read_members(&a);
	}
	if (!is_good)
		g_set_error(error, TREE_ERROR, TREE_ERROR_IO, "%s: %s; build the kernel again",
			    path, cause ? "cannot be read" : "a damaged archive");
	g_free(a.bytes);
	return is_good;
}
