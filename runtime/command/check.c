// SPDX-License-Identifier: GPL-2.0-only
/* plugsched check: can a module be loaded into the running kernel? */
#include "runtime/command/check.h"

#include "runtime/command/core.h"
#include "runtime/command/kernel.h"
#include "runtime/command/patched.h"
#include "runtime/command/runtime.h"

#include <stdio.h>
#include <string.h>

/* Was the module made for the kernel that runs? */
static bool fits(const struct module *module, GError **error)
{
	g_autofree char *running = kernel_build_id(error);
	g_autofree char *wanted = g_strescape(module_build_id(module), NULL);

	if (!running)
		return false;
	if (g_ascii_strcasecmp(running, wanted) == 0)
		return true;
	g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
		    "%s: made for the kernel with build-id %s, but the running one's is %s; "
		    "extract it again from this kernel's build",
		    module->path, wanted, running);
	return false;
}

static bool refuse(GError **error, const char *what)
{
	g_set_error_literal(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED, what);
	return false;
}

/* --- the name */

static bool has_name(const struct module *module, GError **error)
{
	g_autofree char *name = g_strescape(module_name(module), NULL);

	if (module_is_name(name))
		return true;
	g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
		    strcmp(name, KERNEL_CORE)
			    ? "%s: its name in the kernel is no name for a scheduler: %s; build it "
			      "under another one (make NAME=...)"
			    : "%s: the core, %s; name the scheduler that is beside it",
		    module->path, name);
	return false;
}

static bool is_live(const char *name)
{
	g_autofree char *how = kernel_module_state(name);

	return !g_strcmp0(how, "Live");
}

/*
 * Is there a module of that name that is not one of plugsched? If it is loaded completely, one of
 * plugsched is registered. It is looked for twice, as it may have gone before it was asked for there.
 */
static bool is_foreign(const char *name)
{
	return is_live(name) && !runtime_is_registered(name) && is_live(name);
}

static bool refuse_registered(const char *name, GError **error)
{
	if (runtime_state() == RUNTIME_CHANGING)
		return refuse(error, "already loaded, and the scheduler is being changed just now; "
				     "try again when that is done");
	if (runtime_is_at_work(name))
		g_set_error(
			error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
			"already loaded: %s's scheduler is at work; build this one under another "
			"name (make NAME=...) or use --via-vmlinux",
			name);
	else
		g_set_error(
			error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
			"already loaded: a disabled scheduler module is there, called %s, of "
			"insmod, or of a load that was ended or has yet to put it to work; "
			"plugsched unload removes it with all others, plugsched unload %s alone",
			name, name);
	return false;
}

bool check_free(const char *name, bool may_go, GError **error)
{
	if (runtime_state() == RUNTIME_UNKNOWN)
		return refuse(error, "which scheduler is at work cannot be read; see "
				     "/sys/kernel/plugsched/state");
	if (runtime_is_registered(name))
		return (may_go && runtime_is_at_work(name)) || refuse_registered(name, error);
	if (!is_foreign(name))
		return true;
	g_set_error(
		error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
		"another module called %s is loaded, not one of plugsched; remove it with rmmod",
		name);
	return false;
}

static bool is_signed(const struct check *check)
{
	return module_is_signed(check->module) && (!check->core || module_is_signed(check->core));
}

bool check_open(struct check *check, const char *path, GError **error)
{
	*check = (struct check){ .module = module_open(path, error) };

	return check->module && has_name(check->module, error) && fits(check->module, error) &&
	       core_open(check->module, &check->core, error) &&
	       kernel_permits(is_signed(check), error);
}

bool check_finish(struct check *check, bool may_go, GError **error)
{
	return check_free(module_name(check->module), may_go, error) &&
	       patched_none(check->module, &check->functions, error);
}

void check_clear(struct check *check)
{
	module_free(check->module);
	module_free(check->core);
}

char *check_describe(const struct check *check)
{
	g_autofree char *functions =
		check->functions ? g_strdup_printf(", replaces %u functions", check->functions)
				 : g_strdup("");

	return g_strdup_printf("%s fits the running kernel%s%s%s%s", check->module->path,
			       module_is_signed(check->module) ? ", is signed" : "", functions,
			       check->core ? ", brings the core" : "",
			       module_is_for_tests(check->module) ? "; it is built for tests" : "");
}

/* For a caller that does not wait (turn.h). */
static bool is_settled(const struct check *check, GError **error)
{
	g_autofree char *name = NULL;
	enum runtime_state state = runtime_moving(module_name(check->module), &name);

	if (state != RUNTIME_NONE)
		g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
			    "a module called %s is being %s just now; try again when that is done",
			    name, state == RUNTIME_COMING ? "loaded" : "removed");
	else if (runtime_state() == RUNTIME_CHANGING)
		refuse(error,
		       "the scheduler is being changed just now; try again when that is done");
	else
		return true;
	return false;
}

bool command_check(const char *file, const struct command_options *options, GError **error)
{
	struct check check;
	bool is_good = check_open(&check, file, error) && is_settled(&check, error) &&
		       check_finish(&check, false, error);

	(void)options;
	if (is_good) {
		g_autofree char *text = check_describe(&check);

		puts(text);
	}
	check_clear(&check);
	return is_good;
}
