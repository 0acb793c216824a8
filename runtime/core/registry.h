/* SPDX-License-Identifier: GPL-2.0-only */
/* The schedulers that have joined, which of them is at work, and the orders to change that. */
#ifndef PLUGSCHED_REGISTRY_H
#define PLUGSCHED_REGISTRY_H

#include <linux/types.h>

struct plugsched_scheduler;
struct plugsched_tables;

/* struct plugsched_core has these: tables.h says what they do. */
int plugsched_join(const struct plugsched_tables *tables);
void plugsched_leave(const struct plugsched_tables *tables);

/*
 * Replace the scheduler at work by the one of that name ("vmlinux": the kernel's own). Returns
 * -EBUSY at once if another order, or a scheduler that joins or leaves, has the registry, -ENOENT if
 * there is no such scheduler, -EALREADY if it is at work, or what plugsched_transition() does.
 */
int plugsched_order(const char *name);

/* Copy the name of the scheduler at work: at most MODULE_NAME_LEN bytes. */
void plugsched_name_at_work(char *name);

/* "none" (no scheduler has joined), "disabled", "enabled" or "changing". */
const char *plugsched_state_name(void);

/* True if this scheduler is at work. */
bool plugsched_is_at_work(const struct plugsched_scheduler *scheduler);

/* How many functions the scheduler at work redirects. */
unsigned int plugsched_functions_at_work(void);

#endif
