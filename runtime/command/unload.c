// SPDX-License-Identifier: GPL-2.0-only
/* plugsched unload: put vmlinux's scheduler back and remove the module from the kernel. */
#include "runtime/command/kernel.h"
#include "runtime/command/runtime.h"
#include "runtime/command/turn.h"

#include <stdio.h>

static bool refuse(GError **error, const char *what)
{
	g_set_error_literal(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED, what);
	return false;
}

/* The figures disappear with the module, so they are read before it is removed. */
static bool put_back(GError **error)
{
	g_autofree char *done = NULL;

	if (!runtime_enable(false, error))
		return false;
	done = runtime_describe();
	if (!runtime_remove(error))
		return false;
	printf("unloaded in %s\n", done);
	return true;
}

static bool remove_disabled(GError **error)
{
	if (!runtime_remove(error))
		return false;
	puts("unloaded: the module was disabled");
	return true;
}

static bool unload(GError **error)
{
	switch (runtime_state()) {
	case RUNTIME_ENABLED:
		return put_back(error);
	case RUNTIME_DISABLED:
		return remove_disabled(error);
	case RUNTIME_CHANGING: /* somebody has begun since turn_take() */
	case RUNTIME_COMING:
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

bool command_unload(const char *none, const struct command_options *options, GError **error)
{
	struct turn turn;
	bool is_good;

	(void)none;
	kernel_hurry();
	is_good = turn_take(&turn, options, error) && unload(error);
	turn_end(&turn);
	return is_good;
}
