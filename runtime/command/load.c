// SPDX-License-Identifier: GPL-2.0-only
/*
 * plugsched load: insert the module into the kernel and enable it, or do neither. The core comes
 * first and stays, whatever happens then: others may be about to use it.
 */
#include "runtime/command/check.h"
#include "runtime/command/core.h"
#include "runtime/command/insert.h"
#include "runtime/command/kernel.h"
#include "runtime/command/runtime.h"
#include "runtime/command/turn.h"

#include <stdio.h>

#define INSERT_TRIES 20
#define INSERT_PAUSE 50000 /* microseconds */

static void tell(const struct command_options *options, const char *text)
{
	if (options->is_verbose)
		g_printerr("%s\n", text);
}

static bool is_stopped(const struct command_options *options, const char *what, GError **error)
{
	if (!*options->stop)
		return false;
	g_set_error_literal(error, COMMAND_ERROR, COMMAND_ERROR_FAILED, what);
	return true;
}

/*
 * Try again if another module of that name was there first and has gone since: somebody who uses
 * insmod does not wait for a turn (turn.h).
 */
static bool insert(const struct module *module, const struct command_options *options,
		   GError **error)
{
	g_autoptr(GError) last = NULL;
	int cause;

	for (guint i = 0; i < INSERT_TRIES; i++) {
		g_clear_error(&last);
		if (insert_once(module, &cause, &last))
			return true;
		if (is_stopped(options, "interrupted: nothing was loaded", error))
			return false;
		if (!insert_is_other(cause))
			break;
		if (!turn_settle(options, error) || !check_free(error))
			return false;
		g_usleep(INSERT_PAUSE);
	}
	g_propagate_error(error, g_steal_pointer(&last));
	return false;
}

/* Remove the module again. If that fails, the error also says that the module is left. */
static void withdraw(GError **error)
{
	g_autoptr(GError) second = NULL;

	if (!runtime_remove(&second))
		g_prefix_error(error, "%s; ", second->message);
}

/*
 * Has somebody else enabled the module, or is about to? Of several who insert one file at once, the
 * kernel may tell each that it has inserted it (since 6.5, for finit_module()). Only one of them is
 * first with the order; the others must leave the module alone.
 */
static bool is_others(void)
{
	enum runtime_state state = runtime_state();

	return state == RUNTIME_ENABLED || state == RUNTIME_CHANGING;
}

static bool enable(const struct command_options *options, GError **error)
{
	g_autoptr(GError) cause = NULL;

	if (!is_stopped(options, "interrupted: the scheduler was not replaced", &cause) &&
	    runtime_enable(true, &cause))
		return true;
	if (is_others() && !check_free(error))
		return false;
	withdraw(&cause);
	g_propagate_error(error, g_steal_pointer(&cause));
	return false;
}

static bool load(const struct check *check, const struct command_options *options, GError **error)
{
	g_autofree char *fit = check_describe(check), *done = NULL;

	tell(options, fit);
	if (module_is_for_tests(check->module))
		g_printerr("plugsched: %s is built for tests, which can make its steps fail; "
			   "make without PLUGSCHED_TESTS builds one for use\n",
			   check->module->path);
	if (is_stopped(options, "interrupted: nothing was loaded", error) ||
	    !core_insert(check->core, error) || !insert(check->module, options, error))
		return false;
	tell(options, "the module is in the kernel; replacing the scheduler");
	if (!enable(options, error))
		return false;
	done = runtime_describe();
	printf("loaded in %s\n", done);
	if (options->is_verbose)
		runtime_print_figures();
	return true;
}

bool command_load(const char *file, const struct command_options *options, GError **error)
{
	struct turn turn = { -1 };
	struct check check;
	bool is_good;

	kernel_hurry();
	is_good = check_open(&check, file, error) && turn_take(&turn, options, error) &&
		  check_finish(&check, error) && load(&check, options, error);
	turn_end(&turn);
	check_clear(&check);
	return is_good;
}
