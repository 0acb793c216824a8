// SPDX-License-Identifier: GPL-2.0-only
#include "rewriter/needs.h"

static const struct {
	const char *option, *purpose;
} needs[] = {
	{ "SMP", "the scheduler is handed over a CPU at a time" },
	{ "MODULES", "the new scheduler is a module" },
	{ "MODULE_UNLOAD", "it goes again" },
	{ "KALLSYMS", "the module is linked to the running kernel" },
	{ "KALLSYMS_ALL", "to its data, too" },
	{ "HAVE_RELIABLE_STACKTRACE",
	  "no task may stand in what is replaced; CONFIG_UNWINDER_ORC brings it" },
	{ "TRACEPOINTS",
	  "tasks that run are noted by the scheduler's trace points; CONFIG_ENABLE_DEFAULT_TRACERS brings them" },
	{ "PROC_FS", "the symbols' addresses stand there" },
	{ "SYSFS", "orders go there" },
};

/* True if there is a line "CONFIG_OPTION=y". */
static bool is_on(char **lines, const char *option)
{
	g_autofree char *wanted = g_strdup_printf("CONFIG_%s=y", option);

	return g_strv_contains((const gchar *const *)lines, wanted);
}

bool needs_check(const char *config_path, GQuark domain, GError **error)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	g_autoptr(GString) missing = g_string_new(NULL);

	if (!g_file_get_contents(config_path, &text, NULL, error))
		return false;
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; i < G_N_ELEMENTS(needs); i++)
		if (!is_on(lines, needs[i].option))
			g_string_append_printf(missing, "%sCONFIG_%s (%s)",
					       missing->len ? ", " : "", needs[i].option,
					       needs[i].purpose);
	if (!missing->len)
		return true;
	g_set_error(
		error, domain, 0,
		"%s: a scheduler can be replaced only in a kernel that has %s; set that and build the kernel again",
		config_path, missing->str);
	return false;
}
