// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's beginning and end.
 *
 * Loading the module prepares everything and changes nothing in the kernel: the order to replace
 * the scheduler comes through /sys/kernel/plugsched/enable. While the module's scheduler is at
 * work, the module holds a reference to itself (sysfs.c), so that it cannot be removed.
 */
#include "redirect.h"
#include "stack.h"
#include "sysfs.h"

#include "../identity.h"

#include <linux/init.h>
#include <linux/module.h>

#define CREATE_TRACE_POINTS
#include "trace.h"

/* Without the core of this very kernel, the module cannot be inserted (core/main.c). */
extern const char PLUGSCHED_KERNEL[];
static const char *const needed __used = PLUGSCHED_KERNEL;

static int __init plugsched_begin(void)
{
	int error = plugsched_stack_prepare();

	if (error)
		return error;
	error = plugsched_redirect_prepare();
	if (error)
		return error;
	error = plugsched_sysfs_begin();
	if (error)
		plugsched_redirect_release();
	return error;
}

static void __exit plugsched_end(void)
{
	plugsched_sysfs_end();
	plugsched_redirect_release();
}

module_init(plugsched_begin);
module_exit(plugsched_end);
