// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes the names of source files comparable, as the compiler wrote them.
 *
 * "/build/kernel/sched/../smpboot.h" built in "/build" becomes "kernel/smpboot.h", and so does
 * "../src/kernel/smpboot.h" when the sources lie in "/src". The tree may have moved since it was
 * built. The method is purely textual: symbolic links are not followed, and the files need not
 * exist.
 */
#include "analyzer/binary/internal.h"

#include <string.h>

/* Strips `folder` from the path if the path lies below it. True if it does. */
static bool strip_folder(char *path, const char *folder)
{
	size_t length = strlen(folder);

	if (!g_str_has_prefix(path, folder))
		return false;
	if (folder[length - 1] != '/' && path[length] != '/')
		return false;
	length += path[length] == '/';
	memmove(path, path + length, strlen(path + length) + 1);
	return true;
}

char *binary_path_in_tree(const struct binary *binary, const char *root, const char *path)
{
	const char *base = binary->build_dir ? binary->build_dir : root ? root : "/";
	g_autofree char *written = g_strdup(path);
	char *full;

	if (root)
		strip_folder(written, root); /* the tree may have moved to build_dir */
	full = g_canonicalize_filename(written, base);
	if (!binary->source_dir || !strip_folder(full, binary->source_dir))
		strip_folder(full, base);
	return full;
}
