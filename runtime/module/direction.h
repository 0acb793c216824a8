/* SPDX-License-Identifier: GPL-2.0-only */
/* Which way a transition goes: the one type that almost every part of the runtime needs. */
#ifndef PLUGSCHED_DIRECTION_H
#define PLUGSCHED_DIRECTION_H

/* "The scheduler that leaves" is the one that runs before the transition; the other one comes. */
enum plugsched_direction {
	PLUGSCHED_TO_VMLINUX, /* the module's scheduler leaves; `!direction` is the opposite */
	PLUGSCHED_TO_MODULE,  /* vmlinux's scheduler leaves */
};

#endif
