// SPDX-License-Identifier: GPL-2.0-only
#include "runtime/command/insert.h"

#include "runtime/command/kernel.h"
#include "runtime/command/log.h"

#include <errno.h>

bool insert_is_other(int cause)
{
	return cause == EEXIST || cause == EBUSY;
}

bool insert_once(const struct module *module, int *cause, GError **error)
{
	int log = log_open();

	*cause = module->fd >= 0 ? kernel_insert_file(module->fd)
				 : kernel_insert_image(module->image, module->whole);
	if (*cause)
		g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_FAILED,
			    "%s: the kernel did not take the module: %s; "
			    "what it says of that stands above, or in dmesg",
			    module->path, g_strerror(*cause));
	if (*cause && !insert_is_other(*cause))
		log_print(log);
	log_close(log);
	return !*cause;
}
