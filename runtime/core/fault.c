// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults that a test orders by name. Each makes its step fail, or wait, once; then the order is
 * gone. A step that waits does so until the test writes "go". The file shows in which pause the
 * transition waits, so that a test can wait for this to happen, do what it wants to do meanwhile,
 * and then let the transition go on.
 */
#include "fault.h"

#ifdef PLUGSCHED_TESTS

#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/wait.h>

/*
 * Seconds. If the test hangs and never writes "go", the pause ends after these, and a warning makes
 * the test fail.
 */
#define GUARD_S 300

MODULE_INFO(plugsched_tests, "y");

/* Bits by enum plugsched_fault. */
static unsigned long ordered;
static unsigned long waiting; /* one bit at most, as one transition runs at a time */
static DECLARE_WAIT_QUEUE_HEAD(let_go);

static const char *const names[] = {
#define FAULT(symbol, name) name,
#include "faults.def"
#undef FAULT
};

/* The parameter is for the steps of loading: the file in /sys does not exist then. */
static int order_parameter(const char *value, const struct kernel_param *parameter)
{
	return plugsched_fault_order(value);
}

static const struct kernel_param_ops parameter_ops = { .set = order_parameter };
module_param_cb(fault, &parameter_ops, NULL, 0);
MODULE_PARM_DESC(fault, "a step of loading that shall fail, for tests");

bool plugsched_fault(enum plugsched_fault fault)
{
	/* only one CPU gets it; the first test keeps the others from writing to the cache line */
	return test_bit(fault, &ordered) && test_and_clear_bit(fault, &ordered);
}

void plugsched_fault_pause(enum plugsched_fault fault)
{
	if (!plugsched_fault(fault))
		return;
	set_bit(fault, &waiting);
	if (!wait_event_idle_timeout(let_go, !test_bit(fault, &waiting), GUARD_S * HZ)) {
		clear_bit(fault, &waiting);
		WARN(1, pr_fmt("nobody has ended %s for %d s\n"), names[fault], GUARD_S);
	}
}

int plugsched_fault_order(const char *name)
{
	int fault;

	BUILD_BUG_ON(PLUGSCHED_FAULTS > BITS_PER_LONG);
	if (sysfs_streq(name, "go")) {
		/*
		 * pairs with the test_bit() in plugsched_fault_pause(); the lock of the wait queue,
		 * which both sides take, orders them
		 */
		WRITE_ONCE(waiting, 0);
		wake_up_all(&let_go);
		return 0;
	}
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

	for (i = 0; i < PLUGSCHED_FAULTS; i++) {
		const char *format = test_bit(i, &waiting)   ? "(%s)\n"
				     : test_bit(i, &ordered) ? "[%s]\n"
							     : "%s\n";

		length += sysfs_emit_at(page, length, format, names[i]);
	}
	return length;
}
#endif
