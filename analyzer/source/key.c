// SPDX-License-Identifier: GPL-2.0-only
/*
 * The key of a unit's facts: a digest of everything that decides them except the contents of files.
 *
 * It covers this library's own code, the tool's version, libclang, the unit's name and arguments,
 * and which files are the scheduler's. Where the trees lie does not count: kbuild writes their
 * absolute paths into the arguments of a kernel built with O=, and facts made on another machine
 * must fit.
 */
#include "analyzer/source/parse.h"

#include <clang-c/Index.h>
#include <string.h>

char *source_key_base(const struct source_context *context)
{
	CXString clang = clang_getClangVersion();
	g_autofree char *files = config_files_hash(context->config);
	char *base = g_strjoin("\n", SOURCE_DIGEST, context->tool_version, clang_getCString(clang),
			       files, NULL);

	clang_disposeString(clang);
	return base;
}

/* Replaces `folder` by `name` wherever it is a whole path in the text or the beginning of one. */
static void replace_folder(GString *text, const char *folder, const char *name)
{
	size_t length = strlen(folder);
	char *found = text->str;

	while ((found = strstr(found, folder))) {
		gssize at = found - text->str;

		if (strchr("/ \n\"'", found[length])) { /* strchr finds the final NUL too */
			g_string_erase(text, at, (gssize)length);
			g_string_insert(text, at, name);
			at += (gssize)strlen(name);
		} else {
			at += (gssize)length;
		}
		found = text->str + at;
	}
}

char *source_key(const char *base, const struct source_context *context,
		 const struct tree_unit *unit, const char *way)
{
	g_auto(GStrv) arguments = tree_unit_clang_arguments(unit);
	g_autofree char *joined = g_strjoinv("\n", arguments);
	g_autoptr(GString) text = g_string_new(joined);

	replace_folder(text, context->tree->build_dir, "<build>");
	replace_folder(text, context->tree->source_dir, "<source>");
	g_string_prepend(text, "\n");
	g_string_prepend(text, unit->source);
	g_string_prepend(text, "\n");
	g_string_prepend(text, way);
	g_string_prepend(text, "\n");
	g_string_prepend(text, base);
	return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, -1);
}

char *source_unit_key(const struct source_context *context, const struct tree_unit *unit)
{
	g_autofree char *base = source_key_base(context);

	return source_key(base, context, unit, SOURCE_KEY_PLAIN);
}
