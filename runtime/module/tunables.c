// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an administrator has set and a runqueue's way offline and online would reset.
 *
 * The fair class sets its tunables to their defaults, times a factor that depends on the number of CPUs, whenever a runqueue goes
 * offline or online: its way to follow CPU hotplug. Within the stop no CPU comes or goes, so what was set holds. The values are noted
 * once the machine stands, as until then somebody may write them, and each CPU puts them back behind its calls of the classes'
 * methods; no call comes after the last of these.
 *
 * Which of them a kernel has is known once the module is linked. They are vmlinux's own, which debugfs shows, even if the module
 * was given variables of its own in their place.
 */
#include "tunables.h"

#include <linux/compiler.h>
#include <linux/kernel.h>

/* kernel/sched/fair.c: what its update_sysctl() sets, in any kernel; NULL where there is none */
extern unsigned int __vmlinux_sysctl_sched_latency __weak;
extern unsigned int __vmlinux_sysctl_sched_min_granularity __weak;
extern unsigned int __vmlinux_sysctl_sched_wakeup_granularity __weak;
extern unsigned int __vmlinux_sysctl_sched_base_slice __weak;

static struct tunable {
	unsigned int *value, noted;
} tunables[] = {
	{ &__vmlinux_sysctl_sched_latency },
	{ &__vmlinux_sysctl_sched_min_granularity },
	{ &__vmlinux_sysctl_sched_wakeup_granularity },
	{ &__vmlinux_sysctl_sched_base_slice },
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
