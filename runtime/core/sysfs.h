/* SPDX-License-Identifier: GPL-2.0-only */
/* /sys/kernel/plugsched: orders come in here, and figures go out. */
#ifndef PLUGSCHED_SYSFS_H
#define PLUGSCHED_SYSFS_H

struct plugsched_scheduler;

/* Make the folder and its files. From then on orders are accepted. */
int plugsched_sysfs_begin(void);

/* Remove them. Waits for everybody who reads or writes one of the files. Sleeps. */
void plugsched_sysfs_end(void);

/* Make the folder of a scheduler that joins. plugsched_sysfs_remove() has to follow. */
int plugsched_sysfs_add(struct plugsched_scheduler *scheduler);

/* Remove it. Waits for everybody who reads one of its files. Sleeps. */
void plugsched_sysfs_remove(struct plugsched_scheduler *scheduler);

#endif
