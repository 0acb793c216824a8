/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Faults for tests: a test orders one by its name (faults.def), and the step of that name then
 * fails, or waits, once. Only a module that is built for tests has them (make PLUGSCHED_TESTS=1);
 * in any other one the checks compile to nothing.
 */
#ifndef PLUGSCHED_FAULT_H
#define PLUGSCHED_FAULT_H

#include <linux/types.h>

enum plugsched_fault {
#define FAULT(symbol, name) PLUGSCHED_FAULT_##symbol,
#include "faults.def"
#undef FAULT
	PLUGSCHED_FAULTS, /* how many there are */
};

#ifdef PLUGSCHED_TESTS
/* True if this step must fail now. That ends the order. Does not sleep: also for the stop. */
bool plugsched_fault(enum plugsched_fault fault);

/*
 * If this pause is ordered, wait until the test writes "go", so that it can do something else in
 * the meantime. Sleeps. A guard time ends the wait with a warning.
 */
void plugsched_fault_pause(enum plugsched_fault fault);

/*
 * Order the fault of that name. "none" cancels all orders; "go" ends the pause that a transition
 * waits in. Returns 0, or -EINVAL for an unknown name.
 */
int plugsched_fault_order(const char *name);

/*
 * Write all names into `page`, a buffer of sysfs, one on each line: "[NAME]" is ordered, "(NAME)"
 * is a pause that a transition waits in. Returns the length.
 */
ssize_t plugsched_fault_show(char *page);
#else
static inline bool plugsched_fault(enum plugsched_fault fault)
{
	return false;
}

static inline void plugsched_fault_pause(enum plugsched_fault fault)
{
}
#endif

#endif
