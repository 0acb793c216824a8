// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of source files as the compiler wrote them, made comparable.
 *
 * "/build/kernel/sched/../smpboot.h" built in "/build" becomes "kernel/smpboot.h".
 * Purely textual: symbolic links are not followed, the files need not exist.
 */
#include "analyzer/binary/internal.h"

#include <string.h>

char *path_in_tree(const char *root, const char *path)
{
	g_autofree char *base = g_canonicalize_filename(root ? root : "/", "/");
	char *full = g_canonicalize_filename(path, base);
	size_t length = strlen(base);

	if (!root || !g_str_has_prefix(full, base))
		return full;
	if (base[length - 1] != '/' && full[length] != '/')
		return full;
	memmove(full, full + length + (full[length] == '/'), strlen(full + length + (full[length] == '/')) + 1);
	return full;
}
