// SPDX-License-Identifier: GPL-2.0-only
/* plugsched check: can a module be loaded into the running kernel? */
#include "runtime/command/check.h"

#include "runtime/command/core.h"
#include "runtime/command/kernel.h"
#include "runtime/command/patched.h"
#include "runtime/command/runtime.h"

#include <stdio.h>

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

/*
 * Is there a module of our name that is not one of plugsched? The state is read after the module
 * was found: so a module of plugsched that has come since the caller looked shows its state by now.
 */
static bool is_foreign(void)
{
	g_autofree char *how = kernel_module_state(KERNEL_MODULE);

	return how && runtime_state() == RUNTIME_NONE;
}

bool check_free(GError **error)
{
	switch (runtime_state()) {
	case RUNTIME_ENABLED:
		return refuse(error, "already loaded: the scheduler is replaced; plugsched unload "
				     "puts vmlinux's back");
	case RUNTIME_DISABLED:
		return refuse(error, "a disabled scheduler module is there, of insmod, or of a "
				     "load that was ended or has yet to enable it; plugsched "
				     "unload removes it");
	case RUNTIME_CHANGING:
		return refuse(error, "already loaded, and the scheduler is being changed just now; "
				     "try again when that is done");
	case RUNTIME_UNKNOWN:
		return refuse(error, "already loaded, in a state that cannot be read; see "
				     "/sys/kernel/plugsched/state");
	case RUNTIME_COMING:
		return refuse(error, "a module called " KERNEL_MODULE
				     " is being loaded just now; try again when that is done");
	case RUNTIME_GOING:
		return refuse(error, "a module called " KERNEL_MODULE
				     " is being removed just now; try again when that is done");
	case RUNTIME_NONE:
		break;
	}
	if (is_foreign())
		return refuse(error, "another module called " KERNEL_MODULE
				     " is loaded, not one of plugsched; remove it with rmmod");
	return true;
}

static bool is_signed(const struct check *check)
{
	return module_is_signed(check->module) && (!check->core || module_is_signed(check->core));
}

bool check_open(struct check *check, const char *path, GError **error)
{
	*check = (struct check){ .module = module_open(path, error) };

	return check->module && fits(check->module, error) &&
	       core_open(check->module, &check->core, error) &&
	       kernel_permits(is_signed(check), error);
}

bool check_finish(struct check *check, GError **error)
{
	return check_free(error) && patched_none(check->module, &check->functions, error);
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

bool command_check(const char *file, const struct command_options *options, GError **error)
{
	struct check check;
	bool is_good = check_open(&check, file, error) && check_finish(&check, error);

	(void)options;
	if (is_good) {
		g_autofree char *text = check_describe(&check);

		puts(text);
	}
	check_clear(&check);
	return is_good;
}
