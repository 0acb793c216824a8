// SPDX-License-Identifier: GPL-2.0-only
/* The loaded module, by its files in /sys/kernel/plugsched/. */
#include "runtime/command/runtime.h"

#include "runtime/command/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define FOLDER "/sys/kernel/plugsched"

#define REMOVE_TRIES 20
#define REMOVE_PAUSE 50000 /* microseconds */

const char *const runtime_figures[] = {
	"total_ns",     "standstill_ns", "stop_ns",    "check_ns", "clear_ns",
	"redirect_ns",  "rebuild_ns",    "prewalk_ns", "tasks",    "tasks_active",
	"tasks_queued", "attempts",      "retries",
};
const unsigned runtime_figure_count = G_N_ELEMENTS(runtime_figures);

static const char *const states[] = {
	"none", "disabled", "enabled", "changing", "unknown", "loading", "unloading",
};

/* --- reading */

char *runtime_value(const char *name)
{
	g_autofree char *path = g_strconcat(FOLDER "/", name, NULL), *text = kernel_read(path);

	return text && *text ? g_steal_pointer(&text) : NULL;
}

/* The state that the files show. */
static enum runtime_state shown_state(void)
{
	g_autofree char *text = NULL;

	if (!kernel_has(FOLDER))
		return RUNTIME_NONE;
	text = runtime_value("state");
	for (guint i = RUNTIME_DISABLED; i < RUNTIME_UNKNOWN; i++)
		if (!g_strcmp0(text, states[i]))
			return i;
	return kernel_has(FOLDER) ? RUNTIME_UNKNOWN : RUNTIME_NONE;
}

enum runtime_state runtime_state(void)
{
	/*
	 * Read the files first: if the module is removed meanwhile, only some of them may be left,
	 * and the answer below is right.
	 */
	enum runtime_state state = shown_state();
	g_autofree char *how = kernel_module_state(KERNEL_MODULE);

	if (!g_strcmp0(how, "Loading"))
		return RUNTIME_COMING;
	return g_strcmp0(how, "Unloading") ? state : RUNTIME_GOING;
}

const char *runtime_state_name(enum runtime_state state)
{
	return states[state];
}

bool runtime_is_for_tests(void)
{
	return kernel_has(FOLDER "/fault");
}

bool runtime_figure(const char *name, guint64 *value)
{
	g_autofree char *text = runtime_value(name);

	return text && g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT64, value, NULL);
}

/* --- enabling */

/* Returns 0 or an errno. There is one write, and so one order. A signal ends it. */
static int write_enable(bool is_on)
{
	g_autofree char *path = kernel_path(FOLDER "/enable");
	int fd = open(path, O_WRONLY | O_CLOEXEC), cause = 0;

	if (fd < 0)
		return errno;
	if (write(fd, is_on ? "1" : "0", 1) != 1)
		cause = errno ? errno : EIO;
	close(fd);
	return cause;
}

/*
 * Why a write failed. The caller frees it. The module's files tell of the last order, so they are
 * not used if another order is being carried out.
 */
static char *reason_of(int cause)
{
	g_autofree char *reason = runtime_value("error"), *way = runtime_value("in_the_way");

	switch (runtime_state()) {
	case RUNTIME_CHANGING:
		return g_strdup("somebody else is changing it just now");
	case RUNTIME_NONE:
	case RUNTIME_GOING:
		return g_strdup("somebody else has removed the module");
	default:
		break;
	}
	if (cause == EPERM) /* the module has refused before it began, and so has no reason */
		return g_strdup("not permitted: CAP_SYS_MODULE is missing");
	if (!reason)
		reason = g_strdup(cause == EINTR ? "interrupted" : g_strerror(cause));
	return way ? g_strdup_printf("%s; in the way: %s", reason, way) : g_steal_pointer(&reason);
}

bool runtime_enable(bool is_on, GError **error)
{
	int cause = write_enable(is_on);
	g_autofree char *reason = cause ? reason_of(cause) : NULL;

	if (!cause)
		return true;
	g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_FAILED, "%s: %s",
		    is_on ? "the scheduler was not replaced"
			  : "vmlinux's scheduler was not put back, the module's goes on",
		    reason);
	return false;
}

/* --- removing */

bool runtime_remove(GError **error)
{
	int cause = kernel_delete_module(KERNEL_MODULE);

	for (guint i = 1; i < REMOVE_TRIES && (cause == EAGAIN || cause == EBUSY); i++) {
		g_usleep(REMOVE_PAUSE);
		cause = kernel_delete_module(KERNEL_MODULE);
	}
	if (!cause || cause == ENOENT)
		return true;
	g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_FAILED,
		    "the module is disabled, but the kernel did not remove it: %s; "
		    "try plugsched unload again",
		    g_strerror(cause));
	return false;
}

/* --- figures */

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
