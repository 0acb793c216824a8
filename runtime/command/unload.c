// SPDX-License-Identifier: GPL-2.0-only
/*
 * plugsched unload: put vmlinux's scheduler back, and remove one or all of the schedulers' modules
 * from the kernel. The core stays.
 */
#include "runtime/command/kernel.h"
#include "runtime/command/module.h"
#include "runtime/command/order.h"
#include "runtime/command/runtime.h"
#include "runtime/command/turn.h"

#include <stdio.h>
#include <string.h>

static bool refuse(GError **error, const char *what)
{
	g_set_error_literal(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED, what);
	return false;
}

/*
 * Put vmlinux's scheduler back. `done` becomes what that has cost, read before anybody else gives an
 * order; NULL if somebody else has put it back. The caller frees it.
 */
static bool put_back(const struct command_options *options, char **done, GError **error)
{
	bool is_ours;

	if (!order_back(options, &is_ours, error))
		return false;
	*done = is_ours ? runtime_describe() : NULL;
	return true;
}

/* Remove all modules of these names that can be removed. The error is the first one. */
static bool remove_each(const char *const *names, GError **error)
{
	bool is_good = true;

	for (; *names; names++)
		is_good &= order_remove(*names, is_good ? error : NULL);
	return is_good;
}

static bool remove_and_tell(const char *const *names, const char *done, GError **error)
{
	if (!remove_each(names, error))
		return false;
	if (done)
		printf("unloaded in %s\n", done);
	else if (names[0] && names[1])
		puts("unloaded: the modules were disabled");
	else
		puts("unloaded: the module was disabled");
	return true;
}

/* --- all */

static bool remove_all(const char *done, GError **error)
{
	g_auto(GStrv) names = runtime_schedulers();

	return remove_and_tell((const char *const *)names, done, error);
}

static bool put_back_and_remove_all(const struct command_options *options, GError **error)
{
	g_autofree char *done = NULL;

	return put_back(options, &done, error) && remove_all(done, error);
}

static bool unload_all(const struct command_options *options, GError **error)
{
	switch (runtime_state()) {
	case RUNTIME_ENABLED:
	case RUNTIME_CHANGING: /* somebody has begun since turn_take() */
		return put_back_and_remove_all(options, error);
	case RUNTIME_DISABLED:
		return remove_all(NULL, error);
	case RUNTIME_COMING: /* the same */
	case RUNTIME_GOING:
		return refuse(error, "the scheduler is being changed just now; "
				     "try again when that is done");
	case RUNTIME_UNKNOWN:
		return refuse(error, "/sys/kernel/plugsched/state cannot be read or is of a later "
				     "version; see it yourself, as root");
	case RUNTIME_NONE:
		break;
	}
	return refuse(error, "no replaced scheduler is loaded");
}

/* --- one */

/* Refuse to unload what is not a scheduler's module. */
static bool check_name(const char *name, GError **error)
{
	g_autofree char *how = NULL;

	if (!strcmp(name, KERNEL_VMLINUX))
		return refuse(error, "vmlinux's scheduler is the kernel's own, so it stays");
	if (!strcmp(name, KERNEL_CORE))
		return refuse(error,
			      "the core stays; rmmod plugsched removes it when no scheduler is "
			      "loaded");
	if (runtime_is_registered(name))
		return true;
	how = kernel_module_state(name);
	if (how)
		g_set_error(
			error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
			"another module called %s is loaded, not one of plugsched; remove it with "
			"rmmod",
			name);
	else
		g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
			    "no scheduler called %s is loaded; plugsched list has those that are",
			    name);
	return false;
}

static bool unload_one(const char *name, const struct command_options *options, GError **error)
{
	const char *const names[] = { name, NULL };
	g_autofree char *done = NULL;

	if (!check_name(name, error))
		return false;
	if (runtime_is_at_work(name) && !put_back(options, &done, error))
		return false;
	return remove_and_tell(names, done, error);
}

static bool unload(const char *name, const struct command_options *options, GError **error)
{
	struct turn turn;
	bool is_good;

	kernel_hurry();
	is_good = turn_take(&turn, name, options, error) &&
		  (name ? unload_one(name, options, error) : unload_all(options, error));
	turn_end(&turn);
	return is_good;
}

bool command_unload(const char *what, const struct command_options *options, GError **error)
{
	struct module *module;
	bool is_good;

	if (!what || !module_is_file(what))
		return unload(what, options, error);
	module = module_read(what, error);
	is_good = module && unload(module_name(module), options, error);
	module_free(module);
	return is_good;
}
