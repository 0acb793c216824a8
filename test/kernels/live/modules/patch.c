// SPDX-License-Identifier: GPL-2.0-only
/*
 * A live patch for a function that the module replaces, as a rival: insmod patch.ko name=FUNCTION.
 * The function must have no side effects.
 */
#include <linux/livepatch.h>
#include <linux/module.h>

static unsigned long patched_nr_iowait(void)
{
	return 12345;
}

#ifndef NAME
#define NAME "nr_iowait"
#endif
static char *name = NAME;
module_param(name, charp, 0444);

static struct klp_func functions[] = { { .new_func = patched_nr_iowait }, {} };
static struct klp_object objects[] = { { .funcs = functions }, {} };
static struct klp_patch patch = { .mod = THIS_MODULE, .objs = objects };

static int __init begin(void)
{
	functions[0].old_name = name;
	return klp_enable_patch(&patch);
}

static void __exit end(void)
{
}

module_init(begin);
module_exit(end);
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
