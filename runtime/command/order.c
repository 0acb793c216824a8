// SPDX-License-Identifier: GPL-2.0-only
#include "runtime/command/order.h"

#include "runtime/command/history.h"
#include "runtime/command/kernel.h"
#include "runtime/command/runtime.h"
#include "runtime/command/turn.h"

#include <errno.h>
#include <string.h>

#define ORDER_PAUSE 50000 /* microseconds */
#define REMOVE_TRIES 20
#define REMOVE_PAUSE 50000 /* microseconds */

/* --- why an order failed */

/*
 * Has the core begun to carry out the order, and noted it in its history? `before` is the last order
 * to that scheduler before this one. A core without a history gets the benefit of the doubt.
 */
static bool was_begun(const char *name, const char *before)
{
	g_autofree char *last = history_last_to(name);

	return !history_is_kept() || g_strcmp0(last, before);
}

/*
 * Was the order put off, as another one was being carried out, or a module was joining or leaving?
 * The core says EBUSY then, and also if tasks stood in the way at each of its tries.
 */
static bool was_put_off(int cause, bool is_begun)
{
	return cause == EBUSY && !is_begun;
}

/* What the core says of an order that it has begun. The caller frees it. */
static char *core_reason(int cause)
{
	g_autofree char *reason = runtime_value("error"), *way = runtime_value("in_the_way");

	if (!reason)
		reason = g_strdup(cause == EINTR ? "interrupted" : g_strerror(cause));
	return way ? g_strdup_printf("%s; in the way: %s", reason, way) : g_steal_pointer(&reason);
}

/*
 * Why the order failed with this errno. The caller frees it. The core's files tell of the last
 * order, so they are not used if another one is being carried out.
 */
static char *reason_of(int cause, bool is_begun)
{
	if (was_put_off(cause, is_begun) || runtime_state() == RUNTIME_CHANGING)
		return g_strdup("somebody else is changing it just now");
	if (cause == ENOENT || cause == ENODEV)
		return g_strdup("somebody else has removed the module");
	if (cause == EALREADY)
		return g_strdup("somebody else has put it to work");
	if (cause == EPERM)
		return g_strdup("not permitted: CAP_SYS_MODULE is missing");
	return is_begun ? core_reason(cause) : g_strdup(g_strerror(cause));
}

static void set_error(GError **error, const char *name, int cause, bool is_begun)
{
	g_autofree char *at_work = runtime_at_work(), *reason = reason_of(cause, is_begun);

	g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_FAILED, "%s, %s's goes on: %s",
		    strcmp(name, KERNEL_VMLINUX) ? "the scheduler was not replaced"
						 : "vmlinux's scheduler was not put back",
		    at_work ? at_work : "the other", reason);
}

/* --- the order */

bool order_give(const char *name, const struct command_options *options, GError **error)
{
	gint64 end = g_get_monotonic_time() + (gint64)options->wait * G_USEC_PER_SEC;

	for (;;) {
		g_autofree char *before = history_last_to(name);
		int cause = kernel_order(name);
		bool is_begun;

		if (!cause)
			return true;
		is_begun = was_begun(name, before);
		if (!was_put_off(cause, is_begun) || *options->stop ||
		    g_get_monotonic_time() >= end) {
			set_error(error, name, cause, is_begun);
			return false;
		}
		g_usleep(ORDER_PAUSE);
		if (!turn_settle(name, options, error))
			return false;
	}
}

bool order_back(const struct command_options *options, bool *is_ours, GError **error)
{
	g_autoptr(GError) cause = NULL;

	*is_ours = order_give(KERNEL_VMLINUX, options, &cause);
	if (*is_ours || runtime_is_at_work(KERNEL_VMLINUX))
		return true;
	g_propagate_error(error, g_steal_pointer(&cause));
	return false;
}

/* --- removing */

int order_remove_once(const char *name)
{
	int cause = kernel_delete_module(name);

	for (guint i = 1; i < REMOVE_TRIES && (cause == EAGAIN || cause == EBUSY); i++) {
		g_usleep(REMOVE_PAUSE);
		cause = kernel_delete_module(name);
	}
	return cause == ENOENT ? 0 : cause;
}

bool order_remove(const char *name, GError **error)
{
	int cause = order_remove_once(name);

	if (!cause)
		return true;
	if (runtime_is_at_work(name))
		g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_FAILED,
			    "the module %s was not removed: somebody else has put its scheduler to "
			    "work",
			    name);
	else
		g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_FAILED,
			    "the module %s is disabled, but the kernel did not remove it: %s; "
			    "try plugsched unload %s again",
			    name, g_strerror(cause), name);
	return false;
}
