// SPDX-License-Identifier: GPL-2.0-only
#include "runtime/command/insert.h"

#include "runtime/command/kernel.h"
#include "runtime/command/log.h"
#include "runtime/command/runtime.h"

#include <errno.h>

bool insert_is_other(int cause)
{
	return cause == EEXIST || cause == EBUSY;
}

/*
 * The core's reason for refusing the module; NULL if it is not the core that has refused. The caller
 * frees it. The file may be about an earlier order, but then no new line of the log is the same.
 */
static char *core_reason(int log, const char *module, int cause)
{
	bool may_be_core = cause == EINVAL || cause == ENOMEM;
	g_autofree char *sentence = may_be_core ? runtime_value("error") : NULL;

	return log_print(log, module, sentence) && sentence ? g_steal_pointer(&sentence) : NULL;
}

static void set_error(const struct module *module, int log, int cause, GError **error)
{
	g_autofree char *reason =
		insert_is_other(cause) ? NULL : core_reason(log, module_name(module), cause);

	if (reason)
		g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_FAILED,
			    "%s: the kernel did not take the module: %s", module->path, reason);
	else
		g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_FAILED,
			    "%s: the kernel did not take the module: %s; "
			    "what it says of that stands above, or in dmesg",
			    module->path, g_strerror(cause));
}

bool insert_once(const struct module *module, int *cause, GError **error)
{
	int log = log_open();

	*cause = module->fd >= 0 ? kernel_insert_file(module->fd)
				 : kernel_insert_image(module->image, module->whole);
	if (*cause)
		set_error(module, log, *cause, error);
	log_close(log);
	return !*cause;
}
