/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Return addresses that are not on the stack but in a list of the task's own (a shadow stack).
 * The task must neither run nor be woken while one of these functions looks at it.
 */
#ifndef PLUGSCHED_SHADOW_H
#define PLUGSCHED_SHADOW_H

#include <linux/types.h>

struct task_struct;

/* Look at one address. False ends the search. */
typedef bool (*plugsched_shadow_look)(void *data, unsigned long address);

/*
 * Call `look` with `data` for each address in the lists of the task. Returns false if `look` has
 * returned false, or if the lists cannot be read on this kernel.
 */
bool plugsched_shadow_each(const struct task_struct *task, plugsched_shadow_look look, void *data);

/* True if a return probe waits for a function of the task to return. */
bool plugsched_shadow_has_probe(const struct task_struct *task);

/* The function that the most recent of these return probes is on; 0 if that is not known. */
unsigned long plugsched_shadow_probed(const struct task_struct *task);

#endif
