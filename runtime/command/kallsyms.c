// SPDX-License-Identifier: GPL-2.0-only
/* /proc/kallsyms, read line by line. */
#include "runtime/command/kallsyms.h"

#include "runtime/command/kernel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(GHashTable *found, const char *name, uint64_t address)
{
	GArray *addresses = g_hash_table_lookup(found, name);

	if (!addresses) {
		addresses = g_array_new(FALSE, FALSE, sizeof(uint64_t));
		g_hash_table_insert(found, g_strdup(name), addresses);
	}
	g_array_append_val(addresses, address);
}

/*
 * Take a line "ffffffff81000000 T name". A symbol of a module has "\t[module]" behind the name, and
 * is ignored. Changes the line. Returns true if the address is not 0, so that addresses are shown.
 */
static bool take_line(char *line, GHashTable *wanted, GHashTable *found)
{
	char *end;
	uint64_t address = strtoull(line, &end, 16);
	char *name = end + 3;

	if (end == line || end[0] != ' ' || !end[1] || end[2] != ' ')
		return false;
	name[strcspn(name, "\n")] = '\0';
	if (!strchr(name, '\t') && g_hash_table_contains(wanted, name))
		add(found, name, address);
	return address != 0;
}

static int compare(gconstpointer left, gconstpointer right)
{
	const uint64_t *first = left, *second = right;

	return *first < *second ? -1 : *first > *second;
}

static void sort_all(GHashTable *found)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, found);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		g_array_sort(value, compare);
	}
}

/* Returns true if the kernel shows addresses. */
static bool take_file(FILE *file, GHashTable *wanted, GHashTable *found)
{
	bool is_shown = false;
	char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, file) > 0)
		is_shown |= take_line(line, wanted, found);
	free(line);
	return is_shown;
}

GHashTable *kallsyms_read(GHashTable *wanted, GError **error)
{
	g_autoptr(GHashTable) found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
							    (GDestroyNotify)g_array_unref);
	g_autofree char *path = kernel_path("/proc/kallsyms");
	FILE *file = fopen(path, "re");
	bool is_shown = false;

	if (!file) {
		g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
			    "cannot read %s: %s; the kernel needs CONFIG_KALLSYMS", path,
			    g_strerror(errno));
		return NULL;
	}
	is_shown = take_file(file, wanted, found);
	fclose(file);
	if (!is_shown) {
		g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
			    "%s hides all addresses; "
			    "set kernel.kptr_restrict to 1 or 0 with sysctl",
			    path);
		return NULL;
	}
	sort_all(found);
	return g_steal_pointer(&found);
}
