// SPDX-License-Identifier: GPL-2.0-only
/*
 * plugsched load: put a scheduler to work in the place of the one that is, or do nothing. A module
 * that comes from a file is inserted first, and removed again if its scheduler is refused. The core
 * comes before it and stays, whatever happens then: others may be about to use it.
 */
#include "runtime/command/check.h"
#include "runtime/command/core.h"
#include "runtime/command/history.h"
#include "runtime/command/insert.h"
#include "runtime/command/kernel.h"
#include "runtime/command/order.h"
#include "runtime/command/runtime.h"
#include "runtime/command/turn.h"

#include <stdio.h>
#include <string.h>

#define INSERT_TRIES 20
#define INSERT_PAUSE 50000 /* microseconds */

struct load {
	const struct command_options *options;
	const char *name;          /* of the scheduler to put to work */
	const struct check *check; /* its file; NULL: its module is in the kernel already */
	char *replaced; /* owned: the module's scheduler that was at work; NULL: vmlinux's */
};

static void tell(const struct load *load, const char *text)
{
	if (load->options->is_verbose)
		g_printerr("%s\n", text);
}

static bool is_stopped(const struct load *load, const char *what, GError **error)
{
	if (!*load->options->stop)
		return false;
	g_set_error_literal(error, COMMAND_ERROR, COMMAND_ERROR_FAILED, what);
	return true;
}

/* --- the module comes */

/*
 * Try again if another module of that name was there first and has gone since: somebody who uses
 * insmod does not wait for a turn (turn.h).
 */
static bool insert(const struct load *load, GError **error)
{
	g_autoptr(GError) last = NULL;
	int cause;

	for (guint i = 0; i < INSERT_TRIES; i++) {
		g_clear_error(&last);
		if (insert_once(load->check->module, &cause, &last))
			return true;
		if (is_stopped(load, "interrupted: nothing was loaded", error))
			return false;
		if (!insert_is_other(cause))
			break;
		if (!turn_settle(load->name, load->options, error) ||
		    !check_free(load->name, false, error))
			return false;
		g_usleep(INSERT_PAUSE);
	}
	g_propagate_error(error, g_steal_pointer(&last));
	return false;
}

static bool bring_module(const struct load *load, GError **error)
{
	if (is_stopped(load, "interrupted: nothing was loaded", error) ||
	    !core_insert(load->check->core, error) || !insert(load, error))
		return false;
	tell(load, "the module is in the kernel; replacing the scheduler");
	return true;
}

/*
 * Has somebody else put the scheduler to work, or is about to? Of several who insert one file at
 * once, the kernel may tell each that it has inserted it (since 6.5, for finit_module()). Only one of
 * them is first with the order; the others must leave the module alone.
 */
static bool is_others(const struct load *load)
{
	return runtime_is_at_work(load->name) ||
	       (runtime_is_registered(load->name) && runtime_state() == RUNTIME_CHANGING);
}

/*
 * Remove the module after its order has failed for `cause`, unless it is somebody else's. The kernel
 * does not remove it while another order to it is being carried out. Sets `error` to the cause, and
 * to what is left.
 */
static void withdraw(const struct load *load, GError *cause, GError **error)
{
	g_autoptr(GError) second = NULL;
	bool is_left = runtime_is_at_work(load->name) || !order_remove(load->name, &second);

	if (is_left && is_others(load) && !check_free(load->name, false, error)) {
		g_error_free(cause);
		return;
	}
	g_propagate_error(error, cause);
	if (second)
		g_prefix_error(error, "%s; ", second->message);
}

/* --- its scheduler is put to work */

static bool put_to_work(const struct load *load, GError **error)
{
	GError *cause = NULL;

	if (!is_stopped(load, "interrupted: the scheduler was not replaced", &cause) &&
	    order_give(load->name, load->options, &cause))
		return true;
	if (load->check)
		withdraw(load, cause, error);
	else
		g_propagate_error(error, cause);
	return false;
}

/* Note whose scheduler was at work, as the core has noted it. `before` is what was seen. */
static void note_replaced(struct load *load, const char *before)
{
	g_autofree char *line = history_last_to(load->name);
	g_autofree char *from = line ? history_value(line, "from") : g_strdup(before);

	if (g_strcmp0(from, KERNEL_VMLINUX))
		load->replaced = g_steal_pointer(&from);
}

static void report(const struct load *load)
{
	g_autofree char *done = runtime_describe();
	g_autofree char *place = load->replaced
					 ? g_strconcat("in place of ", load->replaced, " ", NULL)
					 : g_strdup("");

	printf("loaded %sin %s\n", place, done);
	if (load->options->is_verbose)
		runtime_print_figures();
}

