// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core: the module that all schedulers of one kernel build need. It is compiled into
 * plugsched.ko and stays in the kernel while schedulers come and go.
 *
 * A scheduler reaches vmlinux by distances that hold for one build only (plugsched anchor). On any
 * other kernel it would do harm before its first line runs: the kernel applies a module's jump
 * labels and static calls first. So a scheduler asks for a symbol whose name has the build-id, which
 * only this module exports. Without it the kernel refuses the scheduler while it looks up symbols.
 *
 * This module must not do harm on another kernel either. It has no jump label, static call or trace
 * point of vmlinux but exported ones (prelude.h), and looks at the running kernel's build-id before
 * anybody can use its symbol.
 */
#include "build_id.h"
#include "livepatch.h"
#include "registry.h"
#include "sysfs.h"
#include "tables.h"

#include "../identity.h"

#include <linux/init.h>
#include <linux/module.h>

#define CREATE_TRACE_POINTS
#include "trace.h"

extern const struct plugsched_core PLUGSCHED_KERNEL;
const struct plugsched_core PLUGSCHED_KERNEL = {
	.join = plugsched_join,
	.leave = plugsched_leave,
};
EXPORT_SYMBOL_GPL(PLUGSCHED_KERNEL);

static int __init plugsched_begin(void)
{
	int error = plugsched_check_build_id();

	if (!error)
		error = plugsched_livepatch_begin();
	if (error)
		return error;
	error = plugsched_sysfs_begin();
	if (error)
		plugsched_livepatch_end();
	return error;
}

static void __exit plugsched_end(void)
{
	plugsched_sysfs_end();
	plugsched_livepatch_end();
}

PLUGSCHED_DIGEST;
module_init(plugsched_begin);
module_exit(plugsched_end);
MODULE_INFO(plugsched_build_id, PLUGSCHED_BUILD_ID);
MODULE_INFO(plugsched_version, PLUGSCHED_TOOL_VERSION);
MODULE_DESCRIPTION("The core of plugsched, which schedulers of one kernel build need");
MODULE_LICENSE("GPL");
