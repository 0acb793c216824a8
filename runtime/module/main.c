// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's beginning and end: it tells the core what it has.
 *
 * Inserting the module prepares everything and changes nothing in the kernel: the order to replace
 * the scheduler comes through the core (/sys/kernel/plugsched/scheduler).
 */
#include "../plugsched.h"

#include "../identity.h"

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>

/* Without the core of this very kernel, the module cannot be inserted (core/main.c). */
extern const struct plugsched_core PLUGSCHED_KERNEL;

extern const struct plugsched_methods plugsched_methods;

static const struct plugsched_interface *const interfaces[] = {
#define PLUGSCHED_EACH_UNIT(unit) plugsched_interface_##unit,
#include "../units.h"
#undef PLUGSCHED_EACH_UNIT
};

static const struct plugsched_class *const classes[] = {
#define PLUGSCHED_EACH_UNIT(unit) plugsched_classes_##unit,
#include "../units.h"
#undef PLUGSCHED_EACH_UNIT
};

static const struct plugsched_tables tables = {
	.module = THIS_MODULE,
	.tool_version = PLUGSCHED_TOOL_VERSION,
	.interfaces = interfaces,
	.classes = classes,
	.units = ARRAY_SIZE(interfaces),
	.text = plugsched_text,
	.names = plugsched_names,
	.methods = &plugsched_methods,
};

static int __init plugsched_begin(void)
{
	return PLUGSCHED_KERNEL.join(&tables);
}

static void __exit plugsched_end(void)
{
	PLUGSCHED_KERNEL.leave(&tables);
}

#ifdef PLUGSCHED_TESTS
MODULE_INFO(plugsched_tests, "y");
#endif

module_init(plugsched_begin);
module_exit(plugsched_end);