/* The load has succeeded, whatever comes of this. */
static void remove_replaced(const struct load *load)
{
	int cause = order_remove_once(load->replaced);

	if (cause)
		g_printerr("plugsched: the module %s stays in the kernel for now: %s; "
			   "plugsched unload %s removes it\n",
			   load->replaced, g_strerror(cause), load->replaced);
}

/* In one step from the scheduler that is at work. */
static bool load_directly(struct load *load, GError **error)
{
	g_autofree char *before = NULL;
	bool is_gone = load->replaced; /* load_via_vmlinux() has removed it */

	if (load->check && !bring_module(load, error))
		return false;
	before = runtime_at_work();
	if (!put_to_work(load, error))
		return false;
	if (!is_gone)
		note_replaced(load, before);
	report(load);
	if (!is_gone && load->check && load->replaced)
		remove_replaced(load);
	return true;
}

/* --- the way over vmlinux's scheduler */

static bool back_to_vmlinux(const struct load *load, GError **error)
{
	g_autofree char *done = NULL, *text = NULL;
	bool is_ours;

	if (is_stopped(load, "interrupted: nothing was changed", error) ||
	    !order_back(load->options, &is_ours, error))
		return false;
	done = runtime_describe();
	text = g_strconcat("vmlinux's scheduler is back, in ", done, NULL);
	tell(load, text);
	return true;
}

static bool load_via_vmlinux(struct load *load, GError **error)
{
	load->replaced = runtime_at_work();
	if (!g_strcmp0(load->replaced, KERNEL_VMLINUX))
		g_clear_pointer(&load->replaced, g_free);
	if (!load->replaced)
		return load_directly(load, error);
	if (!back_to_vmlinux(load, error))
		return false;
	if ((!load->check || order_remove(load->replaced, error)) && load_directly(load, error))
		return true;
	if (runtime_is_at_work(KERNEL_VMLINUX))
		g_prefix_error(error, "vmlinux's scheduler is at work now: ");
	return false;
}

static bool load_either_way(struct load *load, GError **error)
{
	bool is_good = load->options->is_via_vmlinux ? load_via_vmlinux(load, error)
						     : load_directly(load, error);

	g_free(load->replaced);
	return is_good;
}

/* --- what the user names */

static bool load_checked(const struct check *check, const struct command_options *options,
			 GError **error)
{
	struct load load = { options, module_name(check->module), check, NULL };
	g_autofree char *fit = check_describe(check);

	tell(&load, fit);
	if (module_is_for_tests(check->module))
		g_printerr("plugsched: %s is built for tests, which can make its steps fail; "
			   "make without PLUGSCHED_TESTS builds one for use\n",
			   check->module->path);
	return load_either_way(&load, error);
}

static bool load_file(const char *file, struct turn *turn, const struct command_options *options,
		      GError **error)
{
	struct check check;
	bool is_good = check_open(&check, file, error) &&
		       turn_take(turn, module_name(check.module), options, error) &&
		       check_finish(&check, options->is_via_vmlinux, error) &&
		       load_checked(&check, options, error);

	check_clear(&check);
	return is_good;
}

static bool check_name(const char *name, GError **error)
{
	if (!strcmp(name, KERNEL_VMLINUX))
		g_set_error(
			error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
			"vmlinux's scheduler is the kernel's own: plugsched unload puts it back");
	else if (!module_is_name(name) || !runtime_is_registered(name))
		g_set_error(
			error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
			"no scheduler called %s is in the kernel: plugsched list has those that "
			"are; a file is named with its folder, as ./%s",
			name, name);
	else if (runtime_is_at_work(name))
		g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
			    "already loaded: %s's scheduler is at work", name);
	else
		return true;
	return false;
}

static bool load_name(const char *name, struct turn *turn, const struct command_options *options,
		      GError **error)
{
	struct load load = { options, name, NULL, NULL };

	return turn_take(turn, name, options, error) && check_name(name, error) &&
	       load_either_way(&load, error);
}

bool command_load(const char *what, const struct command_options *options, GError **error)
{
	struct turn turn = { -1 };
	bool is_file, is_good;

	kernel_hurry();
	is_file = module_is_file(what) || g_file_test(what, G_FILE_TEST_IS_REGULAR);
	is_good = is_file ? load_file(what, &turn, options, error)
			  : load_name(what, &turn, options, error);
	turn_end(&turn);
	return is_good;
}
