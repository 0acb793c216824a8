// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values that an administrator has set, and that are reset when a runqueue goes offline or online.
 *
 * To follow CPU hotplug, the fair class sets its tunables to their defaults, times a factor that
 * depends on the number of CPUs, whenever a runqueue goes offline or online. Within the stop no CPU
 * comes or goes, so the values that were set must stay. They are noted once the machine stands, as
 * somebody may write them until then. Each CPU puts them back after its calls of the classes'
 * methods; no such call comes after the last of these.
 *
 * Which tunables a kernel has is known once the core is linked. The variables are vmlinux's, which
 * debugfs shows, even if a module was given variables of its own in their place.
 *
 * READ_ONCE() and WRITE_ONCE(): within the stop the CPUs write the same variables at the same time,
 * each at first the defaults and then the noted values; the last write is always one of the latter.
 * A meeting of the stop (stop.c) orders the note before all of them.
 */
#include "tunables.h"

#include <linux/compiler.h>
#include <linux/kernel.h>

/*
 * What update_sysctl() in kernel/sched/fair.c sets, of all kernels. The address of a variable that
 * this kernel does not have is NULL.
 */
extern unsigned int sysctl_sched_latency __weak;
extern unsigned int sysctl_sched_min_granularity __weak;
extern unsigned int sysctl_sched_wakeup_granularity __weak;
extern unsigned int sysctl_sched_base_slice __weak;

static struct tunable {
	unsigned int *value, noted;
} tunables[] = {
	{ &sysctl_sched_latency },
	{ &sysctl_sched_min_granularity },
	{ &sysctl_sched_wakeup_granularity },
	{ &sysctl_sched_base_slice },
};

void plugsched_tunables_note(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tunables); i++)
		if (tunables[i].value)
			tunables[i].noted = READ_ONCE(*tunables[i].value);
}

void plugsched_tunables_put_back(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tunables); i++)
		if (tunables[i].value)
			WRITE_ONCE(*tunables[i].value, tunables[i].noted);
}
