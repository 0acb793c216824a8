// SPDX-License-Identifier: GPL-2.0-only
/* The core and the schedulers, by their files in /sys/kernel/plugsched/. */
#include "runtime/command/runtime.h"

#include "runtime/command/kernel.h"

#include <string.h>

#define FOLDER "/sys/kernel/plugsched"
#define SCHEDULERS FOLDER "/schedulers"

const char *const runtime_figures[] = {
	"total_ns",     "standstill_ns", "stop_ns",    "gather_ns",  "check_ns",
	"clear_ns",     "redirect_ns",   "rebuild_ns", "prewalk_ns", "tasks",
	"tasks_active", "tasks_queued",  "attempts",   "retries",
};
const unsigned runtime_figure_count = G_N_ELEMENTS(runtime_figures);

static const char *const states[] = {
	"none", "disabled", "enabled", "changing", "unknown", "loading", "unloading",
};

/* --- files */

/* The text of a file; NULL if it is empty or cannot be read. */
static char *text_of(const char *path)
{
	g_autofree char *text = kernel_read(path);

	return text && *text ? g_steal_pointer(&text) : NULL;
}

char *runtime_value(const char *name)
{
	g_autofree char *path = g_strconcat(FOLDER "/", name, NULL);

	return text_of(path);
}

char *runtime_value_of(const char *scheduler, const char *name)
{
	g_autofree char *path = g_strconcat(SCHEDULERS "/", scheduler, "/", name, NULL);

	return text_of(path);
}

bool runtime_has_core(void)
{
	return kernel_has(FOLDER);
}

bool runtime_is_for_tests(void)
{
	return kernel_has(FOLDER "/fault");
}

/* --- the schedulers */

char *runtime_at_work(void)
{
	char *name = runtime_value("scheduler");

	/* read it first: the core may be removed meanwhile */
	return name || runtime_has_core() ? name : g_strdup(KERNEL_VMLINUX);
}

bool runtime_is_at_work(const char *name)
{
	g_autofree char *at_work = runtime_at_work();

	return !g_strcmp0(at_work, name);
}

static int by_name(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

char **runtime_schedulers(void)
{
	g_autoptr(GDir) folder = kernel_folder(SCHEDULERS);
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
	const char *name;
	char **names;

	while (folder && (name = g_dir_read_name(folder)))
		g_strv_builder_add(builder, name);
	names = g_strv_builder_end(builder);
	qsort(names, g_strv_length(names), sizeof(*names), by_name);
	return names;
}

bool runtime_is_registered(const char *name)
{
	g_autofree char *path = g_strconcat(SCHEDULERS "/", name, NULL);

	return *name && *name != '.' && !strchr(name, '/') && kernel_has(path);
}

/* --- the state */

/* The state that the files show. */
static enum runtime_state shown_state(void)
{
	g_autofree char *text = runtime_value("state");

	for (guint i = RUNTIME_NONE; i < RUNTIME_UNKNOWN; i++)
		if (!g_strcmp0(text, states[i]))
			return i;
	return runtime_has_core() ? RUNTIME_UNKNOWN : RUNTIME_NONE;
}

static enum runtime_state moving(const char *module)
{
	g_autofree char *how = kernel_module_state(module);

	if (!g_strcmp0(how, "Loading"))
		return RUNTIME_COMING;
	return g_strcmp0(how, "Unloading") ? RUNTIME_NONE : RUNTIME_GOING;
}

enum runtime_state runtime_moving(const char *also, char **name)
{
	g_auto(GStrv) users = kernel_module_users(KERNEL_CORE);
	const char *first[] = { also ? also : KERNEL_CORE, KERNEL_CORE, NULL };
	const char *const *lists[] = { first, (const char *const *)users };

	for (guint i = 0; i < G_N_ELEMENTS(lists); i++)
		for (const char *const *module = lists[i]; *module; module++) {
			enum runtime_state state = moving(*module);

			if (state == RUNTIME_NONE)
				continue;
			*name = g_strdup(*module);
			return state;
		}
	return RUNTIME_NONE;
}

enum runtime_state runtime_state(void)
{
	/*
	 * Read the files first: if a module is removed meanwhile, only some of them may be left, and
	 * the answer below is right.
	 */
	enum runtime_state state = shown_state(), other;
	g_autofree char *name = NULL;

	if (state == RUNTIME_ENABLED || state == RUNTIME_CHANGING)
		return state;
	other = runtime_moving(NULL, &name);
	return other == RUNTIME_NONE ? state : other;
}

const char *runtime_state_name(enum runtime_state state)
{
	return states[state];
}

/* --- figures */

bool runtime_figure(const char *name, guint64 *value)
{
	g_autofree char *text = runtime_value(name);

	return text && g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT64, value, NULL);
}

bool runtime_has_figures(void)
{
	guint64 value;

	return runtime_figure("total_ns", &value) && value > 0;
}

static double figure(const char *name)
{
	guint64 value;

	return runtime_figure(name, &value) ? (double)value : 0;
}

char *runtime_describe(void)
{
	g_autofree char *way = runtime_value("in_the_way");

	return g_strdup_printf("%.1f ms: the machine stood still for %.0f us in %.0f attempt%s, "
			       "%.0f tasks looked at meanwhile, %.0f walked before, "
			       "%.0f retries%s%s%s",
			       figure("total_ns") / 1e6, figure("standstill_ns") / 1e3,
			       figure("attempts"), figure("attempts") == 1 ? "" : "s",
			       figure("tasks_active"), figure("tasks"), figure("retries"),
			       way && *way ? " (last for " : "", way && *way ? way : "",
			       way && *way ? ")" : "");
}

void runtime_print_figures(void)
{
	guint64 value;

	for (guint i = 0; i < runtime_figure_count; i++)
		if (runtime_figure(runtime_figures[i], &value))
			g_printerr("  %-13s %12" G_GUINT64_FORMAT "\n", runtime_figures[i], value);
}
