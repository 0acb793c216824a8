// SPDX-License-Identifier: GPL-2.0-only
/* Faults that a test orders by name: each makes its step fail, or wait, once, and is gone then. */
#include "runtime.h"

#ifdef PLUGSCHED_TESTS

#include <linux/bitops.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <linux/sysfs.h>

MODULE_INFO(plugsched_tests, "y");

static unsigned long ordered;

static const char *const names[] = {
#define FAULT(symbol, name) name,
#include "faults.def"
#undef FAULT
};

/* For the steps of loading, which come before there is a file to write to. */
static int order_parameter(const char *value, const struct kernel_param *parameter)
{
	return plugsched_fault_order(value);
}

static const struct kernel_param_ops parameter_ops = { .set = order_parameter };
module_param_cb(fault, &parameter_ops, NULL, 0);
MODULE_PARM_DESC(fault, "a step of loading that shall fail, for tests");

bool plugsched_fault(enum plugsched_fault fault)
{
	return test_bit(fault, &ordered) && test_and_clear_bit(fault, &ordered);
}

void plugsched_fault_pause(enum plugsched_fault fault)
{
	if (plugsched_fault(fault))
		ssleep(2);
}

int plugsched_fault_order(const char *name)
{
	int fault;

	BUILD_BUG_ON(PLUGSCHED_FAULTS > BITS_PER_LONG);
	if (sysfs_streq(name, "none")) {
		ordered = 0;
		return 0;
	}
	fault = __sysfs_match_string(names, ARRAY_SIZE(names), name);
	if (fault >= 0)
		set_bit(fault, &ordered);
	return fault < 0 ? fault : 0;
}

ssize_t plugsched_fault_show(char *page)
{
	ssize_t length = 0;
	int i;

	for (i = 0; i < PLUGSCHED_FAULTS; i++)
		length += sysfs_emit_at(page, length, test_bit(i, &ordered) ? "[%s]\n" : "%s\n", names[i]);
	return length;
}
#endif
