// SPDX-License-Identifier: GPL-2.0-only
/* Patches of livepatch and kprobes, as /sys shows them. */
#include "runtime/command/patched.h"

#include "runtime/command/kernel.h"

#include <string.h>

#define LIVEPATCH "/sys/kernel/livepatch"
#define KPROBES "/sys/kernel/debug/kprobes/list"

/*
 * The offset of the last byte that a jump at a function's entry can cover: endbr64 has 4 bytes,
 * ftrace's call 5, the jump 5.
 */
#define ENTRY_LAST 13

/* --- livepatch: LIVEPATCH/PATCH/vmlinux/FUNCTION,POSITION/ */

static bool check_patch(const char *patch, GHashTable *functions, GError **error)
{
	g_autofree char *folder = g_strdup_printf(LIVEPATCH "/%s/vmlinux", patch);
	g_autoptr(GDir) dir = kernel_folder(folder);
	const char *entry;

	while (dir && (entry = g_dir_read_name(dir))) {
		g_autofree char *function = g_strndup(entry, strcspn(entry, ","));

		if (!g_hash_table_contains(functions, function))
			continue;
		g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
			    "%s is to be replaced, but the live patch %s has replaced it; disable "
			    "and remove that patch first",
			    function, patch);
		return false;
	}
	return true;
}

static bool check_livepatch(GHashTable *functions, GError **error)
{
	g_autoptr(GDir) dir = kernel_folder(LIVEPATCH);
	const char *patch;

	while (dir && (patch = g_dir_read_name(dir)))
		if (!check_patch(patch, functions, error))
			return false;
	return true;
}

/*
 * --- kprobes: "ffffffff81088da0  k  resched_curr+0x5    [OPTIMIZED]"
 *
 * A kprobe that uses ftrace ("[FTRACE]") is not in the way. Its offset is not always 0, as it can
 * stand behind an endbr64.
 */

static bool check_probe(const char *line, GHashTable *functions, GError **error)
{
	g_auto(GStrv) words = g_strsplit_set(line, " \t", -1);
	const char *place = NULL;
	guint seen = 0;
	g_autofree char *function = NULL;
	guint64 offset;

	for (char **word = words; *word && !place; word++)
		if (**word && ++seen == 3)
			place = *word;
	if (!place || !strchr(place, '+'))
		return true;
	function = g_strndup(place, strcspn(place, "+"));
	offset = g_ascii_strtoull(strchr(place, '+') + 1, NULL, 16);
	if (!g_hash_table_contains(functions, function) || offset > ENTRY_LAST ||
	    strstr(line, "[FTRACE]"))
		return true;
	g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
		    "%s is to be replaced, but has a kprobe at %s, in the bytes that are "
		    "overwritten; remove the probe first (%s lists them)",
		    function, place, KPROBES);
	return false;
}

static bool check_kprobes(GHashTable *functions, GError **error)
{
	g_autofree char *text = kernel_read(KPROBES);
	g_auto(GStrv) lines = text ? g_strsplit(text, "\n", -1) : NULL;

	for (char **line = lines; line && *line; line++)
		if (!check_probe(*line, functions, error))
			return false;
	return true;
}

static void add_names(GHashTable *functions, char **names)
{
	for (char **name = names; name && *name; name++)
		if (**name)
			g_hash_table_add(functions, *name);
}

bool patched_none(const struct module *module, unsigned *count, GError **error)
{
	g_auto(GStrv) names = module_lines(module, ".comment.plugsched.functions"),
		      others = module_lines(module, ".comment.plugsched.names");
	g_autoptr(GHashTable) functions = g_hash_table_new(g_str_hash, g_str_equal);

	add_names(functions, names);
	*count = g_hash_table_size(functions);
	add_names(functions, others); /* of the same functions */
	return check_livepatch(functions, error) && check_kprobes(functions, error);
}
